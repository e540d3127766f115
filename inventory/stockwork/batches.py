"""Batches follow the counters: whatever changes what is on hand changes the batches of that shelf, in one transaction.

Pieces leave first expired, first out, but for those that a picker's list has named, and never past their date; pieces
that are corrected away are those past their date first. Pieces that come without a batch go to the batch without a
name. The pieces of all batches of a shelf add up to what is on hand (integrity check S20). Batches are locked only by
whoever has locked their shelf, so they need no place of their own in the order of locks.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, F, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.locks import LockingQuerySet
from inventory.errors import BatchDateDiffers, BatchesDiffer, BatchesExpired
from inventory.models import Batch, BatchedVariant, BatchMovement, StockItem, StockMovement
from inventory.types import BatchPart

Kind = StockMovement.Kind
LEAVING = frozenset({Kind.SHIP, Kind.TRANSFER_OUT})
"""What goes to somebody else: never pieces past their date."""
FAR = date.max


@dataclass(frozen=True, kw_only=True)
class Flow:
    """What one movement did to what is on hand of a shelf, with the batches its author named."""

    stock_item_id: int
    movement_id: int
    kind: str
    pieces: int
    line_ref: str = ""
    parts: tuple[BatchPart, ...] = ()


@dataclass
class _Shelf:
    """The batches of one shelf while they change; each knows how the whole flow changed it, by movement."""

    stock_item_id: int
    days_left: int
    rows: list[Batch]
    moved: list[tuple[Batch, int, int]] = field(default_factory=list)

    def put(self, part: BatchPart, movement_id: int) -> None:
        row = next((row for row in self.rows if row.code == part.code), None)
        if row is None:
            row = Batch(stock_item_id=self.stock_item_id, code=part.code, expires_on=part.expires_on)
            row.is_blocked = is_past(part.expires_on, self.days_left)
            self.rows.append(row)
        elif part.expires_on is not None and row.expires_on not in (None, part.expires_on):
            raise BatchDateDiffers(batch=part.code)
        elif row.expires_on is None and part.expires_on is not None:
            row.expires_on = part.expires_on
            row.is_blocked = is_past(part.expires_on, self.days_left)
        row.quantity += part.quantity
        self.moved.append((row, part.quantity, movement_id))

    def take(self, flow: Flow) -> None:
        left = -flow.pieces
        for row, most in self._in_turn(flow):
            count = min(left, row.quantity, most)
            if count:
                left -= count
                row.quantity -= count
                self.moved.append((row, -count, flow.movement_id))
        if left and flow.kind in LEAVING and any(row.is_blocked and row.quantity for row in self.rows):
            raise BatchesExpired(stock_item_id=self.stock_item_id, missing=left)
        if left:
            raise BatchesDiffer

    def _in_turn(self, flow: Flow) -> list[tuple[Batch, int]]:
        """Which batches are taken from one after the other, and how many pieces of each at most."""
        all_of_them = -flow.pieces
        if flow.kind in LEAVING:
            sold = sorted((row for row in self.rows if not row.is_blocked), key=_soonest)
            named = {part.code: part.quantity for part in flow.parts}
            picked = [(row, named[row.code]) for row in sold if row.code in named]
            return [*picked, *((row, all_of_them) for row in sold)]
        named_rows = [row for row in self.rows if row.code in {part.code for part in flow.parts}]
        if flow.parts:
            return [(row, all_of_them) for row in named_rows]
        others = sorted(self.rows, key=lambda row: (not row.is_blocked, bool(row.code), *_soonest(row)))
        return [(row, all_of_them) for row in others]


def _soonest(row: Batch) -> tuple[date, int]:
    return row.expires_on or FAR, row.pk or 0


def is_past(expires_on: date | None, days_left: int) -> bool:
    """Whether a batch is no longer sold today, by the clock of UTC."""
    return expires_on is not None and (expires_on - timezone.now().date()).days < days_left


def follow(flows: Sequence[Flow]) -> None:
    """Let the batches follow. The caller holds the rows' locks: it has just changed their counters.

    One query when none of the shelves keeps batches. Raises `BatchesExpired`, `BatchesDiffer`, `BatchDateDiffers`.
    """
    moving = [flow for flow in flows if flow.pieces]
    kept = _kept({flow.stock_item_id for flow in moving})
    if not kept:
        return
    shelves = _shelves(kept)
    for flow in moving:
        shelf = shelves.get(flow.stock_item_id)
        if shelf is None:
            continue
        if flow.pieces < 0:
            shelf.take(flow)
        else:
            parts = [part for part in flow.parts or _came_back(flow) if part.quantity]
            if sum(part.quantity for part in parts) != flow.pieces:
                raise BatchesDiffer
            for part in parts:
                shelf.put(part, flow.movement_id)
    store(shelves.values())


def _kept(stock_item_ids: Iterable[int]) -> dict[int, int]:
    """Which of these shelves keep batches, with the days their pieces must have left."""
    wanted = list(stock_item_ids)
    if not wanted:
        return {}
    rows = BatchedVariant.objects.filter(variant__in=StockItem.objects.filter(pk__in=wanted).values("variant"))
    days = dict(rows.values_list("variant_id", "days_left"))
    if not days:
        return {}
    items = StockItem.objects.filter(pk__in=wanted, variant__in=days)
    return {pk: days[variant] for pk, variant in items.values_list("pk", "variant_id")}


def _shelves(kept: dict[int, int]) -> dict[int, _Shelf]:
    found = {pk: _Shelf(pk, days_left, []) for pk, days_left in sorted(kept.items())}
    for row in Batch.objects.lock().filter(stock_item__in=kept):
        found[row.stock_item_id].rows.append(row)
    return found


def _came_back(flow: Flow) -> tuple[BatchPart, ...]:
    """Returned pieces go to the batch that was last sent for their line; all others to the one without a name."""
    sent = None
    if flow.kind == Kind.RETURN and flow.line_ref:
        rows = BatchMovement.objects.filter(
            movement__line_ref=flow.line_ref, movement__kind=Kind.SHIP, movement__stock_item__in=_same(flow)
        )
        sent = rows.order_by("-pk").values_list("batch__code", "batch__expires_on").first()
    code, expires_on = sent or ("", None)
    return (BatchPart(quantity=flow.pieces, code=code, expires_on=expires_on),)


def _same(flow: Flow) -> LockingQuerySet[StockItem]:
    """The shelves of the same variant: a piece may come back to another warehouse than the one it left."""
    variant = StockItem.objects.filter(pk=flow.stock_item_id).values("variant")
    return StockItem.objects.filter(variant__in=variant)


def store(shelves: Iterable[_Shelf]) -> None:
    """Write changed batches, their movements, and what is blocked on each shelf."""
    changed = [shelf for shelf in shelves if shelf.moved]
    rows = {id(row): row for shelf in changed for row, _count, _movement in shelf.moved}
    Batch.objects.bulk_create([row for row in rows.values() if row._state.adding])
    Batch.objects.bulk_update(rows.values(), ["quantity", "expires_on", "is_blocked"])
    BatchMovement.objects.bulk_create(
        [
            BatchMovement(batch=row, movement_id=movement or None, quantity=count)
            for shelf in changed
            for row, count, movement in shelf.moved
        ]
    )
    note_blocked([shelf.stock_item_id for shelf in changed])


def note_blocked(stock_item_ids: Sequence[int]) -> None:
    """Count again what may not be sold of these shelves. The caller holds the locks of the rows."""
    rows = Batch.objects.filter(stock_item__in=stock_item_ids, is_blocked=True)
    sums = dict(rows.order_by().values_list("stock_item").annotate(Sum("quantity")))
    cases = [When(pk=pk, then=Value(count)) for pk, count in sums.items()]
    blocked = Case(*cases, default=Value(0)) if cases else Value(0)
    StockItem.objects.filter(pk__in=stock_item_ids).exclude(blocked=blocked).update(blocked=blocked)


def parts_moved(*, op_key: str, line_ref: str) -> tuple[BatchPart, ...]:
    """Which batches a movement took pieces from, as what the next shelf gets; empty where no batches are kept."""
    rows = (
        BatchMovement.objects.filter(movement__op_key=op_key, movement__line_ref=line_ref)
        .values("batch__code", "batch__expires_on")
        .annotate(pieces=Coalesce(-Sum(F("quantity")), 0))
        .order_by("batch__expires_on", "batch__code")
    )
    return tuple(
        BatchPart(quantity=row["pieces"], code=row["batch__code"], expires_on=row["batch__expires_on"])
        for row in rows
        if row["pieces"] > 0
    )


def split_parts(parts: Sequence[BatchPart], skip: int, count: int) -> tuple[BatchPart, ...]:
    """`count` pieces of a run of parts after the first `skip`: what arrives second is what was not there first."""
    found: list[BatchPart] = []
    for part in parts:
        passed = min(skip, part.quantity)
        skip -= passed
        here = min(count, part.quantity - passed)
        count -= here
        if here:
            found.append(BatchPart(quantity=here, code=part.code, expires_on=part.expires_on))
    if count and parts:
        found.append(BatchPart(quantity=count))
    return tuple(found)


def batched(variant_ids: Iterable[int]) -> frozenset[int]:
    """Which of these variants are kept in batches. One query."""
    rows = BatchedVariant.objects.filter(variant__in=list(variant_ids))
    return frozenset(rows.values_list("variant_id", flat=True))


def parts_by_key(op_keys: Iterable[str]) -> dict[tuple[str, int], list[BatchPart]]:
    """Which batches movements with these keys brought, by key and variant. One query."""
    found: defaultdict[tuple[str, int], list[BatchPart]] = defaultdict(list)
    rows = BatchMovement.objects.filter(movement__op_key__in=list(op_keys), quantity__gt=0).order_by("pk")
    names = ("movement__op_key", "batch__stock_item__variant", "quantity", "batch__code", "batch__expires_on")
    for key, variant_id, pieces, code, expires_on in rows.values_list(*names):
        found[key, variant_id].append(BatchPart(quantity=pieces, code=code, expires_on=expires_on))
    return dict(found)


def pieces_by_shelf(stock_item_ids: Iterable[int]) -> dict[int, list[Batch]]:
    """The batches with pieces of these shelves, soonest first. One query."""
    found: defaultdict[int, list[Batch]] = defaultdict(list)
    rows = Batch.objects.filter(stock_item__in=list(stock_item_ids), quantity__gt=0)
    for row in rows.order_by(F("expires_on").asc(nulls_last=True), "pk"):
        found[row.stock_item_id].append(row)
    return dict(found)
