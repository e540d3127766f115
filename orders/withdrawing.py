"""The right of withdrawal as dates. Pure. Directive 2011/83/EU Art. 9 to 11a; Regulation 1182/71 for the last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.money import Money, zero

SATURDAY = 5
HOLIDAYS_EVERYWHERE = frozenset({(1, 1), (5, 1), (12, 25), (12, 26)})
"""Public holidays in nearly all of the markets. A day that is one more somewhere is judged by a person: a statement
that came after the period is kept and looked at, never refused."""

Timing = Literal["in_time", "late"]


@dataclass(frozen=True, kw_only=True)
class Period:
    """How long somebody may withdraw. `last_day` is unknown until the last parcel is there."""

    days: int
    last_day: date | None

    def timing(self, moment: datetime, timezone: str) -> Timing:
        """Whether a statement sent at `moment` is in time; the day ends at midnight where the customer lives."""
        if self.last_day is None:
            return "in_time"
        return "in_time" if moment.astimezone(ZoneInfo(timezone)).date() <= self.last_day else "late"


def period_of(*, days: int, arrivals: Sequence[datetime | None], timezone: str) -> Period:
    """The period of an order with these parcels; it runs from the day after the last one arrived."""
    if not arrivals or any(arrival is None for arrival in arrivals):
        return Period(days=days, last_day=None)
    last = max(arrival for arrival in arrivals if arrival is not None)
    return Period(days=days, last_day=last_day_after(last.astimezone(ZoneInfo(timezone)).date(), days))


def last_day_after(arrived: date, days: int) -> date:
    """The last of `days` days after an arrival; one that is no working day moves to the next that is."""
    day = arrived + timedelta(days=days)
    while day.weekday() >= SATURDAY or (day.month, day.day) in HOLIDAYS_EVERYWHERE:
        day += timedelta(days=1)
    return day


def delivery_due_back(*, paid: Money, cheapest: Money, is_whole: bool) -> Money:
    """What of the delivery goes back on a withdrawal: the cheapest standard delivery, when all of it is withdrawn.

    Directive 2011/83/EU Art. 13(2): the surplus of a dearer delivery that was chosen stays paid.
    """
    if not is_whole:
        return zero(paid.currency.code)
    return min(paid, cheapest)
