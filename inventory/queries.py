"""What others ask about stock and delivery."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from catalog.models import Variant
from catalog.types import Availability
from core.locks import LockingQuerySet
from core.money import Money, to_minor, zero
from inventory.dates import arrives_on, leaves_on, minutes_to_cutoff
from inventory.models import Allocation, DeliveryMethod, StockItem, Warehouse
from inventory.planning import StockRow, Take, plan_takes, variants_of
from inventory.sellable import SELLABLE
from inventory.sourcing.asking import MethodPlan, method_plans
from inventory.sourcing.network import network_of
from inventory.sourcing.reach import reach_of
from inventory.sourcing.types import Route
from inventory.stockwork.pools import WEB, closed_to
from inventory.types import DeliveryOption, Demand, ParcelPlan, StockPlace
from markets.cache import remembered

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from inventory.sellable import Sellable


def stock_rows(market_code: str, variant_ids: Sequence[int], *, channel: str = WEB) -> list[StockRow]:
    """What the warehouses that serve a market can still sell of these variants by a channel. One query, no locks."""
    rows = (
        _serving(market_code, channel)
        .filter(variant_id__in=list(variant_ids))
        .values_list("pk", "warehouse__code", "warehouse__priorities__position", "variant_id", "sellable")
    )
    return [StockRow(*row) for row in rows]


def _serving(market_code: str, channel: str = WEB) -> "QuerySet[WithAnnotations[StockItem, Sellable]]":
    rows = StockItem.objects.filter(warehouse__is_active=True, warehouse__priorities__market__code=market_code)
    return _open_to(channel, rows).annotate(sellable=SELLABLE)


def _open_to(channel: str, rows: "LockingQuerySet[StockItem]") -> "LockingQuerySet[StockItem]":
    """Without the warehouses this channel may not sell from. Who has none of its own asks nothing more."""
    closed = closed_to(channel)
    return rows.exclude(warehouse__in=closed) if closed else rows


def available(variant_ids: Iterable[int], *, market_code: str = "", channel: str = WEB) -> dict[int, int]:
    """How many of each variant a channel can sell, in a market or anywhere. Variants without stock rows are absent.

    In a market where lanes decide, pieces that no lane takes to anybody count as none.
    """
    if market_code and network_of(market_code).has_lanes:
        return _available_along(list(variant_ids), market_code, channel)
    everywhere = StockItem.objects.filter(warehouse__is_active=True)
    rows = _serving(market_code, channel) if market_code else _open_to(channel, everywhere)
    totals = (
        rows.filter(variant_id__in=list(variant_ids))
        .values("variant_id")
        .annotate(total=Sum(SELLABLE))
        .values_list("variant_id", "total")
    )
    return {variant_id: max(total, 0) for variant_id, total in totals}


def _available_along(variant_ids: Sequence[int], market_code: str, channel: str) -> dict[int, int]:
    reach = reach_of(variant_ids)
    totals: defaultdict[int, int] = defaultdict(int)
    rows = _serving(market_code, channel).filter(variant_id__in=variant_ids)
    for variant_id, market_id, code, sellable in rows.values_list(
        "variant_id", "warehouse__priorities__market_id", "warehouse__code", "sellable"
    ):
        totals[variant_id] += sellable if reach.sends(market_id, code, variant_id) else 0
    return {variant_id: max(total, 0) for variant_id, total in totals.items()}


def market_stock(variant_ids: Iterable[int]) -> tuple[Availability, ...]:
    """What each market can sell of these variants, and its first warehouse that has any. One query.

    A market that no warehouse with a stock row of a variant serves is absent. Where lanes decide, one query more, and
    pieces that none of them takes to anybody count as none.
    """
    asked = list(variant_ids)
    reach = reach_of(asked)
    served = StockItem.objects.filter(
        warehouse__is_active=True, warehouse__priorities__isnull=False, variant_id__in=asked
    )
    rows = (
        _open_to(WEB, served)
        .annotate(sellable=SELLABLE)
        .order_by("variant_id", "warehouse__priorities__market_id", "warehouse__priorities__position")
        .values_list("variant_id", "warehouse__priorities__market_id", "warehouse__code", "sellable")
    )
    totals: defaultdict[tuple[int, int], int] = defaultdict(int)
    places: dict[tuple[int, int], str] = {}
    for variant_id, market_id, code, sellable in rows:
        there = sellable if reach.sends(market_id, code, variant_id) else 0
        totals[variant_id, market_id] += there
        if there > 0:
            places.setdefault((variant_id, market_id), code)
    return tuple(
        Availability(*pair, available_total=max(total, 0), place_code=places.get(pair, ""))
        for pair, total in totals.items()
    )


def plan_parcels(demands: Sequence[Demand], *, market_code: str) -> tuple[ParcelPlan, ...]:
    """From where these would leave if they were bought now. Holds nothing. Raises `OutOfStock`."""
    return parcels_of(plan_takes(demands, stock_rows(market_code, variants_of(demands))))


def warehouses_named(codes: Iterable[str]) -> dict[str, Warehouse]:
    """Warehouses by their codes. One query."""
    return {place.code: place for place in Warehouse.objects.filter(code__in=list(codes))}


def parcels_of(
    takes: Sequence[Take],
    *,
    places: Mapping[str, Warehouse] | None = None,
    weights: Mapping[int, int] | None = None,
) -> tuple[ParcelPlan, ...]:
    """The consignments that a plan makes, one per warehouse. Two queries, less those whose answers are given."""
    by_warehouse: defaultdict[str, list[Take]] = defaultdict(list)
    for take in takes:
        by_warehouse[take.warehouse_code].append(take)
    places = warehouses_named(by_warehouse) if places is None else places
    weights = weights_of({take.variant_id for take in takes}) if weights is None else weights
    return tuple(
        ParcelPlan(
            warehouse_code=code,
            warehouse_name=places[code].name_i18n,
            city=places[code].city_i18n,
            country=places[code].country,
            lines=_units_in(here),
            weight_g=sum(weights[take.variant_id] * take.quantity for take in here),
        )
        for code, here in by_warehouse.items()
    )


def _units_in(takes: Sequence[Take]) -> tuple[Demand, ...]:
    """The lines of a consignment: sets as whole sets, everything else as it is."""
    units = {
        take.unit_ref or take.line_ref: Demand(
            line_ref=take.unit_ref or take.line_ref,
            variant_id=take.unit_variant_id or take.variant_id,
            quantity=take.units or take.quantity,
        )
        for take in takes
    }
    return tuple(units.values())


def weights_of(variant_ids: Iterable[int]) -> dict[int, int]:
    """The weight of each variant in grams; a variant without one weighs nothing (nothing physical)."""
    rows = Variant.objects.filter(pk__in=list(variant_ids)).values_list("pk", "weight_g")
    return {pk: weight or 0 for pk, weight in rows}


def delivery_options(
    *,
    market_code: str,
    country: str,
    weight_g: int,
    goods: Money,
    on: datetime | None = None,
    warehouse_codes: Sequence[str] = (),
) -> tuple[DeliveryOption, ...]:
    """`delivery_from` for warehouses that are known by their codes only. Four queries."""
    warehouses = list(warehouses_named(warehouse_codes).values()) if warehouse_codes else []
    return delivery_from(warehouses, market_code=market_code, country=country, weight_g=weight_g, goods=goods, on=on)


def delivery_from(
    warehouses: Sequence[Warehouse],
    *,
    market_code: str,
    country: str,
    weight_g: int,
    goods: Money,
    on: datetime | None = None,
) -> tuple[DeliveryOption, ...]:
    """The ways to send this weight to a country of the market, cheapest position first.

    `goods` is what the goods cost the shopper, compared with each method's free limit. A method whose
    table ends below the weight is not offered. Dates count working days of the country from when the slowest of
    the warehouses can hand over. Three queries; empty when nothing reaches the place.
    """
    methods = (
        DeliveryMethod.objects.filter(market__code=market_code, is_active=True)
        .prefetch_related("rates", "lead_times")
        .order_by("position", "pk")
    )
    moment = on or timezone.now()
    found = (
        _option(method, weight_g, goods, moment, warehouses, country=country)
        for method in methods
        if not method.countries or country in method.countries
    )
    return tuple(option for option in found if option is not None)


def delivery_by_lanes(
    plans: Iterable[MethodPlan],
    *,
    market_code: str,
    country: str,
    weight_g: int,
    goods: Money,
    on: datetime | None = None,
) -> tuple[DeliveryOption, ...]:
    """`delivery_from` where lanes decide: the deliveries that have a plan, with its days and how it is cleared."""
    moment = on or timezone.now()
    by_code = {plan.code: plan for plan in plans}
    kept = []
    for option in delivery_from(
        [], market_code=market_code, country=country, weight_g=weight_g, goods=goods, on=moment
    ):
        plan = by_code.get(option.code)
        if plan is not None:
            earliest, latest = plan.window(moment)
            prepays = option.prepays_duty and plan.prepays_duty
            days = plan.days_by_place(moment)
            kept.append(replace(option, earliest=earliest, latest=latest, prepays_duty=prepays, by_place=days))
    return tuple(kept)


def delivery_along(
    warehouses: Sequence[Warehouse], route: Route, *, weight_g: int, goods: Money, on: datetime
) -> tuple[DeliveryOption, ...]:
    """`delivery_from` for goods whose warehouses are settled: where lanes decide, each of them needs one there."""
    asked = {"market_code": route.market_code, "country": route.country}
    network = network_of(route.market_code)
    if not network.has_lanes:
        return delivery_from(warehouses, **asked, weight_g=weight_g, goods=goods, on=on)
    kept = []
    codes = {place.code for place in warehouses}
    for option in delivery_from([], **asked, weight_g=weight_g, goods=goods, on=on):
        found = network.ways_to(option.code, country=route.country, region=route.region, postal_code=route.postal_code)
        ways = [way for way in found if way.house.code in codes]
        if ways and len(ways) == len(codes):
            days = tuple((way.house.code, *way.days(on)[1:]) for way in ways)
            prepays = option.prepays_duty and all(way.clears_for(route.country) for way in ways)
            first, last = max(one[1] for one in days), max(one[2] for one in days)
            kept.append(replace(option, earliest=first, latest=last, prepays_duty=prepays, by_place=days))
    return tuple(kept)


def _option(
    method: DeliveryMethod,
    weight_g: int,
    goods: Money,
    moment: datetime,
    places: Sequence[Warehouse],
    *,
    country: str,
) -> DeliveryOption | None:
    rate = next((rate for rate in method.rates.all() if weight_g <= rate.up_to_g), None)
    if rate is None or rate.amount.currency != goods.currency:
        return None
    is_free = method.free_from is not None and to_minor(goods) >= to_minor(method.free_from)
    spans = [_span(method, place, moment, country) for place in places] or [_span(method, None, moment, country)]
    return DeliveryOption(
        code=method.code,
        name=method.name_i18n,
        carrier=method.carrier,
        price=zero(rate.amount.currency.code) if is_free else rate.amount,
        earliest=max(span[0] for span in spans),
        latest=max(span[1] for span in spans),
        is_free=is_free,
        free_from=method.free_from,
        prepays_duty=method.prepays_duty,
    )


def _span(method: DeliveryMethod, place: Warehouse | None, moment: datetime, country: str) -> tuple[date, date]:
    """Handed over by the warehouse's calendar, carried by that of the country the parcel goes to."""
    own = next((lead for lead in method.lead_times.all() if place is not None and lead.warehouse_id == place.pk), None)
    days = (own.days_min, own.days_max) if own else (method.days_min, method.days_max)
    start = leaves_on(moment, place) if place is not None else moment.date()
    return arrives_on(start, days[0], country), arrives_on(start, days[1], country)


def stock_places(variant_ids: Iterable[int], *, market_code: str, on: datetime | None = None) -> dict[int, StockPlace]:
    """From where each variant would leave for a market: its first warehouse that has any. One query."""
    moment = on or timezone.now()
    items = (
        _serving(market_code)
        .filter(variant_id__in=list(variant_ids), sellable__gt=0)
        .select_related("warehouse")
        .order_by("variant_id", "warehouse__priorities__position")
    )
    places: dict[int, StockPlace] = {}
    for item in items:
        if item.variant_id not in places:
            places[item.variant_id] = _place(item.warehouse, moment)
    return places


def place_towards(variant_id: int, route: Route) -> StockPlace | None:
    """From where one piece would leave for an address; none when it would not."""
    if not network_of(route.market_code).has_lanes:
        return stock_places([variant_id], market_code=route.market_code).get(variant_id)
    demand = Demand(line_ref="1", variant_id=variant_id, quantity=1)
    plans = method_plans([demand], stock_rows(route.market_code, [variant_id]), route)
    return planned_place(plans[0]) if plans else None


def planned_place(plan: MethodPlan, on: datetime | None = None) -> StockPlace:
    """From where the slowest parcel of a plan leaves: it is the one that the promise waits for. One query when cold."""
    moment = on or timezone.now()
    way = max(plan.ways, key=lambda one: one.days(moment)[2])
    code = way.house.code
    warehouse = remembered(("inventory.house", code), lambda: Warehouse.objects.get(code=code))
    local = moment.astimezone(ZoneInfo(way.house.timezone))
    return StockPlace(
        warehouse_code=warehouse.code,
        city=warehouse.city_i18n,
        country=warehouse.country,
        leaves_on=way.days(moment)[0],
        minutes_to_cutoff=minutes_to_cutoff(local, way.house.cutoff, way.house),
    )


def _place(warehouse: Warehouse, moment: datetime) -> StockPlace:
    return StockPlace(
        warehouse_code=warehouse.code,
        city=warehouse.city_i18n,
        country=warehouse.country,
        leaves_on=leaves_on(moment, warehouse),
        minutes_to_cutoff=minutes_to_cutoff(
            moment.astimezone(ZoneInfo(warehouse.timezone)), warehouse.cutoff, warehouse
        ),
    )


def allocated_places(order_ref: str) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """For each line of an order, the warehouses with open pieces and how many: {line_ref: ((code, n), …)}."""
    rows = (
        Allocation.objects.filter(order_ref=order_ref, quantity__gt=F("fulfilled_quantity"))
        .order_by("pk")
        .values_list("line_ref", "stock_item__warehouse__code", F("quantity") - F("fulfilled_quantity"))
    )
    places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for line_ref, code, count in rows:
        places[line_ref].append((code, count))
    return {line_ref: tuple(found) for line_ref, found in places.items()}


def usual_days(*, market_code: str, method_code: str, warehouse_code: str) -> int | None:
    """How many working days a way takes at most; None when nobody says. Asked before a parcel is called silent."""
    method = (
        DeliveryMethod.objects.filter(market__code=market_code, code=method_code).prefetch_related("lead_times").first()
    )
    if method is None:
        return None
    own = method.lead_times.filter(warehouse__code=warehouse_code).values_list("days_max", flat=True).first()
    return own if own is not None else method.days_max
