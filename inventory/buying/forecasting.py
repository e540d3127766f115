"""What a variant will sell per day, from what it sold: pure arithmetic over days, no database.

The days of a history are summed into weeks that end on its last day, so that weekdays do not disturb the level. Days on
which nothing could be sold are not taken for days on which nobody wanted anything: they count as their week's
remaining days say. Single days far beyond the usual (one customer buys for a year) are cut to what is still usual.
Several simple methods tell the level; the ones that were best on weeks they had not seen are averaged, because the
mean of good simple forecasts is more accurate than the choice of one (the M4 and M5 competitions found so again).
Weekdays come back by the share each has had, and the time of year by an index over everything sold, once a year of
history is there (`seasons.py`). Pieces are counted, so ordinary floating point is exact enough; money is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from types import MappingProxyType

from inventory.buying.smoothing import Method, croston, damped, level, moving, tsb

WEEK = 7
SCORED = 8
"""So many of the last weeks decide which methods are best."""
LEAST_WEEKS = 3
BEST = 3
USUAL = 6
"""A day beyond so many times the mean of days with a sale is cut down to it, where such days are known at all."""
LEAST_SALES = 5

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "level slow": partial(level, alpha=0.1),
        "level": partial(level, alpha=0.2),
        "level quick": partial(level, alpha=0.4),
        "trend": partial(damped, alpha=0.2),
        "mean 4": partial(moving, weeks=4),
        "mean 8": partial(moving, weeks=8),
        "mean 13": partial(moving, weeks=13),
        "croston": partial(croston, alpha=0.1),
        "tsb": partial(tsb, alpha=0.1, beta=0.1),
        "tsb quick": partial(tsb, alpha=0.1, beta=0.3),
    }
)


@dataclass(frozen=True, kw_only=True)
class History:
    """Pieces per day, oldest first, and the days (by position) on which the shelf was empty.

    `seasons` says how strong each day of the history was by its time of year, 1 for ordinary; empty while nothing is
    known.
    """

    pieces: Sequence[int]
    out: frozenset[int] = frozenset()
    seasons: Sequence[float] = ()


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What is expected of the days to come: pieces per day and their spread per day, before seasons.

    `error` is the part of what was sold in the scored weeks by which the method was off; nothing when too little is
    known. `pattern` is the share of each coming day in its week, beginning with the first day to come; it sums to 7.
    """

    mean: float
    deviation: float
    method: str
    error: float | None
    pattern: tuple[float, ...]

    def day(self, ahead: int) -> float:
        """What is expected of the day `ahead` (0 is the first to come), before seasons."""
        return self.mean * self.pattern[ahead % WEEK]


FLAT = (1.0,) * WEEK


def look_ahead(history: History, *, pattern: Sequence[float] = FLAT) -> Outlook:
    """The expectation from a history. `pattern` is the usual share of weekdays, for the days to come."""
    weeks = weeks_of(history)
    if not any(weeks):
        return Outlook(mean=0.0, deviation=0.0, method="nothing sold", error=None, pattern=tuple(pattern))
    if len(weeks) < LEAST_WEEKS:
        mean = sum(weeks) / len(weeks) / WEEK
        return Outlook(mean=mean, deviation=sqrt(mean), method="new", error=None, pattern=tuple(pattern))
    told = {name: method(weeks) for name, method in METHODS.items()}
    scored = min(SCORED, len(weeks) - 1)
    misses = {name: _miss(weeks, ahead, scored) for name, ahead in told.items()}
    best = sorted(misses, key=lambda name: misses[name])[:BEST]
    joint = [sum(told[name][week] for name in best) / len(best) for week in range(len(weeks) + 1)]
    mean = joint[-1] / WEEK
    sold = sum(weeks[-scored:])
    off = sum(abs(seen - said) for seen, said in zip(weeks[-scored:], joint[-scored - 1 : -1], strict=True))
    return Outlook(
        mean=mean,
        deviation=max(sqrt(_miss(weeks, joint, scored) / WEEK), sqrt(mean)),
        method=best[0],
        error=off / sold if sold else None,
        pattern=tuple(pattern),
    )


def _miss(weeks: Sequence[float], told: Sequence[float], scored: int) -> float:
    """The mean square by which the last weeks were missed; `told` has one number more than there are weeks."""
    pairs = zip(weeks[-scored:], told[-scored - 1 : -1], strict=True)
    return sum((seen - said) ** 2 for seen, said in pairs) / scored


def weeks_of(history: History) -> list[float]:
    """Whole weeks up to the last day, oldest first, as if every day could have been sold on and were ordinary."""
    days = usual(history.pieces)
    if history.seasons:
        days = [sold / max(strength, 0.2) for sold, strength in zip(days, history.seasons, strict=True)]
    first = len(days) % WEEK
    weeks = []
    for start in range(first, len(days), WEEK):
        open_days = [day for day in range(start, start + WEEK) if day not in history.out]
        if open_days:
            weeks.append(sum(days[day] for day in open_days) * WEEK / len(open_days))
        elif weeks:
            weeks.append(weeks[-1])
    return weeks


def usual(pieces: Sequence[int]) -> list[float]:
    """The days with the few that are far beyond the others cut down."""
    sold = sorted(count for count in pieces if count > 0)
    if len(sold) < LEAST_SALES:
        return [count * 1.0 for count in pieces]
    middle = sold[: -max(len(sold) // 20, 1)]
    most = USUAL * sum(middle) / len(middle)
    return [min(count * 1.0, most) for count in pieces]
