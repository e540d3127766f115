"""A Redis cache that may be lost at any moment: a failure is a miss, said once in a while, never an error page.

Values are JSON, not pickles: whoever can write to the cache must not be able to run code in the shop.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

import redis
import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

T = TypeVar("T")
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

    def _or(self, fallback: T, call: Callable[[], T]) -> T:
        try:
            return call()
        except redis.RedisError as trouble:
            self._say(trouble)
            return fallback

    @classmethod
    def _say(cls, trouble: redis.RedisError) -> None:
        now = time.monotonic()
        if now >= cls.quiet_until:
            cls.quiet_until = now + QUIET_SECONDS
            log.warning("cache_unavailable", error=type(trouble).__name__)

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        return self._or(False, partial(super().add, key, value, timeout))

    def get(self, key: str, default: Any) -> Any:
        return self._or(default, partial(super().get, key, default))

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        self._or(None, partial(super().set, key, value, timeout))

    def touch(self, key: str, timeout: int | None) -> bool:
        return self._or(False, partial(super().touch, key, timeout))

    def delete(self, key: str) -> bool:
        return self._or(False, partial(super().delete, key))

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        return self._or({}, partial(super().get_many, keys))

    def has_key(self, key: str) -> bool:
        return self._or(False, partial(super().has_key, key))

    def incr(self, key: str, delta: int) -> int:
        try:
            return super().incr(key, delta)
        except redis.RedisError as trouble:
            self._say(trouble)
            raise ValueError(f"Key {key!r} not found.") from trouble

    def set_many(self, data: Mapping[str, Any], timeout: int | None) -> None:
        self._or(None, partial(super().set_many, data, timeout))

    def delete_many(self, keys: Iterable[str]) -> None:
        self._or(None, partial(super().delete_many, keys))

    def clear(self) -> bool:
        return self._or(False, super().clear)


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
