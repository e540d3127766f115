"""The right of withdrawal as dates. Directive 2011/83/EU Art. 9 to 11a; Regulation 1182/71 for the last day.

Asks no database: the public holidays of a country are facts of a library.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.money import Money, zero
from inventory.calendars import holiday_names

SATURDAY = 5
HOLIDAYS_EVERYWHERE = frozenset({(1, 1), (5, 1), (12, 25), (12, 26)})
"""Public holidays in nearly all of the markets, kept in all of them: the shop is in another country than its customer,
and its own holidays count where that is kinder. A day that is one more in a region is judged by a person: a statement
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


def period_of(*, days: int, arrivals: Sequence[datetime | None], timezone: str, country: str) -> Period:
    """The period of an order to this country with these parcels; it runs from the day after the last one arrived."""
    if not arrivals or any(arrival is None for arrival in arrivals):
        return Period(days=days, last_day=None)
    last = max(arrival for arrival in arrivals if arrival is not None)
    return Period(days=days, last_day=last_day_after(last.astimezone(ZoneInfo(timezone)).date(), days, country))


def last_day_after(arrived: date, days: int, country: str) -> date:
    """The last of `days` days after an arrival; one that is no working day moves to the next that is.

    Regulation 1182/71 Art. 2 and 3(4): Saturdays, Sundays and the public holidays of the country where the customer
    has to act. The week of a country that works on Saturdays makes no difference.
    """
    day = arrived + timedelta(days=days)
    while _is_free(day, country):
        day += timedelta(days=1)
    return day


def _is_free(day: date, country: str) -> bool:
    if day.weekday() >= SATURDAY or (day.month, day.day) in HOLIDAYS_EVERYWHERE:
        return True
    return day in holiday_names(country, day.year)


def delivery_due_back(*, paid: Money, cheapest: Money, is_whole: bool) -> Money:
    """What of the delivery goes back on a withdrawal: the cheapest standard delivery, when all of it is withdrawn.

    Directive 2011/83/EU Art. 13(2): the surplus of a dearer delivery that was chosen stays paid.
    """
    if not is_whole:
        return zero(paid.currency.code)
    return min(paid, cheapest)
