"""USPS Tracking API v3: two signs per event, local times with the offset beside them."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "gx": Is.LABEL_CREATED,
    "ma": Is.INFO_RECEIVED,
    "tm": Is.INFO_RECEIVED,
    "gc": Is.INFO_RECEIVED,
    "03": Is.PICKED_UP,
    "oa": Is.PICKED_UP,
    "80": Is.PICKED_UP,
    "10": Is.IN_TRANSIT,
    "t1": Is.IN_TRANSIT,
    "tl": Is.IN_TRANSIT,
    "sf": Is.IN_TRANSIT,
    "a1": Is.IN_TRANSIT,
    "07": Is.IN_TRANSIT,
    "nt": Is.IN_TRANSIT,
    "l1": Is.IN_TRANSIT,
    "em": Is.EXPORT_DEPARTED,
    "eb": Is.CUSTOMS,
    "ec": Is.CUSTOMS_RELEASED,
    "of": Is.OUT_FOR_DELIVERY,
    "pc": Is.OUT_FOR_DELIVERY,
    "59": Is.OUT_FOR_DELIVERY,
    "01": Is.DELIVERED,
    "17": Is.PICKUP,
    "14": Is.PICKUP,
    "16": Is.PICKUP,
    "02": Is.DELIVERY_FAILED,
    "53": Is.DELIVERY_FAILED,
    "55": Is.DELIVERY_FAILED,
    "56": Is.DELIVERY_FAILED,
    "04": Is.REFUSED,
    "05": Is.DELIVERY_FAILED,
    "09": Is.RETURNING,
    "21": Is.RETURNING,
    "28": Is.RETURNING,
    "29": Is.RETURNING,
    "30": Is.LOST,
    "11": Is.DAMAGED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """One answer or several. The elder and the newer name of the event's moment are both understood."""
    answers = rows(payload) if isinstance(payload, list) else rows([payload])
    return named(_answer(one, words) for one in answers)


def _answer(one: dict[str, Any], words: Words) -> Tracking:
    eta = text(one, "predictedDeliveryDate") or text(one, "expectedDeliveryTimeStamp")
    return tracking(
        text(one, "trackingNumber"),
        (_event(said, words) for said in rows(one, "trackingEvents")),
        carrier="USPS",
        eta=day(eta),
        refs=[text(one, "uniqueMailPieceID")],
    )


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    clock = text(one, "GMTTimestamp") or text(one, "eventTimestamp") + text(one, "GMTOffset")
    return event(
        words,
        CODES,
        code=text(one, "eventCode"),
        at=moment(clock),
        said=text(one, "eventType"),
        place=place(text(one, "eventCity"), text(one, "eventState"), text(one, "eventCountry")),
    )
