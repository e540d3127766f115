"""Customs: the tree of goods codes, who counts as an origin, duties, fees of clearance, what may not go where."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Dated, Sourced, in_order, no_overlap

DESTINATION_HELP = _("A country, or EU27 for every member state.")
is_destination = RegexValidator(r"^([A-Z]{2}|EU27)$")
is_goods_prefix = RegexValidator(r"^[0-9]{0,10}$")


class HsCode(models.Model):
    """A code of the Harmonized System (2, 4 or 6 digits), or of a national tariff below it (8 or 10)."""

    version = models.CharField(_("edition"), max_length=12, default="2022")
    code = models.CharField(_("code"), max_length=10, validators=[RegexValidator(r"^([0-9]{2}){1,5}$")])
    parent = models.ForeignKey(
        "self",
        verbose_name=pgettext_lazy("the code a goods code belongs to", "above"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    level = models.PositiveSmallIntegerField(_("digits"))
    section = models.CharField(_("section"), max_length=6, blank=True)
    description = models.TextField(_("description"))
    descriptions = models.JSONField(
        _("descriptions by language"), default=dict, blank=True, help_text=_("A language code and its words.")
    )

    class Meta:
        verbose_name = _("goods code")
        verbose_name_plural = _("goods codes")
        ordering = ["code"]
        permissions = [("approve_goods_codes", _("Can approve goods codes of variants"))]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="markets_hscode_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^([0-9]{2}){1,5}$"), name="markets_hscode_is_digits"),
            models.CheckConstraint(condition=Q(level__in=[2, 4, 6, 8, 10]), name="markets_hscode_level"),
            models.CheckConstraint(condition=Q(level=2) | Q(parent__isnull=False), name="markets_hscode_has_parent"),
        ]
        indexes = [
            GinIndex(OpClass(Upper("description"), name="gin_trgm_ops"), name="markets_hscode_words"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"

    def words(self) -> str:
        """The description in the language of the moment, else in English."""
        return str(self.descriptions.get(get_language() or "") or self.description)


class OriginGroup(Sourced):
    """Countries that a tariff treats alike: the members of an agreement."""

    code = models.CharField(
        _("code"), max_length=20, primary_key=True, validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9_-]{2,}$")]
    )
    name = models.CharField(_("name"), max_length=120)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list)

    class Meta:
        verbose_name = _("group of origins")
        verbose_name_plural = _("groups of origins")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9_-]{2,}$"), name="markets_origin_group_is_no_country"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ValuationBasis(models.TextChoices):
    CIF = "cif", _("goods, freight and insurance to the border (CIF)")
    FOB = "fob", _("goods at export (FOB)")


class CustomsValuation(Dated):
    """What duty of a destination is taken of."""

    destination = models.CharField(
        _("destination"), max_length=4, validators=[is_destination], help_text=DESTINATION_HELP
    )
    basis = models.CharField(_("customs value"), max_length=3, choices=ValuationBasis.choices)

    class Meta:
        verbose_name = _("customs valuation")
        verbose_name_plural = _("customs valuations")
        ordering = ["destination"]
        constraints = [
            no_overlap("markets_valuation_no_overlap", "destination"),
            in_order("markets_valuation_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.basis}"


class DutyKind(models.TextChoices):
    MFN = "mfn", _("normal duty")
    PREFERENCE = "preference", _("preference of an agreement")
    SURCHARGE = "surcharge", _("surcharge")
    ANTIDUMPING = "antidumping", _("anti-dumping duty")
    PER_CODE = "per_code", _("amount per goods code in the parcel")


class SpecificUnit(models.TextChoices):
    KILOGRAM = "kg", _("per kilogram")
    PIECE = "piece", _("per piece")
    CODE = "code", _("per goods code")


class DutyRule(Dated):
    """One layer of a tariff in one period. Layers of other kinds or names add up; `rate_percent` is 12 for 12 %."""

    destination = models.CharField(
        _("destination"), max_length=4, validators=[is_destination], help_text=DESTINATION_HELP
    )
    hs_prefix = models.CharField(
        _("goods code begins with"), max_length=10, blank=True, validators=[is_goods_prefix],
        help_text=_("The longest one that fits wins. Empty is all goods."),
    )  # fmt: skip
    origin = models.CharField(
        _("origin"), max_length=20, blank=True,
        help_text=_("A country or the code of a group of origins. Empty is any origin."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=12, choices=DutyKind.choices, default=DutyKind.MFN)
    name = models.CharField(
        _("name of the layer"), max_length=60, blank=True, help_text=_("Such as Section 301. Empty for the tariff.")
    )
    rate_percent = models.DecimalField(_("percent"), max_digits=9, decimal_places=4, null=True, blank=True)
    specific_amount = models.DecimalField(_("amount"), max_digits=19, decimal_places=4, null=True, blank=True)
    specific_currency = models.CharField(_("currency"), max_length=3, blank=True)
    specific_unit = models.CharField(_("unit"), max_length=8, choices=SpecificUnit.choices, blank=True)
    needs_proof = models.BooleanField(_("only with proof of origin"), default=False)

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["destination", "hs_prefix", "origin", "kind", "-effective_from"]
        constraints = [
            no_overlap("markets_duty_no_overlap", "destination", "hs_prefix", "origin", "kind", "name"),
            in_order("markets_duty_in_order"),
            models.CheckConstraint(
                condition=Q(destination__regex=r"^([A-Z]{2}|EU27)$"), name="markets_duty_destination"
            ),
            models.CheckConstraint(condition=Q(hs_prefix__regex=r"^[0-9]{0,10}$"), name="markets_duty_hs_prefix"),
            models.CheckConstraint(
                condition=Q(rate_percent__isnull=False) | Q(specific_amount__isnull=False),
                name="markets_duty_says_something",
            ),
            models.CheckConstraint(
                condition=Q(rate_percent__isnull=True) | Q(rate_percent__gte=0), name="markets_duty_rate_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(specific_amount__isnull=True, specific_currency="", specific_unit="")
                | (Q(specific_amount__gte=0) & ~Q(specific_currency="") & ~Q(specific_unit="")),
                name="markets_duty_amount_has_unit",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.destination, self.hs_prefix, self.origin, self.kind, self.name) if part)


class FeeKind(models.TextChoices):
    BROKERAGE = "brokerage", _("customs broker")
    DISBURSEMENT = "disbursement", _("advancing the charges")
    DDP = "ddp", _("delivered duty paid")
    HANDLING = "handling", _("handling by post or customs")


class FeeIncoterm(models.TextChoices):
    DAP = "dap", _("paid on delivery")
    DDP = "ddp", _("paid in advance")


class ClearanceFee(Dated):
    """What clearing a parcel costs besides duty and tax: the larger of `minimum` and `fixed` + `percent`."""

    code = models.SlugField(_("code"), max_length=60)
    destination = models.CharField(
        _("destination"), max_length=4, validators=[is_destination], help_text=DESTINATION_HELP
    )
    carrier_service = models.CharField(
        _("delivery service"), max_length=60, blank=True, help_text=_("Empty is every service.")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=FeeKind.choices)
    incoterm = models.CharField(
        _("charges"), max_length=3, choices=FeeIncoterm.choices, blank=True, help_text=_("Empty is both.")
    )
    currency = models.CharField(_("currency"), max_length=3)
    fixed = models.DecimalField(_("fixed amount"), max_digits=19, decimal_places=4, null=True, blank=True)
    percent = models.DecimalField(_("percent of duty and tax"), max_digits=7, decimal_places=4, null=True, blank=True)
    minimum = models.DecimalField(_("at least"), max_digits=19, decimal_places=4, null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("clearance fee")
        verbose_name_plural = _("clearance fees")
        ordering = ["destination", "code"]
        constraints = [
            no_overlap("markets_clearance_fee_no_overlap", "code"),
            in_order("markets_clearance_fee_in_order"),
            models.CheckConstraint(
                condition=Q(fixed__isnull=False) | Q(percent__isnull=False), name="markets_clearance_fee_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RestrictionEffect(models.TextChoices):
    BLOCK = "block", pgettext_lazy("restriction", "not deliverable")
    LICENSE = "license", pgettext_lazy("restriction", "only with a licence")
    WARN = "warn", pgettext_lazy("restriction", "operators are told")
    DAP_ONLY = "dap_only", pgettext_lazy("restriction", "charges cannot be paid in advance")


class RestrictionRule(Dated):
    """What may not, or not without more, go somewhere: by goods code, by a flag of the goods, or both."""

    code = models.SlugField(_("code"), max_length=60)
    destination = models.CharField(
        _("destination"), max_length=4, validators=[is_destination], help_text=DESTINATION_HELP
    )
    hs_prefix = models.CharField(_("goods code begins with"), max_length=10, blank=True, validators=[is_goods_prefix])
    flag = models.CharField(
        _("flag of the goods"), max_length=40, blank=True, help_text=_("Such as battery, alcohol or perfume.")
    )
    effect = models.CharField(_("effect"), max_length=8, choices=RestrictionEffect.choices)
    shopper_note = models.TextField(
        _("sentence for shoppers"), blank=True, help_text=_("In English. Empty: a general sentence is shown.")
    )
    shopper_notes = models.JSONField(_("sentences by language"), default=dict, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        ordering = ["destination", "code"]
        constraints = [
            no_overlap("markets_restriction_no_overlap", "code"),
            in_order("markets_restriction_in_order"),
            models.CheckConstraint(condition=~Q(hs_prefix="") | ~Q(flag=""), name="markets_restriction_names_goods"),
        ]

    def __str__(self) -> str:
        return self.code
