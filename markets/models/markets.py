"""Markets: one storefront with its currency, languages, prices, taxes and law."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TimeStamped
from markets.models.dated import Sourced


class Display(models.TextChoices):
    GROSS = "gross", _("prices contain tax")
    NET = "net", _("tax is added at checkout")


class TaxMode(models.TextChoices):
    GROSS_CONSTANT = "gross_constant", _("the gross price stays the same for every destination")
    NET_CONSTANT = "net_constant", _("the net price stays the same for every destination")
    EXPLICIT = "explicit", _("the country's own list is final")


class RoundingLevel(models.TextChoices):
    UNIT = "unit", _("per piece")
    LINE = "line", _("per line")
    DOCUMENT = "document", _("once per rate on the document")


class TaxRounding(models.TextChoices):
    HALF_UP = "half_up", _("half up")
    DOWN = "down", _("down")
    UP = "up", _("up")


class DutyMode(models.TextChoices):
    NONE = "none", _("no duty arises")
    DAP = "dap", _("the shopper pays duty on delivery")
    DDP = "ddp", _("the seller bears duty as part of the price")
    PREPAY = "prepay", _("the shopper pays duty with the order")
    CHOICE = "choice", _("the shopper chooses at checkout")


class Units(models.TextChoices):
    METRIC = "metric", _("metric")
    US = "us", _("US customary")
    MIXED = "mixed", _("mixed")


class Market(TimeStamped, Sourced):
    """One storefront. Rows are seeded from reference data and edited in the admin; closing one keeps its history."""

    code = models.SlugField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80)
    names = models.JSONField(
        _("names by language"), default=dict, blank=True, help_text=_("Empty: the country's name in each language.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    active = models.BooleanField(_("active"), default=False)
    seller = models.ForeignKey(
        "markets.LegalEntity",
        verbose_name=_("seller"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    currency = models.ForeignKey(
        "markets.Currency", verbose_name=_("currency"), on_delete=models.PROTECT, related_name="+"
    )
    alternative_currencies = ArrayField(
        models.CharField(max_length=3), verbose_name=_("alternative currencies"), default=list, blank=True
    )
    default_language = models.CharField(_("default language"), max_length=12)
    languages = ArrayField(models.CharField(max_length=12), verbose_name=_("languages"), default=list)
    domain = models.CharField(
        _("domain"), max_length=120, null=True, blank=True, unique=True, help_text=_("Empty: reached by its path.")
    )
    hreflang = models.CharField(_("region for search engines"), max_length=12, blank=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")
    report_timezone = models.CharField(_("time zone of reports"), max_length=60, default="UTC")
    units = models.CharField(_("units"), max_length=8, choices=Units.choices, default=Units.METRIC)
    price_entry = models.CharField(
        _("prices are entered"), max_length=5, choices=Display.choices, default=Display.GROSS
    )
    tax_mode = models.CharField(_("tax mode"), max_length=16, choices=TaxMode.choices, default=TaxMode.GROSS_CONSTANT)
    display = models.CharField(_("prices are shown"), max_length=5, choices=Display.choices, default=Display.GROSS)
    rounding_level = models.CharField(
        _("tax is rounded"), max_length=10, choices=RoundingLevel.choices, default=RoundingLevel.LINE
    )
    tax_rounding = models.CharField(
        _("tax rounding"), max_length=8, choices=TaxRounding.choices, default=TaxRounding.HALF_UP
    )
    charm_rule = models.JSONField(_("price ending rule"), default=dict, blank=True)
    price_increment = models.DecimalField(_("price grid"), max_digits=10, decimal_places=4, default="0.01")
    price_list = models.CharField(_("price list"), max_length=40, blank=True)
    tax_engine = models.CharField(_("tax engine"), max_length=12, blank=True)
    duty_mode = models.CharField(_("duty"), max_length=6, choices=DutyMode.choices, default=DutyMode.NONE)
    price_shock_percent = models.PositiveSmallIntegerField(
        _("warn when the checkout is dearer than the cart by %"), default=10
    )
    fx_markup_percent = models.DecimalField(_("exchange mark-up %"), max_digits=6, decimal_places=3, default=0)
    fx_max_age_days = models.PositiveSmallIntegerField(_("oldest exchange rate in days"), default=5)
    fx_source = models.CharField(
        _("source of exchange rates"), max_length=40, blank=True, help_text=_("Empty: the newest rate of any source.")
    )
    fx_dead_band_percent = models.DecimalField(
        _("dead band %"),
        max_digits=6,
        decimal_places=3,
        default=1,
        help_text=_("A converted price stays as it is while it would move by less."),
    )
    fx_lock_minutes = models.PositiveSmallIntegerField(_("exchange rate is kept for minutes"), default=30)
    readiness_bars = models.JSONField(
        _("bars before opening"), default=dict, blank=True, help_text=_("Percent by area; empty means the usual ones.")
    )
    return_days = models.PositiveSmallIntegerField(_("return days"), default=14)
    required_buyer_ids = models.JSONField(_("identity numbers asked of the buyer"), default=list, blank=True)
    shipping_services = models.JSONField(_("delivery services"), default=list, blank=True)
    legal_pages = models.JSONField(_("legal pages"), default=list, blank=True)
    catalogue_restrictions = models.JSONField(_("catalogue restrictions"), default=list, blank=True)
    theme_tokens = models.JSONField(_("theme tokens"), default=dict, blank=True)
    features = models.JSONField(_("features"), default=dict, blank=True)
    payment_methods = models.ManyToManyField(
        "markets.PaymentMethod",
        verbose_name=_("payment methods"),
        through="markets.MarketPaymentMethod",
        related_name="+",
        blank=True,
    )

    class Meta:
        verbose_name = _("market")
        verbose_name_plural = _("markets")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9-]+$"), name="markets_market_code_lower"),
            models.CheckConstraint(condition=~Q(default_language=""), name="markets_market_default_language_set"),
            models.CheckConstraint(condition=Q(price_increment__gt=0), name="markets_market_increment_positive"),
            models.CheckConstraint(
                condition=Q(active=False) | Q(seller__isnull=False), name="markets_market_active_has_seller"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, Any] = {}
        if self.default_language not in self.languages:
            wrong["default_language"] = _("The default language is not one of the market's languages.")
        if self.active and self.seller_id is None:
            wrong["seller"] = _("An active market needs a seller.")
        if wrong:
            raise ValidationError(wrong)


class MarketCountry(models.Model):
    """A country is served by at most one market: the country is the primary key."""

    country = models.OneToOneField(
        "markets.Country", verbose_name=_("country"), primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    market = models.ForeignKey(
        Market, verbose_name=_("market"), on_delete=models.PROTECT, related_name="market_countries"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    ships_to = models.BooleanField(_("goods are delivered there"), default=True)
    bills_to = models.BooleanField(_("invoices may go there"), default=True)

    class Meta:
        verbose_name = _("country of a market")
        verbose_name_plural = _("countries of markets")
        ordering = ["market", "position", "country"]
        constraints = [
            models.UniqueConstraint(fields=["market", "position"], name="markets_market_country_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} → {self.market_id}"
