"""End an order that will not be carried out: canceled by somebody, or expired because nobody paid."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core import audit
from core.events import publish
from core.money import from_minor
from core.wakeups import wake_on_commit
from inventory.actions import release_order
from orders.actions.presale_claims import end_claims
from orders.actions.receipts import confirm_if_paid
from orders.actions.refund_rows import ask_excess_back, parts_of, shipping_left, write_refund
from orders.actions.refund_shares import has_only_credit, in_refund_order, refundable, room_of
from orders.actions.trail import lock_order, money_facts, move_order, refresh_states
from orders.errors import AlreadyShipped, OrderNotOpen, ReasonMissing
from orders.events import OrderCanceled, OrderExpired
from orders.models import INSIDE, Lifecycle, Order, OrderLine, ParcelState
from payments.actions import cancel_order_payments
from payments.errors import ProviderRefused, ProviderUnreachable
from payments.queries import payment_state


def cancel_order(*, number: str, reason: str) -> Order:
    """Cancel a whole order: stock is free again, received money is promised back, open payments are closed later.

    Canceling again changes nothing. Raises `AlreadyShipped`, `OrderNotOpen`, `ReasonMissing`.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        if order.lifecycle == Lifecycle.CANCELED:
            return order
        if not order.is_open:
            raise OrderNotOpen(number=number, state=order.lifecycle)
        if order.lines.filter(qty_shipped__gt=0).exists():
            raise AlreadyShipped(number=number)
        was_paid = money_facts(order).received > 0
        _close(order, Lifecycle.CANCELED, reason.strip())
        _promise_all_back(order, reason.strip())
        refresh_states(order)
        publish(OrderCanceled(number=number, reason=reason.strip()[:200], was_paid=was_paid))
        audit.record("orders.cancel_order", order, reason=reason)
        wake_on_commit("orders.tasks.close_payments")
    return order


def expire_unpaid_orders(*, limit: int = 200) -> int:
    """Expire orders whose time to pay has run out; returns how many. Call with no transaction open.

    The payment is closed at the provider first, so that no late success can follow; one that cannot be
    closed because its result is still to come keeps the order waiting.
    """
    due = Order.objects.filter(lifecycle=Lifecycle.PENDING_PAYMENT, pay_by__lt=Now()).order_by("pay_by")
    numbers = list(due.values_list("number", flat=True)[:limit])
    return sum(expire_order(number=number) for number in numbers)


def expire_order(*, number: str) -> bool:
    """Expire one unpaid order, unless money came or may still come. What gift cards and credit paid goes back."""
    if not close_payments(number=number, reason="expired"):
        return False
    with transaction.atomic():
        order = lock_order(number)
        facts = money_facts(order)
        came = facts.authorized or (facts.received and not has_only_credit(order))
        if order.lifecycle != Lifecycle.PENDING_PAYMENT:
            return False
        if came:
            confirm_if_paid(order)  # a part of the money: its time is over now, so a person decides
            return False
        _close(order, Lifecycle.EXPIRED, "")
        _promise_sums_back(order, key=f"expired:{number}", reason="The order was not paid in time.")
        refresh_states(order)
        publish(OrderExpired(number=number))
    return True


def keep_for_payment(*, number: str, until: datetime) -> None:
    """The shopper has chosen a way of paying that takes days: the goods of an unpaid order are kept at least so long.

    Never shortens the time. An order that is not waiting for its payment stays as it is.
    """
    with transaction.atomic():
        order = lock_order(number)
        if order.lifecycle == Lifecycle.PENDING_PAYMENT and order.pay_by < until:
            order.pay_by = until
            order.save(update_fields=["pay_by"])


def close_payments(*, number: str, reason: str) -> bool:
    """Close the open payments of an order at their providers; returns whether none can succeed any more.

    Call it with no transaction open.
    """
    try:
        cancel_order_payments(order_ref=number, reason=reason)
    except (ProviderUnreachable, ProviderRefused):
        return False
    return not payment_state(number).undecided


def close_payments_of_dead_orders(*, limit: int = 100) -> int:
    """After cancellations: close what could still take money. Safe to run at any time."""
    numbers = Order.objects.filter(lifecycle=Lifecycle.CANCELED, payments_closed=False).values_list("number", flat=True)
    closed = 0
    for number in list(numbers[:limit]):
        if close_payments(number=number, reason="order_canceled"):
            closed += Order.objects.filter(number=number).update(payments_closed=True)
    return closed


def _close(order: Order, lifecycle: str, reason: str) -> None:
    end_claims(order)
    release_order(order_ref=order.number)
    if lifecycle == Lifecycle.CANCELED:
        OrderLine.objects.filter(order=order).update(qty_canceled=F("quantity"))
        order.canceled_at = timezone.now()
        order.cancel_reason = reason[:200]
        order.save(update_fields=["canceled_at", "cancel_reason"])
        for parcel in order.fulfillments.filter(state__in=INSIDE):
            parcel.become(state=ParcelState.CANCELED)
    move_order(order, lifecycle, note=reason)


def _promise_all_back(order: Order, reason: str) -> None:
    """Everything received goes back: by lines when the order was paid in full, as plain sums otherwise."""
    left = refundable(order)
    if left <= 0:
        return
    lines = [line for line in order.lines.prefetch_related("parts") if line.qty_refunded < line.quantity]
    parts = [part for line in lines for part in parts_of(line, line.quantity - line.qty_refunded)]
    whole = sum(one.part.amount for one in parts) + sum(shipping_left(order))
    if whole and left == whole:
        write_refund(order, parts=parts, shipping=True, reason=reason, key=f"cancel:{order.number}")
        return
    _promise_sums_back(order, key=f"cancel:{order.number}", reason=reason)


def _promise_sums_back(order: Order, *, key: str, reason: str) -> None:
    """Every payment gets back what is left of it, never more than the order has left in all."""
    left = refundable(order)
    for receipt in in_refund_order(order):
        minor = min(left, room_of(order, receipt))
        if minor > 0:
            ask_excess_back(
                order,
                payment_ref=receipt.payment_ref,
                wanted=from_minor(minor, order.currency),
                key=f"{key}:{receipt.payment_ref}",
                reason=reason,
            )
            left -= minor
