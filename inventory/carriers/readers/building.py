"""From parts that were read to values that are kept: in order, once each, never too long for their columns."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from inventory.carriers.canonical import Canonical
from inventory.carriers.reading import MOST_CODE, MOST_PLACE, MOST_TEXT
from inventory.carriers.types import Tracked, Tracking
from inventory.carriers.vocabulary import Words

NO_CODE = "-"
MOST_NUMBER = 80


def event(
    words: Words,
    known: Mapping[str, str],
    *,
    code: str,
    at: datetime | None,
    said: str = "",
    **more: Any,
) -> Tracked | None:
    """One event; None without a moment. `more` are `level`, `place` and `raw`, and `by` when another text decides.

    Without a code of the carrier's its sentence stands for it, so that two sentences of one moment are two events.
    """
    if at is None:
        return None
    level = more.get("level", "code")
    decides = more.get("by", said)
    return Tracked(
        code=words.of(level, code, known, decides),
        carrier_code=(code.strip() or said or NO_CODE)[:MOST_CODE],
        level=level,
        at=at,
        place=more.get("place", "")[:MOST_PLACE],
        text=said[:MOST_TEXT],
        raw=more.get("raw", {}),
    )


def tracking(
    number: str,
    events: Iterable[Tracked | None],
    *,
    carrier: str = "",
    eta: date | None = None,
    refs: Iterable[str] = (),
) -> Tracking:
    """All of one number, oldest first. Of the same code at the same moment the one that is understood is kept."""
    found: dict[tuple[str, datetime], Tracked] = {}
    for one in events:
        if one is None:
            continue
        key = (one.carrier_code, one.at)
        if key not in found or found[key].code == Canonical.UNKNOWN:
            found[key] = one
    ordered = tuple(sorted(found.values(), key=lambda one: one.at))
    names = tuple(dict.fromkeys(ref for ref in refs if ref and ref != number))
    return Tracking(number=number[:MOST_NUMBER], events=ordered, carrier=carrier[:80], eta=eta, refs=names)


def named(found: Iterable[Tracking]) -> tuple[Tracking, ...]:
    """Those that say of which number they speak."""
    return tuple(one for one in found if one.number)
