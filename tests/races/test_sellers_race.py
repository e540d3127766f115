"""A split by seller against the parcel that leaves meanwhile, and against itself. With a control without the lock."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from core.errors import DomainError
from core.locks import LockingQuerySet
from core.money import to_minor
from inventory.models import StockItem
from orders.actions import changing_sellers, ship_fulfillment
from orders.actions.changing_sellers import SellersAsked, split_by_seller
from orders.models import Order
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of
from tests.factories.sellers import another_seller, sold_by
from tests.races.crowd import all_at_once
from tests.soundness import broken

pytestmark = pytest.mark.django_db(transaction=True)


def mixed() -> Order:
    market = open_shop()
    cup, pot = item_in(market, price="19.99", stock=40), item_in(market, price="7.77", stock=40)
    return paid_order(market, (cup, 2), (sold_by(pot, another_seller("north")), 2))


def deed(order: Order, what: str) -> str:
    try:
        if what == "send":
            ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="A")
        else:
            asked = SellersAsked(version=order.version, reason="Race", key=what)
            split_by_seller(number=order.number, asked=asked)
    except DomainError as refusal:
        return refusal.code
    return "done"


def test_a_parcel_and_a_split_by_seller_never_both_have_a_unit() -> None:
    order = mixed()

    ends = all_at_once(lambda what: deed(order, what), ["send", "one"], at_once=2)

    assert "done" in ends
    orders = list(Order.objects.order_by("pk"))
    assert len(orders) == (2 if ends[1] == "done" else 1)
    sent = sum(line.qty_shipped for one in orders for line in one.lines.all())
    assert sum(to_minor(one.total) for one in orders) == to_minor(order.total)
    on_shelves = StockItem.objects.all()
    assert sum(row.on_hand for row in on_shelves) == 80 - sent
    assert sum(row.allocated for row in on_shelves) == 4 - sent
    assert broken() == []


def test_of_two_operators_who_split_one_does() -> None:
    order = mixed()

    ends = all_at_once(lambda key: deed(order, key), ["one", "two"], at_once=2)

    assert sorted(ends) == ["ORDER_MOVED", "done"]
    assert Order.objects.count() == 2
    assert broken() == []


def test_control_without_the_lock_both_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked at the version before either has written, so each wants to give the same goods away."""
    order = mixed()
    both_looked = Barrier(2)
    find = changing_sellers._parts
    came: list[int] = []

    def slowly(row: Order) -> object:
        parts = find(row)
        came.append(row.version)
        with suppress(BrokenBarrierError):
            both_looked.wait(timeout=5)
        return parts

    monkeypatch.setattr(LockingQuerySet, "lock", lambda self, **_options: self.order_by("pk"))
    monkeypatch.setattr(changing_sellers, "_parts", slowly)

    with suppress(Exception):
        all_at_once(lambda key: deed(order, key), ["one", "two"], at_once=2)

    assert came == [order.version] * 2, "the lock was what kept the second one from looking"
