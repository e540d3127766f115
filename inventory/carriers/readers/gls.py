"""GLS Track and Trace."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "preadvice": Is.INFO_RECEIVED,
    "intial.preadvice": Is.INFO_RECEIVED,
    "initial.preadvice": Is.INFO_RECEIVED,
    "intial.normal": Is.PICKED_UP,
    "initial.normal": Is.PICKED_UP,
    "intransit": Is.IN_TRANSIT,
    "inbound": Is.IN_TRANSIT,
    "outbound": Is.IN_TRANSIT,
    "inwarehouse": Is.IN_TRANSIT,
    "indelivery": Is.OUT_FOR_DELIVERY,
    "delivered": Is.DELIVERED,
    "deliveredps": Is.PICKUP,
    "notdelivered": Is.DELIVERY_FAILED,
    "canceled": Is.CANCELLED,
    "final": Is.DELIVERED,
}
FAMILIES = {"delivered": Is.DELIVERED, "indelivery": Is.OUT_FOR_DELIVERY, "notdelivered": Is.DELIVERY_FAILED}
"""What the first word of a code with a dot means, whatever follows."""


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every parcel of the answer."""
    return named(_parcel(one, words) for one in rows(payload, "parcels"))


def _parcel(one: dict[str, Any], words: Words) -> Tracking:
    asked, number = text(one, "requested"), text(one, "unitno")
    return tracking(number or asked, (_event(said, words) for said in rows(one, "events")), carrier="GLS", refs=[asked])


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    code = text(one, "code")
    family = FAMILIES.get(code.partition(".")[0].lower())
    known = {**CODES, code.lower(): family} if family and code.lower() not in CODES else CODES
    return event(
        words,
        known,
        code=code,
        at=moment(text(one, "eventDateTime")),
        said=text(one, "description"),
        place=place(text(one, "city"), text(one, "country")),
    )
