"""Somebody else's count of a warehouse that follows it: booked by difference, under the rows' locks.

A count is absolute and true for a moment T that has passed. What the ledger said at T is worked out by taking off
everything that was booked since; the difference to the count is booked as a correction now. So a sale or a shipment
after T is not undone, and a count that is delivered late says what it would have said in time. Corrections by the
owner's own earlier counts are not taken off: they were true before T, whenever they came to be booked. Counts of one
owner come here oldest first; who calls sees to it that one which is overtaken does not come at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from inventory.actions.counters import Change, apply
from inventory.models import StockItem, StockMovement

MOST_PROBLEMS = 50
MOST_REASON = 300
Moved = Mapping[int, tuple[int, int]]
"""Booked since T by row: on hand, and promised."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Pieces by variant as their owner counted them. Variants that are not named stay as they are.

    `owner` begins the keys of all corrections by this owner, `op_key` too. `counts_free`: the count leaves out what is
    promised to our orders; else it is everything that lies there.
    """

    warehouse_id: int
    pieces: Mapping[int, int]
    as_of: datetime
    owner: str
    op_key: str
    reason: str
    counts_free: bool = False


@dataclass(frozen=True, kw_only=True)
class Booked:
    """How many rows moved, and how many promised pieces the owner does not have."""

    changed: int
    short: int
    problems: tuple[str, ...]


def book_snapshot(snapshot: Snapshot) -> Booked:
    """Bring the counters to the count, each row once per `op_key`. In the caller's transaction.

    Where the owner has less than is promised, the counter goes as low as promises allow, and the rest is told as short:
    somebody has to call customers.
    """
    rows = _rows(snapshot)
    ids = [row.pk for row in rows]
    since, done = _since(ids, snapshot), _booked(ids, snapshot)
    changes: list[Change] = []
    problems: list[str] = []
    short = 0
    for item in (row for row in rows if row.pk not in done):
        wanted = item.on_hand + snapshot.pieces[item.variant_id] - _then(item, since.get(item.pk, (0, 0)), snapshot)
        lowest = max(item.allocated + item.reserved - item.backorder_limit, 0)
        if wanted < lowest:
            short += lowest - wanted
            problems.append(_("%(sku)s: %(count)d short") % {"sku": item.variant.sku, "count": lowest - wanted})
        step = max(wanted, lowest) - item.on_hand
        if step:
            changes.append(_correction(item, step, snapshot))
    apply(changes)
    return Booked(changed=len(changes), short=short, problems=tuple(problems[:MOST_PROBLEMS]))


def _rows(snapshot: Snapshot) -> list[StockItem]:
    """The rows, locked in order; a variant that never lay there gets one."""
    StockItem.objects.bulk_create(
        [StockItem(warehouse_id=snapshot.warehouse_id, variant_id=pk) for pk in sorted(snapshot.pieces)],
        ignore_conflicts=True,
    )
    found = StockItem.objects.filter(warehouse=snapshot.warehouse_id, variant__in=list(snapshot.pieces))
    return list(found.lock().select_related("variant"))


def _booked(ids: Sequence[int], snapshot: Snapshot) -> set[int]:
    done = StockMovement.objects.filter(stock_item__in=ids, op_key=snapshot.op_key)
    return set(done.values_list("stock_item_id", flat=True))


def _then(item: StockItem, moved: tuple[int, int], snapshot: Snapshot) -> int:
    """What the ledger said at T of the same thing the owner counts."""
    on_hand = item.on_hand - moved[0]
    return on_hand - (item.allocated - moved[1]) if snapshot.counts_free else on_hand


def _since(ids: Sequence[int], snapshot: Snapshot) -> Moved:
    rows = (
        StockMovement.objects.filter(stock_item__in=ids, created__gt=snapshot.as_of)
        .exclude(op_key__startswith=snapshot.owner)
        .order_by()
        .values_list("stock_item")
        .annotate(on_hand=Sum("d_on_hand"), allocated=Sum("d_allocated"))
    )
    return {pk: (on_hand, allocated) for pk, on_hand, allocated in rows}


def _correction(item: StockItem, step: int, snapshot: Snapshot) -> Change:
    return Change(
        stock_item_id=item.pk,
        variant_id=item.variant_id,
        kind=StockMovement.Kind.ADJUST,
        quantity=abs(step),
        d_on_hand=step,
        reason=f"{snapshot.reason}, {snapshot.as_of:%Y-%m-%d %H:%M} UTC"[:MOST_REASON],
        op_key=snapshot.op_key,
    )
