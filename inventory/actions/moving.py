"""Promised pieces that change hands: to another order, or to another warehouse. Nobody else can take them between."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from inventory.actions.counters import Change, Kind, NotEnough, apply
from inventory.errors import NotAllocated, OutOfStock
from inventory.models import Allocation, StockItem


@dataclass(frozen=True, kw_only=True)
class Moved:
    """So many pieces of one line of an order, in one warehouse, that become another line's."""

    from_ref: str
    to_ref: str
    warehouse_code: str
    pieces: int


def hand_over_promises(*, from_order: str, to_order: str, moves: Sequence[Moved]) -> None:
    """Promise to another order what was promised to one. The shelves do not change. Raises `NotAllocated`.

    Pieces are taken from the named warehouse first, then from wherever the line has some.
    """
    with transaction.atomic():
        rows = list(
            Allocation.objects.lock()
            .filter(order_ref=from_order, line_ref__in=[move.from_ref for move in moves])
            .select_related("stock_item__warehouse")
        )
        changes: list[Change] = []
        for move in moves:
            left = move.pieces
            mine = [row for row in rows if row.line_ref == move.from_ref]
            for row in sorted(mine, key=lambda one: one.stock_item.warehouse.code != move.warehouse_code):
                count = min(left, row.open_quantity)
                if count:
                    left -= count
                    row.quantity -= count
                    changes += _hand_over(row, move, count, to_order)
            if left:
                raise NotAllocated
        apply(changes)


def _hand_over(row: Allocation, move: Moved, count: int, to_order: str) -> list[Change]:
    Allocation.objects.filter(pk=row.pk).update(quantity=F("quantity") - count)
    _promise(to_order, move.to_ref, row.stock_item_id, count)
    deed = uuid4()
    return [
        _change(Kind.RELEASE, row.stock_item_id, -count, row.order_ref, row.line_ref, deed),
        _change(Kind.ALLOCATE, row.stock_item_id, count, to_order, move.to_ref, deed),
    ]


def move_promise(*, order_ref: str, line_ref: str, variant_id: int, pieces: int, from_code: str, to_code: str) -> None:
    """Let pieces of a line leave from another warehouse, which must have them to sell.

    Raises `NotAllocated` when so many do not wait there, `OutOfStock` when the other has fewer.
    """
    with transaction.atomic():
        rows = Allocation.objects.lock().filter(order_ref=order_ref, line_ref=line_ref)
        row = rows.filter(stock_item__warehouse__code=from_code).first()
        target = StockItem.objects.filter(variant_id=variant_id, warehouse__code=to_code).first()
        if row is None or row.open_quantity < pieces:
            raise NotAllocated
        if target is None:
            raise OutOfStock(variant_id=variant_id, wanted=pieces, available=0, line_ref=line_ref)
        Allocation.objects.filter(pk=row.pk).update(quantity=F("quantity") - pieces)
        _promise(order_ref, line_ref, target.pk, pieces)
        deed = uuid4()
        try:
            apply(
                [
                    _change(Kind.RELEASE, row.stock_item_id, -pieces, order_ref, line_ref, deed),
                    _change(Kind.ALLOCATE, target.pk, pieces, order_ref, line_ref, deed, needs=pieces),
                ]
            )
        except NotEnough as lost:
            raise OutOfStock(variant_id=variant_id, wanted=pieces, available=0, line_ref=line_ref) from lost


def _promise(order_ref: str, line_ref: str, stock_item_id: int, count: int) -> None:
    found = Allocation.objects.filter(line_ref=line_ref, stock_item_id=stock_item_id)
    if not found.update(quantity=F("quantity") + count):
        Allocation.objects.create(order_ref=order_ref, line_ref=line_ref, stock_item_id=stock_item_id, quantity=count)


def _change(  # noqa: PLR0913 (the columns of one movement)
    kind: str, stock_item_id: int, count: int, order_ref: str, line_ref: str, deed: UUID, *, needs: int = 0
) -> Change:
    return Change(
        stock_item_id=stock_item_id,
        kind=kind,
        quantity=abs(count),
        d_allocated=count,
        needs_available=needs,
        order_ref=order_ref,
        line_ref=line_ref,
        cause=f"moved {deed}",
        op_key=f"moved:{deed}:{line_ref}",
    )
