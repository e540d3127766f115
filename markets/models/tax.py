"""Tax facts: categories, places, dated rates, special territories, low-value rules."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Dated, Sourced, in_order, no_overlap

STANDARD = "standard"
"""The category of everything that is not mapped elsewhere."""


class TaxCategory(Sourced):
    """What a product is for tax. `standard` is everything not mapped elsewhere."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("tax category")
        verbose_name_plural = _("tax categories")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Jurisdiction(models.Model):
    """A place with its own tax rates: a country, a state or a territory found by postal code."""

    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    region = models.CharField(_("state, province or territory"), max_length=60, blank=True)
    postal_prefix = models.CharField(_("postal code begins with"), max_length=12, blank=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")
        ordering = ["country", "region", "postal_prefix"]
        constraints = [
            models.UniqueConstraint(fields=["country", "region", "postal_prefix"], name="markets_jurisdiction_once"),
        ]

    def __str__(self) -> str:
        return self.name


class RateKind(models.TextChoices):
    VAT = "vat", _("value added tax")
    GST = "gst", _("goods and services tax")
    SALES = "sales", _("sales tax")
    EXCISE = "excise", _("excise")


class RateBase(models.TextChoices):
    NET = "net", _("of the net price")
    GROSS = "gross", _("of the gross price, tax inside its own base")


class TaxRate(Dated):
    """A rate of one place for one category in one period. `rate` is a fraction: 0.19."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("jurisdiction"), on_delete=models.PROTECT, related_name="rates"
    )
    tax_category = models.ForeignKey(
        TaxCategory, verbose_name=_("tax category"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=RateKind.choices, default=RateKind.VAT)
    rate_class = models.CharField(_("class"), max_length=40, default="standard")
    rate = models.DecimalField(_("rate"), max_digits=7, decimal_places=5)
    rate_of = models.CharField(_("applies to"), max_length=5, choices=RateBase.choices, default=RateBase.NET)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["jurisdiction", "tax_category", "-effective_from"]
        constraints = [
            no_overlap("markets_tax_rate_no_overlap", "jurisdiction", "tax_category", "kind"),
            in_order("markets_tax_rate_in_order"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="markets_tax_rate_fraction"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.tax_category_id} {self.rate}"


class Treatment(models.TextChoices):
    OUTSIDE = "outside", _("outside the tax area: an export")
    REGION = "region", _("has its own rates")
    AS_COUNTRY = "as_country", _("taxed as a country")
    BLOCK = "block", _("cannot be served")


class TerritoryException(Dated):
    """A postal-code area that is not taxed like its country. Asked before the rate is chosen."""

    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    postal_code_regex = models.CharField(_("postal code pattern"), max_length=200, blank=True)
    treatment = models.CharField(_("treatment"), max_length=12, choices=Treatment.choices)
    source_treatment = models.CharField(_("treatment in the source"), max_length=80, blank=True)
    region = models.CharField(_("jurisdiction's region"), max_length=60, blank=True)
    as_country = models.CharField(_("taxed as country"), max_length=2, blank=True)
    in_customs_union = models.BooleanField(_("in the customs union of its country"), default=True)

    class Meta:
        verbose_name = _("special territory")
        verbose_name_plural = _("special territories")
        ordering = ["country", "name"]
        constraints = [
            no_overlap("markets_territory_no_overlap", "country", "name"),
            in_order("markets_territory_in_order"),
            models.CheckConstraint(
                condition=~Q(treatment="region") | ~Q(region=""), name="markets_territory_region_named"
            ),
            models.CheckConstraint(
                condition=~Q(treatment="as_country") | ~Q(as_country=""), name="markets_territory_country_named"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LowValueRule(Dated):
    """An import scheme of a destination for consignments below a threshold."""

    code = models.CharField(_("code"), max_length=40)
    destination = models.CharField(_("destination"), max_length=12, help_text=_("A country, or EU27."))
    scheme = models.CharField(_("scheme"), max_length=120)
    threshold_amount = models.DecimalField(_("threshold"), max_digits=19, decimal_places=4, null=True, blank=True)
    threshold_currency = models.CharField(_("currency"), max_length=3, blank=True)
    threshold_operator = models.CharField(_("compared by"), max_length=2, blank=True)
    threshold_basis = models.CharField(_("compared with"), max_length=60, blank=True)
    threshold = models.JSONField(_("threshold as published"), default=dict, blank=True)
    below_threshold = models.JSONField(_("below the threshold"), default=dict, blank=True)
    above_threshold = models.JSONField(_("above the threshold"), default=dict, blank=True)
    collector = models.CharField(_("who collects"), max_length=120, blank=True)
    seller_registration = models.TextField(_("registration of the seller"), blank=True)
    identifier_to_transmit = models.JSONField(_("identifiers to transmit"), default=list, blank=True)
    excluded_goods = models.JSONField(_("excluded goods"), default=list, blank=True)
    engine_params = models.JSONField(_("numbers for the engine"), default=dict, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("low-value import rule")
        verbose_name_plural = _("low-value import rules")
        ordering = ["destination", "code"]
        constraints = [
            no_overlap("markets_low_value_no_overlap", "code"),
            in_order("markets_low_value_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.scheme}"
