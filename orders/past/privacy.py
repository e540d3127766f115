"""What orders from elsewhere hold about people. The goods and sums stay; who bought them goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.privacy import Personal, Subject, rows_of
from orders.actions.placing import email_hash
from orders.models import PastLine, PastOrder

PAST = (
    Personal(
        model="orders.PastOrder",
        fields=("email", "email_hash", "name", "phone", "addresses"),
        purpose="What somebody bought at another shop of ours before, so that questions about it can be answered.",
        fate="pseudonymised",
        reason="What was sold and for how much stays, and names nobody.",
    ),
)


def past_orders_of(emails: frozenset[str] | Sequence[str]) -> QuerySet[PastOrder]:
    """Those bought with these addresses."""
    return PastOrder.objects.filter(email_hash__in=[email_hash(email) for email in emails])


def export_past(subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The orders and what was in them."""
    mine = past_orders_of(subject.emails)
    return {
        "orders.PastOrder": rows_of(
            mine, "platform", "number", "placed_at", "state", "email", "name", "phone", "addresses", "currency", "total"
        ),
        "orders.PastLine": rows_of(
            PastLine.objects.filter(order__in=mine), "order__number", "sku", "name", "quantity", "line_total"
        ),
    }


def forget_past(subject: Subject) -> int:
    """Nobody can be found by these rows any more, and the same file does not bring them back. Returns how many."""
    return past_orders_of(subject.emails).update(
        email="", email_hash="", name="", phone="", addresses={}, forgotten_at=timezone.now()
    )
