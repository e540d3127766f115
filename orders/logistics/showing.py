"""Parcels on their way as the order's page shows them."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from inventory.carriers.canonical import Canonical
from markets.customs import crosses_customs
from markets.formatting import format_day
from markets.types import MarketContext
from orders.actions.tracking import said_of
from orders.logistics import progress
from orders.logistics.status import Said
from orders.models import Fulfillment, Package, TrackingEvent
from orders.types import Stop

TELLING = progress.PROBLEMS | {Canonical.DELIVERY_FAILED, Canonical.CUSTOMS_ASKS, Canonical.PICKUP}
"""Statuses whose reason is in the carrier's sentence."""


def heard_of(packages: Sequence[Package]) -> list[Said]:
    """What was said of the last package, by when it happened. No query when the events were read with it."""
    events = packages[-1].events.all() if packages else ()
    return [said_of(row) for row in sorted(events, key=lambda row: row.occurred_at)]


def stops_of(
    parcel: Fulfillment, heard: Sequence[Said], *, goal: str, country: str, market: MarketContext
) -> tuple[Stop, ...]:
    """The way with what was heard on it; nothing while nothing was heard, so that the plain way is shown."""
    if not heard:
        return ()
    way = progress.Way(
        start=parcel.city or parcel.warehouse_name,
        goal=goal,
        crosses=crosses_customs(parcel.ships_from, country),
        left_at=parcel.shipped_at,
        day=lambda moment: format_day(
            moment.astimezone(ZoneInfo(market.timezone)).date(), market.language, market.home_country
        ),
    )
    return progress.stops(way, heard)


def expected(parcel: Fulfillment, packages: Sequence[Package]) -> tuple[date | None, date | None]:
    """When it comes: the carrier's day when that is known, else what was promised."""
    told = packages[-1].told_eta if packages else None
    return (told, told) if told else (parcel.eta_from, parcel.eta_to)


def step_detail(event: TrackingEvent) -> str:
    """Where it was; of trouble also what the carrier says of it, in its own words."""
    told = event.text if event.canonical in TELLING else ""
    return " · ".join(part for part in (event.place, told) if part)
