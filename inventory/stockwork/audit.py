"""What `manage.py stock_audit` proves besides the counters: batches against shelves, transfers against the ledger."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from core import audit
from inventory.models import Batch, BatchedVariant, BatchMovement, StockItem, StockMovement, TransferLine
from inventory.stockwork.batches import note_blocked

WHY = "stock_audit --fix"


def wrong_batches(*, fix: bool) -> Iterator[str]:
    """A sentence per shelf whose batches do not add up. Repaired, the pieces without a batch take the difference."""
    kept = StockItem.objects.filter(variant__in=BatchedVariant.objects.values("variant"))
    for pk in kept.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            item = StockItem.objects.lock().get(pk=pk)
            rows = list(Batch.objects.lock().filter(stock_item=item))
            told = f"stock row {pk}: on hand {item.on_hand}, in batches {sum(row.quantity for row in rows)}"
            blocked = sum(row.quantity for row in rows if row.is_blocked)
            adds_up = item.on_hand == sum(row.quantity for row in rows) and item.blocked == blocked
            if adds_up and not _unexplained(rows):
                continue
            yield told
            if fix:
                _repair(item, rows)
                audit.record("stock.repair", item, data={"batches": told}, reason=WHY)


def _repair(item: StockItem, rows: list[Batch]) -> None:
    """Too few: the batch without a name takes the rest. Too many: it gives, then those that expire last."""
    difference = item.on_hand - sum(row.quantity for row in rows)
    unnamed = next((row for row in rows if not row.code), None) or Batch(stock_item=item)
    if difference > 0:
        unnamed.quantity += difference
    named = sorted((row for row in rows if row.code), key=lambda row: row.expires_on or date.max, reverse=True)
    for row in [unnamed, *named] if difference < 0 else []:
        count = min(-difference, row.quantity)
        row.quantity -= count
        difference += count
    if unnamed._state.adding and unnamed.quantity:
        rows = [*rows, unnamed]
    for row in rows:
        row.save()
    BatchMovement.objects.bulk_create([BatchMovement(batch=row, quantity=rest) for row, rest in _unexplained(rows)])
    note_blocked([item.pk])


def _unexplained(rows: list[Batch]) -> list[tuple[Batch, int]]:
    """Batches that hold more or fewer pieces than their movements say, and by how many."""
    moved = BatchMovement.objects.filter(batch__in=rows).order_by().values_list("batch").annotate(Sum("quantity"))
    sums = dict(moved)
    return [(row, row.quantity - sums.get(row.pk, 0)) for row in rows if row.quantity != sums.get(row.pk, 0)]


def wrong_transfers(*, fix: bool) -> Iterator[str]:
    """A sentence per line of a transfer that says something else than the ledger. Repaired, the ledger holds."""
    lines = TransferLine.objects.exclude(shipped=0).select_related("transfer").order_by("pk")
    for line in lines.iterator():
        sums = _sums(line)
        have = {"transfer_out": line.shipped, "transfer_in": line.received + line.lost}
        if sums == have:
            continue
        yield f"transfer {line.ref}: line {have}, ledger {sums}"
        if fix:
            with transaction.atomic():
                received = max(sums["transfer_in"] - line.lost, 0)
                TransferLine.objects.filter(pk=line.pk).update(
                    shipped=sums["transfer_out"], quantity=max(line.quantity, sums["transfer_out"]), received=received
                )
                audit.record("stock.repair", line.transfer, data={"from": have, "to": sums}, reason=WHY)


def _sums(line: TransferLine) -> dict[str, int]:
    rows = StockMovement.objects.filter(line_ref=line.ref, kind__in=["transfer_out", "transfer_in"]).order_by()
    found = dict(rows.values_list("kind").annotate(pieces=Coalesce(Sum(F("quantity")), 0)))
    return {kind: int(found.get(kind, 0)) for kind in ("transfer_out", "transfer_in")}
