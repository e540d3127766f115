"""Customers read of splits, mergers and goods that are sent again, each once."""

import pytest

from core.models import Message
from core.outbox import drain
from orders.actions import ship_fulfillment
from orders.actions.changing_reship import send_again
from orders.actions.changing_split import SplitAsked, split_off
from orders.changes.reactions import tell_reshipped
from orders.events import OrderReshipped
from orders.types import ShipItem
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of

pytestmark = pytest.mark.django_db


def test_a_split_and_a_merger_are_told_with_both_numbers() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 3))
    items = (ShipItem(line_id=order.lines.get().pk, quantity=1),)
    asked = SplitAsked(items=items, version=order.version, reason="One is late", key="s1")
    child = split_off(number=order.number, asked=asked)
    drain(limit=300)
    told = Message.objects.get(kind="order_split")
    assert child.number in told.text
    assert "One is late" in told.text
    assert told.reference == order.number


def test_goods_that_are_sent_again_are_told_once() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="A")
    items = [ShipItem(line_id=order.lines.get().pk, quantity=1)]
    child = send_again(number=order.number, items=items, reason="It was lost", key="again")
    drain(limit=300)
    tell_reshipped(OrderReshipped(number=order.number, child=child.number))
    told = Message.objects.get(kind="order_reshipped")
    assert told.reference == child.number
    assert "It was lost" in told.text
