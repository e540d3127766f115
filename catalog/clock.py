"""What time it is for the shop's pages: now, or the moment a preview looks at."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The moment pages are made for."""
    return _moment.get() or timezone.now()


def today() -> date:
    """Its day, in UTC."""
    return now().date()


@contextmanager
def looking_at(moment: datetime) -> Iterator[None]:
    """Everything inside is as it will be, or was, at that moment as far as pages ask `now`."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
