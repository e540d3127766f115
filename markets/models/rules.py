"""Rules of countries and markets: consumer law, addresses, invoices, compliance."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from markets.models.dated import Dated, in_order, no_overlap
from markets.models.markets import Market


class ConsumerRule(Dated):
    """What consumer law and our promises say in a market."""

    market = models.ForeignKey(
        Market, verbose_name=_("market"), on_delete=models.PROTECT, related_name="consumer_rules"
    )
    withdrawal_days = models.PositiveSmallIntegerField(_("withdrawal days"), default=0)
    order_button_texts = models.JSONField(
        _("wording of the order button by language"),
        default=dict,
        help_text=_("Where the law asks, the words must state the obligation to pay."),
    )
    has_withdrawal_button = models.BooleanField(_("withdrawal button"), default=False)
    has_guarantee_notice = models.BooleanField(_("harmonised guarantee notice"), default=False)
    has_prior_price = models.BooleanField(_("30-day prior price"), default=False)
    has_safety_block = models.BooleanField(_("product safety block"), default=False)
    guarantee_years = models.PositiveSmallIntegerField(_("legal guarantee in years"), default=0)
    unit_price = models.CharField(_("unit price"), max_length=80, blank=True)
    cookie_consent = models.CharField(_("cookie consent"), max_length=80, blank=True)
    facts = models.JSONField(_("facts as published"), default=dict, blank=True)

    class Meta:
        verbose_name = _("consumer rule")
        verbose_name_plural = _("consumer rules")
        ordering = ["market", "-effective_from"]
        constraints = [
            no_overlap("markets_consumer_rule_no_overlap", "market"),
            in_order("markets_consumer_rule_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.market_id} {self.withdrawal_days}"


class AddressRule(Dated):
    """Corrections of the operator to the address rules of a country, over those of the address library."""

    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), on_delete=models.PROTECT, related_name="+"
    )
    required_fields = models.JSONField(_("fields required besides"), default=list, blank=True)
    optional_fields = models.JSONField(_("fields not required"), default=list, blank=True)
    published_format = models.CharField(_("format as published"), max_length=160, blank=True)
    postal_code_examples = models.JSONField(_("examples of postal codes"), default=list, blank=True)
    phone_required = models.BooleanField(_("phone required"), default=False)

    class Meta:
        verbose_name = _("address rule")
        verbose_name_plural = _("address rules")
        ordering = ["country", "-effective_from"]
        constraints = [
            no_overlap("markets_address_rule_no_overlap", "country"),
            in_order("markets_address_rule_in_order"),
        ]

    def __str__(self) -> str:
        return str(self.country_id)


class InvoiceRequirement(Dated):
    """What an invoice of a country must say and how it is kept. `country` may be `EU-OSS`."""

    country = models.CharField(_("country"), max_length=12)
    name = models.CharField(_("name"), max_length=120)
    b2c_invoice_duty = models.TextField(_("duty towards consumers"), blank=True)
    simplified_limit = models.DecimalField(
        _("small invoice up to"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    simplified_currency = models.CharField(_("currency of the limit"), max_length=3, blank=True)
    simplified = models.JSONField(_("small invoice"), default=dict, blank=True)
    mandatory_fields = models.JSONField(_("mandatory fields"), default=list, blank=True)
    numbering = models.TextField(_("numbering"), blank=True)
    e_invoicing = models.JSONField(_("electronic invoices"), default=list, blank=True)
    formats = models.JSONField(_("formats"), default=list, blank=True)
    language = models.TextField(_("language"), blank=True)
    retention = models.TextField(_("retention"), blank=True)
    credit_note = models.TextField(_("credit note"), blank=True)
    seller_tax_id_label = models.CharField(_("label of the seller's tax number"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("invoice requirement")
        verbose_name_plural = _("invoice requirements")
        ordering = ["country"]
        constraints = [
            no_overlap("markets_invoice_requirement_no_overlap", "country"),
            in_order("markets_invoice_requirement_in_order"),
        ]

    def __str__(self) -> str:
        return self.name


class ComplianceAction(models.TextChoices):
    REQUIRE_TAX_ID = "invoice_requires_tax_id", _("the invoice needs a tax number")
    INVOICE_TEMPLATE = "invoice_template", _("use an invoice template")
    RETURN_DAYS = "return_days", _("return days")
    AGE_CHECK = "age_check", _("check the age")
    EXTRA_CONSENT = "extra_consent", _("ask for consent")
    ORDER_BUTTON = "order_button", _("word the order button")
    IDENTITY_NUMBER = "identity_number", _("ask for an identity number")
    ATTACH_DOCUMENT = "doc_attach", _("attach a document")
    BLOCK_VARIANT = "block_variant", _("do not sell")
    HOLD = "hold", _("hold the order")


class ComplianceRule(Dated):
    """If the condition fits an order, the action is due. Matched rules stay on the order.

    Neither market nor country: the rule holds everywhere. `markets.compliance.conditions` says what a condition may
    ask, `markets.compliance.demands` what the parameters of each action are.
    """

    code = models.SlugField(_("code"), max_length=60)
    market = models.ForeignKey(
        Market, verbose_name=_("market"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    country = models.ForeignKey(
        "markets.Country", verbose_name=_("country"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    priority = models.SmallIntegerField(_("priority"), default=0)
    condition = models.JSONField(_("condition"), default=dict, blank=True)
    action = models.CharField(_("action"), max_length=24, choices=ComplianceAction.choices)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("compliance rule")
        verbose_name_plural = _("compliance rules")
        ordering = ["-priority", "code"]
        constraints = [
            no_overlap("markets_compliance_rule_no_overlap", "code"),
            in_order("markets_compliance_rule_in_order"),
        ]

    def __str__(self) -> str:
        return self.code
