"""The market of the running request, for building addresses far away from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from markets.types import MarketContext

_current: ContextVar[MarketContext | None] = ContextVar("current_market", default=None)


def current_market() -> MarketContext | None:
    """The market of this request, or none outside of any."""
    return _current.get()


@contextmanager
def in_market(context: MarketContext | None) -> Iterator[MarketContext | None]:
    """Inside, `reverse` gives addresses of this market and language."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
