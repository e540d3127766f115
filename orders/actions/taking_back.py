"""Refunds whose goods come back: what has not left is taken out of its parcel, what has left goes on a shelf."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core import audit
from core.money import Money
from core.signing import secret_hash
from inventory.actions import release_order, return_stock
from orders.actions.gift_cards import end_cards
from orders.actions.refund_rows import units_of, wished_parts
from orders.actions.refunds import promise_refund
from orders.actions.shipping import drop_empty_parcels
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.errors import NothingToTakeBack, RefundChanged
from orders.models import INSIDE, FulfillmentLine, Order, OrderLine, OrderLinePart, OrderRefund
from orders.sold_sets import pieces_on_shelves, whole_sets
from orders.types import DeliveryWish, RefundTo, RefundWish


@dataclass(frozen=True, kw_only=True)
class RefundAsked:
    """What an operator wants refunded. The same `key` is refunded once."""

    lines: tuple[RefundWish, ...]
    shipping: DeliveryWish
    reason: str
    key: str
    to: RefundTo = "methods"


def refund_as_shown(*, number: str, asked: RefundAsked, shown: Money, warehouse_code: str = "") -> OrderRefund:
    """Refund exactly the amount that was shown, and take the goods back when a warehouse is named; or neither.

    Raises `RefundChanged` when the amount is another one by now, `NothingToTakeBack`, and what `refund_order` raises.
    """
    with transaction.atomic():
        order = lock_order(number)
        found = OrderRefund.objects.filter(key=asked.key, order=order).first()
        if found is not None:
            return found
        end_cards(order, units_of(wished_parts(order, asked.lines)))  # accounts are locked before stock
        if warehouse_code and asked.lines:  # before the refund takes its number, which is locked last of all
            _take_back(order, asked.lines, warehouse_code, cause=f"refund:{secret_hash(asked.key)[:24]}")
        refund = promise_refund(
            order, lines=asked.lines, shipping=asked.shipping, reason=asked.reason, key=asked.key, to=asked.to
        )
        if refund.amount != shown:
            raise RefundChanged(shown=shown, now=refund.amount)
    return refund


def take_back_units(*, number: str, items: Sequence[RefundWish], warehouse_code: str, cause: str) -> None:
    """Units that still wait in the warehouse are canceled and can be sold again; the others are booked back in.

    `cause` names what they come back for; the same cause is booked once per line. Raises `NothingToTakeBack`.
    """
    with transaction.atomic():
        _take_back(lock_order(number), items, warehouse_code, cause=cause)


def _take_back(order: Order, items: Sequence[RefundWish], warehouse_code: str, *, cause: str) -> None:
    lines = {line.pk: line for line in order.lines.prefetch_related("parts")}
    if any(item.line_id not in lines for item in items):
        raise NothingToTakeBack
    for item in items:
        line = lines[item.line_id]
        if item.part_id is not None:
            _book_part_back(line, item, warehouse_code=warehouse_code, cause=cause)
            continue
        waiting = min(item.quantity, line.qty_open)
        cancel_units(order, line, waiting)
        _book_back(line, item.quantity - waiting, warehouse_code=warehouse_code, cause=cause)
    OrderLine.objects.bulk_update(lines.values(), ["qty_canceled", "qty_returned"])
    drop_empty_parcels(order)
    refresh_states(order)
    write_event(order, "goods.taken_back", warehouse=warehouse_code, cause=cause)
    audit.record("orders.take_back_units", order, data={"warehouse": warehouse_code, "cause": cause})


def cancel_units(order: Order, line: OrderLine, units: int) -> None:
    """Take units that wait in the warehouse off their parcels and free their stock; the caller saves the line."""
    if not units:
        return
    if line.requires_shipping and line.variant_id is not None:
        release_order(order_ref=order.number, quantities=pieces_on_shelves(line, units))
    line.qty_canceled += units
    rows = FulfillmentLine.objects.filter(order_line=line, fulfillment__state__in=INSIDE)
    for row in rows.order_by("-fulfillment__position"):
        fewer = min(row.quantity, units)
        units -= fewer
        if row.quantity == fewer:
            row.delete()
        elif fewer:
            FulfillmentLine.objects.filter(pk=row.pk).update(quantity=row.quantity - fewer)


def _book_back(line: OrderLine, units: int, *, warehouse_code: str, cause: str) -> None:
    if not units:
        return
    if units > line.qty_shipped - line.qty_returned:
        raise NothingToTakeBack
    line.qty_returned += units
    for part in line.parts.all():
        _return_part(part, line.qty_returned * part.per_set - part.qty_returned, warehouse_code, cause)
    if line.variant_id is None or not line.requires_shipping or line.parts.all():
        return
    return_stock(
        order_ref=line.ref.rpartition("/")[0],
        line_ref=line.ref,
        variant_id=line.variant_id,
        warehouse_code=warehouse_code,
        quantity=units,
        cause=cause,
    )


def _book_part_back(line: OrderLine, item: RefundWish, *, warehouse_code: str, cause: str) -> None:
    """Pieces of one component of a set that was sent. What has not left is canceled as whole sets only."""
    part = next((one for one in line.parts.all() if one.pk == item.part_id), None)
    if part is None or item.quantity < 1 or part.qty_returned + item.quantity > line.qty_shipped * part.per_set:
        raise NothingToTakeBack
    _return_part(part, item.quantity, warehouse_code, cause)
    line.qty_returned = whole_sets((one, one.qty_returned) for one in line.parts.all())


def _return_part(part: OrderLinePart, pieces: int, warehouse_code: str, cause: str) -> None:
    if pieces < 1:
        return
    part.qty_returned += pieces
    part.save(update_fields=["qty_returned"])
    if part.variant_id is not None and part.requires_shipping:
        return_stock(
            order_ref=part.ref.rpartition("/")[0],
            line_ref=part.ref,
            variant_id=part.variant_id,
            warehouse_code=warehouse_code,
            quantity=pieces,
            cause=cause,
        )
