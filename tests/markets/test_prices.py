"""Charm prices, the price grid and currency conversion on worked cases."""

from decimal import Decimal

import pytest

from core.money import Money
from markets.charm import charm_price, to_grid
from markets.exchange import convert
from markets.types import CharmRule
from tests.markets.cases import case


@pytest.mark.parametrize("identifier", ["FX-017", "FX-018", "FX-019", "FX-021"])
def test_a_proposed_price_gets_the_markets_ending(identifier: str) -> None:
    told = case(identifier)["input"]
    rule = CharmRule(Decimal(told["ending"]), Decimal(told["step"]), told["mode"], Decimal("0.01"))
    assert charm_price(Decimal(told["price"]), rule) == Decimal(case(identifier)["expected"]["price"])


@pytest.mark.parametrize(
    ("price", "mode", "expected"),
    [("0.40", "nearest", "0.99"), ("0.10", "down", "0.99"), ("47.31", "nearest", "46.99"), ("47.31", "down", "46.99")],
)
def test_a_price_never_becomes_zero_or_less(price: str, mode: str, expected: str) -> None:
    rule = CharmRule(Decimal("0.99"), Decimal(1), mode, Decimal("0.01"))
    assert charm_price(Decimal(price), rule) == Decimal(expected)


@pytest.mark.parametrize("identifier", ["FX-005", "FX-006", "FX-007"])
def test_amounts_are_put_on_the_grid_half_up(identifier: str) -> None:
    told = case(identifier)
    found = to_grid(Decimal(told["input"]["amount"]), Decimal(told["input"]["increment"]))
    assert str(found) == told["expected"]["amount"]


@pytest.mark.parametrize("identifier", ["FX-001", "FX-002"])
def test_a_conversion_rounds_once_at_the_end(identifier: str) -> None:
    told = case(identifier)["input"]
    found = convert(
        Money(told["amount"], told["base"]),
        quote=told["target"],
        rate=Decimal(told["reference_rate"]),
        markup_percent=Decimal(told["markup_percent"]),
    )
    assert found == Money(case(identifier)["expected"]["amount"], told["target"])
