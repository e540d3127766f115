"""Transfers that arrive: in parts, more than was sent, or never."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from core import audit
from inventory.actions.counters import Change, Kind, apply
from inventory.errors import LossNeedsReason, TransferMoved
from inventory.models import StockItem, StockMovement, Transfer, TransferLine
from inventory.reasons import LOSSES, Reason
from inventory.stockwork.batches import parts_moved, split_parts
from inventory.stockwork.transfers import lines_of, locked_transfer, shelves_of, ship_key

State = Transfer.State
Loss = TransferLine.Loss
ON_THE_WAY = (State.IN_TRANSIT, State.PARTLY_RECEIVED)


def receive_transfer(*, number: str, counts: Mapping[int, int], at: datetime, op_key: str) -> Transfer:
    """Book what arrived now, by line; the same `op_key` is booked once. When nothing is left on the way it is closed.

    More than was sent goes on the shelf too, as a correction (`surplus`): the warehouse it came from has counted
    wrong. Raises `TransferMoved` for a transfer that has not left or is closed.
    """
    key = f"transfer:{number}:{op_key}"[:100]
    with transaction.atomic():
        transfer = locked_transfer(number, *ON_THE_WAY, State.RECEIVED)
        if StockMovement.objects.filter(order_ref=number, op_key=key).exists():
            return transfer
        if transfer.state == State.RECEIVED:
            raise TransferMoved
        lines = [line for line in lines_of(transfer) if counts.get(line.pk, 0) > 0]
        items = shelves_of(transfer.to_warehouse, [line.variant_id for line in lines])
        changes: list[Change] = []
        for line in lines:
            changes += _arrive(line, items[line.variant_id], counts[line.pk], key)
        TransferLine.objects.bulk_update(lines, ["received", "surplus"])
        apply(changes)
        _move_on(transfer, at)
        audit.record("stock.receive_transfer", transfer, data={line.variant.sku: counts[line.pk] for line in lines})
        return transfer


def _arrive(line: TransferLine, item: StockItem, count: int, key: str) -> list[Change]:
    expected = min(count, line.on_its_way)
    more = count - expected
    done = line.received + line.lost
    line.received += expected
    line.surplus += more
    came = _came(line, item, expected, key, skip=done)
    extra = replace(
        came,
        kind=Kind.ADJUST,
        quantity=more or 1,
        d_on_hand=more,
        reason=str(Reason.SURPLUS.label),
        reason_code=Reason.SURPLUS,
        parts=(),
    )
    return ([came] if expected else []) + ([extra] if more else [])


def _came(line: TransferLine, item: StockItem, count: int, key: str, *, skip: int) -> Change:
    sent = parts_moved(op_key=ship_key(line.transfer.number), line_ref=line.ref)
    return Change(
        stock_item_id=item.pk,
        variant_id=item.variant_id,
        kind=Kind.TRANSFER_IN,
        quantity=count or 1,
        d_on_hand=count,
        order_ref=line.transfer.number,
        line_ref=line.ref,
        cause="transfer",
        op_key=key,
        parts=split_parts(sent, skip, count),
    )


def close_transfer(*, number: str, losses: Mapping[int, str], at: datetime, remark: str = "") -> Transfer:
    """Nothing more will come: what is still on the way is missing, and `losses` says why, by line.

    Lost and broken pieces come in and are written off at once, so that the report of corrections has them; pieces
    that were never packed go back to the shelf they were booked from. Again: nothing more. Raises
    `LossNeedsReason`, `TransferMoved`.
    """
    with transaction.atomic():
        transfer = locked_transfer(number, *ON_THE_WAY, State.RECEIVED)
        if transfer.state == State.RECEIVED:
            return transfer
        missing = [line for line in lines_of(transfer) if line.on_its_way]
        if any(losses.get(line.pk, "") not in LOSSES for line in missing):
            raise LossNeedsReason
        apply(_write_off(transfer, missing, losses, remark.strip()))
        TransferLine.objects.bulk_update(missing, ["lost", "loss", "remark"])
        _move_on(transfer, at)
        told = {line.variant.sku: {"pieces": line.lost, "why": line.loss} for line in missing}
        audit.record("stock.close_transfer", transfer, data=told, reason=remark[:300])
        return transfer


def _write_off(
    transfer: Transfer, missing: Sequence[TransferLine], losses: Mapping[int, str], remark: str
) -> list[Change]:
    variants = [line.variant_id for line in missing]
    there, here = shelves_of(transfer.to_warehouse, variants), shelves_of(transfer.from_warehouse, variants)
    key = f"transfer:{transfer.number}:close"
    changes: list[Change] = []
    for line in missing:
        count, loss, done = line.on_its_way, losses[line.pk], line.received + line.lost
        never_left = loss == Loss.SHORT
        item = (here if never_left else there)[line.variant_id]
        came = _came(line, item, count, key, skip=done)
        changes.append(came)
        if not never_left:
            why = remark or str(LOSSES[loss].label)
            changes.append(
                replace(came, kind=Kind.WRITE_OFF, d_on_hand=-count, reason=why[:300], reason_code=LOSSES[loss])
            )
        line.lost += count
        line.loss, line.remark = loss, remark[:300]
    return changes


def _move_on(transfer: Transfer, at: datetime) -> None:
    is_done = all(line.on_its_way == 0 for line in lines_of(transfer))
    wanted = State.RECEIVED if is_done else State.PARTLY_RECEIVED
    if transfer.state != wanted:
        transfer.become(state=wanted)
    if is_done:
        Transfer.objects.filter(pk=transfer.pk).update(received_at=at)
        transfer.received_at = at
