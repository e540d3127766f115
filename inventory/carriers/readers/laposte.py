"""La Poste and Colissimo: three signs, of which two letters name the stage."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "dr1": Is.INFO_RECEIVED,
    "dr2": Is.DELAYED,
    "pc1": Is.PICKED_UP,
    "pc2": Is.PICKED_UP,
    "et1": Is.IN_TRANSIT,
    "et2": Is.EXPORT_DEPARTED,
    "et3": Is.ARRIVED,
    "et4": Is.IN_TRANSIT,
    "ep1": Is.DELAYED,
    "do1": Is.CUSTOMS,
    "do2": Is.CUSTOMS_RELEASED,
    "do3": Is.CUSTOMS_ASKS,
    "pb1": Is.DELAYED,
    "pb2": Is.DELAYED,
    "md2": Is.OUT_FOR_DELIVERY,
    "nd1": Is.DELIVERY_FAILED,
    "ag1": Is.PICKUP,
    "re1": Is.RETURNING,
    "di0": Is.DELIVERED,
    "di1": Is.DELIVERED,
    "di2": Is.RETURNED,
    "di3": Is.DELIVERED,
    "id0": Is.INFO_RECEIVED,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every shipment of the answer; several numbers come as a list, one alone without."""
    answers = list(rows(payload, "responses")) or list(rows(payload))
    return named(_shipment(one, words) for answer in answers for one in rows(answer, "shipment"))


def _shipment(one: dict[str, Any], words: Words) -> Tracking:
    return tracking(
        text(one, "idShip"),
        (_event(said, words) for said in rows(one, "event")),
        carrier="La Poste",
        eta=None if dig(one, "isFinal") else day(text(one, "estimDate")),
    )


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    return event(words, CODES, code=text(one, "code"), at=moment(text(one, "date")), said=text(one, "label"))
