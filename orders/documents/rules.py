"""Whose rules a document follows, what it is called there and what it must say. Pure.

The table `invoice_requirements` lists the fields per country; operators can edit it. Which field of ours fills which
field of theirs, and how a document is called, is here. What only a tax office or its platform can add (a folio, a
clearance number) is not printed: it is told to operators as `unmet`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

TAXED = frozenset({"standard", "reduced", "zero"})
"""Reasons of lines on which the seller charges tax, if only nought percent of it."""
CENTRAL = frozenset({"oss", "ioss"})
"""Schemes that tax where the buyer is while the invoice follows the rules of the seller's own state."""

NUMBER_FIELDS = frozenset(
    {
        "steuernummer_or_ust_id", "vat_number", "nif", "nip", "ico_dic", "cui", "tax_number", "afm", "oib",
        "codice_fiscale_or_piva", "enterprise_number", "uid_with_mwst_suffix", "org_number_mva",
        "vkn_tckn", "gst_hst_number", "rfc", "cnpj_cpf", "rut", "t_number_T_plus_13_digits",
        "business_registration_number", "unified_social_credit_code", "ubn", "gst_reg_no", "abn_or_arn", "gst_number",
        "gstin", "trn",
    }
)  # fmt: skip
"""Fields that the seller's number in that country fills."""
REGISTER_FIELDS = frozenset({"rcs_city", "trade_register"})
"""Fields of sellers that live in the country, filled by their entry in its register."""
PRINTED_FIELDS = frozenset(
    {
        "seller_name_address", "buyer_name_address", "invoice_number", "issue_date", "supply_date",
        "quantity_and_description", "net_per_rate", "rate", "tax_amount_per_rate", "gross_total", "currency",
        "discount_agreements", "tax_exemption_reason", "delivery_address_if_different", "reverse_charge_note",
        "sales_tax_shown_separately", "reduced_rate_marker", "amount_per_rate", "tax_per_rate_rounded_once",
        "member_state_of_consumption_rate", "tax_point", "qr_tlv", "arabic_text", "nif_if_given",
        "uid_above_10000_for_buyer", "place_of_supply", "postal_code_of_buyer",
    }
)  # fmt: skip
"""What every document says anyway, or where its country asks for it."""
NEVER_FIELDS = frozenset({"retention_note_for_private_real_estate_work", "qr_bill_optional"})
"""What a shop that is paid before it sends never needs."""
HOME_FIELDS = frozenset(
    {"siren_siret", "legal_form_and_capital", "epr_idu_where_applicable", "kvk_usual", "f_skatt_note", "org_number"}
)
"""What only sellers that live in the country must say."""

INVOICE_TITLES: Mapping[str, str] = {
    "US": "sales_receipt",
    "CN": "sales_receipt",  # a fapiao comes from the state's platform alone
    "GB": "vat_invoice",
    "JP": "qualified_invoice",
    **dict.fromkeys(("AU", "NZ", "SG", "IN", "AE", "SA", "MY", "TH", "PH", "ZA"), "tax_invoice"),
}
"""Titles of documents on which the country's tax was charged; all others are invoices."""
CREDIT_TITLES: Mapping[str, str] = {
    "US": "refund_receipt",
    "CN": "refund_receipt",
    "JP": "qualified_return_invoice",
    "AU": "adjustment_note",
    "NZ": "supply_correction",
    "ES": "corrective_invoice",
    **dict.fromkeys(("SG", "IN", "AE", "SA", "MY", "TH", "PH", "ZA"), "tax_credit_note"),
}
DEMANDED: Mapping[str, str] = {
    "French": "fr", "Arabic": "ar", "Japanese": "ja", "English": "en", "Spanish": "es", "Portuguese": "pt-br",
    "Chinese": "zh-hans", "German": "de",
}  # fmt: skip
"""Languages that the table names alone: the law wants them on the document, beside the reader's own."""
LETTER = frozenset({"US", "CA", "MX", "CL", "CO", "PH"})
"""Where paper is 8.5 by 11 inches."""
JAPANESE_NUMBER = re.compile(r"T\d{13}")
SWISS_NUMBER = re.compile(r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)")


@dataclass(frozen=True, kw_only=True)
class TaxFact:
    """One group of the order's tax: where, why, under which scheme, and how much."""

    place: str
    reason: str
    scheme: str
    amount: int

    @property
    def country(self) -> str:
        return self.place[:2]

    @property
    def is_charged(self) -> bool:
        return self.amount > 0 or self.reason in TAXED


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What the table says of a country; `language` in its own words."""

    fields: frozenset[str] = frozenset()
    language: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class SellerFact:
    """The seller as rules ask about them. `numbers` are (country, scheme, number) of the registrations of the day."""

    country: str
    name: str
    has_address: bool
    own_number: str
    register: str
    numbers: Sequence[tuple[str, str, str]]

    def number_in(self, country: str) -> str:
        """The number under which they charge tax in a country; empty when there is none."""
        found = [number for place, scheme, number in self.numbers if place == country and scheme not in CENTRAL]
        return next((number for number in found if number), "") or (self.own_number if country == self.country else "")


def charged_country(taxes: Iterable[TaxFact], seller_country: str) -> str:
    """Whose rules count: the country whose tax was charged there, else the seller's own."""
    countries = {tax.country for tax in taxes if tax.is_charged and tax.scheme.lower() not in CENTRAL}
    return countries.pop() if len(countries) == 1 else seller_country


def is_taxed_in(country: str, taxes: Iterable[TaxFact]) -> bool:
    """Whether the country's own tax was charged."""
    return any(tax.is_charged and tax.country == country for tax in taxes)


def title_key(country: str, *, is_taxed: bool, is_credit: bool) -> str:
    """How the document is called."""
    if is_credit:
        return CREDIT_TITLES.get(country, "credit_note") if is_taxed else "credit_note"
    return INVOICE_TITLES.get(country, "invoice") if is_taxed else "invoice"


def demanded_language(requirement: Requirement) -> str:
    """The language the law asks for; empty where it leaves the choice."""
    return DEMANDED.get(requirement.language.strip(), "")


def missing_facts(seller: SellerFact, country: str, requirement: Requirement, taxes: Collection[TaxFact]) -> list[str]:
    """What the seller lacks for a lawful document, as keys of `refusals.WORDS`."""
    missing = []
    if not seller.name:
        missing.append("seller_name")
    if not seller.has_address:
        missing.append("seller_address")
    charged = [tax for tax in taxes if tax.is_charged]
    missing += _missing_numbers(seller, country, requirement, charged)
    if requirement.fields & REGISTER_FIELDS and seller.country == country and not seller.register:
        missing.append("seller_register")
    return missing


def _missing_numbers(
    seller: SellerFact, country: str, requirement: Requirement, charged: Collection[TaxFact]
) -> list[str]:
    missing = []
    if requirement.fields & NUMBER_FIELDS and country == seller.country and not seller.number_in(country):
        missing.append("seller_tax_number")
    for tax in charged:
        central = tax.scheme.lower() in CENTRAL
        if not central and tax.country == country and not requirement.fields & NUMBER_FIELDS:
            continue
        number = seller.own_number or seller.number_in(seller.country) if central else seller.number_in(tax.country)
        if not number and "seller_tax_number" not in missing:
            missing.append("registration_number")
        elif tax.country == "JP" and not JAPANESE_NUMBER.fullmatch(number):
            missing.append("japanese_number")
        elif tax.country == "CH" and not SWISS_NUMBER.fullmatch(number):
            missing.append("swiss_number")
    return list(dict.fromkeys(missing))


def unmet_fields(requirement: Requirement, *, is_home: bool) -> list[str]:
    """What the country asks for and the shop does not print, such as the folio of a tax office's own platform."""
    known = PRINTED_FIELDS | NUMBER_FIELDS | REGISTER_FIELDS | NEVER_FIELDS
    return sorted(requirement.fields - (known if is_home else known | HOME_FIELDS))
