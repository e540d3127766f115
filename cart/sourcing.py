"""From where a cart would leave and by which deliveries: asked of the planner that places the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cart.allotting import demands_of, takes_of, with_what_is_left
from cart.border import wanted_payer
from cart.offers import Offers
from cart.snapshot import Snapshot, SnapshotLine
from cart.values import Priced, border_values, pieces_of
from catalog.types import SetPart
from core.money import Money
from inventory.models import Warehouse
from inventory.planning import Take
from inventory.queries import delivery_by_lanes, delivery_from, warehouses_named
from inventory.sourcing.asking import MethodPlan, deliveries_with_lanes, method_plans, stock_towards
from inventory.sourcing.types import Route
from inventory.types import DeliveryOption
from markets.types import MarketContext


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """The lines with what each can have, from where that leaves, and the plan of each delivery where lanes decide."""

    rows: tuple[SnapshotLine, ...]
    takes: tuple[Take, ...]
    places: Mapping[str, Warehouse]
    plans: tuple[MethodPlan, ...] | None = None

    def by(self, delivery_code: str) -> tuple[Take, ...]:
        """From where it leaves by a delivery."""
        return next((plan.takes for plan in self.plans or () if plan.code == delivery_code), self.takes)


def route_of_piece(variant_id: int, unit: Money, market: MarketContext, *, parts: Sequence[SetPart] = ()) -> Route:
    """The way of one piece as its product page shows it: to the shopper's country, by any delivery."""
    return Route(
        market_code=market.code,
        country=market.country,
        values=border_values([Priced(variant_id=variant_id, unit=unit, pieces=pieces_of(parts))]),
        prepays_duty=wanted_payer(market.duty_mode, "") != "buyer_later",
    )


def sourced(lines: Sequence[SnapshotLine], offers: Offers, route: Route, *, now: datetime) -> Sourced:
    """Stock is what can reach the address. One query for the warehouses, and one for the goods where lanes decide.

    What only several deliveries together could bring is cut down to what one of them can. Where no lane leads there,
    or none takes these goods, nothing is offered; what they cost is said all the same.
    """
    found = _tried(lines, offers, route, now)
    if found.plans == () and found.takes:
        for code in deliveries_with_lanes(route):
            less = _tried(lines, offers, route, now, only=code)
            if less.plans:
                found = less
                break
    codes = {take.warehouse_code for plan in found.plans or () for take in plan.takes}
    codes |= {take.warehouse_code for take in found.takes}
    return replace(found, places=warehouses_named(codes) if found.takes else {})


def _tried(lines: Sequence[SnapshotLine], offers: Offers, route: Route, now: datetime, *, only: str = "") -> Sourced:
    reachable = replace(offers, stock=stock_towards(offers.stock, route, only=only) or offers.stock)
    rows = with_what_is_left(lines, reachable)
    asked = replace(route, values=_values(rows), codes=_codes(rows))
    plans = method_plans(demands_of(rows, reachable), reachable.stock, asked, on=now, only=only)
    wanted = [plan for plan in plans or () if plan.code == route.method_code]
    takes = (wanted or plans)[0].takes if plans else takes_of(rows, reachable)
    return Sourced(rows=rows, takes=takes, places={}, plans=plans)


def deliveries(found: Sourced, snapshot: Snapshot, *, goods: Money, on: datetime) -> tuple[DeliveryOption, ...]:
    """The ways to send it, counted from a moment."""
    if found.plans is not None:
        return delivery_by_lanes(
            found.plans,
            market_code=snapshot.market.code,
            country=snapshot.country,
            weight_g=snapshot.weight_g,
            goods=goods,
            on=on,
        )
    used = {parcel.warehouse_code for parcel in snapshot.parcels}
    return delivery_from(
        [place for code, place in found.places.items() if code in used],
        market_code=snapshot.market.code,
        country=snapshot.country,
        weight_g=snapshot.weight_g,
        goods=goods,
        on=on,
    )


def _values(rows: Sequence[SnapshotLine]) -> dict[int, Money]:
    return border_values(
        Priced(variant_id=row.variant_id, unit=row.unit, pieces=pieces_of(row.parts))
        for row in rows
        if row.unit is not None
    )


def _codes(rows: Sequence[SnapshotLine]) -> dict[int, tuple[str, str]]:
    parts = {
        part.variant_id: (row.hs_code or part.hs_code, row.origin or part.origin) for row in rows for part in row.parts
    }
    return {**parts, **{row.variant_id: (row.hs_code, row.origin) for row in rows}}
