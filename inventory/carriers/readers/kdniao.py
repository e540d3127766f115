"""Kuaidi Niao (快递鸟): answers to questions, and what it pushes. Its clock is that of China."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from inventory.carriers.canonical import Canonical as Is
from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import day, moment, rows, text
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

CHINA = ZoneInfo("Asia/Shanghai")
CODES = {
    "0": Is.INFO_RECEIVED,
    "1": Is.PICKED_UP,
    "2": Is.IN_TRANSIT,
    "3": Is.DELIVERED,
    "4": Is.DELAYED,
    "201": Is.IN_TRANSIT,
    "202": Is.OUT_FOR_DELIVERY,
    "204": Is.IN_TRANSIT,
    "205": Is.IN_TRANSIT,
    "206": Is.IN_TRANSIT,
    "211": Is.PICKUP,
    "301": Is.DELIVERED,
    "302": Is.DELIVERED,
    "304": Is.DELIVERED,
    "311": Is.DELIVERED,
    "412": Is.PICKUP,
    "401": Is.DELAYED,
    "402": Is.DELAYED,
    "403": Is.REFUSED,
    "404": Is.DELIVERY_FAILED,
    "405": Is.RETURNED,
    "406": Is.RETURNED,
    "407": Is.RETURNING,
    "5": Is.IN_TRANSIT,
    "6": Is.CUSTOMS,
    "10": Is.CUSTOMS,
    "1001": Is.CUSTOMS,
    "1002": Is.CUSTOMS,
    "1003": Is.CUSTOMS_RELEASED,
    "1004": Is.CUSTOMS_ASKS,
}


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """The number that was asked for, or every number of a push."""
    return named(_answer(one, words) for one in _answers(payload))


def _answers(payload: Any) -> Iterator[dict[str, Any]]:
    if text(payload, "LogisticCode"):
        yield payload
    yield from rows(payload, "Data")


def _answer(one: dict[str, Any], words: Words) -> Tracking:
    return tracking(
        text(one, "LogisticCode"),
        (_event(trace, words) for trace in rows(one, "Traces")),
        carrier=text(one, "ShipperCode"),
        eta=day(text(one, "EstimatedDeliveryTime")),
    )


def _event(trace: dict[str, Any], words: Words) -> Tracked | None:
    """Steps say their own state since some years; older ones a sentence only, and then that is what is kept."""
    return event(
        words,
        CODES,
        code=text(trace, "Action"),
        level="action",
        at=moment(text(trace, "AcceptTime"), zone=CHINA),
        said=text(trace, "AcceptStation"),
        place=text(trace, "Location"),
    )
