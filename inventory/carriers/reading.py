"""Reading what strangers send: missing, misspelt and misplaced parts are nothing, never an exception."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Moments outside are mistakes of the sender."""
MOST_PLACE, MOST_TEXT, MOST_CODE = 120, 300, 60
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def dig(value: Any, *path: str | int) -> Any:
    """What lies at `path` below `value`; None when a step of it is not there."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and -len(value) <= step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def text(value: Any, *path: str | int) -> str:
    """The words at `path`, without control characters and needless space; numbers are words, too."""
    found = dig(value, *path)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(found)).split())


def rows(value: Any, *path: str | int) -> Iterator[dict[str, Any]]:
    """The objects of the list at `path`; one object alone counts as a list of one."""
    found = dig(value, *path)
    if isinstance(found, dict):
        found = [found]
    if isinstance(found, list):
        yield from (one for one in found if isinstance(one, dict))


def moment(value: str, *, zone: tzinfo = UTC) -> datetime | None:
    """A moment in ISO 8601 and its relatives; without a zone of its own it is one of `zone`. None for anything else."""
    written = value.strip().removesuffix(" UTC").strip()
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def moment_of(day_text: str, time_text: str, *, zone: tzinfo = UTC) -> datetime | None:
    """A moment whose day and time come apart: `20220126` and `163000`, or `2024-11-07` and `18:00:00`."""
    found = day(day_text)
    if found is None:
        return None
    digits = re.sub(r"\D", "", time_text).ljust(6, "0")[:6]
    try:
        clock = time(int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        clock = time(0)
    return datetime.combine(found, clock, tzinfo=zone)


def day(value: str) -> date | None:
    """The day of a date or a moment; None for anything else."""
    compact = _COMPACT.fullmatch(value.strip())
    written = "-".join(compact.groups()) if compact else value.strip()[:10]
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def place(*parts: str) -> str:
    """A place of its parts, largest last: `Leipzig, DE`."""
    return ", ".join(dict.fromkeys(part.strip(" ,") for part in parts if part.strip(" ,")))[:MOST_PLACE]
