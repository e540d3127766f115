"""Leafing through long lists of orders: each page begins behind the last row of the one before.

However far one leafs, a page is found by index and costs the same; orders that are placed meanwhile move no row from
one page to another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from orders.models import Order

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = 40
LATEST = 9_999_999_999_999_999
"""Microseconds; the year 2286."""


@dataclass(frozen=True)
class Place:
    """A row's place in a list by time: when it was placed, then its key."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.pk}"


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One page of a list, and where the pages before and behind it begin; none where there are none."""

    orders: tuple[Order, ...]
    before: Place | None
    after: Place | None


def place_of(order: Order) -> Place:
    """Where this order stands in a list."""
    return Place(order.placed_at, order.pk)


def read_place(text: str) -> Place | None:
    """A place as an address names it; none for what names none."""
    moment, dash, key = text[:LONGEST].partition("-")
    if not dash or not (moment.isascii() and moment.isdigit() and key.isascii() and key.isdigit()):
        return None
    if int(moment) > LATEST or int(key) >= 2**63:
        return None
    return Place(EPOCH + timedelta(microseconds=int(moment)), int(key))


def leaf_of(
    orders: QuerySet[Order], *, newest_first: bool, after: Place | None, before: Place | None, size: int
) -> Leaf:
    """The page behind `after`, or the one that ends before `before`; the first page with neither."""
    backwards = before is not None and after is None
    start = before if backwards else after
    falling = newest_first is not backwards
    found = _rows(orders, start, falling=falling, count=size + 1)
    shown = found[:size]
    has_more = len(found) > size
    if backwards:
        shown = shown[::-1]
    if not shown:
        return Leaf(orders=(), before=None, after=None)
    has_before = has_more if backwards else start is not None
    has_after = True if backwards else has_more
    return Leaf(
        orders=tuple(shown),
        before=place_of(shown[0]) if has_before else None,
        after=place_of(shown[-1]) if has_after else None,
    )


def _rows(orders: QuerySet[Order], start: Place | None, *, falling: bool, count: int) -> Sequence[Order]:
    """The second condition takes out the rows of the same moment; the first is what the index is entered by."""
    if start is not None and falling:
        orders = orders.filter(placed_at__lte=start.at).exclude(Q(placed_at=start.at) & Q(pk__gte=start.pk))
    elif start is not None:
        orders = orders.filter(placed_at__gte=start.at).exclude(Q(placed_at=start.at) & Q(pk__lte=start.pk))
    ordered = orders.order_by("-placed_at", "-pk") if falling else orders.order_by("placed_at", "pk")
    return list(ordered[:count])
