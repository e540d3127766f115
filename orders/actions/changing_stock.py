"""Stock of a change: held while it waits for its payment, set aside when it is done, freed for what goes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from inventory.actions import convert_hold, hold_stock
from inventory.sourcing.types import Route
from inventory.types import Demand, ParcelPlan, Piece
from orders.actions.shipping import drop_empty_parcels
from orders.actions.taking_back import cancel_units
from orders.changes.types import LineAfter, Projection
from orders.models import Fulfillment, FulfillmentLine, Order, OrderChange, OrderLine, ParcelState
from orders.routes import route_of_change

NOW = timedelta(minutes=15)


def wanted_units(order: Order, projection: Projection) -> tuple[Demand, ...]:
    """What has to come from the shelves besides what the order has, by the positions of its lines."""
    rows = {line.pk: line for line in order.lines.prefetch_related("parts")}
    return tuple(
        _demand(after, rows.get(after.line_id or 0))
        for after in projection.lines
        if after.quantity > after.before and _is_sent(after, rows) and after.variant_id is not None
    )


def _is_sent(after: LineAfter, rows: Mapping[int, OrderLine]) -> bool:
    if after.line_id is not None:
        return rows[after.line_id].requires_shipping
    return bool(after.facts["requires_shipping"])


def _demand(after: LineAfter, row: OrderLine | None) -> Demand:
    if row is not None:
        pieces = [
            (part.position, part.variant_id or 0, part.per_set) for part in row.parts.all() if part.requires_shipping
        ]
    else:
        pieces = [
            (share["position"], share["facts"]["variant_id"], share["per_set"])
            for share in after.parts
            if share["facts"]["requires_shipping"]
        ]
    return Demand(
        line_ref=str(after.position),
        variant_id=after.variant_id or 0,
        quantity=after.quantity - after.before,
        pieces=tuple(
            Piece(line_ref=f"{after.position}.{position}", variant_id=variant, per_set=count)
            for position, variant, count in pieces
        ),
    )


def hold_for(change: OrderChange, demands: tuple[Demand, ...], *, lasts: timedelta = NOW) -> list[dict[str, Any]]:
    """Hold what the change needs; returns from where it will leave, to be kept with it. Raises `OutOfStock`."""
    if not demands:
        return []
    minutes = max(1, int(lasts.total_seconds() // 60))
    held = hold_stock(
        owner=change.ref,
        demands=demands,
        market_code=change.order.market,
        minutes=minutes,
        route=_route(change),
    )
    return plans_of(held)


def _route(change: OrderChange) -> Route | None:
    return route_of_change(
        change.order,
        address=change.addresses.get("after"),
        delivery_code=str(change.plan.get("delivery", "")),
    )


def plans_of(plans: Iterable[ParcelPlan]) -> list[dict[str, Any]]:
    """From where what is held will leave, as it is kept: units by the positions of their lines."""
    return [
        {
            "code": plan.warehouse_code,
            "name": plan.warehouse_name,
            "city": plan.city,
            "country": plan.country,
            "units": {one.line_ref: one.quantity for one in plan.lines},
        }
        for plan in plans
    ]


def free_units(order: Order, projection: Projection) -> None:
    """Units that are not wanted any more leave their parcels and can be sold again. Before the lines are written."""
    fewer = {after.line_id: after.before - after.quantity for after in projection.lines if after.line_id is not None}
    for line in order.lines.prefetch_related("parts"):
        units = line.quantity if line.pk in projection.removed else fewer.get(line.pk, 0)
        if units > 0:
            cancel_units(order, line, units)


def take_held(order: Order, change: OrderChange, held: Sequence[Mapping[str, Any]]) -> None:
    """What is held is promised to the order. Raises `HoldExpired`."""
    if held:
        convert_hold(owner=change.ref, order_ref=order.number)


def put_into_parcels(order: Order, held: Iterable[Mapping[str, Any]], lines: Mapping[int, OrderLine]) -> None:
    """What was held leaves with what is planned in its warehouse."""
    for plan in held:
        parcel = _parcel_from(order, plan)
        for position, count in plan["units"].items():
            row = FulfillmentLine.objects.filter(fulfillment=parcel, order_line=lines[int(position)]).first()
            if row is None:
                FulfillmentLine.objects.create(fulfillment=parcel, order_line=lines[int(position)], quantity=count)
            else:
                row.quantity += count
                row.save(update_fields=["quantity"])
    drop_empty_parcels(order)


def _parcel_from(order: Order, plan: Mapping[str, Any]) -> Fulfillment:
    """The planned parcel of that warehouse, or a new one."""
    found = order.fulfillments.filter(
        warehouse_code=plan["code"], state=ParcelState.PLANNED, not_before__isnull=True
    ).first()
    if found is not None:
        return found
    return Fulfillment.objects.create(
        order=order,
        position=order.fulfillments.count() + 1,
        warehouse_code=plan["code"],
        warehouse_name=plan["name"],
        city=plan["city"],
        ships_from=plan["country"],
        carrier=order.delivery_carrier,
        carrier_service=order.delivery_name,
        eta_from=order.arrives_from,
        eta_to=order.arrives_to,
    )
