"""When a warehouse hands over, and when a parcel arrives: working days of the place, local clocks."""

from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

from inventory.calendars import House, Place, add_working_days, is_working_day, next_working_day

MORNING = time(9)


class Sender(House, Protocol):
    """A warehouse as far as its days and hours go."""

    @property
    def timezone(self) -> str: ...

    @property
    def cutoff(self) -> time: ...

    @property
    def handling_days(self) -> int: ...


def morning_of(day: date) -> datetime:
    """The moment from which a day counts as begun in the warehouses."""
    return datetime.combine(day, MORNING, tzinfo=UTC)


def leaves_on(moment: datetime, place: Sender) -> date:
    """The local day on which a warehouse hands over what is ordered at `moment`, by its own calendar."""
    local = moment.astimezone(ZoneInfo(place.timezone))
    works = is_working_day(local.date(), place)
    first = add_working_days(local.date(), 1 if works and local.time() >= place.cutoff else 0, place)
    return add_working_days(first, place.handling_days, place)


def arrives_on(handed_over: date, days: int, country: str = "") -> date:
    """The day on which a parcel that left on `handed_over` arrives: working days of the country it goes to."""
    return add_working_days(handed_over, days, country)


def minutes_to_cutoff(local: datetime, cutoff: time, place: Place = "") -> int | None:
    """How many minutes are left to be sent today; nothing when it is too late or no working day."""
    if not is_working_day(local.date(), place) or local.time() >= cutoff:
        return None
    today = datetime.combine(local.date(), cutoff, tzinfo=local.tzinfo)
    return int((today - local).total_seconds() // 60)


__all__ = [
    "add_working_days",
    "arrives_on",
    "is_working_day",
    "leaves_on",
    "minutes_to_cutoff",
    "morning_of",
    "next_working_day",
]
