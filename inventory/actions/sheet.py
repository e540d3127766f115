"""Stock of many variants in several warehouses, changed together by somebody who saw what was there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.errors import DomainError
from core.events import publish
from inventory.actions.stock import correct_stock
from inventory.errors import CountTooLow, ReasonMissing
from inventory.events import StockChanged
from inventory.models import StockItem

ON_HAND, SAFETY, REORDER, SHELF = "on_hand", "safety_stock", "reorder_point", "shelf"
LEVELS = (SAFETY, REORDER, SHELF)
NO_ROW: Mapping[str, int | str | None] = {ON_HAND: None, SAFETY: 0, REORDER: None, SHELF: ""}
"""What a cell says where a warehouse has never had a variant."""
Spot = tuple[int, int]
"""Warehouse and variant."""
Place = tuple[str, int, int]
"""Field, warehouse, variant."""


@dataclass(frozen=True, kw_only=True)
class StockEdit:
    """A cell: what a person saw there and what they want. `None` is "no row", or no reorder point."""

    field: str
    warehouse_id: int
    variant_id: int
    seen: int | str | None
    wanted: int | str | None

    @property
    def place(self) -> Place:
        """Which cell it is."""
        return self.field, self.warehouse_id, self.variant_id

    @property
    def spot(self) -> Spot:
        """Which stock row it is of."""
        return self.warehouse_id, self.variant_id


class StockMoved(DomainError):
    """Some of the cells say something else by now, a sale for example; nothing was written. `now` says what."""

    code = "STOCK_MOVED"
    message = _("Some of these numbers changed in the meantime. Nothing was saved yet.")

    def __init__(self, now: Mapping[Place, Any]) -> None:
        self.now = dict(now)
        super().__init__()


class StockRefused(DomainError):
    """Some of the counts cannot be; nothing was written. `reasons` says why, by cell."""

    code = "STOCK_REFUSED"
    message = _("Some of these counts cannot be right. Nothing was saved yet.")

    def __init__(self, reasons: Mapping[Place, str]) -> None:
        self.reasons = dict(reasons)
        super().__init__()


@transaction.atomic
def change_stock(*, edits: Sequence[StockEdit], reason: str, op_key: str) -> int:
    """Write all edits or none; returns how many stock rows changed. A changed count is booked as a correction.

    Raises `ReasonMissing` for a changed count without a reason, `StockMoved`, `StockRefused`.
    """
    counts = [edit for edit in edits if edit.field == ON_HAND]
    if counts and not reason.strip():
        raise ReasonMissing
    items = _locked(edit.spot for edit in edits)
    moved = {edit.place: now for edit in edits if (now := _now(items, edit)) != edit.seen}
    if moved:
        raise StockMoved(moved)
    items = _with_new_rows(items, {edit.spot for edit in edits})
    for spot in sorted({edit.spot for edit in edits if edit.field in LEVELS}):
        _set_levels(items[spot], {e.field: e.wanted for e in edits if e.spot == spot and e.field in LEVELS})
    _correct(items, counts, reason, op_key)
    return len({edit.spot for edit in edits})


def _locked(spots: Iterable[Spot]) -> dict[Spot, StockItem]:
    wanted = set(spots)
    rows = StockItem.objects.lock().filter(
        warehouse__in={warehouse for warehouse, _variant in wanted},
        variant__in={variant for _warehouse, variant in wanted},
    )
    return {(row.warehouse_id, row.variant_id): row for row in rows if (row.warehouse_id, row.variant_id) in wanted}


def _with_new_rows(items: dict[Spot, StockItem], wanted: set[Spot]) -> dict[Spot, StockItem]:
    missing = sorted(wanted - items.keys())
    if not missing:
        return items
    StockItem.objects.bulk_create(
        [StockItem(warehouse_id=warehouse, variant_id=variant) for warehouse, variant in missing],
        ignore_conflicts=True,
    )
    return items | _locked(missing)


def _now(items: Mapping[Spot, StockItem], edit: StockEdit) -> Any:
    row = items.get(edit.spot)
    return NO_ROW[edit.field] if row is None else getattr(row, edit.field)


def _set_levels(item: StockItem, wanted: Mapping[str, Any]) -> None:
    before = {name: getattr(item, name) for name in wanted}
    for name, value in wanted.items():
        setattr(item, name, value if name == REORDER else value or type(before[name])())
    item.save(update_fields=[*wanted, "updated"])
    audit.record("stock.set_levels", item, data={"from": before, "to": dict(wanted)})
    if wanted.keys() & {SAFETY, REORDER}:
        publish(StockChanged(variant_ids=(item.variant_id,)))


def _correct(items: Mapping[Spot, StockItem], counts: Sequence[StockEdit], reason: str, op_key: str) -> None:
    """By ascending row, as everywhere. Every count that cannot be is named, not the first one only."""
    reasons: dict[Place, str] = {}
    for edit in sorted(counts, key=lambda edit: items[edit.spot].pk):
        item = items[edit.spot]
        try:
            correct_stock(stock_item_id=item.pk, counted=int(edit.wanted or 0), reason=reason, op_key=op_key)
        except CountTooLow as refusal:
            reasons[edit.place] = str(refusal)
    if reasons:
        raise StockRefused(reasons)
