"""Delivery methods and what they cost, by market and weight."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from core.fields import exponent_check, money_field


class DeliveryMethod(models.Model):
    """A way to send parcels within a market: who carries them, how long it takes, from which sum it is free."""

    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=100)
    carrier = models.CharField(_("carrier"), max_length=50)
    days_min = models.PositiveSmallIntegerField(_("working days, at least"))
    days_max = models.PositiveSmallIntegerField(_("working days, at most"))
    free_from = money_field(verbose_name=_("free from"), null=True, blank=True)
    countries = models.JSONField(
        _("only to"), default=list, blank=True, help_text=_("Country codes; empty means all of the market.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    prepays_duty = models.BooleanField(
        _("clears parcels with the duty paid"), default=True, help_text=_("Otherwise duty is paid on delivery.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    i18n = TranslationField(fields=("name",))
    name_i18n: str

    objects: ClassVar[models.Manager["DeliveryMethod"]] = models.Manager()

    class Meta:
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        ordering = ["market", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="delivery_method_once_per_market"),
            models.CheckConstraint(condition=Q(days_max__gte=F("days_min")), name="delivery_days_in_order"),
            exponent_check("free_from", "delivery_free_from_minor_units"),
        ]

    def __str__(self) -> str:
        return f"{self.market_id}/{self.code}"


class DeliveryRate(models.Model):
    """What a method costs for a consignment of up to a weight. Heavier than the last row: not offered."""

    method = models.ForeignKey(DeliveryMethod, on_delete=models.CASCADE, related_name="rates")
    up_to_g = models.PositiveIntegerField(_("up to, g"))
    amount = money_field(verbose_name=_("amount"))

    objects: ClassVar[models.Manager["DeliveryRate"]] = models.Manager()

    class Meta:
        verbose_name = _("delivery rate")
        verbose_name_plural = _("delivery rates")
        ordering = ["method", "up_to_g"]
        constraints = [
            models.UniqueConstraint(fields=["method", "up_to_g"], name="delivery_rate_once_per_weight"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="delivery_rate_not_negative"),
            exponent_check("amount", "delivery_rate_minor_units"),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} ≤ {self.up_to_g} g: {self.amount}"


class DeliveryLeadTime(models.Model):
    """How long a method takes from one warehouse, where that differs from the method's own days."""

    method = models.ForeignKey(DeliveryMethod, on_delete=models.CASCADE, related_name="lead_times")
    warehouse = models.ForeignKey("inventory.Warehouse", on_delete=models.PROTECT, related_name="+")
    days_min = models.PositiveSmallIntegerField(_("working days, at least"))
    days_max = models.PositiveSmallIntegerField(_("working days, at most"))

    class Meta:
        verbose_name = _("lead time")
        verbose_name_plural = _("lead times")
        constraints = [
            models.UniqueConstraint(fields=["method", "warehouse"], name="lead_time_once_per_warehouse"),
            models.CheckConstraint(condition=Q(days_max__gte=F("days_min")), name="lead_time_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} from {self.warehouse_id}: {self.days_min}-{self.days_max}"
