"""From a cart to a delivered order, by actions only."""

import pytest

from cart.models import CartState
from core.money import Money, to_minor
from inventory.models import StockItem
from orders.actions import deliver_fulfillment, ship_fulfillment
from orders.models import FulfillmentState, Lifecycle, PaymentState
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.factories.checkout import place
from tests.factories.orders import paid_order, parcel_of, placed_order

pytestmark = pytest.mark.django_db


def test_a_cart_becomes_an_order_at_exactly_the_quoted_amounts() -> None:
    market = open_shop("de")
    cart = cart_with(market, (item_in(market, price="19.99"), 2), (item_in(market, price="5.01"), 1))
    quote = quote_of(cart, market)

    placed = place(cart, market)

    cart.refresh_from_db()
    assert cart.state == CartState.ORDERED
    from orders.models import Order

    order = Order.objects.get(number=placed.number)
    assert order.lifecycle == Lifecycle.PENDING_PAYMENT
    assert order.total == quote.total == Money("49.89", "EUR")
    assert order.tax_total == quote.tax_total
    lines = list(order.lines.all())
    assert [line.ref for line in lines] == [f"{order.number}/1", f"{order.number}/2"]
    assert sum(to_minor(line.line_tax) for line in lines) + sum(
        to_minor(row.amount) for row in order.tax_lines.filter(owner="shipping")
    ) == to_minor(order.tax_total)
    assert order.fulfillment_state == FulfillmentState.ALLOCATED
    assert {item.allocated for item in StockItem.objects.all()} == {2, 1}


def test_enough_money_confirms_the_order() -> None:
    market = open_shop("de")
    order = paid_order(market, (item_in(market), 1))

    assert order.lifecycle == Lifecycle.CONFIRMED
    assert order.payment_state == PaymentState.PAID
    assert order.paid_at is not None


def test_an_unpaid_order_is_not_shipped() -> None:
    market = open_shop("de")
    order = placed_order(market, (item_in(market), 1))

    with pytest.raises(Exception) as refusal:
        ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")

    assert refusal.type.__name__ in ("NotPaid", "OrderNotOpen")
    assert StockItem.objects.get().on_hand == 10


def test_shipping_books_the_stock_out_and_delivery_completes_the_order() -> None:
    market = open_shop("de")
    order = paid_order(market, (item_in(market), 3))

    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="JJD1")
    order.refresh_from_db()
    item = StockItem.objects.get()
    assert (item.on_hand, item.allocated) == (7, 0)
    assert order.fulfillment_state == FulfillmentState.SHIPPED

    deliver_fulfillment(fulfillment_id=parcel_of(order).pk)
    order.refresh_from_db()
    assert order.fulfillment_state == FulfillmentState.DELIVERED
    assert order.lifecycle == Lifecycle.COMPLETED


def test_shipping_twice_ships_once() -> None:
    market = open_shop("de")
    order = paid_order(market, (item_in(market), 3))
    for _ in range(2):
        ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="JJD1")

    assert StockItem.objects.get().on_hand == 7
    assert order.lines.get().qty_shipped == 3
