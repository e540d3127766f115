"""Working days: of a country with its public holidays and its week, and of a warehouse with days of its own.

A place is a warehouse, or the code of a country: "" is Monday to Friday without holidays, and so is a country the
library does not know. What a year looks like is worked out once per process; no call asks the database but the first
one after a change of `WarehouseHoliday` (`markets.cache`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

import holidays

from inventory.models import WarehouseHoliday
from markets.cache import remembered


class House(Protocol):
    """What a calendar has to know of a warehouse."""

    @property
    def pk(self) -> int: ...

    @property
    def country(self) -> str: ...

    @property
    def subdivision(self) -> str: ...

    @property
    def weekdays(self) -> Sequence[int]: ...


Place = House | str
"""A warehouse, or a country by its two letters."""
SATURDAY = 6
MOST_REST = 60
"""A place that rests longer in a row is closed for good and would be switched off: the day after counts as worked."""
DAY = timedelta(days=1)
SPELT = {"zh-hans": "zh-cn", "zh-hant": "zh-tw"}
"""Languages that the library calls by their countries."""


@dataclass(frozen=True)
class Year:
    """One year of a country or one of its regions."""

    resting: frozenset[date]
    """Weekends and holidays, without weekend days that are worked in exchange for another."""
    named: Mapping[date, str]
    """Public holidays and what they are called."""


def is_working_day(day: date, place: Place = "") -> bool:
    """Whether a place works on a day (its local date)."""
    if isinstance(place, str):
        return day not in _year(place, "", day.year).resting
    said = _own_days().get(place.pk, {}).get(day)
    if said is not None:
        return said
    year = _year(place.country, place.subdivision, day.year)
    if place.weekdays:
        return day.isoweekday() in place.weekdays and day not in year.named
    return day not in year.resting


def next_working_day(start: date, place: Place = "") -> date:
    """`start` when a place works then, else the first day after it on which it does."""
    day = start
    while not is_working_day(day, place) and (day - start).days < MOST_REST:
        day += DAY
    return day


def add_working_days(start: date, count: int, place: Place = "") -> date:
    """The day `count` working days after `start`; with 0 the first working day from `start` on."""
    day = next_working_day(start, place)
    for _ in range(count):
        day = next_working_day(day + DAY, place)
    return day


def holiday_names(place: Place, year: int) -> Mapping[date, str]:
    """The public holidays of a place's country and region in a year."""
    if isinstance(place, str):
        return _year(place, "", year).named
    return _year(place.country, place.subdivision, year).named


def holiday_words(place: House, year: int, language: str) -> Mapping[date, str]:
    """The same in a reader's language as far as the library has the country's holidays in it, otherwise in English."""
    return _words(place.country, place.subdivision, year, language)


def knows_subdivision(country: str, subdivision: str) -> bool:
    """Whether the library has the holidays of this region; no region is always known."""
    return not subdivision or subdivision in holidays.list_supported_countries().get(country, ())


@lru_cache(maxsize=1000)
def _year(country: str, subdivision: str, year: int) -> Year:
    """Facts of the library, so they stay for as long as the process does."""
    days = [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    known = holidays.list_supported_countries()
    if country not in known:
        return Year(frozenset(day for day in days if day.isoweekday() >= SATURDAY), {})
    region = subdivision if subdivision in known[country] else None
    calendar = holidays.country_holidays(country, subdiv=region, years=year, language="en_US")
    return Year(
        frozenset(day for day in days if not calendar.is_working_day(day)),
        {day: name for day, name in calendar.items() if day.year == year},
    )


@lru_cache(maxsize=200)
def _words(country: str, subdivision: str, year: int, language: str) -> Mapping[date, str]:
    found = dict(_year(country, subdivision, year).named)
    known = holidays.list_supported_countries()
    if country not in known:
        return found
    region = subdivision if subdivision in known[country] else None
    plain = holidays.country_holidays(country, subdiv=region)
    names = [SPELT.get(language, language).replace("-", "_").lower(), language.split("-", maxsplit=1)[0]]
    spoken = [one for name in names for one in plain.supported_languages if one.lower() == name]
    if spoken:
        calendar = holidays.country_holidays(country, subdiv=region, years=year, language=spoken[0])
        found |= {day: calendar[day] for day in found if day in calendar}
    return found


def _own_days() -> Mapping[int, Mapping[date, bool]]:
    """The special days of all warehouses from a year ago on: {warehouse: {day: works}}. One query when cold."""
    return remembered(("warehouse-own-days",), _read_own_days)


def _read_own_days() -> Mapping[int, Mapping[date, bool]]:
    found: defaultdict[int, dict[date, bool]] = defaultdict(dict)
    since = date.today() - timedelta(days=366)  # noqa: DTZ011 (a year more or less; the day itself does not matter)
    for pk, day, is_open in WarehouseHoliday.objects.filter(day__gte=since).values_list("warehouse", "day", "is_open"):
        found[pk][day] = is_open
    return dict(found)
