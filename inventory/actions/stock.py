"""Stock that arrives, and stock that turns out to be different from what was written down."""

from django.db import transaction

from core import audit
from inventory.actions.counters import Change, Kind, apply
from inventory.errors import CountTooLow, ReasonMissing
from inventory.models import StockItem, StockMovement, Warehouse


def receive_stock(*, warehouse_code: str, variant_id: int, quantity: int, op_key: str) -> StockItem:
    """Book pieces that arrived. The same `op_key` (delivery, import row) is booked once."""
    with transaction.atomic():
        item = stock_item(warehouse_code=warehouse_code, variant_id=variant_id)
        if not StockMovement.objects.filter(op_key=op_key, stock_item=item, kind=Kind.RECEIVE).exists():
            apply(
                [
                    Change(
                        stock_item_id=item.pk,
                        variant_id=variant_id,
                        kind=Kind.RECEIVE,
                        quantity=quantity,
                        d_on_hand=quantity,
                        op_key=op_key,
                    )
                ]
            )
        return item


def book_delivery(*, stock_item_id: int, quantity: int, reason: str, op_key: str) -> StockItem:
    """Book pieces that a person received; the same `op_key` is booked once. The note says what came."""
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
        )
        apply([change])
        audit.record("stock.receive", item, data={"quantity": quantity}, reason=reason)
        item.refresh_from_db()
        return item


def stock_item(*, warehouse_code: str, variant_id: int) -> StockItem:
    """The counter row of a variant in a warehouse; made with zeros when there is none yet."""
    warehouse = Warehouse.objects.get(code=warehouse_code)
    return StockItem.objects.get_or_create(warehouse=warehouse, variant_id=variant_id)[0]


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
                        op_key=op_key,
                    )
                ]
            )
            audit.record("stock.correct", item, data={"from": item.on_hand, "to": counted}, reason=reason)
        item.refresh_from_db()
        return item
