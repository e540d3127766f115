"""The one way counters of stock change: a guarded update, its movement, and the batches, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F
from django.db.models.functions import Greatest

from core.audit import current_actor
from core.events import publish
from inventory.events import StockChanged
from inventory.models import StockItem, StockMovement
from inventory.sellable import SELLABLE
from inventory.stockwork.batches import Flow, follow
from inventory.types import BatchPart

Kind = StockMovement.Kind
MANY = 8
"""From so many rows on that nobody has to check against each other, they are counted together."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one movement does to one stock row. `needs_available` guards it: so many must be sellable, or it fails."""

    stock_item_id: int
    kind: str
    quantity: int
    op_key: str
    d_on_hand: int = 0
    d_allocated: int = 0
    d_reserved: int = 0
    needs_available: int = 0
    order_ref: str = ""
    line_ref: str = ""
    cause: str = ""
    reason: str = ""
    reason_code: str = ""
    parts: tuple[BatchPart, ...] = ()
    """The batches these pieces come from or go to, where their author knows."""
    variant_id: int = field(default=0)


class NotEnough(Exception):
    """A guarded change found less than it needs; the transaction must not be committed."""

    def __init__(self, change: Change) -> None:
        self.change = change
        super().__init__(f"stock item {change.stock_item_id} has not {change.needs_available} to sell")


def apply(changes: Sequence[Change]) -> None:
    """Book all changes, rows in ascending primary key so that two of these never wait in a circle.

    Raises `NotEnough` when a guard fails, and what `stockwork.batches.follow` raises; the caller's transaction then
    has to end.
    """
    by_item: dict[int, list[Change]] = {}
    for change in changes:
        by_item.setdefault(change.stock_item_id, []).append(change)
    if len(by_item) >= MANY and not any(change.needs_available for change in changes):
        _count_alike(by_item)
    else:
        for stock_item_id in sorted(by_item):
            _count(stock_item_id, by_item[stock_item_id])
    _cover(by_item)
    actor = current_actor().label[:200]
    movements = StockMovement.objects.bulk_create([_movement(change, actor) for change in changes])
    follow([_flow(change, row) for change, row in zip(changes, movements, strict=True) if change.d_on_hand])
    if changes:
        _announce(by_item)


def _cover(by_item: dict[int, list[Change]]) -> None:
    """After a pre-sale, pieces that come in or come free cover what is short first: nothing more is sold short."""
    freed = [
        pk
        for pk, changes in by_item.items()
        if sum(change.d_on_hand - change.d_allocated - change.d_reserved for change in changes) > 0
    ]
    if freed:
        short = F("allocated") + F("reserved") - F("on_hand")
        StockItem.objects.filter(pk__in=freed, backorder_ends=True).update(backorder_limit=Greatest(short, 0))


def _count(stock_item_id: int, changes: list[Change]) -> None:
    needed = sum(change.needs_available for change in changes)
    rows = StockItem.objects.filter(pk=stock_item_id)
    guarded = rows.annotate(sellable=SELLABLE).filter(sellable__gte=needed) if needed else rows
    changed = guarded.update(
        on_hand=F("on_hand") + sum(change.d_on_hand for change in changes),
        allocated=F("allocated") + sum(change.d_allocated for change in changes),
        reserved=F("reserved") + sum(change.d_reserved for change in changes),
    )
    if not changed:
        raise NotEnough(changes[0])


def _count_alike(by_item: dict[int, list[Change]]) -> None:
    """Rows that move by the same numbers move together; all are locked first, in order."""
    list(StockItem.objects.filter(pk__in=list(by_item)).lock().values_list("pk", flat=True))
    alike: dict[tuple[int, int, int], list[int]] = {}
    for stock_item_id, changes in by_item.items():
        deltas = (
            sum(change.d_on_hand for change in changes),
            sum(change.d_allocated for change in changes),
            sum(change.d_reserved for change in changes),
        )
        alike.setdefault(deltas, []).append(stock_item_id)
    for (on_hand, allocated, reserved), ids in alike.items():
        changed = StockItem.objects.filter(pk__in=ids).update(
            on_hand=F("on_hand") + on_hand, allocated=F("allocated") + allocated, reserved=F("reserved") + reserved
        )
        if changed != len(ids):
            raise NotEnough(by_item[ids[0]][0])


def _movement(change: Change, actor: str) -> StockMovement:
    return StockMovement(
        stock_item_id=change.stock_item_id,
        kind=change.kind,
        quantity=change.quantity,
        d_on_hand=change.d_on_hand,
        d_allocated=change.d_allocated,
        d_reserved=change.d_reserved,
        order_ref=change.order_ref,
        line_ref=change.line_ref,
        cause=change.cause,
        reason=change.reason,
        reason_code=change.reason_code,
        actor=actor,
        op_key=change.op_key,
    )


def _flow(change: Change, movement: StockMovement) -> Flow:
    return Flow(
        stock_item_id=change.stock_item_id,
        movement_id=movement.pk,
        kind=change.kind,
        pieces=change.d_on_hand,
        line_ref=change.line_ref,
        parts=change.parts,
    )


def _announce(by_item: dict[int, list[Change]]) -> None:
    known = {change.variant_id for changes in by_item.values() for change in changes}
    if 0 in known:
        known = set(StockItem.objects.filter(pk__in=list(by_item)).values_list("variant_id", flat=True))
    publish(StockChanged(variant_ids=tuple(sorted(known))))
