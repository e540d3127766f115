"""Keeps tests apart from each other and from the world."""

from __future__ import annotations

import itertools
import os
import socket
from typing import Any

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 (compared with, never bound to)

_turns = itertools.count()
_turn = 0


class NetworkRefused(RuntimeError):
    """A test reached for the world outside."""


def refuse_the_network() -> None:
    """Only loopback and Unix sockets connect; everything else is a mistake in the test or in the product."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise NetworkRefused(f"A test tried to reach {address[0]}.")
        original(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign, assignment] # the one place every client passes


def separate_cache_keys() -> None:
    """Keys carry the process and the test, so runs side by side share one server without meeting."""
    from django.conf import settings

    settings.CACHES["default"]["KEY_FUNCTION"] = cache_key


def cache_key(key: str, prefix: str, version: int) -> str:
    return f"test-{os.getpid()}-{_turn}:{prefix}:{version}:{key}"


def next_test() -> None:
    global _turn  # noqa: PLW0603 (one number for all threads, the live server's included)
    _turn = next(_turns)


def number_of_test() -> int:
    """Tells one test from the next."""
    return _turn
