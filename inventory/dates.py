"""When a warehouse hands over, and when a parcel arrives: working days, local clocks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SATURDAY = 5
MORNING = time(9)


class Place(Protocol):
    """What matters of a warehouse here."""

    timezone: str
    cutoff: time
    handling_days: int


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


def add_working_days(start: date, count: int) -> date:
    """The day `count` working days after `start`; with 0 the first working day from `start` on."""
    day = start
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def morning_of(day: date) -> datetime:
    """The moment from which a day counts as begun in the warehouses."""
    return datetime.combine(day, MORNING, tzinfo=UTC)


def leaves_on(moment: datetime, place: Place) -> date:
    """The local day on which a warehouse hands over what is ordered at `moment`."""
    local = moment.astimezone(ZoneInfo(place.timezone))
    late = local.time() >= place.cutoff or not is_working_day(local.date())
    first = add_working_days(local.date(), 1 if late and is_working_day(local.date()) else 0)
    return add_working_days(first, place.handling_days)


def minutes_to_cutoff(local: datetime, cutoff: time) -> int | None:
    """How many minutes are left to be sent today; nothing when it is too late or no working day."""
    if not is_working_day(local.date()) or local.time() >= cutoff:
        return None
    today = datetime.combine(local.date(), cutoff, tzinfo=local.tzinfo)
    return int((today - local).total_seconds() // 60)
