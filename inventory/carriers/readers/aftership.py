"""AfterShip: tags are main statuses, subtags say which kind of it."""

from collections.abc import Iterator
from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

TAGS = {
    "pending": Is.LABEL_CREATED,
    "inforeceived": Is.INFO_RECEIVED,
    "intransit": Is.IN_TRANSIT,
    "exception": Is.DELAYED,
    "outfordelivery": Is.OUT_FOR_DELIVERY,
    "attemptfail": Is.DELIVERY_FAILED,
    "availableforpickup": Is.PICKUP,
    "delivered": Is.DELIVERED,
    "expired": Is.EXPIRED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """A webhook carries one tracking (`msg`), an answer one or several (`data`)."""
    return named(_tracking(one, words) for one in _trackings(payload))


def _trackings(payload: Any) -> Iterator[dict[str, Any]]:
    yield from rows(payload, "msg")
    inner = dig(payload, "data")
    yield from rows(inner, "tracking")
    yield from rows(inner, "trackings")


def _tracking(one: dict[str, Any], words: Words) -> Tracking:
    return tracking(
        text(one, "tracking_number"),
        (_event(said, words) for said in rows(one, "checkpoints")),
        carrier=text(one, "slug"),
        eta=day(text(one, "expected_delivery")),
    )


def _event(said: dict[str, Any], words: Words) -> Tracked | None:
    tag, sub = text(said, "tag"), text(said, "subtag")
    is_known = (words.provider, "subtag", sub.lower()) in words.rows
    return event(
        words,
        TAGS,
        code=sub if is_known else tag,
        level="subtag" if is_known else "tag",
        at=moment(text(said, "checkpoint_time")),
        said=text(said, "message"),
        by="" if tag else text(said, "message"),
        place=text(said, "location") or place(text(said, "city"), text(said, "country_iso3")),
    )
