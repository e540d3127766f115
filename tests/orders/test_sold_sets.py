"""Sets from the cart to the return: their components are held, sent, refunded and booked back, to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Variant
from catalog.sets import component_shares
from core.money import to_minor
from inventory.models import Allocation, StockItem
from markets.models import Market
from markets.types import MarketContext
from orders.actions import RefundAsked, cancel_order, refund_as_shown, refund_order, ship_fulfillment, take_back_units
from orders.errors import NothingToRefund
from orders.models import Order, OrderLinePart
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.factories.inventory import a_warehouse, stocked
from tests.factories.kinds import set_in
from tests.factories.orders import paid_order, parcel_of
from tests.soundness import broken_checks

pytestmark = pytest.mark.django_db


def a_tea_set(*, cups: int = 10, pots: int = 10) -> tuple[MarketContext, Variant, Variant, Variant]:
    market = open_shop()
    cup = item_in(market, price="8.00", stock=cups, code="cup")
    pot = item_in(market, price="24.00", stock=pots, code="pot")
    return market, cup, pot, set_in(market, (cup, 2, 1), (pot, 1, 2))


def stock_of(variant: Variant) -> tuple[int, int]:
    """(on hand, promised)"""
    row = StockItem.objects.get(variant=variant)
    return row.on_hand, row.allocated


def findings() -> list[str]:
    return sorted(broken_checks())


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_the_shares_of_components_sum_to_the_amount(minor: int, weights: list[int]) -> None:
    shares = component_shares(minor, weights)

    assert sum(shares) == minor
    assert min(shares) >= 0


def test_a_set_is_there_as_often_as_its_scarcest_component() -> None:
    market, _cup, _pot, the_set = a_tea_set(cups=7, pots=10)
    cart = cart_with(market, (the_set, 9))

    line = quote_of(cart, market).lines[0]

    assert (line.quantity, line.max_quantity) == (3, 3)
    assert line.weight_g == 3 * 500
    assert [(part.name, part.quantity) for part in line.parts] == [("Cup", 2), ("Pot", 1)]


def test_a_set_and_its_component_share_one_shelf() -> None:
    market, cup, _pot, the_set = a_tea_set(cups=5)
    cart = cart_with(market, (the_set, 2), (cup, 3))

    first, second = quote_of(cart, market).lines

    assert (first.quantity, second.quantity) == (2, 1)
    assert [problem.code for problem in second.problems] == ["STOCK_SHORT"]


def test_a_set_is_never_gathered_from_two_warehouses() -> None:
    market = open_shop()
    cup = item_in(market, stock=4, code="cup")
    pot = item_in(market, stock=0, code="pot")
    far = a_warehouse("FAR", market=Market.objects.get(code=market.code), position=9)
    stocked(pot, 4, warehouse=far)
    the_set = set_in(market, (cup, 1, 1), (pot, 1, 1))

    refused = cart_with(market, (the_set, 1))
    stocked(cup, 1, warehouse=far)
    cart = cart_with(market, (the_set, 3))

    assert not refused.lines.exists()
    quote = quote_of(cart, market)
    assert quote.lines[0].quantity == 1
    assert [parcel.warehouse_code for parcel in quote.parcels] == ["FAR"]


def test_an_order_holds_and_sends_the_components() -> None:
    market, cup, pot, the_set = a_tea_set()

    order = paid_order(market, (the_set, 3))
    held = stock_of(cup), stock_of(pot)
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="T-1")

    assert held == ((10, 6), (10, 3))
    assert (stock_of(cup), stock_of(pot)) == ((4, 0), (7, 0))
    assert not StockItem.objects.filter(variant=the_set).exists()
    assert set(Allocation.objects.values_list("line_ref", flat=True)) == {
        f"{order.number}/1.1",
        f"{order.number}/1.2",
    }
    parts = OrderLinePart.objects.filter(order_line__order=order)
    assert [(part.name, part.per_set, part.quantity) for part in parts] == [("Cup", 2, 6), ("Pot", 1, 3)]
    line = order.lines.get()
    assert sum(to_minor(part.share_net) for part in parts) == to_minor(line.line_net)
    assert sum(to_minor(part.share_tax) for part in parts) == to_minor(line.line_tax)
    assert findings() == []


def test_canceling_frees_every_component() -> None:
    market, cup, pot, the_set = a_tea_set()
    order = paid_order(market, (the_set, 2))

    cancel_order(number=order.number, reason="Changed their mind")

    assert (stock_of(cup), stock_of(pot)) == ((10, 0), (10, 0))
    refund = order.refunds.get()
    order.refresh_from_db()
    assert refund.amount == order.total
    assert findings() == []


def test_part_of_a_set_comes_back_for_its_share_and_the_rest_closes_to_the_cent() -> None:
    market, cup, pot, the_set = a_tea_set()
    order = paid_order(market, (the_set, 1))
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    line = order.lines.get()
    cups, the_pot = line.parts.all()
    asked = RefundAsked(
        lines=(RefundWish(line_id=line.pk, quantity=1, part_id=cups.pk),), shipping=False, reason="Broken", key="one"
    )
    shown = preview_refund(order, wishes=asked.lines, shipping=False).total

    first = refund_as_shown(number=order.number, asked=asked, shown=shown, warehouse_code="LEJ")

    order.refresh_from_db()
    line.refresh_from_db()
    assert first.amount == shown
    assert to_minor(first.amount) == 500  # 30.00, a third for both cups, half of it for one
    assert (line.qty_refunded, line.qty_returned) == (0, 0)
    assert order.aftersales_state == "partly_returned"
    assert stock_of(cup) == (9, 0)
    assert stock_of(pot) == (9, 0)
    rest = refund_order(
        number=order.number,
        lines=[RefundWish(line_id=line.pk, quantity=1)],
        shipping=False,
        reason="The rest",
        key="two",
    )
    assert first.amount + rest.amount == line.line_total
    the_pot.refresh_from_db()
    assert the_pot.qty_refunded == 1
    assert findings() == []


def test_more_pieces_than_were_bought_bring_nothing_back() -> None:
    market, _cup, _pot, the_set = a_tea_set()
    order = paid_order(market, (the_set, 1))
    line = order.lines.get()
    pot = line.parts.get(name="Pot")

    for wish in (
        RefundWish(line_id=line.pk, quantity=2, part_id=pot.pk),
        RefundWish(line_id=line.pk, quantity=1, part_id=10**9),
    ):
        with pytest.raises(NothingToRefund):
            refund_order(number=order.number, lines=[wish], shipping=False, reason="No", key="k")
    both = [RefundWish(line_id=line.pk, quantity=1), RefundWish(line_id=line.pk, quantity=1, part_id=pot.pk)]
    with pytest.raises(NothingToRefund):
        refund_order(number=order.number, lines=both, shipping=False, reason="No", key="k")
    assert not Order.objects.get(pk=order.pk).refunds.exists()


def test_sets_that_were_not_sent_are_canceled_and_sets_that_were_go_back_to_the_shelf() -> None:
    market, cup, pot, the_set = a_tea_set()
    order = paid_order(market, (the_set, 2))
    wish = [RefundWish(line_id=order.lines.get().pk, quantity=1)]
    take_back_units(number=order.number, items=wish, warehouse_code="LEJ", cause="a")
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")

    take_back_units(number=order.number, items=wish, warehouse_code="LEJ", cause="b")

    assert (stock_of(cup), stock_of(pot)) == ((10, 0), (10, 0))
    line = order.lines.get()
    assert (line.qty_canceled, line.qty_shipped, line.qty_returned) == (1, 1, 1)
    assert findings() == []
