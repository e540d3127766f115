"""Split an order: some of its units become an order of their own in the same group, with their share of everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pgtrigger
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.events import publish
from core.money import from_minor, to_minor, zero
from core.retries import again_when_contended
from inventory.actions.moving import Moved, hand_over_promises
from orders.actions.changing_rows import WRITTEN_ONCE, rows_of_order
from orders.actions.holds import open_hold_on
from orders.actions.shipping import drop_empty_parcels
from orders.actions.splitting_rows import (
    Parted,
    divide_beside_lines,
    give_money_along,
    part_line,
    read_order_share,
    rows_beside_lines,
    write_order_share,
)
from orders.actions.trail import lock_order, money_facts, refresh_states, write_event
from orders.changes.errors import ChangeRefused, OrderMoved
from orders.changes.shares import split_order
from orders.changes.standing import standing_of
from orders.errors import ReasonMissing
from orders.events import OrderChanged, OrderPaid
from orders.models import (
    INSIDE,
    ChangeKind,
    ChangeState,
    Fulfillment,
    FulfillmentLine,
    LinkKind,
    Order,
    OrderChange,
    OrderLine,
    OrderLink,
    OrderOrigin,
    ParcelState,
)
from orders.sold_sets import pieces_on_shelves
from orders.types import ShipItem


@dataclass(frozen=True, kw_only=True)
class SplitAsked:
    """Which units leave, as it was shown. The same `key` splits once."""

    items: tuple[ShipItem, ...]
    version: int
    reason: str
    key: str


@again_when_contended
def split_off(*, number: str, asked: SplitAsked) -> Order:
    """Make these units an order of their own; returns it. What both cost together is what the one cost, to the cent.

    Raises `ChangeRefused`, `OrderMoved`, `ReasonMissing`; nothing is written then.
    """
    if not asked.reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        found = order.changes.filter(key=asked.key).first()
        if found is not None:
            return Order.objects.get(number=found.after["child"])
        if order.version != asked.version:
            raise OrderMoved(seen=asked.version, now=order.version)
        return split_locked(order, asked)


def split_locked(order: Order, asked: SplitAsked) -> Order:
    """`split_off` for a caller that holds the order's lock and knows that it was not done before."""
    chosen = units_to_split(order, asked.items)
    change = _write_change(order, asked)
    child = _child_of(order)
    _divide(order, child, chosen)
    change.after = {"child": child.number, "top": change.before["lines"][-1]["position"]}
    change.delta_total = -child.total
    change.decided_at = timezone.now()
    change.save(update_fields=["after", "delta_total", "delta_total_currency", "decided_at", "updated"])
    change.become(state=ChangeState.CONFIRMED)
    _tell(order, child, change)
    return child


def units_to_split(order: Order, items: Sequence[ShipItem]) -> list[tuple[OrderLine, int]]:
    """The lines with how many units leave. Raises `ChangeRefused` for what cannot, and for all or nothing."""
    standing = standing_of(order)
    if standing.refusal:
        raise ChangeRefused(standing.refusal)
    facts = money_facts(order)
    if facts.received < facts.total or order.paid_at is None:
        raise ChangeRefused(_("Only a paid order can be split. Change an unpaid one instead."))
    known = {one.line.pk: one for one in standing.lines}
    chosen = [(known[item.line_id], item.quantity) for item in items if item.quantity and item.line_id in known]
    if not chosen:
        raise ChangeRefused(_("Choose what leaves the order."))
    for one, count in chosen:
        why = _why_not(one.line, count) or (one.why if one.is_settled or one.line.releases_on is None else "")
        if why:
            raise ChangeRefused(f"{one.line.name}: {why}")
    if sum(count for _, count in chosen) >= sum(one.line.quantity for one in standing.lines):
        raise ChangeRefused(_("Something has to stay in the order."))
    return [(one.line, count) for one, count in chosen]


def _why_not(line: OrderLine, count: int) -> str:
    if not 0 < count <= line.quantity:
        return _("That many are not in this order.")
    if line.releases_on is not None and count < line.quantity:
        return _("It is a pre-sale. All of it can leave, or nothing.")
    return ""


def _write_change(order: Order, asked: SplitAsked) -> OrderChange:
    return OrderChange.objects.create(
        order=order,
        key=asked.key,
        version=order.version,
        kind=ChangeKind.SPLIT,
        delta_total=zero(order.currency),
        reason=asked.reason.strip()[:200],
        plan={"units": {str(item.line_id): item.quantity for item in asked.items}},
        before=rows_of_order(order),
        actor_id=audit.current_actor().user_id,
    )


def _child_of(order: Order) -> Order:
    """A copy of the order without lines and money, in the same group."""
    child = Order.objects.get(pk=order.pk)
    child.pk = None
    child._state.adding = True
    count = Order.objects.filter(group=order.group_id).count() + 1
    while Order.objects.filter(number=f"{order.group.number}-{count}").exists():
        count += 1
    child.number, child.version, child.external_ref = f"{order.group.number}-{count}", 1, ""
    nothing = zero(order.currency)
    for name in (
        "items_total", "discount_total", "shipping_total", "fee_total", "duty_total", "duty_added", "tax_total",
        "tax_added", "total", "goods_refunded", "shipping_refunded",
    ):  # fmt: skip
        setattr(child, name, nothing)
    child.save(force_insert=True)
    OrderLink.objects.create(source=child, target=order, kind=LinkKind.SPLIT_FROM)
    for origin in OrderOrigin.objects.filter(order=order):
        OrderOrigin.objects.create(order=child, first=origin.first, last=origin.last)
    return child


def _divide(order: Order, child: Order, chosen: Sequence[tuple[OrderLine, int]]) -> None:
    parcels = {line.pk: _parcels_of(line, count) for line, count in chosen}
    rows = rows_beside_lines(order)
    share = read_order_share(order, rows)
    with pgtrigger.ignore(*WRITTEN_ONCE):
        parted = [part_line(line, count, child, position) for position, (line, count) in enumerate(chosen, start=1)]
        goods = [sum(to_minor(one.new.line_total) for one in parted), _goods(order)]
        shares = split_order(share, [0, 1] if to_minor(order.shipping_refunded) else goods)
        divide_beside_lines(order, child, rows, shares)
    write_order_share(child, shares[0])
    write_order_share(order, shares[1])
    _move_stock(order, child, parted, parcels)
    _move_parcels(order, child, parted, parcels)
    give_money_along(order, child)


def _goods(order: Order) -> int:
    return sum(to_minor(line.line_total) for line in OrderLine.objects.filter(order=order))


def _parcels_of(line: OrderLine, units: int) -> list[tuple[FulfillmentLine, int]]:
    """From which planned parcels the units leave: the last ones first, as canceling takes them."""
    rows = FulfillmentLine.objects.filter(order_line=line, fulfillment__state__in=INSIDE).select_related("fulfillment")
    found = []
    for row in rows.order_by("-fulfillment__position"):
        count = min(units, row.quantity)
        if count:
            units -= count
            found.append((row, count))
    return found


def _move_stock(
    order: Order,
    child: Order,
    parted: Sequence[Parted],
    parcels: Mapping[int, Sequence[tuple[FulfillmentLine, int]]],
) -> None:
    moves = []
    for one in parted:
        if not one.new.requires_shipping:
            continue
        refs = dict(zip(one.old_refs, pieces_on_shelves(one.new, 1), strict=True))
        for row, count in parcels[one.old_id]:
            each = pieces_on_shelves(one.new, count)
            moves += [
                Moved(from_ref=old, to_ref=new, warehouse_code=row.fulfillment.warehouse_code, pieces=each[new])
                for old, new in refs.items()
            ]
    if moves:
        hand_over_promises(from_order=order.number, to_order=child.number, moves=moves)


def _move_parcels(
    order: Order,
    child: Order,
    parted: Sequence[Parted],
    parcels: Mapping[int, Sequence[tuple[FulfillmentLine, int]]],
) -> None:
    siblings: dict[int, Fulfillment] = {}
    for one in parted:
        for row, count in parcels[one.old_id]:
            source = row.fulfillment
            if source.pk not in siblings:
                siblings[source.pk] = _sibling(source, child, len(siblings) + 1)
            if row.quantity == count:
                row.delete()
            else:
                FulfillmentLine.objects.filter(pk=row.pk).update(quantity=row.quantity - count)
            FulfillmentLine.objects.create(fulfillment=siblings[source.pk], order_line=one.new, quantity=count)
    drop_empty_parcels(order)


def _sibling(source: Fulfillment, child: Order, position: int) -> Fulfillment:
    own = Fulfillment.objects.get(pk=source.pk)
    own.pk, own.order, own.position, own.state = None, child, position, ParcelState.PLANNED
    own.save(force_insert=True)
    return own


def _tell(order: Order, child: Order, change: OrderChange) -> None:
    for hold in order.holds.filter(resolved_at__isnull=True):
        open_hold_on(
            child, kind=hold.kind, key=f"{hold.key}:{child.number}"[:120], reason=hold.reason, facts=hold.facts
        )
    refresh_states(order)
    refresh_states(child)
    write_event(order, "order.split", to_customer=True, note=change.reason, other=child.number)
    write_event(child, "order.split_from", to_customer=True, note=change.reason, other=order.number)
    before = from_minor(change.before["totals"]["total"], order.currency)
    publish(
        OrderChanged(number=order.number, change_id=change.pk, kind=ChangeKind.SPLIT, before=before, after=order.total)
    )
    publish(OrderPaid(number=child.number, market=child.market, total=child.total))
    audit.record(
        "orders.split_order",
        order,
        data={"child": child.number, "amount": str(child.total.amount), "currency": order.currency},
        reason=change.reason,
    )
