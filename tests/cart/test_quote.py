"""The quote adds up, explains itself, and changes its fingerprint exactly when what is agreed to changes."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart.quote import build_quote
from cart.snapshot import Snapshot
from cart.types import ParcelItem, Quote
from core.money import Money, to_minor
from tests.cart.worlds import NOW, line, parcel, snapshot, standard
from tests.markets.facts import facts, market, rate, registered

AMERICA = facts(rate("US", "8.25", kind="sales"), registrations=registered("US"))


def adds_up(quote: Quote) -> None:
    added = to_minor(quote.tax_added)
    assert to_minor(quote.total) == (
        to_minor(quote.items_total) - to_minor(quote.discount_total) + to_minor(quote.shipping_total) + added
    )
    assert to_minor(quote.items_total) == sum(to_minor(one.line_list) for one in quote.lines)
    assert to_minor(quote.tax_total) == sum(to_minor(one.amount) for one in quote.tax_lines)
    for one in quote.lines:
        assert to_minor(one.line_list) == to_minor(one.unit_list) * one.quantity
        inside = to_minor(one.tax) if quote.tax_included else 0
        assert to_minor(one.line_total) == to_minor(one.net) + inside
    rows = [to_minor(row.amount) for row in quote.ticket]
    assert sum(rows[:-1]) == rows[-1]


lines_of_carts = st.lists(
    st.tuples(st.integers(1, 500_000), st.integers(1, 40), st.sampled_from(["standard", "food"])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(
    wanted=lines_of_carts,
    level=st.sampled_from(["unit", "line", "document"]),
    mode=st.sampled_from(["half_up", "down", "up"]),
    is_gross=st.booleans(),
    price=st.integers(0, 5000),
)
def test_every_quote_adds_up(
    wanted: list[tuple[int, int, str]], level: str, mode: str, is_gross: bool, price: int
) -> None:
    entry = "gross" if is_gross else "net"
    here = market(price_entry=entry, display=entry, rounding_level=level, tax_rounding=mode)
    rows = [
        line(number, unit=unit, quantity=quantity, tax_category=category)
        for number, (unit, quantity, category) in enumerate(wanted, start=1)
    ]
    option = standard(str(price / 100) if price % 100 else str(price // 100))

    adds_up(build_quote(snapshot(*rows, here=here, delivery_options=(option,))))


@settings(max_examples=60, deadline=None)
@given(wanted=lines_of_carts, cut=st.integers(1, 39))
def test_a_line_split_over_parcels_is_taxed_in_full(wanted: list[tuple[int, int, str]], cut: int) -> None:
    rows = [
        line(number, unit=unit, quantity=quantity, tax_category=category)
        for number, (unit, quantity, category) in enumerate(wanted, start=1)
    ]
    near = parcel(*rows)
    here = tuple(ParcelItem(key=one.key, quantity=min(cut, one.quantity)) for one in rows)
    there = tuple(ParcelItem(key=one.key, quantity=one.quantity - cut) for one in rows if one.quantity > cut)
    parcels = [replace(near, items=here)]
    if there:
        parcels.append(replace(near, city="Niigata", country="JP", items=there))

    quote = build_quote(snapshot(*rows, parcels=tuple(parcels)))

    adds_up(quote)
    assert all(one.net.amount + one.tax.amount == one.line_total.amount for one in quote.lines)


@given(wanted=lines_of_carts)
@settings(max_examples=30, deadline=None)
def test_equal_snapshots_give_equal_quotes(wanted: list[tuple[int, int, str]]) -> None:
    rows = [line(n, unit=unit, quantity=q, tax_category=c) for n, (unit, q, c) in enumerate(wanted, start=1)]

    assert build_quote(snapshot(*rows)) == build_quote(snapshot(*rows))


@given(
    wanted=lines_of_carts,
    chance=st.randoms(use_true_random=False),
    level=st.sampled_from(["unit", "line", "document"]),
    is_gross=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_the_order_of_lines_changes_nothing_that_is_paid(
    wanted: list[tuple[int, int, str]], chance: random.Random, level: str, is_gross: bool
) -> None:
    entry = "gross" if is_gross else "net"
    here = market(price_entry=entry, display=entry, rounding_level=level)
    rows = [line(n, unit=unit, quantity=q, tax_category=c) for n, (unit, q, c) in enumerate(wanted, start=1)]
    mixed = rows.copy()
    chance.shuffle(mixed)

    one, two = build_quote(snapshot(*rows, here=here)), build_quote(snapshot(*mixed, here=here))

    for sum_of in ("items_total", "discount_total", "shipping_total", "fee_total", "duty_added", "tax_added", "total"):
        assert getattr(one, sum_of) == getattr(two, sum_of), sum_of
    assert by_rate(one) == by_rate(two)
    assert by_line(one) == by_line(two)


def by_line(quote: Quote) -> dict[str, tuple[Money, ...]]:
    """What each line costs and bears, whatever its place."""
    return {row.key: (row.line_total, row.net, row.tax) for row in quote.lines}


def by_rate(quote: Quote) -> dict[object, Money]:
    """The tax of the quote by its rate."""
    found: dict[object, Money] = {}
    for tax in quote.tax_lines:
        found[tax.rate] = found.get(tax.rate, Money(0, tax.amount.currency)) + tax.amount
    return found


def test_german_vat_is_inside_the_price() -> None:
    quote = build_quote(snapshot(line(unit=11900)))

    assert quote.total == Money("123.90", "EUR")
    assert quote.lines[0].tax == Money("19.00", "EUR")
    assert quote.tax_added == Money(0, "EUR")
    assert quote.tax_total == Money("19.78", "EUR")


def test_a_net_market_adds_the_tax_and_says_so_on_the_ticket() -> None:
    here = market(code="us", currency="USD", country="US", countries=("US",), price_entry="net", display="net")
    rows = [line(unit=10000, currency="USD")]

    quote = build_quote(snapshot(*rows, here=here, tax_facts=AMERICA, delivery_options=(standard(currency="USD"),)))

    assert quote.tax_added == Money("8.65", "USD")
    assert quote.total == Money("113.55", "USD")
    assert len(quote.ticket) == 4


def test_a_tax_nobody_knows_stops_the_checkout_and_is_never_zero() -> None:
    quote = build_quote(snapshot(line(tax_category="tobacco")))

    assert [problem.code for problem in quote.problems] == ["TAX_RATE_NOT_FOUND"]
    assert not quote.can_be_ordered


def test_no_delivery_stops_the_checkout() -> None:
    quote = build_quote(snapshot(line(), delivery_options=()))

    assert [problem.code for problem in quote.problems] == ["NO_DELIVERY"]
    assert not quote.can_be_ordered


@pytest.mark.parametrize(
    ("changes", "code", "quantity", "is_blocking"),
    [
        ({"quantity": 5, "available": 3}, "STOCK_SHORT", 3, False),
        ({"quantity": 5, "available": 0}, "SOLD_OUT", 0, True),
        ({"quantity": 5, "purchase_limit": 2}, "PURCHASE_LIMIT", 2, False),
        ({"is_sellable": False}, "NOT_SELLABLE", 0, True),
        ({"unit": None}, "NOT_SELLABLE", 0, True),
        ({"seen": Money("19.00", "EUR")}, "PRICE_CHANGED", 1, False),
    ],
)
def test_trouble_is_said_on_its_line(changes: dict[str, object], code: str, quantity: int, is_blocking: bool) -> None:
    quote = build_quote(snapshot(line(1, **changes), line(2)))

    [problem] = quote.lines[0].problems
    assert (problem.code, problem.blocking) == (code, is_blocking)
    assert quote.lines[0].quantity == quantity
    assert quote.can_be_ordered is not is_blocking
    adds_up(quote)


def test_free_delivery_says_how_much_is_missing() -> None:
    option = standard(free_from=Money("50.00", "EUR"))

    free = build_quote(snapshot(line(unit=4500), delivery_options=(option,))).free_delivery

    assert free is not None
    assert (free.missing, free.percent, free.reached) == (Money("5.00", "EUR"), 90, False)


def test_the_chosen_delivery_counts() -> None:
    options = (standard(), standard("9.90", code="express"))

    quote = build_quote(snapshot(line(), delivery_options=options, delivery_code="express"))

    assert quote.shipping_total == Money("9.90", "EUR")


SAME = (line(1), line(2, unit=350, quantity=3))


@pytest.mark.parametrize(
    "other",
    [
        snapshot(line(1, unit=2001), SAME[1]),
        snapshot(line(1, quantity=2), SAME[1]),
        snapshot(SAME[0]),
        snapshot(*SAME, delivery_options=(standard("5.90"),)),
        snapshot(*SAME, delivery_options=(standard(latest=standard().latest + timedelta(days=1)),)),
        snapshot(*SAME, tax_facts=facts(rate("DE", "20"), registrations=registered("DE"))),
        snapshot(*SAME, tax_facts=facts(rate("DE", "19"))),
        snapshot(*SAME, here=market(duty_mode="dap")),
    ],
)
def test_the_fingerprint_changes_with_what_is_agreed_to(other: Snapshot) -> None:
    assert build_quote(snapshot(*SAME)).fingerprint != build_quote(other).fingerprint


def test_the_fingerprint_stays_when_nothing_agreed_to_changes() -> None:
    later = snapshot(*(replace(one, name="Ding", available=7) for one in SAME), now=NOW + timedelta(hours=3))

    assert build_quote(snapshot(*SAME)).fingerprint == build_quote(later).fingerprint
