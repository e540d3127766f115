"""How old and how much stock is, and what could be done about it: pure.

Goods are taken to leave in the order in which they came (first in, first out), so what is there is the newest of what
came in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

EDGES = (30, 90, 180, 365)
"""Age buckets in days: up to each of these, and one beyond the last."""
VERY_OLD = EDGES[-1]


class Deed(StrEnum):
    """What is suggested."""

    NONE = ""
    MOVE = "move"
    CANCEL = "cancel"
    STOP = "stop"
    MARK_DOWN = "mark_down"
    CLEAR = "clear"


@dataclass(frozen=True, kw_only=True)
class Stance:
    """What is known of a shelf. `cover_days` is nothing when no sale is expected at all."""

    on_hand: int
    cover_days: int | None
    idle_days: int
    """Days since the last sale, or since the shelf was first filled."""
    ages: tuple[int, ...]
    coming: int
    wanted_elsewhere: int
    is_over: bool
    """Whether there is more than the rules want (`too_much.py`)."""
    slow_days: int

    @property
    def is_slow(self) -> bool:
        """Whether it has stopped selling."""
        return self.on_hand > 0 and self.idle_days >= self.slow_days


def ages(on_hand: int, came: Iterable[tuple[date, int]], today: date) -> tuple[int, ...]:
    """How many pieces are how old: one number per bucket, summing to `on_hand`.

    `came` are days and pieces, newest first. What no receipt explains is as old as can be.
    """
    found = [0] * (len(EDGES) + 1)
    left = max(on_hand, 0)
    for day, pieces in came:
        if not left:
            break
        taken = min(pieces, left)
        found[_bucket((today - day).days)] += taken
        left -= taken
    found[-1] += left
    return tuple(found)


def _bucket(days: int) -> int:
    return next((place for place, edge in enumerate(EDGES) if days <= edge), len(EDGES))


def cover(free: int, mean: Decimal) -> int | None:
    """For how many days what is free lasts; nothing when no sale is expected."""
    return int(max(free, 0) / mean) if mean > 0 else None


def deed(stance: Stance) -> Deed:
    """The mildest thing that helps: use it elsewhere, order less, sell it cheaper, get rid of it."""
    if not stance.is_over and not stance.is_slow:
        return Deed.NONE
    if stance.wanted_elsewhere:
        return Deed.MOVE
    if stance.coming:
        return Deed.CANCEL
    if stance.is_slow and stance.ages[-1] * 2 >= stance.on_hand:
        return Deed.CLEAR
    if stance.is_slow:
        return Deed.MARK_DOWN
    return Deed.STOP


def turns(sold: int, average: Decimal, days: int) -> Decimal | None:
    """How often the stock was sold per year; nothing when there was none."""
    if average <= 0 or days <= 0:
        return None
    return (Decimal(sold) / average * 365 / days).quantize(Decimal("0.1"))
