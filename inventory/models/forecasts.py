"""What was sold day by day, what is expected to be, and what should be bought for it."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from core.locks import LockingQuerySet
from core.transitions import Transitions

MOST_SERVICE = Decimal("99.9")
"""Nobody is there always: the stock for that would be endless."""


class BuyingPolicy(TimeStamped):
    """How well a warehouse is to be able to deliver, and from when on stock is too much. Without a warehouse: all."""

    warehouse = models.OneToOneField(
        "inventory.Warehouse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("warehouse"),
        help_text=_("Empty: for every warehouse without rules of its own."),
    )
    service_level = models.DecimalField(
        _("service level in percent"),
        max_digits=4,
        decimal_places=1,
        default=95,
        validators=[MinValueValidator(50), MaxValueValidator(MOST_SERVICE)],
        help_text=_("How likely everything asked for is there until the next delivery comes."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("days between orders"), default=7, help_text=_("One order covers so many days beyond the lead time.")
    )
    lead_days = models.PositiveSmallIntegerField(
        _("lead time in days"), default=14, help_text=_("For what has no supplier yet.")
    )
    over_days = models.PositiveSmallIntegerField(
        _("too much from days of cover"), default=180, validators=[MinValueValidator(1)]
    )
    slow_days = models.PositiveSmallIntegerField(
        _("slow after days without a sale"), default=60, validators=[MinValueValidator(1)]
    )
    takes_transfers = models.BooleanField(
        _("is first helped out by other warehouses"), default=True, help_text=_("Otherwise everything is bought.")
    )

    objects: ClassVar[models.Manager["BuyingPolicy"]] = models.Manager()

    class Meta:
        verbose_name = _("buying rules")
        verbose_name_plural = _("buying rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(service_level__gte=50) & Q(service_level__lte=MOST_SERVICE),
                name="buying_service_level_sane",
            ),
            models.UniqueConstraint(fields=["warehouse"], nulls_distinct=False, name="buying_policy_one_for_all"),
        ]

    def __str__(self) -> str:
        return str(self.warehouse) if self.warehouse else str(_("all warehouses"))


class DemandDay(models.Model):
    """What was asked of a variant in a warehouse on one of its local days; days without a row saw nothing.

    `pieces` are promised to orders less what was released again, on the day of the order; `returned` of them came
    back later. On a day `was_out` more may have been wanted than was sold. Derived: may be made anew at any time.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    pieces = models.PositiveIntegerField(_("pieces"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)
    was_out = models.BooleanField(_("was out"), default=False)

    objects: ClassVar[models.Manager["DemandDay"]] = models.Manager()

    class Meta:
        verbose_name = _("demand of a day")
        verbose_name_plural = _("demand by day")
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "variant", "day"], name="demand_day_once"),
            models.CheckConstraint(condition=Q(returned__lte=models.F("pieces")), name="demand_returned_was_sold"),
        ]
        indexes = [models.Index(fields=["day"], name="demand_by_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.pieces} × {self.variant_id} @ {self.warehouse_id}"


class Forecast(models.Model):
    """What a variant is expected to sell in a warehouse, made on one day; only the last one is kept.

    `error` is how far the method was off on the last weeks it had not seen, in percent of what was sold; empty while
    there is too little history to say.
    """

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("made on"))
    horizon = models.PositiveSmallIntegerField(_("days ahead"))
    method = models.CharField(_("method"), max_length=20)
    mean = models.DecimalField(_("pieces per day"), max_digits=12, decimal_places=4)
    deviation = models.DecimalField(_("spread per day"), max_digits=12, decimal_places=4)
    error = models.DecimalField(_("error in percent"), max_digits=8, decimal_places=1, null=True)
    known_days = models.PositiveIntegerField(_("days of history"))
    lead_days = models.PositiveSmallIntegerField(_("lead time in days"))
    reorder_point = models.PositiveIntegerField(_("reorder point"))
    order_up_to = models.PositiveIntegerField(_("filled up to"))

    objects: ClassVar[models.Manager["Forecast"]] = models.Manager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["warehouse", "variant"], name="forecast_once"),
            models.CheckConstraint(condition=Q(mean__gte=0) & Q(deviation__gte=0), name="forecast_not_negative"),
            models.CheckConstraint(
                condition=Q(order_up_to__gte=models.F("reorder_point")), name="forecast_filled_above_reorder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.warehouse_id}: {self.mean}"


class ReplenishmentProposal(TimeStamped, Transitions):
    """Advice to buy or to move so many pieces, with the numbers that led to it. One is open per variant and place."""

    class Kind(models.TextChoices):
        BUY = "buy", _("buy")
        TRANSFER = "transfer", _("move from another warehouse")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ORDERED = "ordered", _("ordered")
        DISMISSED = "dismissed", _("dismissed")
        LAPSED = "lapsed", _("no longer needed")

    transitions: ClassVar = {"state": {"open": {"ordered", "dismissed", "lapsed"}}}

    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    quantity = models.PositiveIntegerField(_("pieces"))
    supplier = models.ForeignKey(
        "inventory.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        "inventory.Warehouse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("from warehouse"),
    )
    reason = models.JSONField(_("reason"), default=dict)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    snoozed_until = models.DateField(_("not again before"), null=True, blank=True)
    ordered_as = models.CharField(_("ordered as"), max_length=30, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_because = models.CharField(_("why"), max_length=300, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("replenishment proposal")
        verbose_name_plural = _("replenishment proposals")
        ordering = ["-pk"]
        permissions = [("order_proposal", _("Can turn proposals into orders and transfers, or dismiss them"))]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "warehouse"], condition=Q(state="open"), name="proposal_one_open"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="proposal_quantity_positive"),
            models.CheckConstraint(
                condition=~Q(kind="transfer") | Q(source__isnull=False), name="proposal_transfer_has_source"
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | ~Q(source=models.F("warehouse")), name="proposal_not_to_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="ordered") | ~Q(ordered_as=""), name="proposal_ordered_says_as_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} × {self.variant_id} → {self.warehouse_id}"
