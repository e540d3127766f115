"""Whose rules count, what a document is called, and what the seller must have for it."""

from datetime import date

import pytest

from markets.models import LegalEntity
from orders.documents.facts import requirement_of
from orders.documents.parties import seller_fact
from orders.documents.rules import (
    Requirement,
    SellerFact,
    TaxFact,
    charged_country,
    demanded_language,
    missing_facts,
    title_key,
    unmet_fields,
)
from tests.factories.markets import demo_markets


def tax(place: str, *, reason: str = "standard", scheme: str = "domestic", amount: int = 100) -> TaxFact:
    return TaxFact(place=place, reason=reason, scheme=scheme, amount=amount)


def seller(*numbers: tuple[str, str, str], **more: object) -> SellerFact:
    facts = {"country": "DE", "name": "Meridian", "has_address": True, "own_number": "DE136695976", "register": "HRB 1"}
    return SellerFact(**{**facts, "numbers": numbers, **more})


def needs(*fields: str) -> Requirement:
    return Requirement(fields=frozenset(fields))


@pytest.mark.parametrize(
    ("taxes", "country"),
    [
        ([tax("GB")], "GB"),
        ([tax("US-OR")], "US"),
        ([tax("FR", scheme="oss")], "DE"),
        ([tax("FR", scheme="IOSS")], "DE"),
        ([tax("US", reason="export", amount=0)], "DE"),
        ([tax("JP", reason="not_registered", amount=0)], "DE"),
        ([tax("GB"), tax("JP")], "DE"),
    ],
)
def test_the_rules_are_those_of_the_country_that_taxed_it(taxes: list[TaxFact], country: str) -> None:
    assert charged_country(taxes, "DE") == country


@pytest.mark.parametrize(
    ("country", "is_taxed", "invoice", "credit"),
    [
        ("DE", True, "invoice", "credit_note"),
        ("JP", True, "qualified_invoice", "qualified_return_invoice"),
        ("JP", False, "invoice", "credit_note"),
        ("AU", True, "tax_invoice", "adjustment_note"),
        ("AU", False, "invoice", "credit_note"),
        ("US", True, "sales_receipt", "refund_receipt"),
        ("ES", True, "invoice", "corrective_invoice"),
    ],
)
def test_a_document_is_called_as_its_country_calls_it(country: str, is_taxed: bool, invoice: str, credit: str) -> None:
    assert title_key(country, is_taxed=is_taxed, is_credit=False) == invoice
    assert title_key(country, is_taxed=is_taxed, is_credit=True) == credit


@pytest.mark.parametrize(
    ("who", "country", "requirement", "taxes", "missing"),
    [
        (seller(), "DE", needs("steuernummer_or_ust_id"), [tax("DE")], []),
        (seller(own_number=""), "DE", needs("steuernummer_or_ust_id"), [tax("DE")], ["seller_tax_number"]),
        (seller(has_address=False, name=""), "DE", needs(), [], ["seller_name", "seller_address"]),
        (seller(), "GB", needs("vat_number"), [tax("GB")], ["registration_number"]),
        (seller(("GB", "domestic", "GB980780684")), "GB", needs("vat_number"), [tax("GB")], []),
        (seller(("JP", "domestic", "123")), "JP", needs("t_number_T_plus_13_digits"), [tax("JP")], ["japanese_number"]),
        (seller(("JP", "domestic", "T1234567890123")), "JP", needs("t_number_T_plus_13_digits"), [tax("JP")], []),
        (seller(("CH", "ch_mail_order", "CHE-107.787.577")), "CH", needs("uid_with_mwst_suffix"), [tax("CH")],
         ["swiss_number"]),
        (seller(("CH", "ch_mail_order", "CHE-107.787.577 MWST")), "CH", needs("uid_with_mwst_suffix"), [tax("CH")], []),
        (seller(own_number=""), "DE", needs("vat_number"), [tax("FR", scheme="oss")], ["seller_tax_number"]),
        (seller(country="US", own_number=""), "US", needs("sales_tax_shown_separately"), [tax("US-OR")], []),
        (seller(country="FR", register=""), "FR", needs("rcs_city"), [], ["seller_register"]),
        (seller(register=""), "FR", needs("rcs_city"), [], []),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    who: SellerFact, country: str, requirement: Requirement, taxes: list[TaxFact], missing: list[str]
) -> None:
    assert missing_facts(who, country, requirement, taxes) == missing


def test_the_import_number_of_the_union_is_never_told() -> None:
    assert seller(("FR", "ioss", "IM2760000742")).number_in("FR") == ""


def test_a_language_is_demanded_where_the_table_names_one_alone() -> None:
    assert demanded_language(Requirement(language="Arabic")) == "ar"
    assert demanded_language(Requirement(language="Arabic or English")) == ""


def test_what_the_shop_does_not_print_is_told() -> None:
    mexican = needs("rfc", "uso_cfdi", "regimen_fiscal", "currency")
    assert unmet_fields(mexican, is_home=False) == ["regimen_fiscal", "uso_cfdi"]
    french = needs("siren_siret", "vat_number", "rcs_city")
    assert unmet_fields(french, is_home=False) == []
    assert unmet_fields(french, is_home=True) == ["siren_siret"]


@pytest.mark.django_db
def test_the_demo_shop_may_invoice_wherever_it_is_registered() -> None:
    demo_markets()
    today = date(2026, 11, 22)
    meridian = LegalEntity.objects.get()
    fact = seller_fact(meridian, today)

    for held in meridian.registrations.on(today):
        place = "FR" if held.scheme == "oss" else held.country_id
        charged = [tax(place, scheme=held.scheme)]
        country = charged_country(charged, fact.country)
        assert missing_facts(fact, country, requirement_of(country, today), charged) == [], held
