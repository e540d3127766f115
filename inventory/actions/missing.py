"""Pieces that stock says are there and nobody finds: booked off as a correction with its reason."""

from django.db import transaction

from core import audit
from inventory.actions.counters import Change, Kind, apply
from inventory.errors import CountTooLow, NotAllocated, ReasonMissing
from inventory.models import StockItem, StockMovement


def book_off(
    *, warehouse_code: str, variant_id: int, pieces: int, reason: str, op_key: str, cause: str = ""
) -> StockItem:
    """Take pieces off what is on hand, whatever is sold meanwhile; the same `op_key` is booked once.

    The difference is booked, not a count: a sale or delivery in between is not undone. Raises `ReasonMissing`,
    `NotAllocated` where the warehouse never had the variant, and `CountTooLow` when the rest is promised to orders.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        item = StockItem.objects.lock().filter(warehouse__code=warehouse_code, variant_id=variant_id).first()
        if item is None:
            raise NotAllocated
        if StockMovement.objects.filter(op_key=op_key, stock_item=item, kind=Kind.ADJUST).exists():
            return item
        left = item.on_hand - pieces
        if left < 0 or left < item.allocated + item.reserved - item.backorder_limit:
            raise CountTooLow(promised=item.allocated + item.reserved)
        change = Change(
            stock_item_id=item.pk,
            variant_id=variant_id,
            kind=Kind.ADJUST,
            quantity=pieces,
            d_on_hand=-pieces,
            cause=cause,
            reason=reason.strip()[:300],
            op_key=op_key,
        )
        apply([change])
        audit.record("stock.correct", item, data={"from": item.on_hand, "to": left}, reason=reason)
        item.refresh_from_db()
        return item
