"""Give money back: promise it in one transaction, hand it to payments, book it when it went."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from core import audit
from core.errors import DomainError
from core.events import publish
from core.money import Money
from orders.actions.holds import open_hold_on
from orders.actions.refund_rows import uncount, wished_parts, write_refund
from orders.actions.trail import lock_order, own_order, refresh_states, write_event
from orders.errors import ReasonMissing
from orders.events import OrderRefunded
from orders.models import HoldKind, Order, OrderReceipt, OrderRefund, RefundState
from orders.types import DeliveryWish, RefundWish
from payments.actions import refund_payment
from payments.models import Refund


def refund_order(
    *, number: str, lines: Sequence[RefundWish], shipping: DeliveryWish, reason: str, key: str
) -> OrderRefund:
    """Promise money back for units of lines and all or some of the delivery; the same `key` promises once.

    Rounding is cumulative per line and for the delivery: all of it refunded in parts gives back exactly what was paid.
    Raises `NothingToRefund`, `RefundTooLarge`, `ReasonMissing`; nothing changes then.
    """
    with transaction.atomic():
        return promise_refund(lock_order(number), lines=lines, shipping=shipping, reason=reason, key=key)


def promise_refund(
    order: Order, *, lines: Sequence[RefundWish], shipping: DeliveryWish, reason: str, key: str
) -> OrderRefund:
    """`refund_order` for a caller that holds the order's lock."""
    if not reason.strip():
        raise ReasonMissing
    found = OrderRefund.objects.filter(key=key, order=order).first()
    if found is not None:
        return found
    parts = wished_parts(order, lines)
    refund = write_refund(order, parts=parts, shipping=shipping, reason=reason.strip(), key=key)
    refresh_states(order)
    audit.record(
        "orders.refund_order",
        order,
        data={"refund": refund.number, "amount": str(refund.amount.amount), "currency": order.currency},
        reason=reason,
    )
    return refund


def send_refund(*, refund_number: str) -> None:
    """Hand a promised refund to payments, which asks the provider; handing over twice gives back once.

    A refusal opens the promise again and asks a person to look.
    """
    with transaction.atomic():
        number = OrderRefund.objects.values_list("order__number", flat=True).get(number=refund_number)
        lock_order(number)
        refund = OrderRefund.objects.get(number=refund_number)
        if refund.state != RefundState.REQUESTED or refund.payment_ref is None:
            return
        try:
            with transaction.atomic():
                refund_payment(
                    payment_ref=refund.payment_ref, amount=refund.amount, key=refund.number, reason=refund.reason
                )
        except DomainError as refusal:
            fail_refund(refund_number=refund_number, code=refusal.code)
            return
        refund.become(state=RefundState.SENT)


def fail_refund(*, refund_number: str, code: str) -> None:
    """The provider said no: the promise is open again and a person has to look."""
    with transaction.atomic():
        refund = OrderRefund.objects.select_related("order").get(number=refund_number)
        order = own_order(refund.order.number)
        if order is None or not refund.may_become("state", RefundState.FAILED):
            return
        refund.failure = code[:200]
        refund.save(update_fields=["failure", "updated"])
        refund.become(state=RefundState.FAILED)
        uncount(order, refund)
        open_hold_on(
            order,
            kind=HoldKind.PAYMENT_MISMATCH,
            key=f"refund:{refund.number}",
            reason="A refund was refused by the payment provider.",
            facts={"refund": refund.number, "code": code},
        )
        refresh_states(order)


def book_refund(*, order_number: str, payment_ref: UUID, refund_ref: UUID, amount: Money) -> None:
    """Money went back. A refund made at the provider without us gets its own row. Booked once per refund."""
    with transaction.atomic():
        order = own_order(order_number)
        receipt = OrderReceipt.objects.filter(payment_ref=payment_ref, order=order).first()
        fact = f"refund:{refund_ref}"
        if order is None or receipt is None or fact in receipt.booked:
            return
        receipt.refunded += amount
        receipt.booked = [*receipt.booked, fact]
        receipt.save(update_fields=["refunded", "booked", "updated"])
        refund = _row_of(order, payment_ref, refund_ref, amount)
        if refund.may_become("state", RefundState.SUCCEEDED):
            refund.become(state=RefundState.SUCCEEDED)
        write_event(order, "refund.succeeded", to_customer=True, refund=refund.number, amount=str(amount.amount))
        publish(OrderRefunded(number=order.number, refund_number=refund.number, amount=amount))
        refresh_states(order)


def note_failed_refund(*, order_number: str, refund_ref: UUID, code: str) -> None:
    """The provider reported later that a refund did not go through."""
    key = Refund.objects.filter(ref=refund_ref).values_list("key", flat=True).first()
    number = OrderRefund.objects.filter(number=key, order__number=order_number).values_list("number", flat=True).first()
    if number is not None:
        fail_refund(refund_number=number, code=code)


def _row_of(order: Order, payment_ref: UUID, refund_ref: UUID, amount: Money) -> OrderRefund:
    """Ours by the key it was asked under; otherwise one that was made at the provider directly."""
    key = Refund.objects.filter(ref=refund_ref).values_list("key", flat=True).first() or ""
    ours = OrderRefund.objects.filter(number=key, order=order).first()
    if ours is not None:
        return ours
    refund, made = OrderRefund.objects.get_or_create(
        key=f"outside:{refund_ref}",
        defaults={
            "number": f"{order.number}-X{str(refund_ref)[:8]}",
            "order": order,
            "payment_ref": payment_ref,
            "amount": amount,
            "reason": "Refunded at the payment provider.",
            "state": RefundState.REQUESTED,
        },
    )
    if made:
        open_hold_on(
            order,
            kind=HoldKind.PAYMENT_MISMATCH,
            key=f"outside:{refund_ref}",
            reason="A refund was made at the payment provider and not here.",
            facts={"refund": refund.number, "amount": str(amount.amount)},
        )
    return refund
