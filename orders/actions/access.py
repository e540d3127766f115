"""Mailed links to an order: a secret whose hash is kept, for 90 days."""

from datetime import timedelta

from django.utils import timezone

from core.signing import new_secret, secret_hash
from orders.errors import OrderUnknown
from orders.models import Order, OrderAccess

VALID_FOR = timedelta(days=90)


def grant_access(*, number: str, purpose: str = "link") -> str:
    """A new secret that opens the order's page; it cannot be read again later, only replaced by another."""
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise OrderUnknown
    secret = new_secret()
    OrderAccess.objects.create(
        order=order, token_hash=secret_hash(secret), purpose=purpose, expires_at=timezone.now() + VALID_FOR
    )
    return secret


def revoke_access(*, number: str) -> int:
    """End every link to the order; returns how many."""
    links = OrderAccess.objects.filter(order__number=number, revoked_at__isnull=True)
    return links.update(revoked_at=timezone.now())
