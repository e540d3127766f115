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
    window = int(time.time()) // seconds
    name = f"limit:{scope}:{hashlib.sha256(key.encode()).hexdigest()[:32]}:{window}"
    cache.add(name, 0, timeout=seconds * 2)
    try:
        return int(cache.incr(name)) <= limit
    except (ValueError, TypeError):
        return _attempt_here(name, limit)


def _attempt_here(name: str, limit: int) -> bool:
    with _guard:
        if len(_local) > MOST_KEYS:
            _local.clear()
        _local[name] = _local.get(name, 0) + 1
        return _local[name] <= limit
