"""What happens to parcels of the sandbox, step by step. Pure: the number, the moment and the pace decide."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.sandbox.numbers import Sandboxed, understood
from inventory.carriers.types import Followed

_HOME = ((1, Is.INFO_RECEIVED, "from"), (2, Is.PICKED_UP, "from"), (4, Is.IN_TRANSIT, "from"))
_BORDER = ((8, Is.EXPORT_DEPARTED, "from"), (20, Is.ARRIVED, "to"), (22, Is.CUSTOMS, "to"))
_FREE = ((30, Is.CUSTOMS_RELEASED, "to"),)
_DOOR = ((36, Is.OUT_FOR_DELIVERY, "to"),)
_ENDS: Mapping[str, tuple[tuple[int, Is, str], ...]] = {
    "D": ((40, Is.DELIVERED, "to"),),
    "C": ((40, Is.DELIVERED, "to"),),
    "F": ((40, Is.DELIVERY_FAILED, "to"), (60, Is.OUT_FOR_DELIVERY, "to"), (64, Is.DELIVERED, "to")),
    "R": ((40, Is.REFUSED, "to"), (44, Is.RETURNING, "to"), (80, Is.RETURNED, "from")),
    "L": ((90, Is.LOST, "to"),),
    "X": ((40, Is.DAMAGED, "to"),),
    "Q": (),
}
WORDS: Mapping[str, str] = {
    Is.INFO_RECEIVED: "The shipment was announced electronically",
    Is.PICKED_UP: "Picked up from the sender",
    Is.IN_TRANSIT: "Arrived at the sorting centre",
    Is.EXPORT_DEPARTED: "Departed the country of origin",
    Is.ARRIVED: "Arrived in the destination country",
    Is.CUSTOMS: "Customs clearance started",
    Is.CUSTOMS_ASKS: "Customs requires a document",
    Is.CUSTOMS_RELEASED: "Released by customs",
    Is.OUT_FOR_DELIVERY: "Out for delivery",
    Is.DELIVERED: "Delivered",
    Is.DELIVERY_FAILED: "Delivery attempt failed, nobody at home",
    Is.REFUSED: "Refused by the receiver",
    Is.RETURNING: "Return to sender",
    Is.RETURNED: "Returned to the sender",
    Is.LOST: "The parcel is lost",
    Is.DAMAGED: "The parcel is damaged",
}
USUAL_STEPS = 40
"""After so many steps a parcel is there when nothing happens to it."""


def told_of(
    one: Followed, *, now: datetime, step: timedelta, crosses: Callable[[str, str], bool]
) -> dict[str, Any] | None:
    """What the sandbox would answer of a number now; None for a number of others.

    `crosses` tells whether customs lie between two countries.
    """
    known = understood(one.number)
    if known is None:
        return None
    events = [
        {
            "status": str(code),
            "at": (known.since + step * at).isoformat(),
            "place": _place(one, known, where),
            "text": WORDS[code],
        }
        for at, code, where in steps_of(known, crosses=crosses(known.origin, known.country))
        if known.since + step * at <= now
    ]
    eta = known.since + step * (USUAL_STEPS + (24 if known.story == "F" and len(events) > 6 else 0))
    return {"number": one.number, "eta": eta.date().isoformat(), "events": events}


def steps_of(known: Sandboxed, *, crosses: bool) -> Iterator[tuple[int, Is, str]]:
    """(after how many steps, what, at which end)."""
    yield from _HOME
    if known.story == "Q":
        return
    if crosses:
        yield from _BORDER
        yield from ((24, Is.CUSTOMS_ASKS, "to"),) if known.story == "C" else ()
        yield from _FREE
    if known.story != "L":
        yield from _DOOR
    yield from _ENDS[known.story]


def _place(one: Followed, known: Sandboxed, where: str) -> str:
    city, country = (one.origin_city, known.origin) if where == "from" else (one.city, known.country)
    return f"{city}, {country}" if city else ""
