"""What orders do to stock after they were placed: release, ship, take back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from inventory.actions.counters import Change, Kind, apply
from inventory.errors import NotAllocated, ReasonMissing
from inventory.models import Allocation, StockItem, StockMovement, Warehouse
from inventory.types import ShippedItem


def release_order(*, order_ref: str, quantities: Mapping[str, int] | None = None) -> int:
    """Release what is promised to an order and not sent yet; returns how many pieces.

    `quantities` names pieces per line; without it everything open is released. Raises `NotAllocated` when
    a line has fewer open pieces than named. Releasing again releases nothing more.
    """
    with transaction.atomic():
        open_rows = [row for row in Allocation.objects.lock().filter(order_ref=order_ref) if row.open_quantity]
        wanted = dict(quantities) if quantities is not None else None
        changes = []
        for row in open_rows:
            count = row.open_quantity if wanted is None else min(row.open_quantity, wanted.get(row.line_ref, 0))
            if not count:
                continue
            if wanted is not None:
                wanted[row.line_ref] -= count
            changes.append(_release(row, count))
            Allocation.objects.filter(pk=row.pk).update(quantity=F("quantity") - count)
        if wanted and any(wanted.values()):
            raise NotAllocated
        apply(changes)
        return sum(change.quantity for change in changes)


def _release(row: Allocation, count: int) -> Change:
    return Change(
        stock_item_id=row.stock_item_id,
        kind=Kind.RELEASE,
        quantity=count,
        d_allocated=-count,
        order_ref=row.order_ref,
        line_ref=row.line_ref,
        cause="order",
        op_key=f"release:{row.pk}:{uuid4().hex}",
    )


def ship_lines(*, order_ref: str, items: Sequence[ShippedItem], cause: str) -> None:
    """Book the pieces of one parcel as gone. `cause` names the parcel; the same parcel is booked once.

    Raises `NotAllocated` when more leaves a warehouse than it has set aside for the line.
    """
    with transaction.atomic():
        if StockMovement.objects.filter(kind=Kind.SHIP, order_ref=order_ref, cause=cause).exists():
            return
        rows = {
            (row.line_ref, row.stock_item.warehouse.code): row
            for row in Allocation.objects.lock().filter(order_ref=order_ref).select_related("stock_item__warehouse")
        }
        changes = []
        for item in items:
            row = rows.get((item.line_ref, item.warehouse_code))
            if row is None or row.open_quantity < item.quantity:
                raise NotAllocated
            Allocation.objects.filter(pk=row.pk).update(fulfilled_quantity=F("fulfilled_quantity") + item.quantity)
            changes.append(_ship(row, item, cause))
        apply(changes)


def _ship(row: Allocation, item: ShippedItem, cause: str) -> Change:
    return Change(
        stock_item_id=row.stock_item_id,
        kind=Kind.SHIP,
        quantity=item.quantity,
        d_on_hand=-item.quantity,
        d_allocated=-item.quantity,
        order_ref=row.order_ref,
        line_ref=row.line_ref,
        cause=cause,
        op_key=f"ship:{cause}:{row.line_ref}",
        parts=item.batches,
    )


def return_stock(
    *, order_ref: str, line_ref: str, variant_id: int, warehouse_code: str, quantity: int, cause: str
) -> None:
    """Put returned pieces back on a shelf; the same return line is booked once."""
    with transaction.atomic():
        came = _came_back(order_ref, line_ref, variant_id, warehouse_code, quantity, cause)
        if came is not None:
            apply([came])


def write_off_returned(  # noqa: PLR0913 (the same as for pieces that are kept, and why they are not)
    *, order_ref: str, line_ref: str, variant_id: int, warehouse_code: str, quantity: int, cause: str, reason: str
) -> None:
    """Returned pieces that cannot be sold again: they came in and were written off at once, booked once.

    Raises `ReasonMissing`.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        came = _came_back(order_ref, line_ref, variant_id, warehouse_code, quantity, cause)
        if came is not None:
            apply([came, replace(came, kind=Kind.WRITE_OFF, d_on_hand=-quantity, reason=reason.strip()[:300])])


def _came_back(
    order_ref: str, line_ref: str, variant_id: int, warehouse_code: str, quantity: int, cause: str
) -> Change | None:
    """The arrival of returned pieces, or nothing where this return line was booked before."""
    item = _shelf(warehouse_code, variant_id)
    op_key = f"return:{cause}:{line_ref}"
    if StockMovement.objects.filter(op_key=op_key, stock_item=item, kind=Kind.RETURN).exists():
        return None
    return Change(
        stock_item_id=item.pk,
        variant_id=variant_id,
        kind=Kind.RETURN,
        quantity=quantity,
        d_on_hand=quantity,
        order_ref=order_ref,
        line_ref=line_ref,
        cause=cause,
        op_key=op_key,
    )


def _shelf(warehouse_code: str, variant_id: int) -> StockItem:
    warehouse = Warehouse.objects.get(code=warehouse_code)
    item, _ = StockItem.objects.get_or_create(warehouse=warehouse, variant_id=variant_id)
    return item
