"""Asking the central bank for its newest rates: only when newer ones must exist, with time-outs, never twice a day."""

import io
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.http import OutsideTrouble, fetch_following
from markets.fx.actions import Imported, import_rates
from markets.fx.ecb import BASE, SOURCE, cells
from markets.models import ExchangeRate

FRANKFURT = ZoneInfo("Europe/Berlin")
PUBLISHED_AT = time(16, 10)
"""The rates appear around 16:00 Central European time on the bank's working days."""
SATURDAY = 5
OK = 200


def expected_day(now: datetime) -> date:
    """The newest day that must have rates by now, the bank's own holidays aside."""
    local = now.astimezone(FRANKFURT)
    day = local.date() if local.time() >= PUBLISHED_AT else local.date() - timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    return day


def is_due(now: datetime) -> bool:
    """Whether the bank has rates that we do not have."""
    newest = newest_day()
    return newest is None or newest < expected_day(now)


def fetch_rates(*, now: datetime, daily: str, history: str) -> Imported | None:
    """Fetch and write down what is missing; none when nothing can be. The days before stay whatever happens.

    `daily` is the address of the last day's file, `history` that of the last 90 days, asked when more than a day is
    missing; an empty address switches the asking off. Raises `OutsideTrouble`, `AddressRefused`, `RatesUnreadable`.
    """
    if not daily or not is_due(now):
        return None
    newest = newest_day()
    follows = newest is not None and newest >= _working_day_before(expected_day(now))
    return import_latest(daily if follows or not history else history)


def import_latest(address: str) -> Imported:
    """Fetch one file and write it down. Raises as above."""
    answer = fetch_following(address)
    if answer.status != OK:
        raise OutsideTrouble(f"The exchange rates were answered with status {answer.status}.")
    return import_rates(cells=cells(io.BytesIO(answer.body)), base=BASE, source=SOURCE)


def newest_day() -> date | None:
    """The newest day with a rate of the bank."""
    rows = ExchangeRate.objects.filter(base_id=BASE, source=SOURCE).order_by("-effective_on")
    return rows.values_list("effective_on", flat=True).first()


def _working_day_before(day: date) -> date:
    before = day - timedelta(days=1)
    while before.weekday() >= SATURDAY:
        before -= timedelta(days=1)
    return before
