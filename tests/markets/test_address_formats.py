"""Addresses as maps name their parts, in one line and on labels; sizes, numbers and money by country."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money, format_money
from markets.address_cases import compare_folder, countries_planned
from markets.addresses import format_address, is_latin, label_lines, normalize_postal_code, one_line
from markets.geocoded import fields_of, lines_of
from markets.models import SizeTable
from markets.reference import load_reference
from markets.sizes import G_PER_POUND, SizeUnknown, convert_size, grams_to_pounds, millimetres_to_inches
from tests.markets.cases import case

CASES = Path(__file__).resolve().parents[3] / "shared/data/ref-countries/address-testcases"
BERLIN = {"name": "Test Person", "street": "Kastanienallee 41", "postal_code": "10435", "city": "Berlin"}


@pytest.mark.parametrize(
    ("country", "parts", "lines"),
    [
        (
            "DE",
            {"road": "Kastanienallee", "house_number": 41, "postcode": 10435, "city": "Berlin", "suburb": "Mitte"},
            ["Kastanienallee 41", "10435 Berlin"],
        ),
        (
            "FR",
            {"road": "Rue Lepic", "house_number": 7, "postcode": "75018", "city": "Paris", "bakery": "Au Pain"},
            ["Au Pain", "7 Rue Lepic", "75018 Paris"],
        ),
        (
            "SE",
            {"road": "Storgatan", "house_number": 3, "postcode": 41134, "town": "Lund"},
            ["Storgatan 3", "411 34 Lund"],
        ),
        (
            "AU",
            {"road": "Vista Street", "suburb": "Sans Souci", "state": "New South Wales", "postcode": 2219},
            ["Vista Street", "Sans Souci NSW 2219"],
        ),
        (
            "BR",
            {
                "road": "Rua A",
                "house_number": 9,
                "suburb": "Centro",
                "city": "Recife",
                "state": "PE",
                "postcode": "50010000",
            },
            ["Rua A, 9", "Centro", "Recife - PE", "50010-000"],
        ),
        ("SG", {"road": "Shenton Way", "house_number": 76, "postcode": 79119}, ["76 Shenton Way", "Singapore 79119"]),
    ],
)
def test_parts_of_a_map_become_an_address_of_the_country(
    country: str, parts: dict[str, object], lines: list[str]
) -> None:
    assert lines_of(parts, country) == lines


@pytest.mark.parametrize(
    ("country", "town", "printed"),
    [
        ("FR", "Lyon 3e Arrondissement", "69003 Lyon"),
        ("FR", "Paris 1er Arrondissement", "69003 Paris"),
        ("DE", "Alt-Berlin", "69003 Berlin"),
        ("DE", "Alt-Ulm", "69003 Alt-Ulm"),
        ("GB", "City of Leeds", "Leeds"),
        ("GB", "London Borough of Camden", "London"),
        ("GB", "Borough of Macclesfield", "Borough of Macclesfield"),
        ("IE", "Cork City", "Cork"),
    ],
)
def test_a_town_is_called_what_its_post_calls_it(country: str, town: str, printed: str) -> None:
    code = {"postcode": 69003} if country in ("DE", "FR") else {}
    parts = {"road": "High Street", "house_number": 1, "city": town, **code}
    assert printed in lines_of(parts, country)


def test_islands_and_waters_of_france_are_named_as_on_a_letter() -> None:
    def named(country: str) -> str:
        return lines_of({"road": "Rue A", "house_number": 1, "city": "Bourg", "country": country}, "FR")[-1]

    assert named("France, Guyane (eaux territoriales)") == "Guyane, France"
    assert named("Polynésie française, Îles du Vent (eaux territoriales)") == "Polynésie française"
    assert named("France") == "France"


def test_nothing_is_made_up_from_a_place_without_a_street() -> None:
    assert fields_of({"city": "Berlin", "state": "Berlin"}, "DE") == {"city": "Berlin"}
    assert fields_of({}, "JP") == {}


def test_the_prefix_of_a_country_is_left_out_of_its_code() -> None:
    for country, city in (("SE", "Lund"), ("LU", "Luxembourg"), ("LI", "Vaduz"), ("CH", "Zürich")):
        lines = format_address({"street": "A 1", "city": city, "postal_code": "1234"}, country)
        assert lines[-1].endswith(city)
        assert "-" not in lines[-1], lines


def test_one_line_and_label() -> None:
    assert one_line(BERLIN, "DE", named="Deutschland") == ("Test Person, Kastanienallee 41, 10435 Berlin, Deutschland")
    assert label_lines(BERLIN, "DE") == ["Test Person", "Kastanienallee 41", "10435 BERLIN", "GERMANY"]
    ottawa = {
        "name": "Test Person",
        "street": "1 Elm St",
        "city": "Ottawa",
        "region": "Ontario",
        "postal_code": "k1a0b1",
    }
    assert label_lines(ottawa, "CA") == ["TEST PERSON", "1 ELM ST", "OTTAWA ON K1A 0B1", "CANADA"]
    assert is_latin(BERLIN)
    assert not is_latin({**BERLIN, "city": "東京"})


def test_a_province_of_korea_is_printed_by_its_whole_name_in_its_own_script() -> None:
    mapo = {"street": "동교로 146", "district": "마포구", "region": "서울특별시"}
    assert format_address(mapo, "KR") == ["서울특별시 마포구 동교로 146"]
    assert format_address({"street": "146 Donggyo-ro", "region": "서울특별시"}, "KR")[-1] == "Seoul"


@pytest.mark.parametrize(
    ("typed", "country", "usual"),
    [("41134", "SE", "411 34"), ("411-34", "SE", "411 34"), ("10431", "GR", "104 31"), ("81101", "SK", "811 01")],
)
def test_a_code_gets_the_gap_of_its_country(typed: str, country: str, usual: str) -> None:
    assert normalize_postal_code(typed, country) == usual


@pytest.mark.skipif(not CASES.is_dir(), reason="the worked addresses are not here")
def test_the_worked_addresses_are_printed_as_expected_and_every_other_has_a_reason() -> None:
    found = list(compare_folder(CASES))
    in_scope = [one for one in found if one.in_scope]
    assert len(found) == 322
    assert len(in_scope) >= 80
    assert sum(one.is_alike for one in in_scope) >= 80
    assert {one.country for one in in_scope if one.reason} == {"AE", "HU", "IL", "JP", "KR", "PT", "TW"}
    assert [one for one in in_scope if one.reason.endswith("no reason we know")] == []
    assert all(one.reason for one in found if not one.in_scope)


def test_the_command_counts_and_gives_reasons(tmp_path: Path) -> None:
    good = "components: {road: Kastanienallee, house_number: 41, postcode: 10435, city: Berlin}\nexpected: |\n"
    (tmp_path / "de.yaml").write_text(f"---\n{good}    Kastanienallee 41\n    10435 Berlin\n")
    (tmp_path / "aq.yaml").write_text("---\ncomponents: {road: Ice Road}\nexpected: |\n    Ice Road\n")
    out = StringIO()
    call_command("check_addresses", str(tmp_path), stdout=out)
    assert "2 cases: 1 as expected of 1 in scope" in out.getvalue()
    assert "AQ 1: no market delivers there" in out.getvalue()


def test_markets_of_the_reference_data_deliver_somewhere() -> None:
    assert {"DE", "JP", "BR", "LI"} <= countries_planned()
    assert "AQ" not in countries_planned()


@pytest.mark.django_db
def test_a_size_in_another_system() -> None:
    load_reference(only=("size_conversion",))
    told = case("L10-002")["input"]
    table = SizeTable.objects.get(code=told["table"])
    found = convert_size(table.columns, table.rows, system=told["from"], value=told["value"], into=told["to"])
    assert found == str(case("L10-002")["expected"]["value"])
    for wrong in ({"value": 37}, {"into": "MARS"}, {"system": "MARS"}):
        asked = {"system": told["from"], "value": told["value"], "into": told["to"], **wrong}
        with pytest.raises(SizeUnknown):
            convert_size(table.columns, table.rows, **asked)


def test_money_is_written_as_the_country_writes_it() -> None:
    told = case("L10-003")
    amount = Decimal(told["input"]["value"])
    digits = {"JPY": "1", "KWD": "0.001"}
    for place, expected in zip(told["input"]["locales"], told["expected"]["formatted"], strict=True):
        locale, currency = place.split("/")
        language, country = locale.split("_")
        money = Money(amount.quantize(Decimal(digits.get(currency, "0.01"))), currency)
        assert format_money(money, language, country=country) == expected, place


@given(st.decimals("0", "100000", places=0))
def test_pounds_and_ounces_come_back_to_the_grams(grams: Decimal) -> None:
    pounds, ounces = grams_to_pounds(grams)
    assert 0 <= ounces < 16
    assert abs(pounds * G_PER_POUND + ounces * Decimal("28.349523125") - grams) <= Decimal("1.42")
    assert millimetres_to_inches(Decimal(254)) == Decimal("10.0")
