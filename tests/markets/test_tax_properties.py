"""What must hold for every sale: nothing is lost, nothing is negative, every line is accounted for."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import exponent, from_minor, sum_money, to_minor
from markets.tax import TaxableLine, TaxQuestion, calculate_tax
from markets.tax.arithmetic import Rate, restate
from tests.markets.facts import ON, facts, market, rate, registered

CATEGORIES = ("standard", "food", "books")
percents = st.decimals(min_value=0, max_value=40, places=3)
levels = st.sampled_from(["unit", "line", "document"])
roundings = st.sampled_from(["half_up", "down", "up"])
entries = st.sampled_from(["gross", "net"])


@st.composite
def sales(draw: st.DrawFn) -> tuple[TaxQuestion, dict[str, Decimal]]:
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    rates = {category: draw(percents) for category in CATEGORIES}
    entry = draw(entries)
    here = market(
        currency=currency,
        price_entry=entry,
        display=entry,
        rounding_level=draw(levels),
        tax_rounding=draw(roundings),
    )
    lines = tuple(
        TaxableLine(
            f"l{at}", draw(st.sampled_from(CATEGORIES)), from_minor(draw(st.integers(0, 10**7)), currency), count
        )
        for at, count in enumerate(draw(st.lists(st.integers(1, 50), min_size=1, max_size=8)))
    )
    shipping = from_minor(draw(st.integers(0, 10**5)), currency)
    return TaxQuestion(market=here, country="DE", on=ON, lines=lines, shipping=shipping), rates


@settings(max_examples=200, deadline=None)
@given(sales())
def test_bases_and_taxes_add_up_to_what_was_asked_about(sale: tuple[TaxQuestion, dict[str, Decimal]]) -> None:
    asked, rates = sale
    known = facts(*(rate("DE", str(percent), name) for name, percent in rates.items()), registrations=registered("DE"))
    found = calculate_tax(asked, known)
    currency = asked.shipping.currency.code
    amounts = [line.amount for line in asked.lines] + [asked.shipping]
    told = sum_money((one.gross if one.included else one.base for one in found), currency)
    assert told == sum_money(amounts, currency)
    assert {one.key for one in found} == {line.key for line in asked.lines} | {"shipping"}
    for one in found:
        assert one.amount.amount >= 0
        assert one.base.amount >= 0
        assert one.rule_id
        assert (one.reason == "zero") == (one.rate == 0)


@settings(max_examples=200, deadline=None)
@given(sales())
def test_rounding_never_moves_the_tax_by_more_than_one_unit_per_rounding(
    sale: tuple[TaxQuestion, dict[str, Decimal]],
) -> None:
    asked, rates = sale
    known = facts(*(rate("DE", str(percent), name) for name, percent in rates.items()), registrations=registered("DE"))
    found = calculate_tax(asked, known)
    currency = asked.shipping.currency.code
    exact, charged = Decimal(0), 0
    for one in found:
        fraction = one.rate / (1 + one.rate) if one.included else one.rate
        paid = one.gross if one.included else one.base
        exact += Decimal(to_minor(paid)) * fraction
        charged += to_minor(one.amount)
    pieces = sum(line.quantity for line in asked.lines) + len(found)
    assert abs(exact - charged) <= pieces
    assert exponent(currency) in {0, 2, 3}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**8), percents, percents)
def test_a_restated_price_keeps_its_net(minor: int, home: Decimal, there: Decimal) -> None:
    entered, destination = Rate(home / 100), Rate(there / 100)
    gross = restate(minor, entered=entered, destination=destination, mode="half_up")
    net_before = Decimal(minor) - entered.inside(Decimal(minor))
    net_after = Decimal(gross) - destination.inside(Decimal(gross))
    assert abs(net_before - net_after) <= 1
    assert restate(minor, entered=entered, destination=entered, mode="half_up") == minor
