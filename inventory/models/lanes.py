"""Ways from a warehouse to a place: what they cost the shop, how long they take, what they may not carry."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped, exponent_check, money_field
from core.locks import LockingQuerySet


class Lane(TimeStamped):
    """One warehouse, one destination, one delivery method of a market, one service of a carrier.

    A market without active lanes is served by the order of its warehouses alone. In a market that has lanes, goods
    leave only where one leads to the address; among several the longest postcode wins, then one with the region.
    """

    warehouse = models.ForeignKey(
        "inventory.Warehouse", verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="lanes"
    )
    method = models.ForeignKey(
        "inventory.DeliveryMethod", verbose_name=_("delivery method"), on_delete=models.PROTECT, related_name="lanes"
    )
    country = models.CharField(_("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")])
    region = models.CharField(_("region"), max_length=20, blank=True, help_text=_("Empty: every region."))
    postcode_prefix = models.CharField(
        _("postcode begins with"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^[A-Z0-9]*$", _("Capital letters and digits only, without spaces."))],
        help_text=_("Empty: every postcode."),
    )
    carrier = models.CharField(_("carrier"), max_length=50)
    service = models.CharField(_("service"), max_length=60, blank=True)
    divisor = models.PositiveIntegerField(
        _("divisor of volume weight"), default=5000, help_text=_("Cubic centimetres per kilogram; 0: weight alone.")
    )
    step_g = models.PositiveIntegerField(_("weight is rounded up to, g"), default=1)
    lead_p50 = models.PositiveSmallIntegerField(
        _("working days, half of the parcels"), help_text=_("The earliest day that is promised.")
    )
    lead_p90 = models.PositiveSmallIntegerField(
        _("working days, nine in ten parcels"), help_text=_("The latest day that is promised.")
    )
    customs_days = models.PositiveSmallIntegerField(_("working days for customs"), default=0)
    prepays_duty = models.BooleanField(
        _("clears parcels with the duty paid"), default=True, help_text=_("Otherwise duty is paid on delivery.")
    )
    max_weight_g = models.PositiveIntegerField(_("most per parcel, g"), null=True, blank=True)
    max_volume_cm3 = models.PositiveIntegerField(_("most per parcel, cm³"), null=True, blank=True)
    forbidden = models.JSONField(
        _("does not carry"),
        default=list,
        blank=True,
        help_text=_("Marks of goods as products carry them, for example battery."),
    )
    cutoff = models.TimeField(
        _("orders until"), null=True, blank=True, help_text=_("Where it differs from the warehouse's own.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery lane")
        verbose_name_plural = _("delivery lanes")
        ordering = ["warehouse", "method", "country", "region", "postcode_prefix"]
        constraints = [
            models.UniqueConstraint(
                fields=["warehouse", "method", "country", "region", "postcode_prefix"], name="lane_once_per_place"
            ),
            models.CheckConstraint(condition=Q(lead_p90__gte=F("lead_p50")), name="lane_days_in_order"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="lane_country_code"),
            models.CheckConstraint(condition=Q(step_g__gte=1), name="lane_step_positive"),
        ]

    def __str__(self) -> str:
        place = "-".join(part for part in (self.country, self.region, self.postcode_prefix) if part)
        return f"{self.warehouse.code} → {place} ({self.carrier})"


class LaneRate(models.Model):
    """What a parcel of up to a weight costs the shop: a sum, and so much more for each kilogram of it."""

    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="rates")
    up_to_g = models.PositiveIntegerField(_("up to, g"))
    cost = money_field(verbose_name=_("cost"))
    per_kg = money_field(verbose_name=_("and per kg"), null=True, blank=True)

    objects: ClassVar[models.Manager["LaneRate"]] = models.Manager()

    class Meta:
        verbose_name = _("bracket of a lane")
        verbose_name_plural = _("brackets of lanes")
        ordering = ["lane", "up_to_g"]
        constraints = [
            models.UniqueConstraint(fields=["lane", "up_to_g"], name="lane_rate_once_per_weight"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="lane_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(per_kg__isnull=True) | Q(per_kg__gte=0, per_kg_currency=F("cost_currency")),
                name="lane_per_kg_like_cost",
            ),
            exponent_check("cost", "lane_cost_minor_units"),
            exponent_check("per_kg", "lane_per_kg_minor_units"),
        ]

    def __str__(self) -> str:
        return f"{self.lane_id} ≤ {self.up_to_g} g: {self.cost}"
