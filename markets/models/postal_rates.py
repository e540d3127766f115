"""Tax rates by postal code, where a state, its counties, cities and districts each take their part."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Dated, in_order, no_overlap


def _part(words: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(words, max_digits=7, decimal_places=5, default=0)


class PostalTaxRate(Dated):
    """The sales tax of one postal code. `rate` is the sum of its parts, all fractions: 0.095."""

    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    region = models.CharField(_("state or province"), max_length=60)
    postal_code = models.CharField(_("postal code"), max_length=12)
    name = models.CharField(_("place"), max_length=120, blank=True)
    rate = models.DecimalField(_("rate"), max_digits=7, decimal_places=5)
    state_rate = _part(_("state"))
    county_rate = _part(_("county"))
    city_rate = _part(_("city"))
    special_rate = _part(_("districts"))

    class Meta:
        verbose_name = _("tax rate of a postal code")
        verbose_name_plural = _("tax rates of postal codes")
        ordering = ["country", "postal_code", "-effective_from"]
        constraints = [
            no_overlap("markets_postal_rate_no_overlap", "country", "postal_code"),
            in_order("markets_postal_rate_in_order"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="markets_postal_rate_fraction"),
            models.CheckConstraint(
                condition=Q(rate=F("state_rate") + F("county_rate") + F("city_rate") + F("special_rate")),
                name="markets_postal_rate_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["country", "postal_code"], name="markets_postal_rate_code")]

    def __str__(self) -> str:
        return f"{self.country_id} {self.postal_code} {self.rate}"
