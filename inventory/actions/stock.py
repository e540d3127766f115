"""Stock that arrives, and stock that turns out to be different from what was written down."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import uuid4

from django.db import transaction

from core import audit
from inventory.actions.counters import Change, Kind, apply
from inventory.errors import CountTooLow, ReasonMissing
from inventory.models import StockItem, StockMovement, Warehouse
from inventory.reasons import Reason
from inventory.types import BatchPart


def receive_stock(*, warehouse_code: str, variant_id: int, quantity: int, op_key: str) -> StockItem:
    """Book pieces that arrived. The same `op_key` (delivery, import row) is booked once."""
    receive_shipment(warehouse_code=warehouse_code, pieces={variant_id: quantity}, op_key=op_key)
    return StockItem.objects.get(warehouse__code=warehouse_code, variant_id=variant_id)


def receive_shipment(
    *,
    warehouse_code: str,
    pieces: Mapping[int, int],
    op_key: str,
    batches: Mapping[int, Sequence[BatchPart]] | None = None,
) -> int:
    """Book everything that arrived together, by variant; returns how many rows moved.

    `batches` says of which batches the pieces of a variant are, where batches are kept; its parts add up to the
    pieces. Variants with zero pieces get their (empty) counter row. What `op_key` has booked already is left alone.
    """
    with transaction.atomic():
        items = _stock_items(Warehouse.objects.get(code=warehouse_code), pieces)
        booked = StockMovement.objects.filter(op_key=op_key, stock_item__in=items.values(), kind=Kind.RECEIVE)
        done = set(booked.values_list("stock_item__variant_id", flat=True))
        changes = [
            Change(
                stock_item_id=items[variant_id].pk,
                variant_id=variant_id,
                kind=Kind.RECEIVE,
                quantity=quantity,
                d_on_hand=quantity,
                op_key=op_key,
                parts=tuple((batches or {}).get(variant_id, ())),
            )
            for variant_id, quantity in pieces.items()
            if quantity and variant_id not in done
        ]
        apply(changes)
        return len(changes)


def _stock_items(warehouse: Warehouse, variant_ids: Iterable[int]) -> dict[int, StockItem]:
    wanted = list(variant_ids)
    rows = [StockItem(warehouse=warehouse, variant_id=pk) for pk in wanted]
    StockItem.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.variant_id: row for row in StockItem.objects.filter(warehouse=warehouse, variant_id__in=wanted)}


def book_delivery(
    *,
    stock_item_id: int,
    quantity: int,
    reason: str,
    op_key: str,
    batch: str = "",
    expires_on: date | None = None,
) -> StockItem:
    """Book pieces that a person received; the same `op_key` is booked once. The note says what came.

    Where batches are kept, `batch` and its date say which one; elsewhere they are not looked at.
    """
    with transaction.atomic():
        item = StockItem.objects.lock().select_related("warehouse").get(pk=stock_item_id)
        if StockMovement.objects.filter(op_key=op_key, stock_item=item, kind=Kind.RECEIVE).exists():
            return item
        change = Change(
            stock_item_id=item.pk,
            variant_id=item.variant_id,
            kind=Kind.RECEIVE,
            quantity=quantity,
            d_on_hand=quantity,
            reason=reason[:300],
            op_key=op_key,
            parts=(BatchPart(quantity=quantity, code=batch.strip(), expires_on=expires_on),) if batch.strip() else (),
        )
        apply([change])
        audit.record("stock.receive", item, data={"quantity": quantity}, reason=reason)
        item.refresh_from_db()
        return item


def correct_stock(*, stock_item_id: int, counted: int, reason: str, op_key: str) -> StockItem:
    """Set what is on hand to what was counted, while sales go on. Raises `ReasonMissing`.

    The difference is worked out under the row's lock, so a sale in between is not undone. Raises `CountTooLow`
    for a count below what is already promised; the database refuses it as well (`stock_never_oversold`).
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        item = StockItem.objects.lock().get(pk=stock_item_id)
        difference = counted - item.on_hand
        done = StockMovement.objects.filter(op_key=op_key, stock_item=item, kind=Kind.ADJUST).exists()
        if difference and not done:
            if counted < item.allocated + item.reserved - item.backorder_limit:
                raise CountTooLow(promised=item.allocated + item.reserved)
            apply(
                [
                    Change(
                        stock_item_id=item.pk,
                        variant_id=item.variant_id,
                        kind=Kind.ADJUST,
                        quantity=abs(difference),
                        d_on_hand=difference,
                        reason=reason,
                        reason_code=Reason.COUNT,
                        op_key=op_key,
                    )
                ]
            )
            audit.record("stock.correct", item, data={"from": item.on_hand, "to": counted}, reason=reason)
        item.refresh_from_db()
        return item


@transaction.atomic
def set_counts(*, counts: Sequence[tuple[int, str, int]], reason: str) -> int:
    """Set what is on hand of many: rows of (variant id, warehouse code, pieces). Returns how many rows moved.

    The differences are worked out under the rows' locks. Raises `CountTooLow` for a count below what is promised and
    `KeyError` for a warehouse there is none of.
    """
    warehouses = {row.code: row.pk for row in Warehouse.objects.filter(code__in={code for _pk, code, _n in counts})}
    wanted = {(warehouses[code], variant_id): pieces for variant_id, code, pieces in counts}
    StockItem.objects.bulk_create(
        [StockItem(warehouse_id=warehouse, variant_id=variant) for warehouse, variant in sorted(wanted)],
        ignore_conflicts=True,
    )
    rows = StockItem.objects.filter(
        warehouse__in={key[0] for key in wanted}, variant__in={key[1] for key in wanted}
    ).lock()
    key = f"told:{uuid4()}"
    changes = []
    for item in rows:
        pieces = wanted.get((item.warehouse_id, item.variant_id), item.on_hand)
        if pieces == item.on_hand:
            continue
        if pieces < item.allocated + item.reserved - item.backorder_limit:
            raise CountTooLow(promised=item.allocated + item.reserved)
        changes.append(
            Change(
                stock_item_id=item.pk,
                variant_id=item.variant_id,
                kind=Kind.ADJUST,
                quantity=abs(pieces - item.on_hand),
                d_on_hand=pieces - item.on_hand,
                reason=reason,
                op_key=key,
            )
        )
    apply(changes)
    return len(changes)
