"""What suppliers delivered: counted, looked at, put on the shelf once, and its differences settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from inventory.actions import receive_shipment
from inventory.buying.errors import (
    AlreadySettled,
    BatchWanted,
    FaultMissing,
    NotComing,
    NothingArrived,
    OverDelivery,
    SettlementMissing,
)
from inventory.models import PurchaseLine, PurchaseOrder, PurchaseReceipt, PurchaseReceiptLine
from inventory.stockwork.batches import batched
from inventory.types import BatchPart

State = PurchaseOrder.State


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What of one line came: kept pieces go on the shelf, rejected ones say what is wrong with them.

    `batch` and its date are those of the kept pieces; they are not looked at where no batches are kept.
    """

    accepted: int
    rejected: int = 0
    fault: str = ""
    note: str = ""
    batch: str = ""
    expires_on: date | None = None


def receive_purchase(
    *,
    number: str,
    arrived: Mapping[int, Arrived],
    op_key: str,
    delivery_note: str = "",
    may_exceed: bool = False,
    is_last: bool = False,
) -> PurchaseReceipt:
    """Book one delivery, by line. The same `op_key` is booked once, whatever it says the second time.

    Kept pieces are on the shelf when this returns. With `is_last` nothing more is expected. Raises `NotComing`,
    `NothingArrived`, `FaultMissing`, `BatchWanted`, `BatchDateDiffers`, and `OverDelivery` unless the person
    `may_exceed` what was ordered.
    """
    with transaction.atomic():
        order = PurchaseOrder.objects.lock().select_related("warehouse").get(number=number)
        before = PurchaseReceipt.objects.filter(op_key=op_key, order=order).first()
        if before is not None:
            return before
        if not order.is_coming:
            raise NotComing
        lines = {line.pk: line for line in PurchaseLine.objects.lock().filter(order=order).select_related("variant")}
        counted = {pk: told for pk, told in arrived.items() if pk in lines and (told.accepted or told.rejected)}
        if not counted:
            raise NothingArrived
        _refuse(lines, counted, may_exceed=may_exceed)
        batches = _batches(lines, counted)
        receipt = PurchaseReceipt.objects.create(
            order=order,
            position=order.receipts.count() + 1,
            op_key=op_key,
            delivery_note=delivery_note[:100],
            actor=audit.current_actor().label[:200],
        )
        differs = _book(receipt, lines, counted, is_last=is_last)
        if differs:
            receipt.has_difference = True
            receipt.save(update_fields=["has_difference"])
        _move_on(order, list(lines.values()))
        pieces = {lines[pk].variant_id: told.accepted for pk, told in sorted(counted.items())}
        receive_shipment(
            warehouse_code=order.warehouse.code, pieces=pieces, op_key=shelf_key(receipt.pk), batches=batches
        )
        # Last, because whoever corrects stock locks its row before the chain of the log.
        audit.record("buying.receive_purchase", order, data={"delivery": receipt.position, "differs": differs})
        return receipt


def _refuse(lines: Mapping[int, PurchaseLine], counted: Mapping[int, Arrived], *, may_exceed: bool) -> None:
    for pk, told in counted.items():
        line = lines[pk]
        if told.rejected and not told.fault:
            raise FaultMissing
        if told.accepted > line.to_come and not may_exceed:
            raise OverDelivery(sku=line.variant.sku, to_come=line.to_come, arrived=told.accepted)


def shelf_key(receipt_id: int) -> str:
    """Under which key a delivery is in the ledger of stock."""
    return f"po:{receipt_id}"


def _batches(lines: Mapping[int, PurchaseLine], counted: Mapping[int, Arrived]) -> dict[int, list[BatchPart]]:
    """Of which batch the kept pieces of a variant are, where batches are kept."""
    kept = batched({line.variant_id for line in lines.values()})
    found = {}
    for pk, told in counted.items():
        line = lines[pk]
        if not told.accepted or line.variant_id not in kept:
            continue
        if not told.batch.strip():
            raise BatchWanted(sku=line.variant.sku)
        part = BatchPart(quantity=told.accepted, code=told.batch.strip()[:60], expires_on=told.expires_on)
        found[line.variant_id] = [part]
    return found


def _book(
    receipt: PurchaseReceipt, lines: Mapping[int, PurchaseLine], counted: Mapping[int, Arrived], *, is_last: bool
) -> bool:
    """Write the delivery's lines and count them on the order's; returns whether anything is not as ordered."""
    rows = []
    for pk, told in sorted(counted.items()):
        line = lines[pk]
        rows.append(
            PurchaseReceiptLine(
                receipt=receipt,
                line=line,
                accepted=told.accepted,
                rejected=told.rejected,
                over=max(told.accepted - line.to_come, 0),
                fault=told.fault if told.rejected else "",
                note=told.note[:300],
            )
        )
        line.received += told.accepted
        line.rejected += told.rejected
    PurchaseReceiptLine.objects.bulk_create(rows)
    missing = [line for line in lines.values() if line.to_come] if is_last else []
    for line in missing:
        line.given_up += line.to_come
    PurchaseLine.objects.bulk_update(lines.values(), ["received", "rejected", "given_up"])
    return bool(missing) or any(row.rejected or row.over for row in rows)


def _move_on(order: PurchaseOrder, lines: Sequence[PurchaseLine]) -> None:
    wanted = State.PARTLY_RECEIVED if any(line.to_come for line in lines) else State.RECEIVED
    if order.state != wanted:
        order.become(state=wanted)


def settle_difference(*, receipt_id: int, note: str) -> PurchaseReceipt:
    """Write down what was agreed with the supplier: a credit, goods that come later. Raises `AlreadySettled`,
    `SettlementMissing`."""
    if not note.strip():
        raise SettlementMissing
    with transaction.atomic():
        receipt = PurchaseReceipt.objects.lock().select_related("order").get(pk=receipt_id)
        if not receipt.has_difference or receipt.settled_at is not None:
            raise AlreadySettled
        receipt.settled_at, receipt.settled_note = timezone.now(), note.strip()[:300]
        receipt.save(update_fields=["settled_at", "settled_note"])
        audit.record("buying.settle_difference", receipt.order, data={"delivery": receipt.position}, reason=note)
        return receipt
