"""Sellers of record and where they are registered for tax."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Dated, Sourced, in_order, no_overlap


class LegalEntity(Sourced):
    """Who sells: the contract partner named on every order and invoice."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    address = models.JSONField(_("address"), default=dict, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    register = models.CharField(_("commercial register"), max_length=160, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=60, blank=True)
    reporting_currency = models.CharField(
        _("currency of the books"), max_length=3, default="EUR", validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Scheme(models.TextChoices):
    DOMESTIC = "domestic", _("domestic registration")
    OSS = "oss", _("EU one-stop shop")
    IOSS = "ioss", _("EU import one-stop shop")
    UK_LVI = "uk_lvi", _("UK supply VAT")
    NO_VOEC = "no_voec", _("Norway VOEC")
    AU_LVIG = "au_lvig", _("Australia low value goods")
    NZ_LVG = "nz_lvg", _("New Zealand low value goods")
    SG_OVR = "sg_ovr", _("Singapore overseas vendor")
    CH_MAIL_ORDER = "ch_mail_order", _("Switzerland mail-order rule")
    BR_REMESSA = "br_remessa", _("Brazil Remessa Conforme")
    LOW_VALUE = "low_value", _("low-value imports of the country")
    IMPORT = "import", _("importer of record")


class TaxRegistration(Dated):
    """A registration that lets and obliges the seller to collect tax. Without one, nothing is."""

    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("seller"), on_delete=models.PROTECT, related_name="registrations"
    )
    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    region = models.CharField(_("state or province"), max_length=60, blank=True)
    scheme = models.CharField(_("scheme"), max_length=16, choices=Scheme.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    threshold = models.DecimalField(_("threshold"), max_digits=19, decimal_places=4, null=True, blank=True)
    threshold_currency = models.CharField(_("currency of the threshold"), max_length=3, blank=True)

    class Meta:
        verbose_name = _("tax registration")
        verbose_name_plural = _("tax registrations")
        ordering = ["legal_entity", "country", "scheme"]
        constraints = [
            no_overlap("markets_registration_no_overlap", "legal_entity", "country", "region", "scheme"),
            in_order("markets_registration_in_order"),
            models.CheckConstraint(
                condition=models.Q(threshold__isnull=True) | ~models.Q(threshold_currency=""),
                name="markets_registration_threshold_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.scheme}"


class UntaxedSeller(Dated):
    """A seller charges no tax in a country (without a country: nowhere at all), such as a small business.

    `legal_note` says why, as the law words it, by language; readers of another language see English, else the first.
    """

    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("seller"), on_delete=models.PROTECT, related_name="untaxed"
    )
    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    legal_note = models.JSONField(_("reason by law, by language"), default=dict, blank=True)

    class Meta:
        verbose_name = _("sale without tax")
        verbose_name_plural = _("sales without tax")
        ordering = ["legal_entity", "country"]
        constraints = [
            no_overlap("markets_untaxed_no_overlap", "legal_entity", "country"),
            in_order("markets_untaxed_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.legal_entity_id} {self.country_id or '*'}"
