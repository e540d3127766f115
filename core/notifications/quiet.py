"""Quiet hours: what is not urgent does not ring at night, in the time of whoever would hear it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BEGIN = time(21, 0)
END = time(8, 0)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name; UTC when nobody knows it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def is_quiet(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether it is night there: from 21:00 until just before 8:00."""
    here = moment.astimezone(zone).time()
    return here >= BEGIN or here < END


def next_ringing(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from `moment` on that may ring, in UTC: `moment` by day, else eight in the morning there."""
    if not is_quiet(moment, zone):
        return moment.astimezone(UTC)
    here = moment.astimezone(zone)
    day = here.date() + timedelta(days=1) if here.time() >= BEGIN else here.date()
    return datetime.combine(day, END, tzinfo=zone).astimezone(UTC)
