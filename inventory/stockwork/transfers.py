"""Transfers between warehouses: planned, set aside, sent, received in parts, closed with what became of the rest.

Nothing of a transfer can be sold on its way: what was sent has left the shelf it came from and is on none. Every step
is a movement of the ledger that names the transfer; every step done twice is done once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from core import audit
from core.sequences import take_number
from inventory.actions.counters import Change, Kind, NotEnough, apply
from inventory.errors import NotAllocated, NothingToSend, NotThere, SamePlace, TransferMoved
from inventory.models import Allocation, StockItem, Transfer, TransferLine, Warehouse

State = Transfer.State
AGAIN = frozenset({State.IN_TRANSIT, State.PARTLY_RECEIVED, State.RECEIVED})


def draft_transfer(
    *,
    from_code: str,
    to_code: str,
    lines: Mapping[int, int],
    note: str = "",
    due_at: datetime | None = None,
    op_key: str = "",
) -> Transfer:
    """Plan to send so many pieces per variant; the same `op_key` (a proposal, a form) plans once.

    Nothing is set aside yet. Raises `SamePlace`; `Warehouse.DoesNotExist` for a code nobody has.
    """
    if from_code == to_code:
        raise SamePlace
    key = op_key or str(uuid4())
    known = Transfer.objects.filter(op_key=key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _draft((from_code, to_code), lines, note=note[:300], due_at=due_at, op_key=key)
    except IntegrityError:  # somebody else was faster with the same key
        return Transfer.objects.get(op_key=key)


def _draft(way: tuple[str, str], lines: Mapping[int, int], **facts: Any) -> Transfer:
    transfer = Transfer.objects.create(
        number=f"TR-{take_number('transfer')}",
        from_warehouse=Warehouse.objects.get(code=way[0]),
        to_warehouse=Warehouse.objects.get(code=way[1]),
        **facts,
    )
    rows = [TransferLine(transfer=transfer, variant_id=pk, quantity=count) for pk, count in lines.items() if count]
    TransferLine.objects.bulk_create(rows)
    audit.record("stock.draft_transfer", transfer, data={"from": way[0], "to": way[1], "lines": len(rows)})
    return transfer


def set_line(*, number: str, variant_id: int, quantity: int) -> None:
    """So many pieces of a variant in a planned transfer; none takes the line out. Raises `TransferMoved`."""
    with transaction.atomic():
        transfer = locked_transfer(number, State.DRAFT)
        if quantity:
            TransferLine.objects.update_or_create(
                transfer=transfer, variant_id=variant_id, defaults={"quantity": quantity}
            )
        else:
            TransferLine.objects.filter(transfer=transfer, variant_id=variant_id).delete()
        audit.record("stock.plan_transfer", transfer, data={"variant": variant_id, "pieces": quantity})


def set_aside(*, number: str) -> Transfer:
    """Promise the pieces to the transfer, so that nobody buys them while they are picked: all lines or none.

    Raises `NotThere` naming what is missing, `NothingToSend`, `TransferMoved`.
    """
    with transaction.atomic():
        transfer = locked_transfer(number, State.DRAFT, State.READY)
        if transfer.state == State.READY:
            return transfer
        lines = lines_of(transfer)
        if not lines:
            raise NothingToSend
        items = shelves_of(transfer.from_warehouse, [line.variant_id for line in lines])
        short = {
            line.variant.sku: line.quantity - max(spare(items[line.variant_id]), 0)
            for line in lines
            if spare(items[line.variant_id]) < line.quantity
        }
        if short:
            raise NotThere(short)
        transfer.become(state=State.READY)
        for line in lines:
            _promise(line, items[line.variant_id])
        try:
            apply([_set_aside(line, items[line.variant_id]) for line in lines])
        except NotEnough as lost:
            sku = next(line.variant.sku for line in lines if line.ref == lost.change.line_ref)
            raise NotThere({sku: lost.change.quantity}) from lost
        audit.record("stock.set_transfer_aside", transfer)
        return transfer


def spare(item: StockItem) -> int:
    """What a warehouse can give away: pieces that are there and promised to nobody. Nothing is sent short."""
    return item.available - item.backorder_limit


def _promise(line: TransferLine, item: StockItem) -> None:
    found = Allocation.objects.filter(line_ref=line.ref, stock_item=item)
    if not found.update(quantity=F("quantity") + line.quantity):
        Allocation.objects.create(
            order_ref=line.transfer.number, line_ref=line.ref, stock_item=item, quantity=line.quantity
        )


def _set_aside(line: TransferLine, item: StockItem) -> Change:
    return Change(
        stock_item_id=item.pk,
        variant_id=item.variant_id,
        kind=Kind.ALLOCATE,
        quantity=line.quantity,
        d_allocated=line.quantity,
        needs_available=line.quantity + item.backorder_limit,
        order_ref=line.transfer.number,
        line_ref=line.ref,
        cause="transfer",
        op_key=f"transfer:{line.pk}:aside:{uuid4().hex}",
    )


def take_back(*, number: str) -> Transfer:
    """What was set aside can be sold again; the transfer can be planned anew. Raises `TransferMoved`."""
    with transaction.atomic():
        transfer = locked_transfer(number, State.READY)
        transfer.become(state=State.DRAFT)
        _release(transfer)
        audit.record("stock.take_transfer_back", transfer)
        return transfer


def cancel_transfer(*, number: str, reason: str = "") -> Transfer:
    """Give a transfer up that has not left yet. Again: nothing more. Raises `TransferMoved`."""
    with transaction.atomic():
        transfer = locked_transfer(number, State.DRAFT, State.READY, State.CANCELED)
        if transfer.state == State.CANCELED:
            return transfer
        transfer.become(state=State.CANCELED)
        _release(transfer)
        audit.record("stock.cancel_transfer", transfer, reason=reason[:300])
        return transfer


def _release(transfer: Transfer) -> None:
    rows = [row for row in Allocation.objects.lock().filter(order_ref=transfer.number) if row.open_quantity]
    Allocation.objects.filter(pk__in=[row.pk for row in rows]).update(quantity=F("fulfilled_quantity"))
    apply([_given_back(row, row.open_quantity) for row in rows])


def _given_back(row: Allocation, count: int) -> Change:
    return Change(
        stock_item_id=row.stock_item_id,
        kind=Kind.RELEASE,
        quantity=count,
        d_allocated=-count,
        order_ref=row.order_ref,
        line_ref=row.line_ref,
        cause="transfer",
        op_key=f"transfer:{row.pk}:release:{uuid4().hex}",
    )


def ship_transfer(
    *, number: str, shipped: Mapping[int, int] | None = None, at: datetime, carrier: str = "", tracking_no: str = ""
) -> Transfer:
    """What was packed leaves: by line, without it all that was set aside. The rest of a line can be sold again.

    A line that is not named is not sent. Raises `NotAllocated` for more than was set aside, `NothingToSend`,
    `TransferMoved`, `BatchesExpired`.
    """
    with transaction.atomic():
        transfer = locked_transfer(number, State.READY, *AGAIN)
        if transfer.state in AGAIN:
            return transfer
        lines = {line.ref: line for line in lines_of(transfer)}
        rows = [row for row in Allocation.objects.lock().filter(order_ref=number) if row.open_quantity]
        changes: list[Change] = []
        for row in rows:
            line = lines[row.line_ref]
            count = row.open_quantity if shipped is None else shipped.get(line.pk, 0)
            if not 0 <= count <= row.open_quantity:
                raise NotAllocated
            changes += _leave(row, count)
            line.shipped = count
        if not any(line.shipped for line in lines.values()):
            raise NothingToSend
        TransferLine.objects.bulk_update(lines.values(), ["shipped"])
        apply(changes)
        transfer.shipped_at, transfer.carrier, transfer.tracking_no = at, carrier[:60], tracking_no[:60]
        transfer.state = State.IN_TRANSIT  # with its moment at once: `transfer_left_says_when`
        transfer.save(update_fields=["state", "shipped_at", "carrier", "tracking_no", "updated"])
        audit.record("stock.ship_transfer", transfer, data={line.variant.sku: line.shipped for line in lines.values()})
        return transfer


def _leave(row: Allocation, count: int) -> list[Change]:
    rest = row.open_quantity - count
    Allocation.objects.filter(pk=row.pk).update(
        fulfilled_quantity=F("fulfilled_quantity") + count, quantity=F("quantity") - rest
    )
    gone = Change(
        stock_item_id=row.stock_item_id,
        kind=Kind.TRANSFER_OUT,
        quantity=count,
        d_on_hand=-count,
        d_allocated=-count,
        order_ref=row.order_ref,
        line_ref=row.line_ref,
        cause="transfer",
        op_key=ship_key(row.order_ref),
    )
    return ([gone] if count else []) + ([_given_back(row, rest)] if rest else [])


def ship_key(number: str) -> str:
    """Under which key the ledger has what left with a transfer."""
    return f"transfer:{number}:ship"


def locked_transfer(number: str, *states: str) -> Transfer:
    """The transfer, locked. Raises `TransferMoved` when it is in none of the states."""
    transfer = Transfer.objects.lock().select_related("from_warehouse", "to_warehouse").get(number=number)
    if transfer.state not in states:
        raise TransferMoved
    return transfer


def lines_of(transfer: Transfer) -> list[TransferLine]:
    """Its lines with their variants."""
    lines = list(transfer.lines.select_related("variant").order_by("pk"))
    for line in lines:
        line.transfer = transfer
    return lines


def shelves_of(place: Warehouse, variant_ids: list[int]) -> dict[int, StockItem]:
    """The stock rows of these variants in a warehouse, made where there are none."""
    rows = [StockItem(warehouse=place, variant_id=pk) for pk in sorted(variant_ids)]
    StockItem.objects.bulk_create(rows, ignore_conflicts=True)
    found = StockItem.objects.filter(warehouse=place, variant__in=variant_ids)
    return {item.variant_id: item for item in found}
