"""Two hands on one order: refunds, expiry against payment, the operator against the shopper."""

from collections.abc import Callable
from functools import partial

import pytest

from core.errors import DomainError
from core.integrity import registered, run
from core.money import to_minor
from core.outbox import drain
from inventory.models import StockItem
from orders.actions import cancel_order, expire_order, refund_order
from orders.models import Lifecycle, Order, OrderRefund, PaymentState
from orders.types import RefundWish
from payments.actions import refresh_payment, submit_due_refunds
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, payment_for, placed_order
from tests.factories.payments import choose_at_sandbox
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def ended(act: Callable[[], object]) -> str:
    """Whether it went through, or the code of the refusal."""
    try:
        act()
    except DomainError as refusal:
        return refusal.code
    return "done"


def is_sound() -> None:
    assert [finding for finding in run(registered()) if finding.count and finding.check.code != "Q02"] == []


def test_operators_refunding_the_same_units_at_once_give_each_back_once() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market, price="3.33"), 5))
    line_id = order.lines.get().pk

    def refund(operator: int) -> str:
        wish = RefundWish(line_id=line_id, quantity=1)
        return ended(
            lambda: refund_order(
                number=order.number, lines=[wish], shipping=operator < 6, reason="Broken", key=f"ticket-{operator}"
            )
        )

    ends = all_at_once(refund, range(24))
    drain(limit=200)
    submit_due_refunds()

    order.refresh_from_db()
    assert ends.count("done") == 5
    assert order.lines.get().qty_refunded == 5
    assert sum(to_minor(row.amount) for row in OrderRefund.objects.all()) <= to_minor(order.total)
    assert Payment.objects.get().refunded_minor == sum(to_minor(row.amount) for row in OrderRefund.objects.all())
    is_sound()


def test_expiry_and_payment_at_the_same_moment_end_in_one_of_two_sound_ways() -> None:
    market = open_shop()
    item = item_in(market, stock=24)
    pairs = []
    for _ in range(12):
        order = placed_order(market, (item, 1))
        payment = payment_for(order)
        choose_at_sandbox(payment, "succeed")
        pairs.append((order, payment))
    jobs: list[Callable[[], object]] = []
    for order, payment in pairs:
        jobs.append(partial(expire_order, number=order.number))
        jobs.append(partial(refresh_payment, payment_ref=payment.ref))

    all_at_once(lambda job: job(), jobs)
    drain(limit=200)

    for order, payment in pairs:
        order.refresh_from_db()
        payment.refresh_from_db()
        assert payment.captured == order.total
        assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.PAID)
    assert StockItem.objects.get().allocated == 12
    is_sound()


def test_canceling_and_paying_at_the_same_moment_never_keeps_the_money() -> None:
    market = open_shop()
    item = item_in(market, stock=24)
    pairs = []
    for _ in range(12):
        order = placed_order(market, (item, 1))
        payment = payment_for(order)
        choose_at_sandbox(payment, "succeed")
        pairs.append((order, payment))
    jobs: list[Callable[[], object]] = []
    for order, payment in pairs:
        jobs.append(partial(cancel_order, number=order.number, reason="Twice"))
        jobs.append(partial(refresh_payment, payment_ref=payment.ref))

    all_at_once(lambda job: job(), jobs)
    for _ in range(3):
        drain(limit=200)
        submit_due_refunds()

    assert set(Order.objects.values_list("lifecycle", flat=True)) == {Lifecycle.CANCELED}
    assert all(payment.captured_minor == payment.refunded_minor for payment in Payment.objects.all())
    assert StockItem.objects.get().allocated == 0
    is_sound()
