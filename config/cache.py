"""A Redis cache that may be lost at any moment: a failure is a miss, said once in a while, never an error page.

Values are JSON, not pickles: whoever can write to the cache must not be able to run code in the shop.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)
QUIET_SECONDS = 30


class JsonSerializer:
    """Whole numbers stay bare, so that Redis can count with them."""

    def dumps(self, value: Any) -> bytes | int:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, stored: bytes | str) -> Any:
        return json.loads(stored)


class TolerantClient(RedisCacheClient):
    """Each call with the answer it gives when Redis does not."""

    quiet_until = 0.0

    def _or(self, call: Callable[[], Any], *, instead: Any) -> Any:
        try:
            return call()
        except redis.RedisError as trouble:
            self._say(trouble)
            return instead

    @classmethod
    def _say(cls, trouble: redis.RedisError) -> None:
        now = time.monotonic()
        if now >= cls.quiet_until:
            cls.quiet_until = now + QUIET_SECONDS
            log.warning("cache_unavailable", error=type(trouble).__name__)

    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return self._or(partial(super().add, key, value, timeout), instead=False)

    def get(self, key: Any, default: Any) -> Any:
        return self._or(partial(super().get, key, default), instead=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._or(partial(super().set, key, value, timeout), instead=None)

    def touch(self, key: Any, timeout: Any) -> Any:
        return self._or(partial(super().touch, key, timeout), instead=False)

    def delete(self, key: Any) -> Any:
        return self._or(partial(super().delete, key), instead=False)

    def get_many(self, keys: Any) -> Any:
        return self._or(partial(super().get_many, keys), instead={})

    def has_key(self, key: Any) -> Any:
        return self._or(partial(super().has_key, key), instead=False)

    def incr(self, key: Any, delta: Any) -> Any:
        """A number that cannot be counted is a number that is not there."""
        try:
            return super().incr(key, delta)
        except redis.RedisError as trouble:
            self._say(trouble)
            raise ValueError(f"Key {key!r} not found.") from trouble

    def set_many(self, data: Any, timeout: Any) -> None:
        self._or(partial(super().set_many, data, timeout), instead=None)

    def delete_many(self, keys: Any) -> None:
        self._or(partial(super().delete_many, keys), instead=None)

    def clear(self) -> Any:
        return self._or(super().clear, instead=False)


class TolerantRedisCache(RedisCache):
    """Django's Redis cache with short time-outs, one try, JSON values, and misses in place of errors."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "serializer": JsonSerializer,
            "socket_connect_timeout": 0.5,
            "socket_timeout": 1.0,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = TolerantClient
