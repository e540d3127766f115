"""Two hands on one exchange: settled once, and never beside a refund of the same units."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import IntegrityError

from core.errors import DomainError
from core.integrity import registered, run
from core.money import to_minor
from core.outbox import drain
from orders.actions import exchanging, refund_order
from orders.actions.closing import cancel_order
from orders.actions.exchanging import bring_exchange_back, settle_exchange
from orders.models import Exchange, LinkKind, OrderLink, OrderRefund, ReturnRequest
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from payments.models import CreditAccount, Payment
from tests.factories.cart import open_shop
from tests.orders.exchanges.world import came_back, promise, settled, settlement_of, shown_for, two_sizes, wants
from tests.orders.returns.world import delivered_order
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def is_sound() -> None:
    assert [found for found in run(registered()) if found.count and found.check.code != "Q02"] == []


def settling() -> Callable[[int], str]:
    """What each operator does who settles one exchange; the return, its worth and its price are as they were shown."""
    market = open_shop()
    promise(market)
    small, large = two_sizes(market, "20.00", "15.00")
    request = came_back(wants(delivered_order(market, (small, 1)), large))
    settlement, shown = settlement_of(request), shown_for(request)

    def settle(_operator: int) -> str:
        try:
            settle_exchange(return_number=request.number, settlement=settlement, shown=shown)
        except DomainError as refusal:
            return refusal.code
        except IntegrityError:
            return "DATABASE"
        return "done"

    return settle


def test_operators_settling_one_exchange_at_once_make_one_order_and_one_refund() -> None:
    ends = all_at_once(settling(), range(6))
    drain(limit=300)
    submit_due_refunds()
    drain(limit=300)
    assert set(ends) == {"done"}  # the others find it settled
    assert (OrderRefund.objects.count(), OrderLink.objects.filter(kind=LinkKind.EXCHANGE_OF).count()) == (1, 1)
    is_sound()


def test_without_the_lock_only_the_database_stops_the_second_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: everybody has read the return before anybody writes, which the order's lock rules out."""
    both_looked = Barrier(2)

    def look(number: str) -> ReturnRequest:
        request = ReturnRequest.objects.select_related("order").get(number=number)
        with suppress(BrokenBarrierError):
            both_looked.wait(timeout=30)
        return request

    settle = settling()
    monkeypatch.setattr(exchanging, "lock_return", look)

    ends = all_at_once(settle, range(2), at_once=2)

    assert sorted(ends) == ["DATABASE", "done"]


def test_a_refund_of_the_same_unit_and_the_exchange_never_both_happen() -> None:
    market = open_shop()
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    request = came_back(wants(order, large))
    settlement, shown, line = settlement_of(request), shown_for(request), order.lines.get().pk

    def act(number: int) -> str:
        try:
            if number % 2:
                wish = RefundWish(line_id=line, quantity=1)
                refund_order(number=order.number, lines=[wish], shipping=False, reason="Back", key=f"desk-{number}")
            else:
                settle_exchange(return_number=request.number, settlement=settlement, shown=shown)
        except DomainError as refusal:
            return refusal.code
        return "done"

    all_at_once(act, range(8))
    drain(limit=300)
    submit_due_refunds()
    drain(limit=300)
    assert sum(to_minor(row.amount) for row in OrderRefund.objects.exclude(state="failed")) == 2000
    is_sound()


def test_what_left_an_exchange_is_paid_back_once_however_often_it_is_asked_for() -> None:
    market = open_shop()
    promise(market)
    small, large = two_sizes(market, "20.00", "20.00")
    order = delivered_order(market, (small, 1))
    settled(came_back(wants(order, large)))
    child = Exchange.objects.get().child
    assert child is not None
    cancel_order(number=child.number, reason="Not wanted")
    drain(limit=300)
    submit_due_refunds()

    all_at_once(lambda _: bring_exchange_back(child_number=child.number), range(6))
    for _ in range(3):
        drain(limit=300)
        submit_due_refunds()
    assert Payment.objects.get(order_ref=order.number).refunded_minor == 2000
    assert not CreditAccount.objects.exclude(balance_minor=0).exists()
    is_sound()
