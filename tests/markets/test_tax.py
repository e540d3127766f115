"""The tax calculator on worked cases and on every way a sale may be treated."""

from datetime import date
from decimal import Decimal

import pytest

from core.money import Money, allocate
from markets.errors import TaxRateAmbiguous, TaxRateNotFound, TerritoryBlocked
from markets.tax import calculate_tax
from tests.markets.cases import case
from tests.markets.facts import CANARIES, MADEIRA, NORTH, facts, line, market, question, rate, registered

GERMANY = facts(rate("DE", "19"), rate("DE", "7", "food"), registrations=registered("DE"))


@pytest.mark.parametrize("identifier", ["TAX-001", "TAX-002", "TAX-003", "TAX-005"])
def test_the_tax_inside_a_gross_price_is_taken_out_with_one_rounding(identifier: str) -> None:
    told = case(identifier)
    known = facts(rate("DE", told["input"]["rate_percent"]), registrations=registered("DE"))
    found = calculate_tax(question(told["input"]["gross"]), known)[0]
    assert found.amount == Money(told["expected"]["tax"], "EUR")
    assert found.base == Money(told["expected"]["net"], "EUR")
    assert found.included


def test_one_shelf_price_leaves_another_net_in_every_country() -> None:
    told = case("TAX-006")
    percents = {"DE": "19", "HU": "27", "LU": "17", "FI": "25.5", "EE": "24"}
    known = facts(*(rate(code, percent) for code, percent in percents.items()), registrations=registered("DE:oss"))
    nets = {code: calculate_tax(question(told["input"]["gross"], country=code), known)[0].base for code in percents}
    assert nets == {code: Money(net, "EUR") for code, net in told["expected"]["net_by_country"].items()}


@pytest.mark.parametrize(("level", "expected"), [("line", "tax_per_line"), ("document", "tax_per_document")])
def test_the_market_says_whether_tax_is_rounded_per_line_or_per_document(level: str, expected: str) -> None:
    told = case("TAX-007")
    known = facts(rate("DE", told["input"]["rate_percent"]), registrations=registered("DE"))
    net = market(price_entry="net", display="net", rounding_level=level)
    found = calculate_tax(question(*told["input"]["lines_net"], market=net), known)
    total = sum((one.amount for one in found if one.key != "shipping"), Money(0, "EUR"))
    assert total == Money(told["expected"][expected], "EUR")
    assert not any(one.included for one in found)


def test_per_piece_rounding_multiplies_the_tax_of_one_piece() -> None:
    known = facts(rate("DE", "20"), registrations=registered("DE"))
    net = market(price_entry="net", display="net", rounding_level="unit")
    three = question(market=net, lines=(line("a", "0.99", quantity=3),))
    assert calculate_tax(three, known)[0].amount == Money("0.21", "EUR")


def test_delivery_is_taxed_as_its_goods_by_their_net_value() -> None:
    told = case("TAX-011")
    lines = (line("a", "71.40"), line("b", "32.10", category="food"))
    found = calculate_tax(question(lines=lines, shipping="6.00"), GERMANY)
    shares = {str((one.rate * 100).normalize()): one for one in found if one.key == "shipping"}
    assert {rate: str(one.gross.amount) for rate, one in shares.items()} == told["expected"]["shipping_split"]
    assert {rate: str(one.amount.amount) for rate, one in shares.items()} == told["expected"]["shipping_tax"]


@pytest.mark.parametrize("identifier", ["TAX-009", "TAX-010"])
def test_a_discount_is_spread_by_the_largest_remainder(identifier: str) -> None:
    told = case(identifier)
    weights = [int(Decimal(gross) * 100) for gross in told["input"]["lines_gross"]]
    parts = allocate(int(Decimal(told["input"]["discount"]) * 100), weights)
    assert [f"{part / Decimal(100):.2f}" for part in parts] == told["expected"]["allocation"]


def test_without_the_one_stop_shop_a_sale_inside_the_eu_is_taxed_where_it_starts() -> None:
    told = case("TAX-019")
    known = facts(rate("DE", "19"), rate("AT", "20"), registrations=registered("DE"))
    found = calculate_tax(question("119.00", country="AT", ship_from_country="DE"), known)[0]
    assert (found.place, found.amount, found.base) == (
        told["expected"]["country_of_taxation"],
        Money(told["expected"]["tax"], "EUR"),
        Money(told["expected"]["net"], "EUR"),
    )


def test_a_seller_who_is_not_registered_collects_nothing_and_says_so() -> None:
    known = facts(rate("DE", "19"), registrations=registered("DE"))
    usa = market(code="us", currency="USD", countries=("US",), price_entry="net", display="net")
    found = calculate_tax(question("50.00", country="US", shipping="9.00", currency="USD", market=usa), known)
    assert [(one.key, one.reason, one.amount) for one in found] == [
        ("l0", "not_registered", Money(0, "USD")),
        ("shipping", "not_registered", Money(0, "USD")),
    ]
    assert [one.base for one in found] == [Money("50.00", "USD"), Money("9.00", "USD")]


def test_somebody_elses_registration_does_not_count() -> None:
    known = facts(rate("DE", "19"), registrations=registered("DE"))
    found = calculate_tax(question("119.00", market=market(seller="another")), known)
    assert {one.reason for one in found} == {"not_registered"}


@pytest.mark.parametrize(("origin", "reason"), [("CN", "standard"), ("DE", "not_registered")])
def test_the_import_one_stop_shop_covers_small_consignments_from_outside(origin: str, reason: str) -> None:
    shop = registered("FR:ioss")[0]
    small = type(shop)(shop.rule_id, shop.seller, "FR", "ioss", threshold=Money(150, "EUR"))
    known = facts(rate("FR", "20"), registrations=(small,))
    found = calculate_tax(question("150.00", country="FR", ship_from_country=origin), known)[0]
    assert found.reason == reason
    above = calculate_tax(question("150.01", country="FR", ship_from_country=origin), known)[0]
    assert above.reason == "not_registered"


def test_the_canary_islands_are_outside_and_delivery_with_them() -> None:
    known = facts(rate("ES", "21"), registrations=registered("DE:oss"), territories=(CANARIES,))
    found = calculate_tax(question("100.00", country="ES", postal_code="35001", shipping="5"), known)
    assert {(one.reason, one.place, one.amount.amount) for one in found} == {
        ("export", "ES-Canary Islands", Decimal(0))
    }
    mainland = calculate_tax(question("121.00", country="ES", postal_code="28 001"), known)
    assert mainland[0].amount == Money("21.00", "EUR")


def test_madeira_has_its_own_rate_with_and_without_the_hyphen() -> None:
    known = facts(
        rate("PT", "23"), rate("PT", "22", region="Madeira"), registrations=registered("PT"), territories=(MADEIRA,)
    )
    for code in ("9000-001", "9000 - 001"):
        found = calculate_tax(question("122.00", country="PT", postal_code=code), known)[0]
        assert (found.place, found.amount) == ("PT-Madeira", Money("22.00", "EUR"))


def test_a_blocked_territory_is_refused() -> None:
    with pytest.raises(TerritoryBlocked):
        calculate_tax(question("1", country="CY", postal_code="9900"), facts(territories=(NORTH,)))


def test_monaco_is_taxed_as_france() -> None:
    known = facts(rate("FR", "20"), registrations=registered("FR"))
    found = calculate_tax(question("120.00", country="MC"), known)[0]
    assert (found.place, found.amount) == ("FR", Money("20.00", "EUR"))


@pytest.mark.parametrize("changes", [{"on": date(1990, 1, 1)}, {"lines": (line("a", "1", category="book"),)}])
def test_a_missing_rate_is_refused_and_never_zero(changes: dict[str, object]) -> None:
    told = case("BAD-012")
    known = facts(rate("FR", "20", effective_from=date(2014, 1, 1)), registrations=registered("FR"))
    with pytest.raises(TaxRateNotFound) as refusal:
        calculate_tax(question("1.00", country="FR", **changes), known)
    assert refusal.value.code == told["expected"]["error"]


def test_two_rates_for_the_same_thing_are_refused() -> None:
    known = facts(rate("DE", "19"), rate("DE", "16"), registrations=registered("DE"))
    with pytest.raises(TaxRateAmbiguous):
        calculate_tax(question("1.00"), known)


def test_a_category_without_a_row_of_its_own_has_the_standard_rate_and_zero_says_zero() -> None:
    known = facts(
        rate("GB", "20"), rate("GB", "0", "books_print"), rate("DE", "7", "food"), registrations=registered("GB")
    )
    lines = (line("a", "12.00", category="food"), line("b", "12.00", category="books_print"))
    found = calculate_tax(question(lines=lines, country="GB"), known)
    assert [(one.reason, str(one.amount.amount)) for one in found[:2]] == [("standard", "2.00"), ("zero", "0.00")]


def test_brazil_computes_its_tax_inside_its_own_base() -> None:
    known = facts(rate("BR", "17", rate_of="gross"), registrations=registered("BR"))
    found = calculate_tax(question("72.29", country="BR", currency="BRL"), known)[0]
    assert (found.amount, found.label) == (Money("12.29", "BRL"), "icms")
    net = market(price_entry="net", display="net", currency="BRL")
    added = calculate_tax(question("60.00", country="BR", currency="BRL", market=net), known)[0]
    assert added.amount == Money("12.29", "BRL")


def test_a_constant_net_price_is_restated_for_the_destination() -> None:
    known = facts(rate("DE", "19"), rate("FR", "20"), registrations=registered("DE:oss"))
    constant = market(tax_mode="net_constant")
    found = calculate_tax(question("119.00", country="FR", market=constant), known)[0]
    assert (found.base, found.amount) == (Money("100.00", "EUR"), Money("20.00", "EUR"))


def test_japan_rounds_once_per_rate_and_may_round_down() -> None:
    known = facts(rate("JP", "10"), rate("JP", "8", "food"), registrations=registered("JP"))
    japan = market(code="jp", currency="JPY", countries=("JP",), rounding_level="document", tax_rounding="down")
    lines = (line("a", "105", "JPY"), line("b", "105", "JPY"), line("c", "107", "JPY", "food"))
    found = calculate_tax(question(lines=lines, country="JP", currency="JPY", market=japan), known)
    assert [int(one.amount.amount) for one in found[:3]] == [10, 9, 7]
    assert found[0].label == "consumption_tax"


@pytest.mark.parametrize("bad", [{"lines": (line("a", "-1"),)}, {"shipping": "-1"}])
def test_amounts_below_zero_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="below zero"):
        calculate_tax(question("1", **bad), GERMANY)
