"""What weekdays and the time of year do to demand, over everything a warehouse sells: pure.

One variant alone sells too little to tell its Saturdays from chance, so the shares are those of all variants together.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean

WEEK = 7
YEAR = 364
"""Fifty-two whole weeks, so that weekdays meet weekdays."""
RECENT_WEEKS = 12
SMOOTHED = 21
"""Days around a day whose mean is its season; one rainy Tuesday is none."""
STRENGTH = 0.6
"""Of a season seen once or twice, so much is believed; the rest may have been chance."""


def weekday_shares(totals: Mapping[date, int], last: date) -> tuple[float, ...]:
    """How much of a week each weekday brings, Monday first, summing to seven: over the last weeks up to `last`."""
    sums = [0] * WEEK
    for back in range(RECENT_WEEKS * WEEK):
        day = last - timedelta(days=back)
        sums[day.weekday()] += totals.get(day, 0)
    whole = sum(sums)
    return tuple(count * WEEK / whole for count in sums) if whole else (1.0,) * WEEK


def pattern_from(shares: Sequence[float], first: date) -> tuple[float, ...]:
    """The shares of seven days beginning with `first`."""
    return tuple(shares[(first.weekday() + ahead) % WEEK] for ahead in range(WEEK))


def year_index(totals: Mapping[date, int], first: date, last: date) -> dict[int, float]:
    """How strong each day of the year is (1 to 366), 1 for ordinary; empty with less than a year and a quarter.

    A day is compared with the mean of the whole year around it, so that growth is not taken for a season.
    """
    span = (last - first).days + 1
    if span < YEAR + YEAR // 4:
        return {}
    days = [totals.get(first + timedelta(days=step), 0) for step in range(span)]
    sums = [0, *_running(days)]
    seen: dict[int, list[float]] = {}
    for step in range(span):
        around = _mean_between(sums, step - SMOOTHED // 2, step + SMOOTHED // 2 + 1)
        middle = min(max(step, YEAR // 2), span - YEAR // 2)
        usual = _mean_between(sums, middle - YEAR // 2, middle + YEAR // 2)
        if usual:
            seen.setdefault((first + timedelta(days=step)).timetuple().tm_yday, []).append(around / usual)
    return {day: 1 + STRENGTH * (fmean(values) - 1) for day, values in seen.items()}


def _running(days: Sequence[int]) -> list[int]:
    total, sums = 0, []
    for count in days:
        total += count
        sums.append(total)
    return sums


def _mean_between(sums: Sequence[int], start: int, stop: int) -> float:
    low, high = max(start, 0), min(stop, len(sums) - 1)
    return (sums[high] - sums[low]) / (high - low) if high > low else 0.0


def strengths(index: Mapping[int, float], first: date, count: int) -> list[float]:
    """The index of so many days from `first` on; empty when there is no index."""
    if not index:
        return []
    days = (first + timedelta(days=step) for step in range(count))
    return [index.get(day.timetuple().tm_yday, 1.0) for day in days]
