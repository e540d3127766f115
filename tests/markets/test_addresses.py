"""Addresses by country: what is asked, what is refused and how it is printed."""

import pytest
from django.utils import translation

from markets.addresses import (
    address_form,
    clean_address,
    format_address,
    normalize_phone,
    normalize_postal_code,
    validate_address,
)
from tests.factories.markets import CountryFactory
from tests.markets.cases import case, ids

pytestmark = pytest.mark.django_db

GERMAN = {"name": "A. Muster", "street": "Hauptstr. 5", "city": "Berlin", "postal_code": "10115"}
OURS = {
    "name": "name",
    "street_address": "street",
    "city": "city",
    "country_area": "region",
    "postal_code": "postal_code",
}
COURTEOUS = ("invalid", "required", "please", "oops")


@pytest.mark.parametrize("identifier", [one for one in ids("ADR") if "country_code" in case(one)["input"]])
def test_worked_addresses_are_judged_as_the_library_judges_them(identifier: str) -> None:
    told = case(identifier)
    written = {OURS[name]: value for name, value in told["input"].items() if name in OURS}
    problems = validate_address(written, told["input"]["country_code"])
    assert sorted(problems) == sorted(told["expected"].get("errors", {}))


@pytest.mark.parametrize("identifier", [one for one in ids("ADR") if "number" in case(one)["input"]])
def test_phone_numbers_become_international(identifier: str) -> None:
    told = case(identifier)
    assert normalize_phone(told["input"]["number"], told["input"]["region"]) == told["expected"]["e164"]


@pytest.mark.parametrize(
    ("country", "written", "usual"),
    [
        ("GB", "sw1a2aa", "SW1A 2AA"),
        ("JP", "〒1000001", "100-0001"),
        ("JP", "１００－０００１", "100-0001"),
        ("BR", "01310100", "01310-100"),
        ("US", "950141234", "95014-1234"),
        ("CH", "ch-8001", "8001"),
        ("LI", "FL-9490", "9490"),
        ("DE", "D-10115", "10115"),
        ("DE", " 10 115 ", "10115"),
        ("CA", "m5v3l9", "M5V 3L9"),
        ("PT", "9500001", "9500-001"),
        ("NL", "1012ab", "1012 AB"),
    ],
)
def test_spaces_hyphens_and_lower_case_are_no_mistakes(country: str, written: str, usual: str) -> None:
    assert normalize_postal_code(written, country) == usual


def test_japan_keeps_its_city_and_prints_both_scripts() -> None:
    written = {
        "name": "山田",
        "street": "丸の内2-7-2",
        "city": "千代田区",
        "region": "東京都",
        "postal_code": "1008994",
    }
    assert validate_address(written, "JP") == {}
    clean = clean_address(written, "JP")
    assert format_address(clean, "JP") == ["〒100-8994", "東京都千代田区", "丸の内2-7-2", "山田"]
    latin = {**clean, "name": "Yamada", "street": "2-7-2 Marunouchi", "city": "Chiyoda-ku"}
    assert format_address(latin, "JP") == ["Yamada", "2-7-2 Marunouchi, Chiyoda-ku, Tokyo", "100-8994"]


def test_emirates_are_named_in_the_readers_script_and_printed_in_the_writers() -> None:
    in_arabic = dict(next(one for one in address_form("AE", "ar").fields if one.name == "region").choices)
    in_german = dict(next(one for one in address_form("AE", "de").fields if one.name == "region").choices)
    dubai = clean_address({"region": "Dubai"}, "AE")["region"]
    assert (in_arabic[dubai], in_german[dubai]) == ("دبي", "Dubai")
    assert format_address({"name": "A", "street": "Rd 12", "region": dubai}, "AE")[-1] == "Dubai"
    assert format_address({"name": "أ", "street": "شارع 12", "region": dubai}, "AE")[-1] == "دبي"


@pytest.mark.parametrize(
    ("country", "order"),
    [
        ("DE", ("name", "company", "street", "extra", "postal_code", "city", "phone")),
        ("US", ("name", "company", "street", "extra", "city", "region", "postal_code", "phone")),
        ("JP", ("name", "postal_code", "region", "city", "street", "extra", "company", "phone")),
        ("AE", ("name", "company", "street", "extra", "region", "phone")),
    ],
)
def test_fields_come_in_the_countrys_own_order(country: str, order: tuple[str, ...]) -> None:
    assert address_form(country, "en").order == order


def test_the_operator_can_ask_for_a_phone_number() -> None:
    written = {"name": "A", "street": "Rd 12", "region": "Dubai"}
    CountryFactory(code="AE", phone_required=True)
    assert list(validate_address(written, "AE")) == ["phone"]
    assert validate_address({**written, "phone": "050 123 4567"}, "AE") == {}


@pytest.mark.parametrize("country", ["DE", "US", "GB", "JP", "AE", "BR", "CH", "HK", "KR", "IE"])
def test_every_sentence_helps_and_none_scolds(country: str) -> None:
    nothing = validate_address({}, country)
    wrong = validate_address({"postal_code": "?", "region": "?", "phone": "?", "city": "x" * 200}, country)
    assert "name" in nothing
    assert "street" in nothing
    for sentence in (*nothing.values(), *wrong.values()):
        assert sentence.endswith(".") or sentence[-1].isalnum()
        assert not any(word in sentence.lower() for word in COURTEOUS)


def test_labels_follow_the_running_language() -> None:
    with translation.override("en"):
        labels = {one.name: one.label for one in address_form("US", "en").fields}
    assert (labels["postal_code"], labels["region"]) == ("ZIP code", "State")
    assert labels["company"] == "Company (optional)"


def test_a_german_address_is_printed_without_traces_of_empty_parts() -> None:
    assert format_address({**GERMAN, "company": "", "extra": "2. Stock"}, "DE") == [
        "A. Muster",
        "Hauptstr. 5",
        "2. Stock",
        "10115 Berlin",
    ]
