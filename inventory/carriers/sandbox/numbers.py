"""Numbers of the sandbox: where from, where to, since when, and how the story goes, all in the number itself.

`SX DE JP 0T5K3V QF7 D`: from, to, minutes since 2020 in base 36, three letters of the key's digest, the story. So the
stand-in keeps no rows of its own, and the same key gives the same number.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PREFIX = "SX"
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STORIES = "DCFRLQX"
"""Delivered, customs asks, delivery fails first, refused and returned, lost, quiet for ever, damaged."""
_NUMBER = re.compile(rf"{PREFIX}([A-Z]{{2}})([A-Z]{{2}})([0-9A-Z]{{6}})([A-Z2-7]{{3}})([{STORIES}])")


@dataclass(frozen=True)
class Sandboxed:
    """What a number says."""

    origin: str
    country: str
    since: datetime
    story: str


def number_of(*, origin: str, country: str, since: datetime, key: str, story: str = "D") -> str:
    """The number of a label."""
    minutes = max(0, int((since - BEGAN) / timedelta(minutes=1)))
    digest = hashlib.sha256(key.encode()).digest()
    letters = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32] for byte in digest[:3])
    return f"{PREFIX}{origin}{country}{_base36(minutes)}{letters}{story if story in STORIES else 'D'}"


def understood(number: str) -> Sandboxed | None:
    """What a number says; None for one that is not of the sandbox."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return None
    origin, country, minutes, _letters, story = found.groups()
    return Sandboxed(origin, country, BEGAN + timedelta(minutes=int(minutes, 36)), story)


def _base36(value: int) -> str:
    written = ""
    for _place in range(6):
        value, rest = divmod(value, 36)
        written = DIGITS[rest] + written
    return written
