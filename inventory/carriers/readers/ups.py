"""UPS Track API v1: an activity has a type of one or two letters and a code below it."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment_of, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

TYPES = {
    "m": Is.LABEL_CREATED,
    "mv": Is.CANCELLED,
    "p": Is.PICKED_UP,
    "i": Is.IN_TRANSIT,
    "o": Is.OUT_FOR_DELIVERY,
    "d": Is.DELIVERED,
    "do": Is.DELIVERED,
    "dd": Is.DELIVERED,
    "w": Is.DELAYED,
    "x": Is.DELAYED,
    "rs": Is.RETURNING,
    "na": Is.UNKNOWN,
}
COARSE = frozenset({"i", "x", "w"})
"""Types whose sentence says more than they do: customs, failed deliveries, the vehicle of the day."""


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every package of every shipment."""
    return named(
        _package(package, words, asked=text(shipment, "inquiryNumber"))
        for shipment in rows(payload, "trackResponse", "shipment")
        for package in rows(shipment, "package")
    )


def _package(package: dict[str, Any], words: Words, *, asked: str) -> Tracking:
    planned = {text(one, "type"): day(text(one, "date")) for one in rows(package, "deliveryDate")}
    return tracking(
        text(package, "trackingNumber") or asked,
        (_event(one, words) for one in rows(package, "activity")),
        carrier="UPS",
        eta=planned.get("RDD") or planned.get("SDD"),
        refs=[asked],
    )


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    kind, said = text(one, "status", "type"), text(one, "status", "description")
    where = dig(one, "location", "address")
    known = dict(TYPES)
    by_words = words.of("text", "", {}, said) if said and kind.lower() in COARSE else ""
    if by_words and by_words not in (Is.UNKNOWN, Is.DELIVERED, Is.PICKED_UP):
        known[kind.lower()] = Is(by_words)
    return event(
        words,
        known,
        code=kind,
        level="type",
        at=moment_of(text(one, "gmtDate") or text(one, "date"), text(one, "gmtTime") or text(one, "time")),
        said=said,
        place=place(text(where, "city"), text(where, "stateProvince"), text(where, "countryCode")),
        raw={"code": text(one, "status", "code"), "statusCode": text(one, "status", "statusCode")},
    )
