"""Cancel a part of a paid order before it is sent: its stock is free again and its money goes back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.money import Money, from_minor, zero
from orders.actions.changing_rows import rows_of_order
from orders.actions.presale_claims import end_claims
from orders.actions.refund_rows import parts_of
from orders.actions.refunds import promise_refund
from orders.actions.shipping import complete_if_delivered, drop_empty_parcels
from orders.actions.taking_back import cancel_units
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused, OrderMoved, PriceMoved
from orders.changes.standing import why_not
from orders.errors import ReasonMissing
from orders.models import ChangeKind, ChangeState, Lifecycle, Order, OrderChange, OrderLine
from orders.types import RefundWish, ShipItem


@dataclass(frozen=True, kw_only=True)
class CancelAsked:
    """Which units, and what was shown to go back for them. The same `key` cancels once."""

    items: tuple[ShipItem, ...]
    version: int
    shown: Money
    reason: str
    key: str


def cancel_part(*, number: str, asked: CancelAsked) -> OrderChange:
    """Cancel units that have not left and promise their money back; the delivery stays paid.

    Raises `ChangeRefused`, `OrderMoved`, `PriceMoved`, `ReasonMissing`; nothing is written then.
    """
    if not asked.reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        found = order.changes.filter(key=asked.key).first()
        if found is not None:
            return found
        if order.version != asked.version:
            raise OrderMoved(seen=asked.version, now=order.version)
        chosen = units_to_cancel(order, asked.items)
        back = money_back(order, chosen)
        if back != asked.shown:
            raise PriceMoved(shown=asked.shown, now=back)
        change = _write_change(order, asked, back)
        _cancel(order, change, chosen)
    return change


def units_to_cancel(order: Order, items: Sequence[ShipItem]) -> list[tuple[OrderLine, int]]:
    """The lines with how many units are canceled. Raises `ChangeRefused` for what cannot be."""
    refusal = why_not(order)
    if refusal or order.lifecycle != Lifecycle.CONFIRMED:
        raise ChangeRefused(refusal or _("This order is not paid yet. Change it instead."))
    lines = {line.pk: line for line in order.lines.prefetch_related("parts")}
    chosen = [(lines[item.line_id], item.quantity) for item in items if item.quantity and item.line_id in lines]
    if not chosen:
        raise ChangeRefused(_("Choose what is canceled."))
    for line, count in chosen:
        why = _why_not(line, count)
        if why:
            raise ChangeRefused(f"{line.name}: {why}")
    gone = {line.pk: count for line, count in chosen}
    if all(line.quantity - line.qty_canceled == gone.get(line.pk, 0) for line in lines.values()):
        raise ChangeRefused(_("Nothing would be left of the order. Cancel it instead."))
    return chosen


def _why_not(line: OrderLine, count: int) -> str:
    if not line.requires_shipping:
        return _("It is handed over by download. It can be refunded.")
    if not 0 < count <= line.qty_open:
        return _("That many have not left yet.") if line.qty_open else _("All of it has left.")
    if line.releases_on is not None and count < line.qty_open:
        return _("It is a pre-sale. All of it can be canceled, or nothing.")
    return ""


def money_back(order: Order, chosen: Sequence[tuple[OrderLine, int]]) -> Money:
    """What goes back for these units: nothing for what was refunded before."""
    minor = sum(
        one.part.amount for line, count in chosen if _left(line, count) for one in parts_of(line, _left(line, count))
    )
    return from_minor(minor, order.currency)


def _left(line: OrderLine, count: int) -> int:
    return min(count, line.quantity - line.qty_refunded)


def _write_change(order: Order, asked: CancelAsked, back: Money) -> OrderChange:
    return OrderChange.objects.create(
        order=order,
        key=asked.key,
        version=order.version,
        kind=ChangeKind.CANCEL,
        delta_total=-back,
        reason=asked.reason.strip()[:200],
        plan={"units": {str(item.line_id): item.quantity for item in asked.items}},
        before=rows_of_order(order),
        actor_id=audit.current_actor().user_id,
        decided_at=timezone.now(),
    )


def _cancel(order: Order, change: OrderChange, chosen: Sequence[tuple[OrderLine, int]]) -> None:
    """Stock first, money last: a refund takes its number, which is locked last of all."""
    for line, count in chosen:
        if line.releases_on is not None:
            end_claims(order, line)
        cancel_units(order, line, count)
    OrderLine.objects.bulk_update([line for line, _count in chosen], ["qty_canceled"])
    drop_empty_parcels(order)
    wishes = [RefundWish(line_id=line.pk, quantity=_left(line, count)) for line, count in chosen if _left(line, count)]
    if wishes and change.delta_total < zero(order.currency):
        promise_refund(order, lines=wishes, shipping=False, reason=change.reason, key=f"change:{change.pk}")
    change.become(state=ChangeState.CONFIRMED)
    write_event(order, "order.part_canceled", to_customer=True, note=change.reason, change=change.pk)
    refresh_states(order)
    complete_if_delivered(order, timezone.now())
    audit.record("orders.cancel_part", order, data={"change": change.pk}, reason=change.reason)
