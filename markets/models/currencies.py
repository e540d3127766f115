"""Currencies and exchange rates. Rates accumulate; look-ups take the latest on or before a day."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Sourced


class Currency(Sourced):
    """A currency with the digits of ISO 4217 and the units that payment providers want."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    numeric = models.CharField(_("number"), max_length=3, blank=True)
    name = models.CharField(_("English name"), max_length=120)
    exponent = models.PositiveSmallIntegerField(_("decimal digits"))
    display_digits = models.PositiveSmallIntegerField(_("digits a locale library would print"))
    provider_units = models.JSONField(
        _("provider units"), default=dict, blank=True, help_text=_("Multiplier, step and decimals by payment provider.")
    )
    cash_increment = models.DecimalField(
        _("smallest cash step"), max_digits=10, decimal_places=4, null=True, blank=True
    )
    ecb_reference_rate = models.BooleanField(_("has an ECB reference rate"), default=False)

    class Meta:
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z]{3}$"), name="markets_currency_code_upper"),
            models.CheckConstraint(condition=Q(exponent__lte=4), name="markets_currency_exponent_small"),
        ]

    def __str__(self) -> str:
        return self.code


class ExchangeRate(models.Model):
    """One unit of `base` is `rate` units of `quote`. Append-only: history never moves."""

    base = models.ForeignKey(Currency, verbose_name=_("base"), on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Currency, verbose_name=_("quote"), on_delete=models.PROTECT, related_name="+")
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10)
    effective_on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=40)
    fetched_at = models.DateTimeField(_("fetched at"), auto_now_add=True)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-effective_on", "base", "quote"]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "effective_on", "source"], name="markets_exchange_rate_once_per_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="markets_exchange_rate_positive"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="markets_exchange_rate_two_currencies"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.base_id}/{self.quote_id} {self.rate} {self.effective_on}"
