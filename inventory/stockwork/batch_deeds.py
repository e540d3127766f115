"""What people and the clock do to batches: begin to keep them, name them, block what is past its date."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit
from core.events import publish
from inventory.errors import BatchDateDiffers, BatchesDiffer
from inventory.events import StockChanged
from inventory.models import Batch, BatchedVariant, BatchMovement, StockItem
from inventory.stockwork.batches import is_past, note_blocked


def keep_batches(*, variant_id: int, days_left: int = 0) -> BatchedVariant:
    """From now on the pieces of a variant are kept in batches; those that are there go to one without a name.

    Again: `days_left` is changed, and what may be sold follows.
    """
    with transaction.atomic():
        items = list(StockItem.objects.lock().filter(variant=variant_id))
        kept, made = BatchedVariant.objects.get_or_create(variant_id=variant_id, defaults={"days_left": days_left})
        if made:
            opening = [Batch(stock_item=item, quantity=item.on_hand) for item in items if item.on_hand]
            Batch.objects.bulk_create(opening)
            BatchMovement.objects.bulk_create([BatchMovement(batch=row, quantity=row.quantity) for row in opening])
        elif kept.days_left != days_left:
            kept.days_left = days_left
            kept.save(update_fields=["days_left", "updated"])
        _block_again([item.pk for item in items], days_left)
        audit.record("stock.keep_batches", kept, data={"days_left": days_left})
        publish(StockChanged(variant_ids=(variant_id,)))
        return kept


def name_batch(*, stock_item_id: int, code: str, expires_on: date | None, pieces: int) -> Batch:
    """Somebody has read the batch on pieces whose batch nobody knew. Raises `BatchesDiffer`, `BatchDateDiffers`."""
    code = code.strip()[:60]
    with transaction.atomic():
        item = StockItem.objects.lock().get(pk=stock_item_id)
        days_left = BatchedVariant.objects.filter(variant=item.variant_id).values_list("days_left", flat=True).first()
        rows = {row.code: row for row in Batch.objects.lock().filter(stock_item=item, code__in=["", code])}
        unnamed = rows.get("")
        if days_left is None or unnamed is None or unnamed.quantity < pieces or not code:
            raise BatchesDiffer
        named = rows.get(code) or Batch(stock_item=item, code=code)
        if named.expires_on not in (None, expires_on):
            raise BatchDateDiffers(batch=code)
        unnamed.quantity -= pieces
        unnamed.save(update_fields=["quantity", "updated"])
        named.expires_on = expires_on
        named.quantity += pieces
        named.is_blocked = is_past(expires_on, days_left)
        named.save()
        BatchMovement.objects.bulk_create(
            [BatchMovement(batch=unnamed, quantity=-pieces), BatchMovement(batch=named, quantity=pieces)]
        )
        note_blocked([item.pk])
        audit.record("stock.name_batch", item, data={"batch": code, "pieces": pieces})
        publish(StockChanged(variant_ids=(item.variant_id,)))
        return named


def block_expired(limit: int = 500) -> int:
    """By the clock: what is past its date since the last look is no longer sold. Returns how many shelves changed."""
    changed = 0
    for variant_id, days_left in list(BatchedVariant.objects.order_by("pk").values_list("variant_id", "days_left")):
        past = Batch.objects.filter(stock_item__variant=variant_id, is_blocked=False, quantity__gt=0)
        due = [row for row in past.filter(expires_on__isnull=False) if is_past(row.expires_on, days_left)][:limit]
        if due:
            with transaction.atomic():
                shelves = sorted({row.stock_item_id for row in due})
                list(StockItem.objects.lock().filter(pk__in=shelves).values_list("pk", flat=True))
                _block_again(shelves, days_left)
                publish(StockChanged(variant_ids=(variant_id,)))
            changed += len(shelves)
    return changed


def _block_again(stock_item_ids: list[int], days_left: int) -> None:
    """Which batches are past their date now. The caller holds the locks of the shelves."""
    now = timezone.now()
    changed = []
    for row in Batch.objects.lock().filter(stock_item__in=stock_item_ids):
        wanted = is_past(row.expires_on, days_left)
        if row.is_blocked != wanted:
            row.is_blocked, row.updated = wanted, now
            changed.append(row)
    Batch.objects.bulk_update(changed, ["is_blocked", "updated"])
    note_blocked(stock_item_ids)
