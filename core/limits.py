"""Brakes against trying things out: so many attempts per window and key.

Counted in the shared cache. When the cache does not answer, each process counts by itself with the same
limit: slower to notice, never open.
"""

import hashlib
import threading
import time

from django.core.cache import cache

_local: dict[str, int] = {}
_guard = threading.Lock()
MOST_KEYS = 10_000


def attempt(scope: str, key: str, *, limit: int, seconds: int) -> bool:
    """Count one attempt; returns whether it is still within `limit` per `seconds`. `key` is stored hashed."""
    name = _name(scope, key, seconds)
    cache.add(name, 0, timeout=seconds * 2)
    try:
        return int(cache.incr(name)) <= limit
    except (ValueError, TypeError):
        return _attempt_here(name, limit)


def is_within(scope: str, key: str, *, limit: int, seconds: int) -> bool:
    """Whether another attempt would still be within the limit; counts nothing."""
    name = _name(scope, key, seconds)
    return int(cache.get(name) or _local.get(name, 0)) < limit


def _name(scope: str, key: str, seconds: int) -> str:
    window = int(time.time()) // seconds
    return f"limit:{scope}:{hashlib.sha256(key.encode()).hexdigest()[:32]}:{window}"


def _attempt_here(name: str, limit: int) -> bool:
    with _guard:
        if len(_local) > MOST_KEYS:
            _local.clear()
        _local[name] = _local.get(name, 0) + 1
        return _local[name] <= limit
