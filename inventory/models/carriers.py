"""Accounts with carriers, the sheets of what they charge, and the inbox of what they tell us."""

import json
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet
from core.sealing import SealedField
from inventory.carriers.types import Access


class CarrierAccount(TimeStamped):
    """How the shop reaches one carrier, aggregator or warehouse of somebody else's. Secrets are sealed."""

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF")
        ZPL = "zpl", _("ZPL, for label printers")

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Part of the address of its messages."))
    name = models.CharField(_("name"), max_length=80, help_text=_("As it stands on parcels: DHL, Yamato."))
    adapter = models.CharField(_("connection"), max_length=30)
    also_called = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("also called"),
        default=list,
        blank=True,
        help_text=_("Other names of carriers whose parcels it follows, separated by commas; none means all."),
    )
    warehouse = models.ForeignKey(
        "inventory.Warehouse",
        verbose_name=_("warehouse"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Of somebody else's warehouse that packs for us; or the only one that sends with this account."),
    )
    options = models.JSONField(_("settings"), default=dict, blank=True)
    secrets = SealedField(_("secrets"), blank=True, default="")
    label_format = models.CharField(_("labels as"), max_length=3, choices=Format.choices, default=Format.PDF)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    last_ok_at = models.DateTimeField(_("last answered"), null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(_("in trouble since"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last trouble"), max_length=300, blank=True, editable=False)

    objects: ClassVar[models.Manager["CarrierAccount"]] = models.Manager()

    class Meta:
        verbose_name = _("carrier account")
        verbose_name_plural = _("carrier accounts")
        ordering = ["position", "code"]
        permissions = [("use_carrieraccount", _("Can ask carriers for rates and buy labels"))]
        constraints = [
            models.UniqueConstraint(
                fields=["warehouse"],
                condition=Q(adapter="threepl", is_active=True, warehouse__isnull=False),
                name="carrier_one_connection_per_warehouse",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def access(self) -> Access:
        """What its adapter needs."""
        return Access(
            code=self.code,
            name=self.name,
            options={name: str(value) for name, value in (self.options or {}).items()},
            secrets=self.secret_values,
            label_format="zpl" if self.label_format == self.Format.ZPL else "pdf",
        )

    @property
    def secret_values(self) -> dict[str, str]:
        """The secrets by name."""
        held: Any = json.loads(self.secrets) if self.secrets else {}
        return {name: str(value) for name, value in held.items()}


class RateSheet(TimeStamped):
    """What a carrier charges from a day on, as it was brought in. The newest that has begun counts."""

    account = models.ForeignKey(
        CarrierAccount, verbose_name=_("carrier account"), on_delete=models.PROTECT, related_name="sheets"
    )
    name = models.CharField(_("name"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False)
    row_count = models.PositiveIntegerField(_("rows"), default=0, editable=False)

    objects: ClassVar[models.Manager["RateSheet"]] = models.Manager()

    class Meta:
        verbose_name = _("rate sheet")
        verbose_name_plural = _("rate sheets")
        ordering = ["account", "-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "valid_from"], name="rate_sheet_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.name}"


class RateRow(models.Model):
    """What one service costs to one zone, above one weight and up to another."""

    sheet = models.ForeignKey(RateSheet, on_delete=models.CASCADE, related_name="rows")
    service = models.CharField(_("service"), max_length=80)
    service_name = models.CharField(_("name of the service"), max_length=120)
    zone = models.CharField(_("zone"), max_length=120, blank=True)
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("to"),
        default=list,
        blank=True,
        help_text=_("Country codes; none means everywhere."),
    )
    is_domestic = models.BooleanField(_("within the country"), default=True)
    is_international = models.BooleanField(_("abroad"), default=True)
    above_g = models.PositiveIntegerField(_("above, g"), default=0)
    up_to_g = models.PositiveIntegerField(_("up to, g"))
    longest_mm = models.PositiveIntegerField(_("longest side, mm"), null=True, blank=True)
    middle_mm = models.PositiveIntegerField(_("second side, mm"), null=True, blank=True)
    shortest_mm = models.PositiveIntegerField(_("third side, mm"), null=True, blank=True)
    amount = money_field(verbose_name=_("amount"))
    days_min = models.PositiveSmallIntegerField(_("days, at least"), null=True, blank=True)
    days_max = models.PositiveSmallIntegerField(_("days, at most"), null=True, blank=True)

    objects: ClassVar[models.Manager["RateRow"]] = models.Manager()

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        ordering = ["sheet", "service", "zone", "up_to_g"]
        constraints = [
            models.CheckConstraint(condition=Q(up_to_g__gt=F("above_g")), name="rate_row_weights_in_order"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="rate_row_not_negative"),
            models.CheckConstraint(
                condition=Q(days_min__isnull=True) | Q(days_max__gte=F("days_min")), name="rate_row_days_in_order"
            ),
            exponent_check("amount", "rate_row_minor_units"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.zone} ≤ {self.up_to_g} g: {self.amount}"


class CarrierMessage(models.Model):
    """What a carrier told us, kept before anybody acts on it: a verified message, or the answer to a question."""

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("message of a carrier", "Received")
        PROCESSED = "processed", pgettext_lazy("message of a carrier", "Worked on")
        IGNORED = "ignored", pgettext_lazy("message of a carrier", "Not for us")
        UNMATCHED = "unmatched", pgettext_lazy("message of a carrier", "No parcel found")
        FAILED = "failed", pgettext_lazy("message of a carrier", "Could not be worked on")

    account = models.ForeignKey(
        CarrierAccount, verbose_name=_("carrier account"), on_delete=models.PROTECT, related_name="+"
    )
    event_id = models.CharField(_("event"), max_length=255)
    kind = models.CharField(_("kind"), max_length=100)
    payload = models.JSONField(_("content"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a carrier")
        verbose_name_plural = _("messages of carriers")
        ordering = ["-pk"]
        permissions = [("retry_carriermessage", _("Can have messages of carriers worked on again"))]
        constraints = [
            models.UniqueConstraint(fields=["account", "event_id"], name="carrier_message_once"),
            models.CheckConstraint(
                condition=Q(state="received", processed_at__isnull=True)
                | (~Q(state="received") & Q(processed_at__isnull=False)),
                name="carrier_message_worked_on_when_said",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="carrier_message_due", condition=Q(processed_at=None)),
            models.Index(fields=["received_at"], name="carrier_message_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.event_id}"
