"""karrio's own shape of tracking: a date, a time and a normalised status per event."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, moment, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

STATUSES = {
    "pending": Is.INFO_RECEIVED,
    "picked_up": Is.PICKED_UP,
    "in_transit": Is.IN_TRANSIT,
    "on_hold": Is.DELAYED,
    "out_for_delivery": Is.OUT_FOR_DELIVERY,
    "ready_for_pickup": Is.PICKUP,
    "delivered": Is.DELIVERED,
    "delivery_failed": Is.DELIVERY_FAILED,
    "delivery_delayed": Is.DELAYED,
    "return_to_sender": Is.RETURNING,
    "cancelled": Is.CANCELLED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every number of the answer."""
    return named(_number(one, words) for one in rows(payload, "karrio"))


def _number(one: dict[str, Any], words: Words) -> Tracking:
    return tracking(
        text(one, "tracking_number"),
        (_event(said, words) for said in rows(one, "events")),
        carrier=text(one, "carrier_name"),
        eta=day(text(one, "estimated_delivery")),
    )


def _event(said: dict[str, Any], words: Words) -> Tracked | None:
    status = text(said, "status")
    clock = text(said, "timestamp") or f"{text(said, 'date')}T{text(said, 'time') or '00:00'}"
    known = {text(said, "code").lower(): STATUSES[status]} if status in STATUSES else {}
    return event(
        words,
        known,
        code=text(said, "code") or status,
        at=moment(clock),
        said=text(said, "description"),
        place=text(said, "location"),
    )
