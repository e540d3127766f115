"""What is in a price is said in amounts, and they sum to it exactly."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart.contents import contents_of, contents_of_unit
from cart.quote import build_quote
from cart.types import TicketRow
from core.money import Money, to_minor
from markets.queries import market_by_code
from tests.cart.worlds import line, parcel, snapshot, standard
from tests.factories.cart import item_in, open_shop
from tests.factories.markets import CountryFactory
from tests.journeys.shopping import Shopper
from tests.markets.facts import facts, market, rate, registered

EUROPE = facts(rate("DE", "19"), rate("DE", "7", "food"), registrations=registered("DE"))
AMERICA = facts(rate("US", "8.25", kind="sales"), registrations=registered("US"))


def sums(rows: tuple[TicketRow, ...]) -> bool:
    *parts, total = rows
    return sum(to_minor(row.amount) for row in parts) == to_minor(total.amount) and total.kind == "total"


@settings(max_examples=150, deadline=None)
@given(
    wanted=st.lists(
        st.tuples(st.integers(1, 500_000), st.integers(1, 40), st.sampled_from(["standard", "food"])),
        min_size=1,
        max_size=10,
    ),
    level=st.sampled_from(["unit", "line", "document"]),
    is_gross=st.booleans(),
    cents=st.integers(0, 5000),
)
def test_the_parts_of_every_total_sum_to_it(
    wanted: list[tuple[int, int, str]], level: str, is_gross: bool, cents: int
) -> None:
    entry = "gross" if is_gross else "net"
    here = market(price_entry=entry, display=entry, rounding_level=level)
    rows = [
        line(number, unit=unit, quantity=quantity, tax_category=category)
        for number, (unit, quantity, category) in enumerate(wanted, start=1)
    ]
    option = standard(f"{cents // 100}.{cents % 100:02}")

    quote = build_quote(snapshot(*rows, here=here, delivery_options=(option,), tax_facts=EUROPE))
    parts = contents_of(quote)

    assert sums(parts)
    assert to_minor(parts[-1].amount) == to_minor(quote.total)
    assert all(to_minor(row.amount) >= 0 for row in parts)
    assert {row.label for row in quote.tax_rows} <= {row.label for row in parts}


def test_taxes_inside_the_price_are_taken_out_of_goods_and_delivery() -> None:
    quote = build_quote(snapshot(line(unit=11_900), delivery_options=(standard("11.90"),), tax_facts=EUROPE))

    goods, delivery, tax, total = contents_of(quote)

    assert [to_minor(row.amount) for row in (goods, delivery, tax, total)] == [10_000, 1_000, 2_090, 13_090]
    assert "19" in tax.label


def test_while_a_tax_is_not_known_nothing_is_said() -> None:
    assert contents_of(build_quote(snapshot(line(), tax_facts=facts(registrations=registered("DE"))))) == ()
    assert contents_of(build_quote(snapshot())) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "mode", "says"), [("JP", "ddp", True), ("JP", "dap", False), ("FR", "ddp", False), ("DE", "ddp", False)]
)
def test_duty_we_bear_is_said_with_nothing_added_and_only_where_goods_are_imported(
    start: str, mode: str, says: bool
) -> None:
    for code in ("DE", "FR", "JP"):
        CountryFactory(code=code, in_eu_customs_union=code != "JP")
    thing = line()
    sent = replace(parcel(thing), country=start)
    here = replace(market(), duty_mode=mode)

    rows = contents_of(build_quote(snapshot(thing, here=here, parcels=(sent,), tax_facts=EUROPE)))

    duties = [row for row in rows if "duty" in row.label]
    assert bool(duties) == says
    assert all(to_minor(row.amount) == 0 for row in duties)
    assert not rows or sums(rows)


@pytest.mark.django_db
def test_cart_checkout_and_product_page_show_the_parts() -> None:
    market_here = open_shop()
    item = item_in(market_here, price="119.00", names={"en": "Kettle"})
    shopper = Shopper()
    shopper.add(item)

    for page in ("cart/", "checkout/"):
        text = shopper.get(page).text
        assert "Goods without tax" in text
        assert "€100.00" in text
    product = shopper.get("p/kettle/").text
    assert "Goods without tax" in product
    assert "€100.00" in product
    assert "€19.00" in product


@pytest.mark.django_db
def test_the_price_of_one_piece_sums_to_what_the_page_shows() -> None:
    open_shop()
    here = market_by_code("de", language="en")
    item = item_in(here, price="23.99")

    rows = contents_of_unit(variant_id=item.pk, unit=Money("23.99", "EUR"), market=here)

    assert sums(rows)
    assert rows[-1].amount == Money("23.99", "EUR")
    assert contents_of_unit(variant_id=None, unit=Money("23.99", "EUR"), market=here) == ()
    assert contents_of_unit(variant_id=item.pk, unit=Money("23.99", "USD"), market=here) == ()


def test_a_net_market_adds_the_tax_as_a_part() -> None:
    here = market(country="US", currency="USD", price_entry="net", display="net")
    thing = line(unit=2000, currency="USD")
    sent = replace(parcel(thing), country="US")
    quote = build_quote(snapshot(thing, here=here, country="US", parcels=(sent,), tax_facts=AMERICA))

    rows = contents_of(quote)

    assert sums(rows)
    assert to_minor(rows[0].amount) == 2000
