"""Sendle: one parcel per answer; which number was asked for stands beside it, not in it."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, moment, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "info": Is.INFO_RECEIVED,
    "info received": Is.INFO_RECEIVED,
    "label created": Is.LABEL_CREATED,
    "pickup attempted": Is.DELAYED,
    "pickup": Is.PICKED_UP,
    "dropped off": Is.PICKED_UP,
    "in transit": Is.IN_TRANSIT,
    "local delivery": Is.IN_TRANSIT,
    "out for delivery": Is.OUT_FOR_DELIVERY,
    "delivery attempted": Is.DELIVERY_FAILED,
    "delivery attempt": Is.DELIVERY_FAILED,
    "card left": Is.PICKUP,
    "delivered": Is.DELIVERED,
    "cancelled": Is.CANCELLED,
    "return to sender": Is.RETURNING,
    "returned": Is.RETURNED,
    "damaged": Is.DAMAGED,
    "lost": Is.LOST,
    "unable to deliver": Is.DELIVERY_FAILED,
    "declined": Is.REFUSED,
    "delayed": Is.DELAYED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """The parcel of the answer; its number is that of the envelope (`tracking_number` or `sendle_reference`)."""
    if not isinstance(payload, dict) or not (payload.get("tracking_events") or payload.get("state")):
        return ()
    events = [_event(one, words) for one in rows(payload, "tracking_events")]
    if not any(events):
        at = moment(text(payload, "status", "last_changed_at"))
        events = [event(words, CODES, code=text(payload, "state"), at=at, said=text(payload, "status", "description"))]
    number = text(payload, "tracking_number") or text(payload, "sendle_reference")
    eta = day(text(payload, "scheduling", "estimated_delivery_date_maximum"))
    return named([tracking(number, events, carrier="Sendle", eta=eta)])


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    return event(
        words,
        CODES,
        code=text(one, "event_type"),
        at=moment(text(one, "scan_time")),
        said=text(one, "description"),
        place=text(one, "location"),
    )
