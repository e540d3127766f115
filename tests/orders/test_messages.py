"""Messages go out once, in the language of the order, whatever language is active."""

import re

import pytest
from django.utils import translation

from core.models import Message
from core.outbox import drain
from orders.actions import cancel_order, refund_order, ship_fulfillment
from orders.models import Order
from orders.notifications import tell_confirmed
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db


def bought() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, names={"en": "Kesen kettle", "de": "Kesen-Kessel"}), 2))


def test_the_confirmation_holds_what_was_agreed_and_a_link_that_opens() -> None:
    order = bought()
    with translation.override("ja"):
        drain(limit=100)

    message = Message.objects.get(kind="order_confirmed")
    assert (message.recipient, message.language, message.reference) == (EMAIL, order.language, order.number)
    assert order.number in message.subject
    for part in (message.text, message.html):
        assert "Kastanienallee 41" in part
        assert order.lines.get().name in part
    link = re.search(r"https?://[^/\s]+(/\S+/orders/\S+)", message.text)
    assert link
    assert Shopper().follow(link[1]).status == 200


def test_a_confirmation_is_sent_once() -> None:
    order = bought()
    drain(limit=100)
    tell_confirmed(number=order.number)

    assert Message.objects.filter(kind="order_confirmed").count() == 1


def test_every_step_has_its_message() -> None:
    order = bought()
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="JJD1")
    wish = RefundWish(line_id=order.lines.get().pk, quantity=1)
    refund_order(number=order.number, lines=[wish], shipping=False, reason="Broken", key="t")
    drain(limit=100)
    submit_due_refunds()
    drain(limit=100)

    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        "order_confirmed",
        "order_refunded",
        "order_shipped",
    ]
    assert "JJD1" in Message.objects.get(kind="order_shipped").text


def test_an_unpaid_order_sends_nothing_and_a_canceled_one_says_so() -> None:
    market = open_shop()
    order = placed_order(market, (item_in(market), 1))
    drain(limit=100)
    assert not Message.objects.exists()

    cancel_order(number=order.number, reason="Out of stock")
    drain(limit=100)

    assert "Out of stock" in Message.objects.get(kind="order_canceled").text
