"""When a download is open: pure rules over an order's rows, and the words of the consent it takes."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Entitlement, Order


def consent_text() -> str:
    """What the customer agrees to (Directive 2011/83/EU Art. 16(m)); kept with the order as it was shown."""
    return _(
        "I want the download to begin before the withdrawal period is over. I know that I lose my right of withdrawal "
        "as soon as it begins."
    )


def needs_consent(order: Order) -> bool:
    """Whether the download waits for the customer's word: the law gives a right of withdrawal, and it runs still."""
    if not order.withdrawal_days or hasattr(order, "digital_consent"):
        return False
    return timezone.now() <= order.placed_at + timedelta(days=order.withdrawal_days)


def is_over(row: Entitlement) -> bool:
    """Whether its time has run out."""
    return row.expires_at is not None and row.expires_at <= timezone.now()


def all_begun(order: Order) -> bool:
    """Whether everything it hands over by download has begun: nothing of that can be withdrawn from any more."""
    begun = list(order.entitlements.values_list("first_download_at", flat=True))
    return bool(begun) and None not in begun
