"""Ways to tell the level of a series of weekly sums: each returns what every next week was expected to be. Pure.

All take non-negative numbers, oldest first, and return one expectation per week and one more for the week to come:
`len(series) + 1` numbers, of which number `i` was made without knowing week `i` or any after it; only where a method
begins is told by the first weeks (13 at most). Weeks are sums of seven days.

Sources: J. D. Croston, "Forecasting and stock control for intermittent demands" (1972); A. A. Syntetos and
J. E. Boylan, "The accuracy of intermittent demand estimates" (2005), for the correction of Croston's bias (SBA);
R. H. Teunter, A. A. Syntetos and M. Z. Babai, "Intermittent demand: linking forecasting to inventory obsolescence"
(2011), for TSB; E. S. Gardner and E. McKenzie, "Forecasting trends in time series" (1985), for the damped trend.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate

Series = Sequence[float]
Method = Callable[[Series], list[float]]
START = 4
"""Weeks whose mean the level starts from."""


def level(series: Series, *, alpha: float) -> list[float]:
    """Exponential smoothing: each week moves the level a part of the way."""
    first = _start(series)
    return list(accumulate(series, lambda now, seen: now + alpha * (seen - now), initial=first))


def damped(series: Series, *, alpha: float, beta: float = 0.1, phi: float = 0.8) -> list[float]:
    """A level with a trend that dies out, never below nothing."""
    now, trend, told = _start(series), 0.0, []
    for seen in series:
        expected = max(now + phi * trend, 0.0)
        told.append(expected)
        after = expected + alpha * (seen - expected)
        trend = phi * trend + beta * (after - now - phi * trend)
        now = after
    return [*told, max(now + phi * trend, 0.0)]


def moving(series: Series, *, weeks: int) -> list[float]:
    """The mean of the last weeks."""
    told = [_start(series)]
    told += [_mean(series[max(end - weeks, 0) : end]) for end in range(1, len(series) + 1)]
    return told


def croston(series: Series, *, alpha: float) -> list[float]:
    """Croston's method with the correction of Syntetos and Boylan: size and interval smoothed apart.

    For demand that comes now and then. It does not forget what has stopped selling; `tsb` does.
    """
    size, interval, since, told = _start_size(series), _start_interval(series), 1.0, []
    for seen in series:
        told.append((1 - alpha / 2) * size / interval)
        if seen > 0:
            size += alpha * (seen - size)
            interval += alpha * (since - interval)
            since = 1.0
        else:
            since += 1.0
    return [*told, (1 - alpha / 2) * size / interval]


def tsb(series: Series, *, alpha: float, beta: float) -> list[float]:
    """Size and chance of a sale smoothed apart; the chance falls with every week without one."""
    size, chance, told = _start_size(series), 1 / _start_interval(series), []
    for seen in series:
        told.append(size * chance)
        chance += beta * ((1.0 if seen > 0 else 0.0) - chance)
        if seen > 0:
            size += alpha * (seen - size)
    return [*told, size * chance]


def _mean(values: Series) -> float:
    return sum(values) / len(values) if values else 0.0


def _start(series: Series) -> float:
    return _mean(series[:START])


def _start_size(series: Series) -> float:
    sold = [seen for seen in series if seen > 0][:START]
    return _mean(sold)


def _start_interval(series: Series) -> float:
    """Weeks per week with a sale, at first: seen over the first quarter of a year."""
    first = series[: 3 * START + 1]
    return len(first) / max(sum(1 for seen in first if seen > 0), 1) if first else 1.0
