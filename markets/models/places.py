"""Countries and the languages of the storefront."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Sourced


class Region(models.TextChoices):
    EUROPE = "europe", _("Europe")
    AMERICAS = "americas", _("Americas")
    ASIA = "asia", _("Asia and Pacific")
    MIDDLE_EAST = "middle_east", _("Middle East")
    AFRICA = "africa", _("Africa")


class Country(Sourced):
    """A country of the world. Its name is asked of Babel, so it is known in every language."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    name = models.CharField(_("English name"), max_length=120)
    region = models.CharField(_("region"), max_length=20, choices=Region.choices, blank=True)
    tax_country = models.CharField(
        _("taxed as"), max_length=2, blank=True, help_text=_("Monaco is taxed as France, Liechtenstein as Switzerland.")
    )
    in_eu_vat_area = models.BooleanField(_("in the EU VAT area"), default=False)
    in_eu_customs_union = models.BooleanField(_("in the EU customs union"), default=False)
    currency = models.ForeignKey(
        "markets.Currency",
        verbose_name=_("currency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    phone_required = models.BooleanField(_("phone number required by couriers"), default=False)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^[A-Z]{2}$"), name="markets_country_code_upper"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def taxed_as(self) -> str:
        return self.tax_country or self.code


class Language(models.Model):
    """A language of the storefront. Codes are Django's: `pt-br`, `zh-hans`."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    native_name = models.CharField(_("name in the language itself"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.native_name
