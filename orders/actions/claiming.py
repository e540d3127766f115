"""An order placed as a guest becomes part of its buyer's account."""

from collections.abc import Sequence

from django.db import transaction

from core import audit
from orders.actions.placing import email_hash
from orders.actions.trail import lock_order, write_event
from orders.errors import OrderUnknown
from orders.models import Order


def may_claim(order: Order, *, emails: Sequence[str]) -> bool:
    """Whether somebody who has proven these addresses may put the order into their account."""
    return order.user_id is None and order.email_hash in {email_hash(email) for email in emails}


def claim_order(*, number: str, user_id: int, emails: Sequence[str]) -> Order:
    """Put a guest's order into an account that has proven to own the order's address; again, nothing happens.

    Raises `OrderUnknown` when it is somebody else's or was placed with another address: nobody learns which.
    """
    with transaction.atomic():
        order = lock_order(number)
        if order.user_id == user_id:
            return order
        if not may_claim(order, emails=emails):
            raise OrderUnknown
        order.user_id = order.group.customer_id = user_id
        order.save(update_fields=["user", "updated"])
        order.group.save(update_fields=["customer", "updated"])
        write_event(order, "order.claimed", user=user_id)
        audit.record("orders.claim_order", order, data={"user": user_id})
    return order
