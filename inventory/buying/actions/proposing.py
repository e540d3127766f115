"""Proposals of what to buy or to move, worked out from forecasts and from what is there and coming."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.money import Money
from inventory.buying.coming import coming
from inventory.buying.policies import policies
from inventory.buying.replenishing import Shelf, in_packs
from inventory.buying.sources import Source, sources_of
from inventory.buying.transfers import leaving_by_transfer
from inventory.models import BuyingPolicy, Forecast, ReplenishmentProposal, StockItem, Warehouse

Kind, State = ReplenishmentProposal.Kind, ReplenishmentProposal.State
Spot = tuple[int, int]
"""Warehouse and variant."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A stock row with what buying knows of it."""

    item: StockItem
    forecast: Forecast | None
    shelf: Shelf

    @property
    def spot(self) -> Spot:
        """Which row it is."""
        return self.item.warehouse_id, self.item.variant_id


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What should be done about one shelf."""

    kind: str
    quantity: int
    supplier_id: int | None
    source_id: int | None
    reason: Mapping[str, Any]
    is_urgent: bool


def propose(*, variant_ids: Collection[int] | None = None) -> int:
    """Bring the open proposals up to date, for these variants or for all; returns how many are open then.

    What is no longer needed lapses, what changed is changed, and what somebody dismissed stays away until its day.
    Running it twice changes nothing more.
    """
    places = _places(variant_ids)
    advised = _advise(places)
    with transaction.atomic():
        rows = ReplenishmentProposal.objects.lock().filter(state=State.OPEN)
        if variant_ids is not None:
            rows = rows.filter(variant__in=list(variant_ids))
        standing = {(row.warehouse_id, row.variant_id): row for row in rows}
        for spot, row in standing.items():
            _renew(row, advised.get(spot))
        snoozed = _snoozed(variant_ids)
        fresh = [
            _proposal(spot, advice)
            for spot, advice in sorted(advised.items())
            if spot not in standing and spot not in snoozed
        ]
        ReplenishmentProposal.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(advised.keys() & (standing.keys() | {(row.warehouse_id, row.variant_id) for row in fresh}))


def _places(variant_ids: Collection[int] | None) -> dict[Spot, Place]:
    items = (
        StockItem.objects.filter(warehouse__is_active=True, variant__status="active")
        .exclude(warehouse__kind=Warehouse.Kind.DROPSHIP)
        .select_related("warehouse")
    )
    forecasts = Forecast.objects.all()
    if variant_ids is not None:
        items, forecasts = items.filter(variant__in=variant_ids), forecasts.filter(variant__in=variant_ids)
    made = {(row.warehouse_id, row.variant_id): row for row in forecasts}
    on_the_way = coming(variant_ids)
    found = {}
    for item in items:
        spot = (item.warehouse_id, item.variant_id)
        found[spot] = Place(
            item=item, forecast=made.get(spot), shelf=shelf_of(item, made.get(spot), on_the_way.get(spot, 0))
        )
    return found


def shelf_of(item: StockItem, forecast: Forecast | None, on_the_way: int) -> Shelf:
    """The stock row as buying sees it. What a person has set goes before what was forecast."""
    said = forecast.reorder_point if forecast is not None else 0
    trigger = item.reorder_point + item.safety_stock if item.reorder_point is not None else said
    filled = forecast.order_up_to if forecast is not None else trigger
    if item.target_quantity is not None:
        filled = item.target_quantity
    is_wanted = forecast is not None and forecast.mean > 0
    has_levels = item.reorder_point is not None or is_wanted
    return Shelf(
        on_hand=item.on_hand,
        promised=item.allocated,
        held=item.reserved,
        coming=on_the_way,
        trigger=trigger if has_levels else -1,
        filled_to=max(filled, trigger) if has_levels else 0,
    )


def _advise(places: Mapping[Spot, Place]) -> dict[Spot, Advice]:
    """What every shelf needs. A warehouse that helps another out has that much less to give to the next."""
    needy = [place for place in places.values() if place.shelf.needs]
    sources = sources_of({place.item.variant_id for place in needy})
    rules, leaving = policies(), leaving_by_transfer()
    spare = {spot: place.shelf.spare - leaving.get(spot, 0) for spot, place in places.items()}
    found = {}
    for place in sorted(needy, key=lambda one: one.spot):
        policy = rules.get(place.item.warehouse_id, rules[None])
        source = sources.get(place.item.variant_id)
        needed = place.shelf.needs
        giver = _giver(place, places, spare, needed, source) if policy.takes_transfers else None
        if giver is not None:
            spare[giver.spot] -= needed
        found[place.spot] = _advice(place, policy, source, giver, needed)
    return found


def _giver(
    place: Place, places: Mapping[Spot, Place], spare: Mapping[Spot, int], needed: int, source: Source | None
) -> Place | None:
    """The warehouse that can spare all of it: one in the same country, or any when nobody sells it."""
    able = [
        other
        for spot, other in places.items()
        if other.item.variant_id == place.item.variant_id
        and spot != place.spot
        and spare[spot] >= needed
        and (source is None or other.item.warehouse.country == place.item.warehouse.country)
    ]
    return max(able, key=lambda one: (spare[one.spot], -one.item.warehouse_id), default=None)


def _advice(place: Place, policy: BuyingPolicy, source: Source | None, giver: Place | None, needed: int) -> Advice:
    bought = in_packs(needed, moq=source.moq, pack=source.pack) if source is not None else needed
    lead = source.lead_days if source is not None else policy.lead_days
    mean = place.forecast.mean if place.forecast is not None else Decimal(0)
    return Advice(
        kind=Kind.BUY if giver is None else Kind.TRANSFER,
        quantity=bought if giver is None else needed,
        supplier_id=source.supplier_id if source is not None and giver is None else None,
        source_id=giver.item.warehouse_id if giver is not None else None,
        reason=_reason(place, policy, source, lead, needed),
        is_urgent=place.shelf.free <= 0 or (mean > 0 and place.shelf.free < mean * lead),
    )


def _reason(place: Place, policy: BuyingPolicy, source: Source | None, lead: int, needed: int) -> dict[str, Any]:
    """The numbers that led to it, as they were."""
    forecast, shelf = place.forecast, place.shelf
    return {
        "mean": str(forecast.mean) if forecast is not None else "",
        "deviation": str(forecast.deviation) if forecast is not None else "",
        "method": forecast.method if forecast is not None else "",
        "error": str(forecast.error) if forecast is not None and forecast.error is not None else "",
        "lead_days": lead,
        "review_days": policy.review_days,
        "service_level": str(policy.service_level),
        "trigger": shelf.trigger,
        "filled_to": shelf.filled_to,
        "is_set_by_hand": place.item.reorder_point is not None,
        "on_hand": shelf.on_hand,
        "promised": shelf.promised + shelf.held,
        "coming": shelf.coming,
        "needed": needed,
        "moq": source.moq if source is not None else None,
        "pack": source.pack if source is not None else None,
        "cost": _plain(source.cost) if source is not None else None,
        "supplier_has": source.has if source is not None else None,
    }


def _plain(amount: Money) -> list[str]:
    return [str(amount.amount), amount.currency.code]


def _renew(row: ReplenishmentProposal, advice: Advice | None) -> None:
    if advice is None:
        row.become(state=State.LAPSED)
        return
    told = (advice.kind, advice.quantity, advice.supplier_id, advice.source_id, dict(advice.reason), advice.is_urgent)
    if told == (row.kind, row.quantity, row.supplier_id, row.source_id, row.reason, row.is_urgent):
        return
    row.kind, row.quantity, row.supplier_id, row.source_id, row.reason, row.is_urgent = told
    row.save(update_fields=["kind", "quantity", "supplier", "source", "reason", "is_urgent", "updated"])


def _snoozed(variant_ids: Collection[int] | None) -> set[Spot]:
    rows = ReplenishmentProposal.objects.filter(state=State.DISMISSED, snoozed_until__gt=timezone.localdate())
    if variant_ids is not None:
        rows = rows.filter(variant__in=variant_ids)
    return set(rows.values_list("warehouse_id", "variant_id"))


def _proposal(spot: Spot, advice: Advice) -> ReplenishmentProposal:
    return ReplenishmentProposal(
        warehouse_id=spot[0],
        variant_id=spot[1],
        kind=advice.kind,
        quantity=advice.quantity,
        supplier_id=advice.supplier_id,
        source_id=advice.source_id,
        reason=dict(advice.reason),
        is_urgent=advice.is_urgent,
    )
