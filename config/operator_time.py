"""In which time zone an operator reads moments: their own, else the shop's, else that of its first market."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from markets.queries import active_markets


def operator_zone(person: AbstractBaseUser | AnonymousUser) -> ZoneInfo:
    """The zone for this person. A name that the zone database does not know is passed over."""
    for name in (getattr(person, "time_zone", ""), settings.ADMIN_TIME_ZONE):
        zone = _zone(name)
        if zone is not None:
            return zone
    markets = active_markets()
    return (_zone(markets[0].timezone) if markets else None) or ZoneInfo("UTC")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
