"""What prices are planned with: a market's price policy, what goods cost us, what others ask, and planned changes."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.transitions import Transitions


class PricePolicy(models.Model):
    """How prices of a market are proposed, compared with their past and shown per unit. Without a row: the defaults.

    Endings, mark-up and dead band are the market's own columns.
    """

    class NewGoods(models.TextChoices):
        SINCE_PUBLICATION = "since_publication", _("the lowest price since the product was first shown")
        NOT_ANNOUNCED = "not_announced", _("no reduction is announced before the whole period is on record")

    class UnitPrices(models.TextChoices):
        LAW = "law", _("as the consumer rule of the market says")
        NEVER = "never", _("never")
        LARGE = "large", _("per kilogram, litre or metre")
        SMALL = "small", _("per 100 g or 100 ml")
        BY_SIZE = "by_size", _("per 100 g or 100 ml up to 250 g or ml, else per kilogram or litre")

    class UnitRounding(models.TextChoices):
        HALF_UP = "half_up", _("to the nearest")
        UP = "up", _("up")

    market = models.OneToOneField(
        "markets.Market", verbose_name=_("market"), primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    power_factor = models.DecimalField(
        _("purchasing-power factor"),
        max_digits=7,
        decimal_places=4,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("What a price of another market is multiplied by here, beyond the exchange rate."),
    )
    floor_margin_percent = models.DecimalField(
        _("lowest margin %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
        help_text=_("Proposed prices never leave less than this share of the price above the cost."),
    )
    warn_percent = models.DecimalField(
        _("warn from a change of %"),
        max_digits=5,
        decimal_places=2,
        default=20,
        validators=[MinValueValidator(0)],
    )
    prior_days = models.PositiveSmallIntegerField(
        _("days a reduction looks back"), default=30, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )
    is_progressive = models.BooleanField(
        _("a reduction that deepens step by step counts as one"),
        default=True,
    )
    new_goods = models.CharField(
        _("for goods shown for less"), max_length=20, choices=NewGoods.choices, default=NewGoods.SINCE_PUBLICATION
    )
    unit_prices = models.CharField(_("unit prices"), max_length=10, choices=UnitPrices.choices, default=UnitPrices.LAW)
    unit_rounding = models.CharField(
        _("unit prices are rounded"), max_length=10, choices=UnitRounding.choices, default=UnitRounding.HALF_UP
    )

    class Meta:
        verbose_name = _("price policy")
        verbose_name_plural = _("price policies")
        constraints = [
            models.CheckConstraint(condition=Q(prior_days__gte=30), name="catalog_pricepolicy_thirty_days"),
            models.CheckConstraint(
                condition=Q(floor_margin_percent__gte=0, warn_percent__gte=0),
                name="catalog_pricepolicy_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market_id}"


class VariantCost(models.Model):
    """What one piece costs us, landed, without tax that is given back. Never shown to shoppers."""

    variant = models.OneToOneField("catalog.Variant", primary_key=True, on_delete=models.PROTECT, related_name="+")
    amount = money_field(verbose_name=_("cost"))
    source = models.CharField(_("source"), max_length=120, blank=True)
    noted_at = models.DateTimeField(_("time"), auto_now=True)

    objects: ClassVar[models.Manager["VariantCost"]] = models.Manager()

    class Meta:
        verbose_name = _("cost of a variant")
        verbose_name_plural = _("costs of variants")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="catalog_variantcost_not_negative"),
            exponent_check("amount", "catalog_variantcost_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.amount}"


class CompetitorPrice(models.Model):
    """What somebody else asks for the same thing in a market, as seen on a day. Append-only."""

    market = models.ForeignKey("markets.Market", verbose_name=_("market"), on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    competitor = models.CharField(_("competitor"), max_length=120)
    amount = money_field(verbose_name=_("amount"))
    seen_on = models.DateField(_("seen on"))

    objects: ClassVar[models.Manager["CompetitorPrice"]] = models.Manager()

    class Meta:
        verbose_name = _("competitor's price")
        verbose_name_plural = _("competitors' prices")
        ordering = ["-seen_on", "-pk"]
        indexes = [models.Index(fields=["variant", "market", "-seen_on"], name="catalog_competitor_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["market", "variant", "competitor", "seen_on"], name="catalog_competitorprice_once_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="catalog_competitorprice_positive"),
            exponent_check("amount", "catalog_competitorprice_digits"),
        ]
        triggers = [
            pgtrigger.Protect(name="competitorprice_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.competitor} {self.variant_id}: {self.amount}"


class PricePlan(TimeStamped, Transitions):
    """A change of many prices on one list: what it does, when, and who agreed. Its rows and its log are the run's.

    `source_list` is where old amounts are read; `during` says when it begins by itself and when the old prices return.
    """

    class Method(models.TextChoices):
        PERCENT = "percent", _("Change by percent")
        AMOUNT = "amount", _("Change by an amount")
        SET = "set", _("Set to an amount")
        FX = "fx", _("Exchange rate times a factor, from another market's list")
        POWER = "power", _("Purchasing-power factor, from another market's list")
        COMPETITOR = "competitor", _("Competitors' prices")

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        WAITING = "waiting", _("waits for a second person")
        DECLINED = "declined", _("declined")
        READY = "ready", _("agreed")
        CANCELED = "canceled", _("dropped")

    transitions: ClassVar = {
        "state": {
            "draft": {"waiting", "ready", "canceled"},
            "waiting": {"ready", "declined", "canceled", "draft"},
            "declined": {"draft", "canceled"},
            "ready": {"canceled"},
        }
    }

    run = models.OneToOneField("catalog.BulkRun", on_delete=models.PROTECT, related_name="price_plan")
    price_list = models.ForeignKey(
        "catalog.PriceList", verbose_name=_("price list"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    source_list = models.ForeignKey(
        "catalog.PriceList", verbose_name=_("old prices from"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    during = DateTimeRangeField(_("during"), null=True, blank=True)  # type: ignore[misc] # stubs
    note = models.CharField(_("reason"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    decision = models.CharField(_("reason of the decision"), max_length=300, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned change of prices")
        verbose_name_plural = _("planned changes of prices")
        ordering = ["-pk"]
        permissions = [("approve_prices", _("Can agree to changes of prices that somebody else proposed"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "canceled"])
                | (Q(price_list__isnull=False) & Q(source_list__isnull=False) & ~Q(method="")),
                name="catalog_priceplan_proposed_says_what",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")),
                name="catalog_priceplan_second_person",
            ),
            models.CheckConstraint(
                condition=Q(during__isnull=True) | Q(during__isempty=False), name="catalog_priceplan_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.method}"


class PricePlanRow(models.Model):
    """What a plan makes of one variant: prices by quantity before and after, as the preview showed and was agreed to.

    `before` and `after` hold amounts of the list's own as text by "from quantity". Amounts are in the list's currency;
    `lowest` is the lowest published price of the period a reduction looks back on.
    """

    plan = models.ForeignKey(PricePlan, on_delete=models.CASCADE, related_name="rows")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(_("SKU"), max_length=200)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    old_amount = models.DecimalField(_("old amount"), max_digits=19, decimal_places=4, null=True)
    new_amount = models.DecimalField(_("new amount"), max_digits=19, decimal_places=4, null=True)
    change_bp = models.IntegerField(_("change in basis points"), null=True)
    cost = models.DecimalField(_("cost"), max_digits=19, decimal_places=4, null=True)
    margin_bp = models.IntegerField(_("margin in basis points"), null=True)
    lowest = models.DecimalField(_("lowest of the period"), max_digits=19, decimal_places=4, null=True)
    flags = ArrayField(models.CharField(max_length=20), verbose_name=_("warnings"), default=list)
    refused = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("planned price")
        verbose_name_plural = _("planned prices")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "variant"], name="catalog_priceplanrow_once")]
        indexes = [models.Index(fields=["plan", "id"], name="catalog_priceplanrow_of_plan")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.sku}"
