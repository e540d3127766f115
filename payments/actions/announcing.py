"""What the rest of the shop hears of a payment. Called by `settle_payment` only."""

from collections.abc import Iterable, Sequence

from core.events import Event, publish
from core.money import from_minor
from payments.events import (
    DisputeWon,
    PaymentAuthorized,
    PaymentCanceled,
    PaymentCaptured,
    PaymentDeclined,
    PaymentDisputed,
    PaymentFailed,
    PaymentPending,
)
from payments.models import Payment, PaymentTransaction


def announce(
    payment: Payment, before: str, counted: Iterable[PaymentTransaction], fresh: Sequence[PaymentTransaction]
) -> None:
    """Publish every movement of money once, every declined try, and where the payment has come to."""
    for row in counted:
        _publish(_movement(payment, row, is_late=before in ("failed", "canceled")))
    for row in fresh:
        if row.kind == "declined":
            publish(PaymentDeclined(order_ref=payment.order_ref, payment_ref=payment.ref, code=row.code))
    if payment.state != before:
        _publish(_arrival(payment))


def _publish(event: Event | None) -> None:
    if event is not None:
        publish(event)


def _movement(payment: Payment, row: PaymentTransaction, *, is_late: bool) -> Event | None:
    order, ref, amount = payment.order_ref, payment.ref, from_minor(row.amount_minor, row.currency)
    match row.kind:
        case "captured":
            return PaymentCaptured(order_ref=order, payment_ref=ref, amount=amount, fact_ref=row.fact_ref, late=is_late)
        case "disputed":
            return PaymentDisputed(order_ref=order, payment_ref=ref, amount=amount, fact_ref=row.fact_ref)
        case "dispute_reversed":
            return DisputeWon(order_ref=order, payment_ref=ref, amount=amount)
    return None


def _arrival(payment: Payment) -> Event | None:
    order, ref, code = payment.order_ref, payment.ref, payment.failure_code
    match payment.state:
        case "processing":
            return PaymentPending(order_ref=order, payment_ref=ref)
        case "authorized":
            return PaymentAuthorized(order_ref=order, payment_ref=ref, amount=payment.authorized)
        case "failed":
            return PaymentFailed(order_ref=order, payment_ref=ref, code=code)
        case "canceled":
            return PaymentCanceled(order_ref=order, payment_ref=ref, code=code)
    return None
