"""Pieces that broke, vanished, were given away or turned up: booked one by one, with a typed reason."""

from django.db import transaction

from core import audit
from inventory.actions.counters import Change, Kind, apply
from inventory.errors import CountTooLow, NotAllocated, ReasonDoesNotFit, ReasonMissing
from inventory.models import StockItem, StockMovement
from inventory.reasons import LESS, Reason, fits
from inventory.types import BatchPart

NEED_WORDS = frozenset({Reason.MISTAKE, Reason.OWN_USE})
"""Reasons that say nothing without a sentence."""


def adjust_stock(
    *, stock_item_id: int, difference: int, reason: str, note: str, op_key: str, batch: str = ""
) -> StockItem:
    """Book `difference` pieces more or (below zero) fewer; the same `op_key` is booked once.

    `batch` names the batch they come from or go to, where the shelf keeps batches. Raises `ReasonDoesNotFit`,
    `ReasonMissing` for a reason that needs words, `CountTooLow` when what is left would not cover what is promised.
    """
    if reason not in Reason.values or not fits(reason, difference):
        raise ReasonDoesNotFit
    if reason in NEED_WORDS and not note.strip():
        raise ReasonMissing
    kind = Kind.WRITE_OFF if reason in LESS else Kind.ADJUST
    with transaction.atomic():
        item = StockItem.objects.lock().get(pk=stock_item_id)
        if StockMovement.objects.filter(op_key=op_key, stock_item=item, kind=kind).exists():
            return item
        if difference < 0 and item.on_hand + difference < least(item):
            raise CountTooLow(promised=item.allocated + item.reserved)
        words = note.strip() or str(Reason(reason).label)
        change = Change(
            stock_item_id=item.pk,
            variant_id=item.variant_id,
            kind=kind,
            quantity=abs(difference),
            d_on_hand=difference,
            reason=words[:300],
            reason_code=reason,
            op_key=op_key,
            parts=(BatchPart(quantity=abs(difference), code=batch.strip()),) if batch.strip() else (),
        )
        apply([change])
        audit.record("stock.adjust", item, data={"pieces": difference, "reason": reason}, reason=words[:300])
        item.refresh_from_db()
        return item


def book_off(*, warehouse_code: str, variant_id: int, pieces: int, note: str, op_key: str) -> StockItem:
    """Pieces that the books have and nobody finds are lost; the same `op_key` is booked once.

    Raises `NotAllocated` where the warehouse never had the variant, else what `adjust_stock` raises.
    """
    shelf = StockItem.objects.filter(warehouse__code=warehouse_code, variant_id=variant_id).values_list("pk", flat=True)
    pk = shelf.first()
    if pk is None:
        raise NotAllocated
    return adjust_stock(stock_item_id=pk, difference=-pieces, reason=Reason.LOST, note=note, op_key=op_key)


def least(item: StockItem) -> int:
    """How few pieces may be on hand: what is promised and held, less what may be sold short; never below none."""
    return max(item.allocated + item.reserved - item.backorder_limit, 0)
