"""How good the forecasts would have been: pure. From several days on, what was said is compared with what came.

The yardstick is the seasonal-naive forecast: every coming day sells what the same weekday sold in the last week known.
WAPE is the sum of what was missed over the sum of what was sold, by week and variant, which is what is bought for;
RMSSE is the root of the mean square of what was missed by day, over that of the naive forecast one day ahead within
the history (the scaled error of the M5 competition), weighted by what was sold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

from inventory.buying.forecasting import History, look_ahead
from inventory.buying.seasons import pattern_from, strengths, weekday_shares, year_index

WEEK = 7


@dataclass(frozen=True, kw_only=True)
class Score:
    """How far off a forecast was. `wape` and `rmsse` are 0 for perfect; `bias` is above 0 when too much was said."""

    wape: float
    rmsse: float
    bias: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The shop's forecast beside the seasonal-naive one, over so many series and days to start from."""

    ours: Score
    naive: Score
    series: int
    origins: int
    horizon: int


@dataclass
class _Sums:
    missed: float = 0.0
    sold: float = 0.0
    said: float = 0.0
    scaled: float = 0.0
    weight: float = 0.0

    def add(self, truth: Sequence[int], said: Sequence[float], scale: float) -> None:
        """One series from one day on."""
        for start in range(0, len(truth), WEEK):
            week, told = sum(truth[start : start + WEEK]), sum(said[start : start + WEEK])
            self.missed += abs(week - told)
            self.sold += week
            self.said += told
        square = sum((came - told) ** 2 for came, told in zip(truth, said, strict=True)) / len(truth)
        weight = sum(truth)
        self.scaled += weight * sqrt(square / scale)
        self.weight += weight

    def score(self) -> Score:
        """The sums as errors."""
        sold, weight = max(self.sold, 1.0), max(self.weight, 1.0)
        return Score(wape=self.missed / sold, rmsse=self.scaled / weight, bias=self.said / sold - 1)


def compare(
    series: Mapping[str, Mapping[date, int]], *, first: date, last: date, horizon: int = 28, origins: int = 4
) -> Comparison:
    """Try `origins` days to start from, `horizon` days apart, so that the last one ends on `last`.

    A series takes part from its first sale on, when it has at least four weeks of history by then.
    """
    ours, naive, used = _Sums(), _Sums(), set()
    for back in range(origins, 0, -1):
        today = last - timedelta(days=back * horizon)
        totals = _totals(series, today)
        shares = weekday_shares(totals, today)
        index = year_index(totals, first, today)
        for name, days in series.items():
            begun = min(days)
            span = (today - begun).days + 1
            if span < 4 * WEEK:
                continue
            known = [days.get(begun + timedelta(days=step), 0) for step in range(span)]
            truth = [days.get(today + timedelta(days=step), 0) for step in range(1, horizon + 1)]
            scale = _scale(known)
            if not scale:
                continue
            used.add(name)
            outlook = look_ahead(
                History(pieces=known, seasons=strengths(index, begun, span)),
                pattern=pattern_from(shares, today + timedelta(days=1)),
            )
            seasons = strengths(index, today + timedelta(days=1), horizon) or [1.0] * horizon
            ours.add(truth, [outlook.day(step) * seasons[step] for step in range(horizon)], scale)
            naive.add(truth, [known[step % WEEK - WEEK] * 1.0 for step in range(horizon)], scale)
    return Comparison(ours=ours.score(), naive=naive.score(), series=len(used), origins=origins, horizon=horizon)


def _totals(series: Mapping[str, Mapping[date, int]], today: date) -> dict[date, int]:
    totals: dict[date, int] = {}
    for days in series.values():
        for day, pieces in days.items():
            if day <= today:
                totals[day] = totals.get(day, 0) + pieces
    return totals


def _scale(known: Sequence[int]) -> float:
    """The mean square from one day to the next."""
    steps = [(now - before) ** 2 for before, now in pairwise(known)]
    return sum(steps) / len(steps) if steps else 0.0
