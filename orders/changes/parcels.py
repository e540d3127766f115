"""From where the units of a changed order would leave. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cart.types import ParcelItem, QuoteParcel
from inventory.models import Warehouse
from inventory.planning import Take, variants_of
from inventory.queries import stock_rows, warehouses_named
from inventory.sourcing.asking import plan_leaving
from inventory.sourcing.types import Route
from inventory.types import Demand
from orders.models import INSIDE, FulfillmentLine, Order


@dataclass(frozen=True)
class Place:
    """One consignment: a warehouse, and the first day it leaves."""

    code: str
    not_before: date | None


Placed = dict[Place, dict[str, int]]
"""For each consignment how many units of each quote line."""


def kept_places(order: Order, wanted: Mapping[int, int]) -> Placed:
    """Where the kept units wait now; what is too many leaves the last parcels first, as `cancel_units` does it."""
    rows = FulfillmentLine.objects.filter(fulfillment__order=order, fulfillment__state__in=INSIDE)
    planned: list[FulfillmentLine] = list(
        rows.select_related("fulfillment").order_by("fulfillment__position", "order_line__position")
    )
    left = dict(wanted)
    found: Placed = {}
    for row in planned:
        count = min(row.quantity, left.get(row.order_line_id, 0))
        if count:
            left[row.order_line_id] -= count
            place = Place(row.fulfillment.warehouse_code, row.fulfillment.not_before)
            here = found.setdefault(place, {})
            here[str(row.order_line_id)] = here.get(str(row.order_line_id), 0) + count
    return found


def planned_places(demands: Sequence[Demand], *, market_code: str, route: Route | None = None) -> Placed:
    """From where further units would leave now: on their way, where lanes decide. Raises `OutOfStock`."""
    if not demands:
        return {}
    leaving = plan_leaving(demands, stock_rows(market_code, variants_of(demands)), route)
    found: Placed = {}
    for take in leaving.takes:
        found.setdefault(Place(take.warehouse_code, None), {})[_unit(take)] = take.units or take.quantity
    return found


def _unit(take: Take) -> str:
    return take.unit_ref or take.line_ref


def quote_parcels(
    placed: Sequence[Placed], weights: Mapping[str, int]
) -> tuple[tuple[QuoteParcel, ...], tuple[Warehouse, ...]]:
    """Consignments as the quote wants them, units of one place together, and their warehouses. One query."""
    together: Placed = {}
    for one in placed:
        for place, items in one.items():
            here = together.setdefault(place, {})
            for key, count in items.items():
                here[key] = here.get(key, 0) + count
    houses = warehouses_named({place.code for place in together}) if together else {}
    parcels = tuple(
        _parcel(place, items, houses[place.code], weights)
        for place, items in sorted(together.items(), key=lambda pair: pair[0].not_before or date.min)
    )
    return parcels, tuple(houses.values())


def _parcel(place: Place, items: Mapping[str, int], house: Warehouse, weights: Mapping[str, int]) -> QuoteParcel:
    return QuoteParcel(
        warehouse_code=place.code,
        warehouse_name=house.name_i18n,
        city=house.city_i18n,
        country=house.country,
        items=tuple(ParcelItem(key=key, quantity=count) for key, count in items.items()),
        weight_g=sum(weights.get(key, 0) * count for key, count in items.items()),
        not_before=place.not_before,
    )
