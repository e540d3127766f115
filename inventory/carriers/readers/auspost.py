"""Australia Post: descriptions without codes, items below results or below consignments."""

from collections.abc import Iterator
from typing import Any

from inventory.carriers.readers.building import event, named, tracking
from inventory.carriers.reading import moment, rows, text
from inventory.carriers.types import Tracking
from inventory.carriers.vocabulary import Words


def read(payload: Any, words: Words) -> tuple[Tracking, ...]:
    """Every item of the answer; numbers it does not know are left out."""
    return named(
        _item(item, words, fallback=text(result, "tracking_id"))
        for result in rows(payload, "tracking_results")
        for item in _items(result)
    )


def _items(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in rows(result, "trackable_items"):
        below = list(rows(item, "items"))
        yield from below or [item]


def _item(item: dict[str, Any], words: Words, *, fallback: str) -> Tracking:
    number = text(item, "article_id") or fallback
    events = (
        event(
            words,
            {},
            code="",
            at=moment(text(one, "date")),
            said=text(one, "description"),
            place=text(one, "location"),
        )
        for one in rows(item, "events")
    )
    return tracking(number, events, carrier="Australia Post", refs=[fallback])
