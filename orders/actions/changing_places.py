"""Let units of an order leave from another warehouse."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.retries import again_when_contended
from inventory.actions import note_override
from inventory.actions.moving import move_promise
from inventory.models import Warehouse
from orders.actions.changing_stock import put_into_parcels
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused, OrderMoved
from orders.models import INSIDE, FulfillmentLine, Lifecycle, Order, OrderLine, ParcelState
from orders.sold_sets import pieces_on_shelves
from orders.types import ShipItem


@again_when_contended
def move_units(*, number: str, items: Sequence[ShipItem], warehouse_code: str, version: int, reason: str = "") -> None:
    """Take planned units from where they wait and promise them from another warehouse of the same country.

    Another country would change taxes and duty. An order whose warehouses were planned by lanes needs a `reason`,
    which is kept beside the plan. Raises `ChangeRefused`, `OrderMoved`, `OutOfStock`, `OverrideReasonMissing`;
    nothing is moved then.
    """
    with transaction.atomic():
        order = lock_order(number)
        if order.version != version:
            raise OrderMoved(seen=version, now=order.version)
        move_planned(order, items, warehouse_code, reason=reason)
        refresh_states(order)
        write_event(order, "order.moved", warehouse=warehouse_code)
        audit.record("orders.move_units", order, data={"warehouse": warehouse_code, "version": version})


def units_by_warehouse(order: Order) -> dict[str, dict[str, int]]:
    """How many units of each line, by its reference, wait in which warehouse."""
    found: dict[str, dict[str, int]] = {}
    rows = FulfillmentLine.objects.filter(fulfillment__order=order, fulfillment__state__in=INSIDE)
    for code, ref, count in rows.values_list("fulfillment__warehouse_code", "order_line__ref", "quantity"):
        here = found.setdefault(code, {})
        here[ref] = here.get(ref, 0) + count
    return found


def move_planned(order: Order, items: Sequence[ShipItem], warehouse_code: str, *, reason: str) -> None:
    """The same for an order the caller has locked; the parcels of highest position give first. Raises as above."""
    place = Warehouse.objects.filter(code=warehouse_code, is_active=True).first()
    if place is None or order.lifecycle not in (Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED):
        raise ChangeRefused(_("This order can no longer be changed. It is finished or was given up."))
    chosen = [item for item in items if item.quantity]
    if not chosen:
        raise ChangeRefused(_("Choose what leaves from there."))
    lines = {line.pk: line for line in order.lines.prefetch_related("parts")}
    for item in chosen:
        if item.line_id not in lines:
            raise ChangeRefused(_("That many are not in this order."))
        _move(order, lines[item.line_id], item.quantity, place)
    note_override(
        order_ref=order.number,
        market_code=order.market,
        currency=order.currency,
        units=units_by_warehouse(order),
        reason=reason,
    )


def movable(order: Order) -> list[tuple[OrderLine, int]]:
    """Lines with how many units are planned and not being packed."""
    rows = FulfillmentLine.objects.filter(
        fulfillment__order=order, fulfillment__state=ParcelState.PLANNED, fulfillment__not_before__isnull=True
    )
    counts: dict[int, int] = {}
    for line_id, count in rows.values_list("order_line_id", "quantity"):
        counts[line_id] = counts.get(line_id, 0) + count
    lines = order.lines.prefetch_related("parts").order_by("position")
    return [(line, counts[line.pk]) for line in lines if counts.get(line.pk) and line.requires_shipping]


def _move(order: Order, line: OrderLine, units: int, place: Warehouse) -> None:
    rows = FulfillmentLine.objects.filter(
        order_line=line, fulfillment__state=ParcelState.PLANNED, fulfillment__not_before__isnull=True
    ).exclude(fulfillment__warehouse_code=place.code)
    left = units
    for row in rows.select_related("fulfillment").order_by("-fulfillment__position"):
        count = min(left, row.quantity)
        if not count:
            break
        if row.fulfillment.ships_from != place.country:
            raise ChangeRefused(_("That warehouse is in another country, so taxes and duty would differ."))
        left -= count
        take_from(order, line, row, count, place)
    if left:
        raise ChangeRefused(f"{line.name}: {_('That many do not wait in another warehouse.')}")
    put_into_parcels(order, [plan_at(place, {str(line.position): units})], {line.position: line})


def plan_at(place: Warehouse, units: dict[str, int]) -> dict[str, Any]:
    """Units by the positions of their lines, as `put_into_parcels` wants them."""
    return {
        "code": place.code,
        "name": place.name_i18n,
        "city": place.city_i18n,
        "country": place.country,
        "units": units,
    }


def take_from(order: Order, line: OrderLine, row: FulfillmentLine, count: int, place: Warehouse) -> None:
    """Units of a parcel's row are promised from another warehouse; the row shrinks. Into which parcel they go is the
    caller's. Raises `OutOfStock`."""
    variants = {part.ref: part.variant_id for part in line.parts.all()} or {line.ref: line.variant_id}
    for ref, pieces in pieces_on_shelves(line, count).items():
        move_promise(
            order_ref=order.number,
            line_ref=ref,
            variant_id=variants[ref] or 0,
            pieces=pieces,
            from_code=row.fulfillment.warehouse_code,
            to_code=place.code,
        )
    if row.quantity == count:
        row.delete()
    else:
        FulfillmentLine.objects.filter(pk=row.pk).update(quantity=row.quantity - count)
