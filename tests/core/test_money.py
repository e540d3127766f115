"""Money: exponents, rounding, and splits that add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    AmountPrecision,
    Gross,
    Money,
    Net,
    UnknownCurrency,
    allocate,
    allocate_money,
    exponent,
    format_money,
    from_minor,
    round_half_up,
    to_minor,
)


@pytest.mark.parametrize(("currency", "digits"), [("JPY", 0), ("EUR", 2), ("KWD", 3), ("HUF", 2), ("ISK", 0)])
def test_exponents_follow_iso(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        exponent("XXQ")


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [("0.125", "EUR", "0.13"), ("-0.125", "EUR", "-0.13"), ("8147.173", "JPY", "8147"), ("1.0005", "KWD", "1.001")],
)
def test_halves_round_away_from_zero(value: str, currency: str, expected: str) -> None:
    assert round_half_up(Decimal(value), currency) == Money(expected, currency)


def test_digits_that_would_be_lost_are_refused() -> None:
    with pytest.raises(AmountPrecision):
        to_minor(Money("100.5", "JPY"))


@given(st.integers(-(10**15), 10**15), st.sampled_from(["JPY", "EUR", "KWD"]))
def test_minor_units_survive_the_round_trip(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency)) == minor


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_parts_sum_to_the_whole_and_stay_within_one_unit_of_their_share(total: int, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    shares = weights if any(weights) else [1] * len(weights)
    whole = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * whole - total * share) < whole
        assert part == 0 or (part > 0) == (total > 0)


def test_ties_go_to_the_larger_weight_then_to_the_earlier() -> None:
    assert allocate(1, [1, 1]) == [1, 0]
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]


def test_a_discount_is_spread_as_the_worked_case_says() -> None:
    parts = allocate_money(Money("10.00", "EUR"), [5990, 2495, 1515])
    assert parts == [Money("5.99", "EUR"), Money("2.50", "EUR"), Money("1.51", "EUR")]


def test_nobody_to_give_to_is_an_error() -> None:
    with pytest.raises(ValueError, match="weight"):
        allocate(1, [])


def test_net_and_gross_refuse_to_mix() -> None:
    with pytest.raises(TypeError):
        Net(Money(1, "EUR")) + Gross(Money(1, "EUR"))  # type: ignore[operator]  # the point of the test
    assert (Net(Money(1, "EUR")) + Net(Money(2, "EUR"))).money == Money(3, "EUR")


@pytest.mark.parametrize(
    ("amount", "language", "country", "expected"),
    [
        (Money("1234.5", "EUR"), "de", "DE", "1.234,50\xa0€"),
        (Money("1234.5", "EUR"), "en", "DE", "€1,234.50"),
        (Money("1234567", "JPY"), "ja", "JP", "￥1,234,567"),
        (Money("1234.5", "BRL"), "pt-br", "BR", "R$\xa01.234,50"),
        (Money("99.9", "CHF"), "de", "CH", "CHF\xa099.90"),
    ],
)
def test_amounts_are_written_as_their_reader_writes_them(
    amount: Money, language: str, country: str, expected: str
) -> None:
    assert format_money(amount, language, country=country) == expected


def test_arabic_amounts_use_latin_digits_and_all_minor_units() -> None:
    shown = format_money(Money("1234.5", "SAR"), "ar", country="SA")
    assert "1,234.50" in shown
