"""Hermes Germany: four digits, of which the first two say the stage."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "0000": Is.INFO_RECEIVED,
    "1000": Is.PICKED_UP,
    "2000": Is.IN_TRANSIT,
    "3000": Is.OUT_FOR_DELIVERY,
    "3500": Is.DELIVERED,
    "4000": Is.PICKUP,
    "6080": Is.RETURNING,
    "6081": Is.RETURNED,
}
STAGES = {"0": Is.INFO_RECEIVED, "1": Is.PICKED_UP, "2": Is.IN_TRANSIT}
"""What the first digit means where the code is not known; later stages are read from their sentence."""


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every shipment of the answer."""
    return named(_shipment(one, words) for one in rows(payload, "shipmentinfo"))


def _shipment(one: dict[str, Any], words: Words) -> Tracking:
    return tracking(
        text(one, "shipmentID"),
        (_event(said, words) for said in rows(one, "status")),
        carrier="Hermes",
        eta=day(text(one, "deliveryForecast", "date")),
        refs=[text(one, "internationalShipmentID")],
    )


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    code = text(one, "code")
    where = dig(one, "scanningUnit")
    stage = STAGES.get(code[:1]) if len(code) == 4 and code.isdigit() else None
    known = {**CODES, code: stage} if stage and code not in CODES else CODES
    return event(
        words,
        known,
        code=code,
        at=moment(text(one, "timestamp")),
        said=text(one, "description"),
        place=place(text(where, "city"), text(where, "countryCode")),
    )
