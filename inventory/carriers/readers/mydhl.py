"""MyDHL API (DHL Express): two letters per checkpoint, times with the offset beside them."""

from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, dig, moment, place, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CODES = {
    "sa": Is.INFO_RECEIVED,
    "sd": Is.INFO_RECEIVED,
    "pu": Is.PICKED_UP,
    "pl": Is.IN_TRANSIT,
    "df": Is.IN_TRANSIT,
    "af": Is.IN_TRANSIT,
    "ar": Is.IN_TRANSIT,
    "tr": Is.IN_TRANSIT,
    "ad": Is.IN_TRANSIT,
    "ru": Is.IN_TRANSIT,
    "rw": Is.CUSTOMS,
    "ic": Is.CUSTOMS,
    "cu": Is.CUSTOMS_ASKS,
    "cd": Is.CUSTOMS_ASKS,
    "cr": Is.CUSTOMS_RELEASED,
    "cc": Is.PICKUP,
    "bn": Is.CUSTOMS,
    "wc": Is.OUT_FOR_DELIVERY,
    "dd": Is.DELIVERED,
    "ok": Is.DELIVERED,
    "pd": Is.DELIVERED,
    "nh": Is.DELIVERY_FAILED,
    "ba": Is.DELIVERY_FAILED,
    "nd": Is.DELIVERY_FAILED,
    "ca": Is.DELIVERY_FAILED,
    "ud": Is.DELAYED,
    "oh": Is.DELAYED,
    "dm": Is.DAMAGED,
    "rd": Is.REFUSED,
    "rt": Is.RETURNING,
    "ls": Is.LOST,
    "ds": Is.DESTROYED,
    "hp": Is.PICKUP,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every shipment of the answer."""
    return named(_shipment(one, words) for one in rows(payload, "shipments"))


def _shipment(one: dict[str, Any], words: Words) -> Tracking:
    pieces = list(rows(one, "pieces"))
    told = [*rows(one, "events"), *(said for piece in pieces for said in rows(piece, "events"))]
    return tracking(
        text(one, "shipmentTrackingNumber"),
        (_event(said, words) for said in told),
        carrier="DHL Express",
        eta=day(text(one, "estimatedTimeOfDelivery") or text(one, "estimatedDeliveryDate")),
        refs=[text(piece, "trackingNumber") for piece in pieces],
    )


def _event(one: dict[str, Any], words: Words) -> Tracked | None:
    clock = f"{text(one, 'date')}T{text(one, 'time') or '00:00:00'}{text(one, 'GMTOffset')}"
    return event(
        words,
        CODES,
        code=text(one, "typeCode"),
        at=moment(clock),
        said=text(one, "description"),
        place=place(text(dig(one, "serviceArea", 0), "description") or text(one, "serviceArea", "description")),
    )
