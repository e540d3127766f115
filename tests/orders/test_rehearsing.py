"""An order's messages can be looked at without being sent: nothing stays, and no link in them opens anything."""

import re

import pytest

from core.models import Message
from core.notifications.words import save_words
from core.outbox import drain
from orders.actions import open_hold, ship_fulfillment
from orders.models import HoldKind, Order, OrderAccess
from orders.rehearsing import REHEARSALS, rehearsed
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    market = open_shop()
    order = paid_order(market, (item_in(market, names={"en": "Kesen kettle", "de": "Kesen-Kessel"}), 2))
    drain(limit=100)
    return order


def test_a_confirmation_is_shown_as_it_was_sent_and_nothing_stays(order: Order) -> None:
    sent = Message.objects.get(kind="order_confirmed")
    before = (Message.objects.count(), OrderAccess.objects.count())
    shown = rehearsed(order, "order_confirmed")

    assert shown is not None
    assert (shown.language, shown.market) == (order.language, order.market)
    assert shown.parts["email"].subject == sent.subject
    assert set(shown.parts) == {"email", "sms", "push"}
    link = re.compile(rf"orders/{order.number}/[^/\s]+/")
    assert link.sub("", shown.parts["email"].text) == link.sub("", sent.text)
    assert (Message.objects.count(), OrderAccess.objects.count()) == before
    found = re.search(r"https?://[^/\s]+(/\S+/orders/\S+)", shown.parts["email"].text)
    assert found
    assert Shopper().follow(found[1]).status == 404


def test_what_has_not_happened_is_not_shown_and_what_has_is(order: Order) -> None:
    assert rehearsed(order, "order_shipped") is None
    assert rehearsed(order, "held_for_address") is None
    open_hold(number=order.number, reason="Strange", kind=HoldKind.ADDRESS)
    assert rehearsed(order, "held_for_address") is not None
    assert rehearsed(order, "held_for_customs") is None


def test_a_parcel_is_shown_with_its_tracking(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="JJD1")
    shown = rehearsed(order, "order_shipped")
    assert shown is not None
    assert "JJD1" in shown.parts["email"].text


@pytest.mark.parametrize("name", sorted(REHEARSALS))
def test_every_rehearsal_of_a_plain_order_is_harmless(order: Order, name: str) -> None:
    before = Message.objects.count()
    rehearsed(order, name)
    assert Message.objects.count() == before
    assert drain(limit=100) == 0


def test_the_markets_own_words_are_in_it(order: Order) -> None:
    save_words(market=order.market, language=order.language, kind="", text="Unser Laden", seen="")
    shown = rehearsed(order, "order_confirmed")
    assert shown is not None
    assert shown.parts["email"].text.endswith("Unser Laden\n")
    assert "Unser Laden" not in shown.parts["sms"].text
