"""Two hands on one return: the same unit looked at twice, a return settled while the order is refunded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError

from core.errors import DomainError
from core.integrity import registered, run
from core.money import to_minor
from inventory.models import StockItem
from orders.actions import refund_order
from orders.actions import returns as module
from orders.actions.returns_closing import Settlement, settle_return
from orders.actions.returns_receiving import inspect_unit
from orders.models import Order, OrderRefund, ReturnUnit
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from tests.factories.cart import item_in, open_shop
from tests.orders.returns.world import arrived, delivered_order, looked_at, verdict
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def ended(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError as refusal:
        return refusal.code
    except IntegrityError:
        return "DATABASE"
    return "done"


def is_sound() -> None:
    assert [finding for finding in run(registered()) if finding.count and finding.check.code != "Q02"] == []


@contextmanager
def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The control: orders are read and not locked."""
    with monkeypatch.context() as patch:
        patch.setattr(module, "lock_order", lambda number: Order.objects.get(number=number))
        yield


def test_two_operators_who_look_at_the_same_unit_book_it_once() -> None:
    market = open_shop()
    order = delivered_order(market, (item_in(market, stock=9), 4))
    on_hand = StockItem.objects.get().on_hand
    request = arrived(order, 4)
    line = request.lines.get()

    def look(_operator: int) -> str:
        return ended(lambda: inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict(1)))

    ends = all_at_once(look, range(12))

    assert sorted(set(ends)) == ["TOO_MANY_UNITS", "done"]
    assert ends.count("done") == ReturnUnit.objects.count() == 1
    assert (order.lines.get().qty_returned, StockItem.objects.get().on_hand) == (1, on_hand + 1)
    is_sound()


def test_without_the_lock_only_the_database_stops_the_second_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    market = open_shop()
    order = delivered_order(market, (item_in(market, stock=9), 4))
    request = arrived(order, 4)
    line = request.lines.get()

    def look(_operator: int) -> str:
        return ended(lambda: inspect_unit(return_number=request.number, line_id=line.pk, verdict=verdict(1)))

    with without_the_lock(monkeypatch):
        ends = all_at_once(look, range(12))

    assert "DATABASE" in ends  # somebody read before somebody else had written: the lock is what prevents it


def test_a_return_that_is_settled_while_the_order_is_refunded_pays_once() -> None:
    market = open_shop()
    orders = [delivered_order(market, (item_in(market, stock=9), 1)) for _ in range(4)]
    returns = {order.number: looked_at(order, 1, key=order.number) for order in orders}
    jobs: list[Callable[[], object]] = []
    for order in orders:
        wish = RefundWish(line_id=order.lines.get().pk, quantity=1)
        shown = preview_refund(order, wishes=[wish], shipping=False).total
        settlement = Settlement(lines=(wish,), shipping=False, reason="Return")
        number, request = order.number, returns[order.number].number
        jobs.append(lambda r=request, s=settlement, a=shown: settle_return(return_number=r, settlement=s, shown=a))
        jobs.append(
            lambda n=number, w=wish: refund_order(number=n, lines=[w], shipping=False, reason="Hand", key=f"hand:{n}")
        )

    ends = all_at_once(ended, jobs, at_once=8)

    assert ends.count("done") == len(orders) == OrderRefund.objects.count()
    for order in orders:
        assert order.lines.get().qty_refunded == 1
        paid = sum(to_minor(one.amount) for one in order.refunds.all())
        assert paid == to_minor(order.items_total)
    is_sound()
