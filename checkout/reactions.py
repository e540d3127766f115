"""What the checkout does when something is announced. Wired in `config/reactions.py`."""

import logging

from django.db import transaction

from checkout.events import CheckoutDearer
from core import audit

logger = logging.getLogger(__name__)


def note_dearer_checkout(event: CheckoutDearer) -> None:
    """After: operators find it in the audit log, whoever watches the logs sees a warning."""
    logger.warning(
        "a checkout in market %s is %s percent dearer than its cart: %s instead of %s",
        event.market,
        event.percent,
        event.total,
        event.estimate,
    )
    data = {
        "market": event.market,
        "estimate": str(event.estimate.amount),
        "total": str(event.total.amount),
        "currency": event.total.currency.code,
        "percent": event.percent,
    }
    with transaction.atomic():
        audit.record("checkout.dearer_than_cart", f"checkout.Checkout:{event.checkout}", data=data)
