"""Labels, trees and other small derived values kept in memory under a version of the catalogue.

The version lives in the shared cache; a change raises it and every process builds its values anew within a second.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar, cast

from django.core.cache import cache
from django.db import transaction

from markets.cache import remembered as remembered_for_markets

T = TypeVar("T")

VERSION_KEY = "catalog:version"
LOOK_AGAIN_SECONDS = 1.0


@dataclass
class _Seen:
    version: int = -1
    looked_at: float = 0.0


_seen = _Seen()
_private: ContextVar[dict[object, object] | None] = ContextVar("private", default=None)


def version() -> int:
    """The number of the present state of the catalogue; asked of the shared cache at most once a second."""
    now = time.monotonic()
    if _seen.version < 0 or now - _seen.looked_at > LOOK_AGAIN_SECONDS:
        _seen.version, _seen.looked_at = int(cache.get(VERSION_KEY, 0) or 0), now
    return _seen.version


def remembered(key: object, make: Callable[[], T]) -> T:
    """The value of `key` for the present version of catalogue and markets."""
    private = _private.get()
    if private is not None:
        if key not in private:
            private[key] = make()
        return cast(T, private[key])
    return remembered_for_markets(("catalog", version(), key), make)


@contextmanager
def apart() -> Iterator[None]:
    """What is remembered inside is neither taken from elsewhere nor left for others: it may not be true for them."""
    token = _private.set({})
    try:
        yield
    finally:
        _private.reset(token)


def forget() -> None:
    """Make every process build its values anew."""
    try:
        cache.incr(VERSION_KEY)
    except ValueError:
        cache.set(VERSION_KEY, int(time.time() * 1000), timeout=None)
    _seen.version = -1


def forget_on_commit() -> None:
    """`forget` now for this process and, once the change is visible to others, for all."""
    forget()
    transaction.on_commit(forget, robust=True)
