"""EasyPost: trackers, alone, in lists, or inside the events its webhooks send."""

from collections.abc import Iterator
from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "pre_transit": Is.LABEL_CREATED,
    "in_transit": Is.IN_TRANSIT,
    "out_for_delivery": Is.OUT_FOR_DELIVERY,
    "delivered": Is.DELIVERED,
    "available_for_pickup": Is.PICKUP,
    "return_to_sender": Is.RETURNING,
    "failure": Is.DELIVERY_FAILED,
    "cancelled": Is.CANCELLED,
    "error": Is.UNKNOWN,
    "expired": Is.EXPIRED,
}
DETAILS = {
    "arrived_at_destination": Is.ARRIVED,
    "cancelled": Is.CANCELLED,
    "damaged": Is.DAMAGED,
    "delayed": Is.DELAYED,
    "departed_origin_facility": Is.IN_TRANSIT,
    "expired": Is.EXPIRED,
    "insufficient_address": Is.DELIVERY_FAILED,
    "lost": Is.LOST,
    "missing": Is.LOST,
    "picked_up": Is.PICKED_UP,
    "received_at_origin_facility": Is.PICKED_UP,
    "refused": Is.REFUSED,
    "return": Is.RETURNING,
    "destroyed": Is.DESTROYED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every tracker in the answer, wherever it lies."""
    return named(_tracker(one, words) for one in _trackers(payload))


def _trackers(payload: Any) -> Iterator[dict[str, Any]]:
    if dig(payload, "object") == "Tracker":
        yield payload
    yield from (one for one in rows(payload, "result") if dig(one, "object") == "Tracker")
    yield from (one for one in rows(payload, "tracker") if dig(one, "object") == "Tracker")
    yield from (one for one in rows(payload, "trackers") if dig(one, "object") == "Tracker")


def _tracker(one: dict[str, Any], words: Words) -> Tracking:
    return tracking(
        text(one, "tracking_code"),
        (_event(detail, words) for detail in rows(one, "tracking_details")),
        carrier=text(one, "carrier"),
        eta=day(text(one, "est_delivery_date")),
    )


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    detail, status = text(one, "status_detail"), text(one, "status")
    where = dig(one, "tracking_location")
    has_detail = detail.lower() in DETAILS or (words.provider, "detail", detail.lower()) in words.rows
    return event(
        words,
        DETAILS if has_detail else CODES,
        code=detail if has_detail else status,
        level="detail" if has_detail else "status",
        at=moment(text(one, "datetime")),
        said=text(one, "message") or text(one, "description"),
        place=place(text(where, "city"), text(where, "state"), text(where, "country")),
    )
