"""Send goods again, free of charge: an order of its own, linked to the one it makes good for."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.events import publish
from core.money import zero
from core.retries import again_when_contended
from inventory.actions import convert_hold, hold_sourced, note_decision
from orders.actions.changing_stock import plans_of, put_into_parcels
from orders.actions.receipts import confirm_if_paid
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused
from orders.errors import ReasonMissing
from orders.events import OrderReshipped
from orders.models import (
    ChangeKind,
    ChangeState,
    Lifecycle,
    LinkKind,
    Order,
    OrderChange,
    OrderGroup,
    OrderLine,
    OrderLinePart,
    OrderLink,
)
from orders.routes import route_of_order
from orders.sold_sets import wishes_of
from orders.types import ShipItem

MONEY = (
    "items_total", "discount_total", "shipping_total", "fee_total", "duty_total", "duty_added", "tax_total",
    "tax_added", "total", "goods_refunded", "shipping_refunded",
)  # fmt: skip


@again_when_contended
def send_again(*, number: str, items: Sequence[ShipItem], reason: str, key: str) -> Order:
    """Send units that had left once more, at no cost; returns the new order, which waits to be packed.

    Its lines keep their price, taken off as a discount, so that customs are told what the goods are worth. Stock is
    taken like for any order. Raises `ChangeRefused`, `OutOfStock`, `ReasonMissing`.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        found = order.changes.filter(key=key).first()
        if found is not None:
            return Order.objects.get(number=found.after["child"])
        chosen = units_to_send_again(order, items)
        child = _child_of(order)
        lines = [_copy(line, count, child, position) for position, (line, count) in enumerate(chosen, start=1)]
        _total(child, lines)
        _take_stock(child)
        refresh_states(child)
        OrderLink.objects.create(source=child, target=order, kind=LinkKind.RESHIP_OF)
        write_event(child, "order.reship_of", note=reason.strip(), other=order.number)
        write_event(order, "order.reshipped", to_customer=True, note=reason.strip(), other=child.number)
        confirm_if_paid(child)
        refresh_states(child)
        _write_change(order, child, items, reason, key)
        refresh_states(order)
        publish(OrderReshipped(number=order.number, child=child.number))
        audit.record("orders.send_again", order, data={"child": child.number}, reason=reason)
    return child


def units_to_send_again(order: Order, items: Sequence[ShipItem]) -> list[tuple[OrderLine, int]]:
    """The lines with how many units are sent again: as many as have left. Raises `ChangeRefused`."""
    lines = {line.pk: line for line in order.lines.prefetch_related("parts")}
    chosen = [(lines[item.line_id], item.quantity) for item in items if item.quantity and item.line_id in lines]
    if not chosen:
        raise ChangeRefused(_("Choose what is sent again."))
    for line, count in chosen:
        if not line.requires_shipping or line.variant_id is None:
            raise ChangeRefused(_("%(item)s: only goods of the catalogue can be sent again.") % {"item": line.name})
        if not 0 < count <= line.qty_shipped:
            raise ChangeRefused(_("%(item)s: only what has left can be sent again.") % {"item": line.name})
    return chosen


def _child_of(order: Order) -> Order:
    """A copy of the order without lines and money, in a group of its own."""
    child = Order.objects.get(pk=order.pk)
    child.pk, child.version, child.lifecycle = None, 1, Lifecycle.PENDING_PAYMENT
    child._state.adding = True
    taken = Order.objects.filter(number__startswith=f"{order.number}-S").count()
    child.number = f"{order.number}-S{taken + 1}"
    child.group = OrderGroup.objects.create(
        number=child.number, checkout=uuid4(), customer_id=order.user_id, market=order.market, currency=order.currency
    )
    now = timezone.now()
    for name in MONEY:
        setattr(child, name, zero(order.currency))
    child.standard_delivery, child.landed, child.payment_method = None, {}, ""
    child.placed_at, child.pay_by = now, now + timedelta(hours=1)
    child.paid_at = child.completed_at = child.canceled_at = None
    child.cancel_reason = child.external_ref = ""
    child.save(force_insert=True)
    return child


def _copy(line: OrderLine, count: int, child: Order, position: int) -> OrderLine:
    parts = list(line.parts.all())
    nothing = zero(line.currency)
    new = OrderLine.objects.get(pk=line.pk)
    new.pk, new.order, new.position, new.ref = None, child, position, f"{child.number}/{position}"
    new._state.adding = True
    new.quantity, new.releases_on = count, None
    new.line_list = new.line_discount = new.unit_list * count
    new.unit_final = new.line_total = new.line_net = new.line_tax = new.line_duty = nothing
    new.net_refunded = new.tax_refunded = nothing
    new.net_kept_minor = new.tax_kept_minor = 0
    new.qty_canceled = new.qty_shipped = new.qty_delivered = new.qty_returned = new.qty_refunded = 0
    new.save(force_insert=True)
    OrderLinePart.objects.bulk_create(_copy_part(part, new) for part in parts)
    return new


def _copy_part(part: OrderLinePart, line: OrderLine) -> OrderLinePart:
    nothing = zero(line.currency)
    part.pk, part.order_line, part.ref = None, line, f"{line.ref}.{part.position}"
    part._state.adding = True
    part.quantity, part.qty_returned, part.qty_refunded = part.per_set * line.quantity, 0, 0
    part.share_net = part.share_tax = part.share_duty = part.net_refunded = part.tax_refunded = nothing
    part.net_kept_minor = part.tax_kept_minor = 0
    return part


def _total(child: Order, lines: Sequence[OrderLine]) -> None:
    child.items_total = sum((line.line_list for line in lines), zero(child.currency))
    child.discount_total = child.items_total
    child.save(update_fields=["items_total", "discount_total"])


def _take_stock(child: Order) -> None:
    rows = OrderLine.objects.filter(order=child).prefetch_related("parts")
    lines = {line.position: line for line in rows}
    owner = uuid4()
    held = hold_sourced(
        owner=owner, demands=wishes_of(lines.values()), market_code=child.market, route=route_of_order(child)
    )
    convert_hold(owner=owner, order_ref=child.number)
    note_decision(order_ref=child.number, market_code=child.market, plan=held.plan, cause="reshipped")
    put_into_parcels(child, plans_of(held.parcels), lines)


def _write_change(order: Order, child: Order, items: Sequence[ShipItem], reason: str, key: str) -> None:
    OrderChange.objects.create(
        order=order,
        key=key,
        version=order.version,
        kind=ChangeKind.RESHIP,
        state=ChangeState.CONFIRMED,
        delta_total=zero(order.currency),
        reason=reason.strip()[:200],
        plan={"units": {str(item.line_id): item.quantity for item in items}},
        after={"child": child.number},
        actor_id=audit.current_actor().user_id,
        decided_at=timezone.now(),
    )
