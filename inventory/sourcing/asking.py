"""The one question everybody asks: from where would these leave, by which delivery, when would they be there.

Product page, cart, checkout, the hold and the order ask here, so what is shown is what is done. A market without
lanes answers nothing, and everything is as `inventory.planning` has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max, Min
from django.utils import timezone

from inventory.errors import OutOfStock
from inventory.models import Batch, StockMovement
from inventory.planning import StockRow, Take, plan_takes
from inventory.sourcing.border import duties
from inventory.sourcing.cartons import goods_of
from inventory.sourcing.network import Network, Way, network_of
from inventory.sourcing.planner import plan
from inventory.sourcing.types import Decision, Good, Problem, Route
from inventory.types import Demand

CAME_IN = (StockMovement.Kind.RECEIVE, StockMovement.Kind.TRANSFER_IN)


@dataclass(frozen=True, kw_only=True)
class MethodPlan:
    """The plan for one delivery method of the market."""

    code: str
    decision: Decision
    problem: Problem
    ways: tuple[Way, ...]
    """The lanes it uses."""

    @property
    def takes(self) -> tuple[Take, ...]:
        """Which shelf gives what."""
        return self.decision.chosen.takes

    @property
    def warehouse_codes(self) -> tuple[str, ...]:
        """From where."""
        return self.decision.chosen.codes

    @property
    def prepays_duty(self) -> bool:
        """Whether every parcel can be cleared with the duty paid."""
        return all(way.clears_for(self.problem.country) for way in self.ways)

    def window(self, moment: datetime) -> tuple[date, date]:
        """The first and the last day for all of it, when it is ordered at a moment: the slowest parcel decides."""
        days = self.days_by_place(moment)
        return max(first for _code, first, _last in days), max(last for _code, _first, last in days)

    def days_by_place(self, moment: datetime) -> tuple[tuple[str, date, date], ...]:
        """The first and the last day of each parcel, by its warehouse."""
        return tuple((way.house.code, *way.days(moment)[1:]) for way in self.ways)


def method_plans(
    demands: Sequence[Demand], rows: Sequence[StockRow], route: Route, *, on: datetime | None = None, only: str = ""
) -> tuple[MethodPlan, ...] | None:
    """A plan for each delivery method that can take all of it to the address, in the market's order.

    None where the market has no lanes; empty where none of them serves. `only`: no other method is asked. One query
    for the goods, and two more where the age of stock decides.
    """
    network = network_of(route.market_code)
    if not network.has_lanes:
        return None
    if not demands:
        return ()
    moment = on or timezone.now()
    goods, codes = goods_of({piece.variant_id for demand in demands for piece in demand.needs})
    asked = replace(route, codes={**codes, **route.codes})
    ages = _ages(rows) if any(rule.kind == "oldest_batch" for rule in network.rules) else {}
    found = (
        _method_plan(network, code, asked, demands, rows, goods, ages, moment)
        for code in network.methods
        if not only or code == only
    )
    return tuple(one for one in found if one is not None)


def stock_towards(rows: Sequence[StockRow], route: Route, *, only: str = "") -> tuple[StockRow, ...]:
    """The stock from where a lane leads to the address; all of it where the market has no lanes. No query.

    `only`: by this delivery method.
    """
    network = network_of(route.market_code)
    if not network.has_lanes:
        return tuple(rows)
    methods = [code for code in network.methods if not only or code == only]
    codes = {way.house.code for code in methods for way in _ways(network, code, route)}
    return tuple(row for row in rows if row.warehouse_code in codes)


def deliveries_with_lanes(route: Route) -> tuple[str, ...]:
    """The delivery methods that have lanes to the address, the wanted one first."""
    network = network_of(route.market_code)
    found = [code for code in network.methods if _ways(network, code, route)]
    return tuple(sorted(found, key=lambda code: code != route.method_code))


@dataclass(frozen=True)
class Leaving:
    """What is done: which shelves give, and the plan behind it where lanes decide."""

    takes: tuple[Take, ...]
    plan: MethodPlan | None = None


def plan_leaving(demands: Sequence[Demand], rows: Sequence[StockRow], route: Route | None) -> Leaving:
    """From where these leave, by the wanted delivery or else by the first that serves. Raises `OutOfStock`.

    Goods never leave where no lane leads, even if that means that nothing leaves.
    """
    if route is None or not network_of(route.market_code).has_lanes:
        return Leaving(plan_takes(demands, rows))
    plans = method_plans(demands, rows, route, only=route.method_code) if route.method_code else None
    plans = plans or method_plans(demands, rows, route) or ()
    if plans:
        return Leaving(plans[0].takes, plans[0])
    plan_takes(demands, stock_towards(rows, route))  # names the line that is short, if one is
    lost = demands[0]
    raise OutOfStock(variant_id=lost.variant_id, wanted=lost.quantity, available=0, line_ref=lost.line_ref)


def days_from_handover(route: Route, *, warehouse_code: str, left_at: datetime) -> tuple[date, date] | None:
    """The first and last day for a parcel that left a warehouse; none where no lane says how long it takes."""
    network = network_of(route.market_code)
    ways = _ways(network, route.method_code, route) if network.has_lanes else ()
    way = next((one for one in ways if one.house.code == warehouse_code), None)
    return way.days_after(left_at) if way is not None else None


def _method_plan(  # noqa: PLR0913 (the parts of one problem)
    network: Network,
    code: str,
    route: Route,
    demands: Sequence[Demand],
    rows: Sequence[StockRow],
    goods: Mapping[int, Good],
    ages: Mapping[tuple[str, int], int],
    moment: datetime,
) -> MethodPlan | None:
    ways = _ways(network, code, route)
    problem = Problem(
        currency=network.currency,
        country=route.country,
        demands=tuple(demands),
        rows=tuple(row for row in rows if row.warehouse_code in {way.house.code for way in ways}),
        sites=tuple(way.site(moment) for way in ways),
        goods=goods,
        boxes=network.boxes,
        rules=network.rules,
        weights=network.weights,
        duty=duties(
            route,
            countries={way.house.code: way.house.country for way in ways},
            goods=goods,
            currency=network.currency,
            on=moment.date(),
        ),
        ages=ages,
        promised=route.promised,
    )
    for usable in _by_clearance(ways, route):
        codes = {way.house.code for way in usable}
        asked = replace(problem, sites=tuple(site for site in problem.sites if site.code in codes))
        decision = plan(asked)
        if decision is not None:
            used = tuple(way for way in usable if way.house.code in decision.chosen.codes)
            return MethodPlan(code=code, decision=decision, problem=asked, ways=used)
    return None


def _by_clearance(ways: tuple[Way, ...], route: Route) -> list[tuple[Way, ...]]:
    """The lanes to try: where duty is paid with the order first those that can clear such parcels, then all."""
    clearing = tuple(way for way in ways if way.clears_for(route.country))
    return [clearing, ways] if route.prepays_duty and clearing != ways else [ways]


def _ways(network: Network, method_code: str, route: Route) -> tuple[Way, ...]:
    return network.ways_to(method_code, country=route.country, region=route.region, postal_code=route.postal_code)


def _ages(rows: Sequence[StockRow]) -> dict[tuple[str, int], int]:
    """The rank of each shelf, 0 is the oldest: by the first date on it, then by when something last came in there.

    A shelf where nothing has a date is behind those where something has.
    """
    shelves_asked = [row.stock_item_id for row in rows]
    dated = dict(
        Batch.objects.filter(stock_item__in=shelves_asked, is_blocked=False, quantity__gt=0, expires_on__isnull=False)
        .order_by()
        .values("stock_item_id")
        .annotate(first=Min("expires_on"))
        .values_list("stock_item_id", "first")
    )
    came = dict(
        StockMovement.objects.filter(stock_item__in=shelves_asked, kind__in=CAME_IN)
        .order_by()
        .values("stock_item_id")
        .annotate(last=Max("pk"))
        .values_list("stock_item_id", "last")
    )
    ranked: dict[tuple[str, int], int] = {}
    for variant_id in {row.variant_id for row in rows}:
        shelves = [row for row in rows if row.variant_id == variant_id]
        ages = {row: (dated.get(row.stock_item_id, date.max), came.get(row.stock_item_id, 0)) for row in shelves}
        for rank, row in enumerate(sorted(shelves, key=ages.__getitem__)):
            ranked[row.warehouse_code, variant_id] = rank
    return ranked
