"""Changes of orders against each other, against parcels and against payments. Each with a control without the lock."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier

import pytest
from django.db import connection, transaction

from core.errors import DomainError
from core.integrity import registered, run
from inventory.models import StockItem
from orders.actions import cancel_order, ship_fulfillment
from orders.actions.changing import Asked, change_order
from orders.changes.pricing import project
from orders.changes.types import Plan
from orders.models import Order, OrderChange
from payments.actions import refresh_payment
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of, payment_for, placed_order
from tests.factories.payments import choose_at_sandbox
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
LOOK = "SELECT version FROM bare_order"
LOOK_AND_LOCK = LOOK + " FOR UPDATE"


def broken() -> list[str]:
    return [one.check.code for one in run(registered()) if one.count]


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError as refusal:
        return refusal.code
    return "done"


def edit(order: Order, quantity: int, key: str) -> Callable[[], object]:
    """A change as its preview showed it, prepared before the race."""
    plan = Plan(quantities={order.lines.get().pk: quantity})
    asked = Asked(version=order.version, shown=project(order, plan).difference, reason="Race", key=key)
    return lambda: change_order(number=order.number, plan=plan, asked=asked)


def bought(quantity: int) -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market, price="20.00", stock=40), quantity))


def test_of_many_changes_of_one_order_one_is_made() -> None:
    order = bought(9)
    deeds = [edit(order, quantity, f"k{quantity}") for quantity in range(1, 9)]

    ends = Counter(all_at_once(outcome, deeds, at_once=8))

    assert ends == {"done": 1, "ORDER_MOVED": 7}
    quantity = order.lines.get().quantity
    assert StockItem.objects.get().allocated == quantity
    assert OrderChange.objects.count() == 1
    assert broken() == []


def test_a_parcel_and_a_change_never_both_get_the_same_unit() -> None:
    market = open_shop()
    item = item_in(market, price="20.00", stock=40)
    for round_number in range(3):
        order = paid_order(market, (item, 4))
        parcel = parcel_of(order)
        deeds = [
            edit(order, 1, f"r{round_number}"),
            lambda parcel=parcel: ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL"),
        ]

        all_at_once(outcome, deeds, at_once=2)

        line = order.lines.get()
        assert (line.quantity, line.qty_shipped) in {(1, 1), (4, 4), (1, 0)}
        assert broken() == []


def test_a_payment_and_a_cancellation_leave_no_money_and_no_stock_behind() -> None:
    market = open_shop()
    order = placed_order(market, (item_in(market, price="20.00", stock=10), 2))
    payment = payment_for(order)
    choose_at_sandbox(payment, "succeed")
    deeds = [
        lambda: refresh_payment(payment_ref=payment.ref),
        lambda: cancel_order(number=order.number, reason="Race"),
    ]

    all_at_once(outcome, deeds, at_once=2)

    order.refresh_from_db()
    assert order.lifecycle == "canceled"
    assert StockItem.objects.get().allocated == 0
    assert sum(refund.amount.amount for refund in order.refunds.all()) == order.total.amount
    assert broken() == []


@pytest.mark.parametrize("is_locked", [True, False])
def test_control_looking_at_the_version_first_is_not_enough_without_the_lock(is_locked: bool) -> None:
    """On a bare table: look at the version, then write. Only the row's lock lets one of two pass."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_order AS SELECT 1 AS id, 7 AS version, 0 AS changes")
    both_looked = Barrier(2)

    def change(_operator: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOOK_AND_LOCK if is_locked else LOOK)
            version = cursor.fetchone()[0]
            if not is_locked:
                both_looked.wait(timeout=30)
            if version == 7:
                cursor.execute("UPDATE bare_order SET version = version + 1, changes = changes + 1")

    try:
        all_at_once(change, range(2), at_once=2)
        with connection.cursor() as cursor:
            cursor.execute("SELECT changes FROM bare_order")
            made = cursor.fetchone()[0]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bare_order")
    assert made == (1 if is_locked else 2)
