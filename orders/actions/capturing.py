"""Take money that is held for an order."""

from django.db import transaction

from core import audit
from orders.actions.trail import lock_order, write_event
from orders.errors import NothingToCapture
from orders.models import Order
from payments.actions import capture_payment
from payments.queries import payment_state


def capture_order(*, number: str) -> Order:
    """Take everything that is held for the order. Call it with no transaction open.

    The receipt is booked by the payment's own report. Raises `NothingToCapture`, and what `capture_payment` raises.
    """
    held = [payment for payment in payment_state(number).payments if payment.state == "authorized"]
    if not held:
        raise NothingToCapture
    with transaction.atomic():
        order = lock_order(number)
        write_event(order, "payment.capture_asked")
        audit.record("orders.capture_order", order)
    for payment in held:
        capture_payment(payment_ref=payment.ref)
    order.refresh_from_db()
    return order
