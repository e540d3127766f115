"""Parcels nobody hears of, that stay in customs, wait to be collected, or should be there: found by the clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.carriers.canonical import TERMINAL, Canonical
from inventory.dates import add_working_days
from inventory.queries import usual_days
from inventory.sourcing.network import network_of
from markets import cache
from orders.actions.parcel_exceptions import open_exception_on
from orders.actions.shipping import lock_parcel
from orders.models import ExceptionKind, Fulfillment, Package, ParcelState

UNDERWAY = (
    ParcelState.HANDED_OVER,
    ParcelState.IN_TRANSIT,
    ParcelState.CUSTOMS,
    ParcelState.OUT_FOR_DELIVERY,
    ParcelState.EXCEPTION,
)
USUAL_DAYS = 10
"""Where nobody says how long a way takes."""
IN_CUSTOMS = timedelta(days=5)
UNCOLLECTED = timedelta(days=4)
GRACE = timedelta(days=2)
"""So long after the last promised day a parcel counts as late: the last scan often comes a day after the parcel."""
BATCH = 500


def watch_parcels(*, now: datetime | None = None) -> int:
    """Open work for parcels in trouble of which no carrier tells; returns how many. Safe to repeat."""
    moment = now or timezone.now()
    opened = 0
    for package in _followed().iterator(chunk_size=BATCH):
        kind = trouble_by_clock(package, moment)
        if kind is not None:
            opened += _open(package, kind)
    return opened


def trouble_by_clock(package: Package, now: datetime) -> ExceptionKind | None:
    """What is wrong with a package that only the clock tells. One at a time, the most certain first."""
    since = package.status_at or package.fulfillment.shipped_at
    if package.status in (Canonical.CUSTOMS, Canonical.CUSTOMS_ASKS):
        return ExceptionKind.CUSTOMS_SLOW if since and since < now - IN_CUSTOMS else None
    if package.status == Canonical.PICKUP:
        return ExceptionKind.UNCOLLECTED if since and since < now - UNCOLLECTED else None
    if is_silent(package, now):
        return ExceptionKind.SILENCE
    expected = package.eta or package.fulfillment.eta_to
    if expected is not None and expected + GRACE < now.date():
        return ExceptionKind.LATE
    return None


def is_silent(package: Package, now: datetime) -> bool:
    """Whether nothing was heard for longer than the whole way usually takes."""
    parcel = package.fulfillment
    heard = package.heard_at or parcel.shipped_at
    if heard is None:
        return False
    return add_working_days(heard.date(), usual_of(parcel)) < now.date()


def usual_of(parcel: Fulfillment) -> int:
    """Working days in which nine of ten parcels are there, customs included; as its lane has it, else its method."""
    order = parcel.order
    network = network_of(order.market)
    if network.has_lanes:
        parts = order.addresses.get("ship", {}).get("parts", {})
        ways = network.ways_to(
            order.delivery_code,
            country=order.country,
            region=str(parts.get("region", "")),
            postal_code=str(parts.get("postal_code", "")),
        )
        way = next((one for one in ways if one.house.code == parcel.warehouse_code), None)
        if way is not None:
            return way.lead_p90 + way.customs_days
    return _usual(order.market, order.delivery_code, parcel.warehouse_code)


def _usual(market: str, method: str, warehouse: str) -> int:
    """Remembered: the watch goes through thousands of parcels of a few ways."""

    def ask() -> int:
        found = usual_days(market_code=market, method_code=method, warehouse_code=warehouse)
        return found if found is not None else USUAL_DAYS

    return cache.remembered(("orders.usual_days", market, method, warehouse), ask)


def _followed() -> QuerySet[Package]:
    rows = Package.objects.filter(fulfillment__state__in=UNDERWAY).exclude(status__in=list(TERMINAL))
    return rows.select_related("fulfillment__order").order_by(
        Coalesce(F("heard_at"), F("fulfillment__shipped_at")).asc(nulls_last=True), "pk"
    )


def _open(package: Package, kind: ExceptionKind) -> int:
    """Under the lock it is looked again: a carrier may have spoken meanwhile."""
    open_now: Iterable[str] = package.fulfillment.exceptions.filter(resolved_at=None).values_list("kind", flat=True)
    if kind in open_now:
        return 0
    with transaction.atomic():
        order, parcel = lock_parcel(package.fulfillment_id)
        fresh = Package.objects.select_related("fulfillment__order").get(pk=package.pk)
        if parcel.state not in UNDERWAY or (fresh.status_at, fresh.heard_at) != (package.status_at, package.heard_at):
            return 0
        return int(open_exception_on(order, parcel, kind=kind, package=fresh) is not None)
