"""Money that comes: enough, short, double, late, foreign. It counts once, or it goes back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from core.integrity import registered, run
from core.money import Money, to_minor
from core.outbox import drain
from inventory.models import StockItem
from orders.actions import book_receipt, cancel_order, expire_unpaid_orders
from orders.models import Lifecycle, Order, OrderRefund, PaymentState, RefundState
from payments.actions import process_inbox, refresh_payment, submit_due_refunds
from payments.models import Payment
from payments.tasks import run_sandbox
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, pay, payment_for, placed_order
from tests.factories.payments import choose_at_sandbox, fact, settled
from tests.shared_world import kept

pytestmark = pytest.mark.django_db


def settle_everything() -> None:
    """Let workers do what waits: consequences, refunds, webhooks."""
    for _ in range(4):
        drain(limit=200)
        submit_due_refunds()
        process_inbox()


def is_sound() -> None:
    """Nothing that must be true of orders, payments or stock is broken."""
    found = [finding for finding in run(registered()) if finding.count and finding.check.code != "Q02"]
    assert found == []


@kept
def unpaid() -> Order:
    market = open_shop()
    return placed_order(market, (item_in(market), 4))


def test_the_same_receipt_is_booked_once() -> None:
    order = unpaid()
    payment = payment_for(order)

    for _ in range(3):
        settled(payment, fact(payment, "captured"))

    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CONFIRMED
    assert order.receipts.get().received == order.total
    assert order.events.filter(kind="order.confirmed").count() == 1
    is_sound()


def test_a_receipt_for_no_order_is_left_alone() -> None:
    unpaid()
    before = list(Order.objects.values())

    book_receipt(order_number="MER-0", payment_ref=uuid4(), amount=Money(1, "EUR"), fact_ref="x")

    assert list(Order.objects.values()) == before
    is_sound()


def test_a_webhook_before_the_return_and_the_return_before_the_webhook_end_the_same() -> None:
    market = open_shop()
    for first in ("webhook", "return"):
        order = placed_order(market, (item_in(market), 1))
        payment = payment_for(order)
        choose_at_sandbox(payment, "succeed")
        if first == "webhook":
            run_sandbox()
            process_inbox()
        refresh_payment(payment_ref=payment.ref, source="return")
        run_sandbox()
        process_inbox()

        order.refresh_from_db()
        assert order.payment_state == PaymentState.PAID
        assert order.receipts.get().received == order.total
    is_sound()


def test_short_money_does_not_confirm_and_asks_a_person() -> None:
    order = unpaid()
    book_receipt(order_number=order.number, payment_ref=uuid4(), amount=Money("1.00", "EUR"), fact_ref="c")

    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.PENDING_PAYMENT
    assert order.payment_state == PaymentState.PARTLY_PAID
    assert order.holds.get().kind == "payment_mismatch"


def test_foreign_money_does_not_confirm_and_asks_a_person() -> None:
    order = unpaid()
    amount = Money(order.total.amount, "USD")
    book_receipt(order_number=order.number, payment_ref=uuid4(), amount=amount, fact_ref="c")

    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.PENDING_PAYMENT
    assert to_minor(order.receipts.get().received) == 0
    assert order.holds.get().kind == "payment_mismatch"


def test_money_for_a_canceled_order_goes_back() -> None:
    order = unpaid()
    payment = payment_for(order)
    choose_at_sandbox(payment, "succeed")
    cancel_order(number=order.number, reason="Changed their mind")
    assert StockItem.objects.get().allocated == 0

    refresh_payment(payment_ref=payment.ref)
    settle_everything()

    order.refresh_from_db()
    payment.refresh_from_db()
    assert order.lifecycle == Lifecycle.CANCELED
    assert payment.refunded == payment.captured == order.total
    assert OrderRefund.objects.get().state == RefundState.SUCCEEDED
    assert order.payment_state == PaymentState.REFUNDED
    is_sound()


def test_a_second_payment_of_the_same_order_goes_back() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    second = Payment.objects.create(
        order_ref=order.number,
        attempt=9,
        provider="sandbox",
        method="card",
        currency="EUR",
        amount_minor=to_minor(order.total),
        idempotency_key=f"{order.number}-9",
        state="failed",
    )
    settled(second, fact(second, "captured", provider_ref="late-one"))
    drain(limit=200)

    refund = OrderRefund.objects.get()
    assert refund.is_excess
    assert refund.amount == order.total
    assert refund.payment_ref == second.ref
    assert refund.state == RefundState.SENT
    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CONFIRMED
    assert order.holds.filter(kind="payment_mismatch", resolved_at__isnull=True).exists()


def overdue(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(pay_by=timezone.now() - timedelta(minutes=1))


def test_an_order_nobody_paid_expires_and_its_stock_is_free() -> None:
    order = unpaid()
    payment = payment_for(order)
    overdue(order)

    assert expire_unpaid_orders() == 1
    assert expire_unpaid_orders() == 0

    order.refresh_from_db()
    payment.refresh_from_db()
    assert order.lifecycle == Lifecycle.EXPIRED
    assert payment.state == "canceled"
    assert StockItem.objects.get().available == 10
    is_sound()


def test_an_order_that_was_just_paid_does_not_expire() -> None:
    order = unpaid()
    payment = payment_for(order)
    choose_at_sandbox(payment, "succeed")
    overdue(order)

    assert expire_unpaid_orders() == 0

    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CONFIRMED
    is_sound()


def test_an_order_whose_money_is_on_its_way_does_not_expire() -> None:
    order = unpaid()
    payment = payment_for(order)
    choose_at_sandbox(payment, "pending_succeed")
    refresh_payment(payment_ref=payment.ref)
    overdue(order)

    expire_unpaid_orders()

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.lifecycle, payment.is_undecided) in ((Lifecycle.PENDING_PAYMENT, True), (Lifecycle.EXPIRED, False))
    is_sound()


@pytest.mark.parametrize("goods_are_there", [True, False])
def test_late_money_confirms_again_only_while_the_goods_are_there(goods_are_there: bool) -> None:
    order = unpaid()
    payment = payment_for(order)
    overdue(order)
    expire_unpaid_orders()
    if not goods_are_there:
        StockItem.objects.update(on_hand=F("on_hand") - 8)

    settled(payment, fact(payment, "captured"))
    drain(limit=200)

    order.refresh_from_db()
    if goods_are_there:
        assert order.lifecycle == Lifecycle.CONFIRMED
        assert StockItem.objects.get().allocated == 4
    else:
        assert order.lifecycle == Lifecycle.EXPIRED
        assert OrderRefund.objects.get().amount == order.total
        assert order.holds.exists()


def test_canceling_a_paid_order_gives_everything_back_to_the_cent() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market, price="3.33"), 3), (item_in(market, price="0.07"), 7))

    for _ in range(2):
        cancel_order(number=order.number, reason="Out of sight")
    settle_everything()

    order.refresh_from_db()
    refund = OrderRefund.objects.get()
    assert refund.amount == order.total
    assert sum(to_minor(line.amount) for line in refund.lines.all()) == to_minor(order.total)
    assert order.payment_state == PaymentState.REFUNDED
    assert all(line.qty_canceled == line.quantity for line in order.lines.all())
    is_sound()


def test_a_declined_payment_leaves_a_payable_order() -> None:
    order = unpaid()
    payment = payment_for(order)
    choose_at_sandbox(payment, "decline")
    refresh_payment(payment_ref=payment.ref)

    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.PENDING_PAYMENT
    pay(order)
    assert order.lifecycle == Lifecycle.CONFIRMED
    assert Payment.objects.filter(order_ref=order.number, state="captured").count() == 1
    is_sound()
