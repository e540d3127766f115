"""The way of a parcel in a few stops, from what was said of it: left Niigata, in customs, Leipzig. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inventory.carriers.canonical import Canonical as Is
from orders.logistics.status import Said, standing
from orders.types import Stop

BORDER = frozenset({Is.EXPORT_DEPARTED, Is.ARRIVED, Is.CUSTOMS, Is.CUSTOMS_ASKS, Is.CUSTOMS_RELEASED})
MOVED = frozenset({Is.PICKED_UP, Is.IN_TRANSIT, *BORDER})
AT_DOOR = frozenset({Is.OUT_FOR_DELIVERY, Is.PICKUP, Is.DELIVERY_FAILED})
PROBLEMS = frozenset(
    {Is.DELAYED, Is.DAMAGED, Is.LOST, Is.REFUSED, Is.RETURNING, Is.RETURNED, Is.DESTROYED, Is.CANCELLED, Is.EXPIRED}
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """From where to where, whether over a border, since when it is under way, and how days are written."""

    start: str
    goal: str
    crosses: bool
    left_at: datetime | None
    day: Callable[[datetime], str]


def stops(way: Way, events: Sequence[Said]) -> tuple[Stop, ...]:
    """Four stops, five over a border; the one where the parcel is says what was last heard of it and when."""
    known = sorted((one for one in events if one.code != Is.UNKNOWN), key=lambda one: one.at)
    newest = standing(known)
    crosses = way.crosses or any(one.code in BORDER for one in known)
    at = _place(newest, known, crosses=crosses)
    names = [
        (way.start, _left(way, known)),
        (_("On its way"), _last_place(known)),
        *([(pgettext("stop of a parcel", "Customs"), _at_border(way, known))] if crosses else []),
        (_("Nearly there"), _day_of(way, known, AT_DOOR)),
        (way.goal, ""),
    ]
    here = _words(newest) if newest is not None else ""
    return tuple(
        Stop(
            label=label,
            text=(here or said) if index == at and index else said if index <= at else "",
            state="done" if index < at else "here" if index == at else "next",
        )
        for index, (label, said) in enumerate(names)
    )


def percent(found: Sequence[Stop]) -> int:
    """How far along the line the parcel is, 0 to 100."""
    here = next((index for index, stop in enumerate(found) if stop.state == "here"), 0)
    return here * 100 // max(1, len(found) - 1)


def _place(newest: Said | None, known: Sequence[Said], *, crosses: bool) -> int:
    """The stop where it is. In trouble it stands where it was before that began."""
    if newest is None:
        return 0
    before = [one for one in known if one.code not in PROBLEMS and one.at <= newest.at]
    code = newest.code if newest.code not in PROBLEMS else (before[-1].code if before else Is.IN_TRANSIT)
    last = 4 if crosses else 3
    if code == Is.DELIVERED:
        return last
    if code in AT_DOOR:
        return last - 1
    if code in (Is.CUSTOMS, Is.CUSTOMS_ASKS, Is.CUSTOMS_RELEASED, Is.ARRIVED) and crosses:
        return 2
    return 1 if code in MOVED else 0


def _words(newest: Said) -> str:
    said = str(Is(newest.code).label)
    return _("%(what)s, %(where)s") % {"what": said, "where": newest.place} if newest.place else said


def _left(way: Way, known: Sequence[Said]) -> str:
    moved = next((one.at for one in known if one.code in MOVED), way.left_at)
    return _("left on %(day)s") % {"day": way.day(moved)} if moved else ""


def _last_place(known: Sequence[Said]) -> str:
    return next((one.place for one in reversed(known) if one.code in MOVED and one.place), "")


def _at_border(way: Way, known: Sequence[Said]) -> str:
    released = next((one.at for one in known if one.code == Is.CUSTOMS_RELEASED), None)
    if released is not None:
        return _("released on %(day)s") % {"day": way.day(released)}
    since = next((one.at for one in known if one.code in (Is.CUSTOMS, Is.CUSTOMS_ASKS)), None)
    return _("since %(day)s") % {"day": way.day(since)} if since else ""


def _day_of(way: Way, known: Sequence[Said], codes: frozenset[Is]) -> str:
    return next((way.day(one.at) for one in reversed(known) if one.code in codes), "")
