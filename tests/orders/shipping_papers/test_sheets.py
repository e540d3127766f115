"""Customs papers as words, without a database: what is printed, in which language, with which numbers."""

from datetime import date
from typing import Any

import pytest

from orders.documents.rendering import pdf_of
from orders.documents.sheet import Heading
from orders.documents.shipping.customs_sheet import customs_form
from orders.documents.shipping.sheet import commercial_sheet, packing_sheet
from tests.orders.documents.papers import SELLER

FACTS: dict[str, Any] = {
    "version": 1,
    "order": "MER-10489",
    "parcel": 1,
    "currency": "EUR",
    "ships_from": "DE",
    "ship_country": "US",
    "ship_lines": ["Test Person", "1 Main Street", "Portland, OR 97201"],
    "carrier": "Deutsche Post",
    "seller": SELLER,
    "consignee": {
        "name": "Test Person", "lines": ["1 Main Street", "PORTLAND, OR 97201", "UNITED STATES"], "country": "US",
        "phone": "+1 503 5550100", "email": "buyer@example.com",
    },
    "terms": "DDP",
    "invoice": {"number": "INV-2026-000001", "issued_on": "2026-11-22"},
    "scheme": "",
    "scheme_number": "",
    "tracking": ["RR473124829DE"],
    "gross_grams": 700,
    "goods": [
        {"sku": "MER-1", "description": "Ceramic coffee cup", "hs_code": "691200", "origin": "JP", "quantity": 3,
         "grams": 600, "value": 1000},
    ],
    "freight": 490,
}  # fmt: skip


def heading(language: str = "en") -> Heading:
    return Heading(number="CI-MER-10489-1-1", issued_on=date(2026, 11, 22), brand="Meridian", language=language)


@pytest.mark.parametrize("form", ["cn22", "cn23"])
def test_a_customs_form_holds_goods_totals_and_the_item_number_as_barcode(form: str) -> None:
    sheet = customs_form(FACTS, heading(), form=form)
    assert (sheet["form"], sheet["barcode_words"]) == (form.upper(), "RR473124829DE")
    assert sheet["total_weight"] == "0.700 kg"
    assert sheet["rows"][0] == {
        "description": "Ceramic coffee cup", "quantity": "3", "net_weight": "0.600 kg", "value": "EUR 10.00",
        "hs_code": "691200", "origin": "JP",
    }  # fmt: skip
    assert sheet["sender_reference"] == "DE DE136695976"


def test_the_number_of_the_import_scheme_is_what_customs_are_told() -> None:
    facts = {**FACTS, "scheme": "IOSS", "scheme_number": "IM2760000001"}
    assert customs_form(facts, heading(), form="cn23")["sender_reference"] == "IOSS IM2760000001"
    told = [one["value"] for one in commercial_sheet(facts, heading())["meta"]]
    assert "IOSS IM2760000001" in told


def test_a_number_of_another_carrier_is_printed_and_is_not_the_barcode_of_the_post() -> None:
    sheet = customs_form({**FACTS, "tracking": ["1Z999AA10123456784"]}, heading(), form="cn23")
    assert (sheet["tracking"], sheet["barcode_words"]) == ("1Z999AA10123456784", "CI-MER-10489-1-1")


def test_a_commercial_invoice_is_english_with_the_reader_s_language_beside_it() -> None:
    sheet = commercial_sheet(FACTS, heading("ja"))
    assert sheet["title"] == ["Commercial invoice", "コマーシャルインボイス"]
    assert [one["amount"] for one in sheet["sums"]] == ["EUR 10.00", "EUR 4.90", "EUR 14.90"]
    assert commercial_sheet(FACTS, heading("en"))["title"] == ["Commercial invoice", ""]


PACKED: dict[str, Any] = {
    **FACTS,
    "place": [1, 2],
    "delivery": "Standard",
    "return_days": 30,
    "enclosed": [],
    "goods": [{"sku": "MER-1", "name": "コーヒーカップ", "options": "", "quantity": 3, "contents": []}],
}


def test_a_day_in_arabic_keeps_the_marks_that_say_how_it_runs_and_a_latin_word_is_set_apart() -> None:
    told = [one["value"] for one in packing_sheet(PACKED, heading("ar"))["meta"]]
    assert "22\u200f/11\u200f/2026" in told
    assert "\u2066Standard\u2069" in told


def test_a_parcel_weighs_no_less_than_what_is_in_it() -> None:
    """A scale that was not tared, or a weight somebody guessed, gives no impossible declaration."""
    light = {**FACTS, "gross_grams": 10}
    assert "0.600 kg" in [one["value"] for one in commercial_sheet(light, heading())["meta"][-2:]]
    assert customs_form(light, heading(), form="cn23")["total_weight"] == "0.600 kg"


@pytest.mark.parametrize("language", ["de", "ja", "ar", "zh-hans"])
def test_every_paper_can_be_printed_in_every_script(language: str) -> None:
    sheets = (
        packing_sheet(PACKED, heading(language)),
        commercial_sheet(FACTS, heading(language)),
        customs_form(FACTS, heading(language), form="cn22"),
        customs_form(FACTS, heading(language), form="cn23"),
    )
    assert all(pdf_of(sheet).startswith(b"%PDF") for sheet in sheets)
