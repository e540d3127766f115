"""Reads of orders from elsewhere."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from orders.models import PastOrder
from orders.models.past import PLATFORM_NAMES
from orders.past.privacy import past_orders_of


def platform_name(code: str) -> str:
    """A platform as people call it."""
    return PLATFORM_NAMES.get(code, code)


def found_past_orders(text: str) -> QuerySet[PastOrder]:
    """Those whose number or address holds the words; all for no words. The newest first."""
    words = text.strip()
    named = Q(number__holds=words) | Q(email__holds=words) if words else Q()
    return PastOrder.objects.filter(named)


def past_orders_with(emails: Sequence[str], *, most: int = 50) -> tuple[PastOrder, ...]:
    """What was bought elsewhere with addresses that somebody has proven to own."""
    return tuple(past_orders_of(emails)[:most]) if emails else ()


def count_past_orders(first: date, last: date) -> int:
    """How many were placed on these days, both counted."""
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    return PastOrder.objects.filter(placed_at__gte=begin, placed_at__lt=end).count()
