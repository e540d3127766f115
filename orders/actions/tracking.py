"""What carriers say of parcels: kept once, folded into one status, and acted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.events import publish
from inventory.carriers.canonical import Canonical
from inventory.carriers.types import Tracked as Reported
from orders.actions.parcel_exceptions import end_what_is_over, open_exception_on
from orders.actions.shipping import arrive, lock_parcel
from orders.actions.trail import refresh_states
from orders.events import ParcelEtaMoved, ParcelMoved
from orders.logistics.status import OF_STATE, STATES, Said, parcel_state, standing
from orders.logistics.trouble import trouble_of
from orders.models import ExceptionKind, Fulfillment, Order, Package, ParcelState, TrackingEvent

A_DAY = timedelta(days=1)
UNREAD = ("", Canonical.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """What a carrier said about a parcel, in our words (`state`) and in theirs (`carrier_code`)."""

    state: str
    carrier_code: str
    occurred_at: datetime
    place: str = ""
    text: str = ""


def record_tracking(*, package_id: int, tracked: Tracked) -> None:
    """One report in the words of parcels; see `record_reports`."""
    reported = Reported(
        code=str(OF_STATE.get(tracked.state, Canonical.UNKNOWN)),
        carrier_code=tracked.carrier_code,
        at=tracked.occurred_at,
        place=tracked.place,
        text=tracked.text,
    )
    record_reports(package_id=package_id, events=[reported])


def record_reports(*, package_id: int, events: Sequence[Reported], eta: date | None = None) -> bool:
    """Everything a carrier says of a package, kept once; whether anything of it is news.

    What is told late, twice or out of order ends the same: the events by when they happened decide. Trouble becomes
    somebody's work, a new day of arrival is announced when it differs by a day or more from what was told.
    """
    with transaction.atomic():
        fulfillment_id = Package.objects.values_list("fulfillment_id", flat=True).get(pk=package_id)
        order, parcel = lock_parcel(fulfillment_id)
        package = Package.objects.select_for_update().get(pk=package_id)
        news = _keep(package, events)
        if news:
            _fold(order, parcel, package, news)
        if eta is not None and eta != package.eta:
            package.eta = eta
            _weigh_eta(order, parcel, package, eta)
        package.save(update_fields=["status", "status_at", "heard_at", "eta", "told_eta", "updated"])
        if news:
            _move(order, parcel)
    return bool(news)


def _keep(package: Package, events: Sequence[Reported]) -> list[TrackingEvent]:
    """New events, and old ones whose code is understood by now; those are returned."""
    held = {(row.carrier_code, row.occurred_at): row for row in package.events.all()}
    fresh, understood = [], []
    for one in events:
        row = held.get((one.carrier_code, one.at))
        if row is None:
            row = held[(one.carrier_code, one.at)] = _row(package, one)
            fresh.append(row)
        elif row.pk and row.canonical in UNREAD and one.code not in UNREAD:
            row.canonical, row.code = one.code, _state_of(one.code)
            understood.append(row)
    TrackingEvent.objects.bulk_create(fresh, ignore_conflicts=True)
    TrackingEvent.objects.bulk_update(understood, ["canonical", "code"])
    if fresh:
        package.heard_at = timezone.now()
    return [*fresh, *understood]


def _row(package: Package, one: Reported) -> TrackingEvent:
    return TrackingEvent(
        package=package,
        code=_state_of(one.code),
        canonical=one.code,
        carrier_code=one.carrier_code[:60],
        place=one.place[:120],
        text=one.text[:300],
        occurred_at=one.at,
        raw=dict(one.raw),
    )


def _state_of(code: str) -> str:
    """The parcel's word for an event; one that moves no parcel stands with the carrier."""
    return STATES.get(code, ParcelState.HANDED_OVER)


def said_of(row: TrackingEvent) -> Said:
    """A stored event as the rules read it."""
    code = row.canonical or str(OF_STATE.get(row.code, Canonical.UNKNOWN))
    return Said(code=code, at=row.occurred_at, place=row.place, text=row.text)


def _fold(order: Order, parcel: Fulfillment, package: Package, news: Sequence[TrackingEvent]) -> None:
    """The package's status anew, and what it means for troubles. Damage stays trouble wherever the parcel is by now."""
    for row in news:
        if row.canonical == Canonical.DAMAGED:
            open_exception_on(order, parcel, kind=ExceptionKind.DAMAGED, package=package, said=row.text)
    now = standing(said_of(row) for row in package.events.all())
    if now is None:
        return
    kind = trouble_of(now.code, said=f"{now.text} {_carrier_code(package, now)}")
    if (now.code, now.at) != (package.status, package.status_at):
        package.status, package.status_at = now.code, now.at
        if kind is not None:
            open_exception_on(order, parcel, kind=kind, package=package, said=now.text)
    end_what_is_over(order, parcel, status=now.code, keep=kind or "")


def _carrier_code(package: Package, now: Said) -> str:
    return package.events.filter(occurred_at=now.at).values_list("carrier_code", flat=True).first() or ""


def _move(order: Order, parcel: Fulfillment) -> None:
    """The parcel follows its packages, along its transitions; one that was not handed over yet stays where it is."""
    packages = list(parcel.packages.prefetch_related("events"))
    found = [standing(said_of(row) for row in package.events.all()) for package in packages]
    state = parcel_state(found)
    if state is None or not parcel.may_become("state", state):
        return
    if state == ParcelState.DELIVERED:
        arrive(order, parcel, max(one.at for one in found if one is not None))
        return
    parcel.become(state=state)
    refresh_states(order)
    publish(ParcelMoved(number=order.number, fulfillment_id=parcel.pk, state=state))


def _weigh_eta(order: Order, parcel: Fulfillment, package: Package, eta: date) -> None:
    """Tell of a day that differs by a day or more from the one that was told last, or from the promise."""
    if package.told_eta is not None:
        differs = abs(eta - package.told_eta) >= A_DAY
    else:
        differs = bool(
            (parcel.eta_to and eta >= parcel.eta_to + A_DAY) or (parcel.eta_from and eta <= parcel.eta_from - A_DAY)
        )
    is_over = parcel.state in (ParcelState.DELIVERED, ParcelState.RETURNED_TO_SENDER)
    if differs and not is_over and eta >= timezone.now().date():
        package.told_eta = eta
        publish(ParcelEtaMoved(number=order.number, fulfillment_id=parcel.pk, day=eta))
