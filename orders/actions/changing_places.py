"""Let units of an order leave from another warehouse."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.retries import again_when_contended
from inventory.actions.moving import move_promise
from inventory.models import Warehouse
from orders.actions.changing_stock import put_into_parcels
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused, OrderMoved
from orders.models import FulfillmentLine, Lifecycle, Order, OrderLine, ParcelState
from orders.sold_sets import pieces_on_shelves
from orders.types import ShipItem


@again_when_contended
def move_units(*, number: str, items: Sequence[ShipItem], warehouse_code: str, version: int) -> None:
    """Take planned units from where they wait and promise them from another warehouse of the same country.

    Another country would change taxes and duty. Raises `ChangeRefused`, `OrderMoved`,
    `OutOfStock`; nothing is moved then.
    """
    with transaction.atomic():
        order = lock_order(number)
        if order.version != version:
            raise OrderMoved(seen=version, now=order.version)
        move_planned(order, items, warehouse_code)
        refresh_states(order)
        write_event(order, "order.moved", warehouse=warehouse_code)
        audit.record("orders.move_units", order, data={"warehouse": warehouse_code, "version": version})


def move_planned(order: Order, items: Sequence[ShipItem], warehouse_code: str) -> None:
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
        _take(order, line, row, count, place)
    if left:
        raise ChangeRefused(f"{line.name}: {_('That many do not wait in another warehouse.')}")
    plan = {
        "code": place.code,
        "name": place.name_i18n,
        "city": place.city_i18n,
        "country": place.country,
        "units": {str(line.position): units},
    }
    put_into_parcels(order, [plan], {line.position: line})


def _take(order: Order, line: OrderLine, row: FulfillmentLine, count: int, place: Warehouse) -> None:
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
