"""A warehouse whose counters follow what its owner says: by difference, under the rows' locks.

The number is absolute and true for a moment T that has passed. What the ledger said at T is worked out by taking off
everything that was booked since; the difference to what the owner says is booked as a correction now. So a sale or a
shipment after T is not undone, and a message that is delivered late says what it would have said in time. Corrections
by the owner's own earlier messages stay in: they were true before T, whenever they came to be booked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from inventory.actions.counters import Change, Kind, apply
from inventory.models import StockItem, StockMovement, SupplierFeed

MOST_PROBLEMS = 50
KEY = "feed:"
"""How the keys of corrections by feeds begin."""


@dataclass(frozen=True, kw_only=True)
class Followed:
    """How many rows moved, and how many promised pieces the owner does not have."""

    changed: int
    short: int
    problems: tuple[str, ...]


def follow(
    *, feed: SupplierFeed, warehouse_id: int, pieces: Mapping[int, int], told_at: datetime, op_key: str
) -> Followed:
    """Bring the feed's warehouse to these pieces by variant, as of `told_at`. In the caller's transaction.

    Where the owner has less than is promised, the counter goes as low as promises allow, and the rest is told as
    short: somebody has to call customers. Variants that are not named stay as they are.
    """
    StockItem.objects.bulk_create(
        [StockItem(warehouse_id=warehouse_id, variant_id=pk) for pk in sorted(pieces)], ignore_conflicts=True
    )
    rows = list(
        StockItem.objects.filter(warehouse=warehouse_id, variant__in=list(pieces)).lock().select_related("variant")
    )
    since = _since([row.pk for row in rows], told_at)
    changes, problems, short = [], [], 0
    for item in rows:
        moved = since.get(item.pk, (0, 0))
        difference = pieces[item.variant_id] - at_that_time(item, moved, meaning=feed.meaning)
        lowest = max(item.allocated + item.reserved - item.backorder_limit, 0)
        wanted = item.on_hand + difference
        if wanted < lowest:
            short += lowest - wanted
            problems.append(_("%(sku)s: %(count)d short") % {"sku": item.variant.sku, "count": lowest - wanted})
        step = max(wanted, lowest) - item.on_hand
        if step:
            changes.append(_correction(item, step, feed, told_at, op_key))
    apply(changes)
    return Followed(changed=len(changes), short=short, problems=tuple(problems[:MOST_PROBLEMS]))


def at_that_time(item: StockItem, moved: tuple[int, int], *, meaning: str) -> int:
    """What the ledger said then of the same thing the owner counts: the whole shelf, or what is free of orders.

    `moved` is what was booked since, on hand and promised.
    """
    on_hand = item.on_hand - moved[0]
    if meaning == SupplierFeed.Meaning.ON_SHELF:
        return on_hand
    return on_hand - (item.allocated - moved[1])


def _since(ids: list[int], told_at: datetime) -> dict[int, tuple[int, int]]:
    rows = (
        StockMovement.objects.filter(stock_item__in=ids, created__gt=told_at)
        .exclude(op_key__startswith=KEY)
        .order_by()
        .values_list("stock_item")
        .annotate(on_hand=Sum("d_on_hand"), allocated=Sum("d_allocated"))
    )
    return {pk: (on_hand, allocated) for pk, on_hand, allocated in rows}


def _correction(item: StockItem, step: int, feed: SupplierFeed, told_at: datetime, op_key: str) -> Change:
    told = told_at.strftime("%Y-%m-%d %H:%M UTC")
    return Change(
        stock_item_id=item.pk,
        variant_id=item.variant_id,
        kind=Kind.ADJUST,
        quantity=abs(step),
        d_on_hand=step,
        reason=f"{feed.supplier} ({feed.name}), {told}"[:300],
        op_key=op_key,
    )
