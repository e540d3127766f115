"""Facts of markets kept in memory: no query when warm, and a change is seen by every process within a second.

Values are built once per process and remembered under a version number that lives in the shared cache. Changing a
market through an action or the admin raises the number. Without the shared cache values simply age out.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import cache
from django.db import transaction

T = TypeVar("T")

VERSION_KEY = "markets:version"
LOOK_AGAIN_SECONDS = 1.0
KEEP_SECONDS = 300.0
MOST_KEPT = 2000


class _Memory(threading.local):
    """Per thread, so no lock is needed; a few hundred small values."""

    def __init__(self) -> None:
        self.place = ""
        self.version = -1
        self.looked_at = 0.0
        self.values: dict[object, tuple[float, object]] = {}


_memory = _Memory()


def version() -> int:
    """The number of the present state of the market tables; asked of the shared cache at most once a second."""
    now = time.monotonic()
    place = cache.make_key(VERSION_KEY)
    if _memory.version < 0 or place != _memory.place or now - _memory.looked_at > LOOK_AGAIN_SECONDS:
        known = _shared_version()
        if known != _memory.version or place != _memory.place:
            _memory.values.clear()
        _memory.place, _memory.version, _memory.looked_at = place, known, now
    return _memory.version


def _shared_version() -> int:
    """The number in the shared cache, begun at a moment nobody has seen. Zero when the cache is lost."""
    known = cache.get(VERSION_KEY)
    if known is None:
        cache.add(VERSION_KEY, time.time_ns() // 1000, timeout=None)
        known = cache.get(VERSION_KEY, 0)
    return int(known)


def remembered(key: object, make: Callable[[], T]) -> T:
    """The value of `key`, made when this process does not have it for the present version."""
    version()
    now = time.monotonic()
    kept = _memory.values.get(key)
    if kept is not None and now - kept[0] < KEEP_SECONDS:
        return cast(T, kept[1])
    value = make()
    if len(_memory.values) >= MOST_KEPT:
        _memory.values.clear()
    _memory.values[key] = (now, value)
    return value


def forget() -> None:
    """Make every process build its values anew."""
    _memory.version = -1
    _memory.values.clear()
    try:
        cache.incr(VERSION_KEY)
    except ValueError:
        cache.set(VERSION_KEY, time.time_ns() // 1000, timeout=None)


def forget_on_commit() -> None:
    """`forget` now for this process and, once the change is visible to others, for all."""
    forget()
    transaction.on_commit(forget, robust=True)
