"""A market that was closed: nothing is sold there, and everything sold before is served to its end."""

import re

import pytest

from core.models import Message
from core.outbox import drain
from markets.actions import close_market
from markets.queries import active_markets, find_market, market_of_record
from orders.actions import grant_access, refund_order, ship_fulfillment
from orders.models import Order, ReturnRequest
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from tests.admin.people import operator, text
from tests.factories.cart import item_in, open_shop
from tests.factories.checkout import EMAIL
from tests.factories.orders import paid_order, parcel_of
from tests.journeys.shopping import Shopper
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    market = open_shop("de")
    made = paid_order(market, (item_in(market, names={"en": "Kesen kettle"}), 2))
    close_market(code="de", reason="The lease ended.")
    return made


def link(order: Order, tail: str = "") -> str:
    return f"orders/{order.number}/{grant_access(number=order.number)}/{tail}"


def test_nobody_shops_there_any_more(order: Order) -> None:
    assert find_market("de") is None
    assert "de" not in [market.code for market in active_markets()]
    for path in ("", "cart/", "checkout/", "search/?q=kettle", "choose/", "favourites/"):
        assert Shopper().get(path).status == 404, path


@pytest.mark.parametrize("tail", ["", "withdraw/", "status/"])
def test_pages_of_its_orders_open(order: Order, tail: str) -> None:
    page = Shopper().get(link(order, tail))
    assert page.status == 200
    if not tail:
        assert "Kesen kettle" in page.text
        assert "We no longer sell here." in page.text


@pytest.mark.parametrize("path", ["orders/find/", "withdraw/", "account/login/"])
def test_ways_to_an_order_are_open(order: Order, path: str) -> None:
    assert Shopper().get(path).status == 200


def test_operators_work_on_its_orders(order: Order) -> None:
    desk = operator("orders.view_order")
    assert text(desk.get(f"/admin/orders/{order.number}/")).count(order.number)
    assert order.number in text(desk.get("/admin/orders/"))


def test_its_context_knows_that_it_is_closed(order: Order) -> None:
    closed = market_of_record("de", language="de")
    assert not closed.is_open
    assert (closed.language, closed.currency, closed.countries) == ("de", "EUR", ("DE",))


def test_mails_go_out_and_their_links_open(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="JJD1")
    wish = RefundWish(line_id=order.lines.get().pk, quantity=1)
    refund_order(number=order.number, lines=[wish], shipping=False, reason="Broken", key="t")
    drain(limit=100)
    submit_due_refunds()
    drain(limit=100)
    sent = {message.kind: message for message in Message.objects.filter(reference=order.number)}
    assert {"order_confirmed", "order_shipped", "order_refunded"} <= set(sent)
    found = re.search(r"https?://[^/\s]+(/\S+/orders/\S+)", sent["order_shipped"].text)
    assert found
    assert Shopper().follow(found[1]).status == 200


def test_a_return_can_be_declared(order: Order) -> None:
    shopper, path = Shopper(), link(order, "withdraw/")
    page = shopper.get(path).text
    key = re.search(r'name="key" value="([^"]*)"', page)
    lines = re.findall(r'name="line" value="(\d+)"', page)
    assert key
    assert lines
    answer = shopper.post(path, key=key[1], line=lines, name="Test Person", email=EMAIL)
    assert answer.status == 303
    assert ReturnRequest.objects.filter(order=order).exists()
    assert shopper.follow(answer.location).status == 200
