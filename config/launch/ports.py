"""A port to listen on: the wished one, or the next that is free."""

from __future__ import annotations

import socket

DEFAULT_PORT = 8000
TRIES = 100


class NoPort(RuntimeError):
    """Nothing free within reach of the wished port."""


def next_free_port(wished: int, *, host: str = "127.0.0.1") -> int:
    for port in range(wished, wished + TRIES):
        if is_free(port, host=host):
            return port
    raise NoPort(f"All ports from {wished} to {wished + TRIES - 1} are taken.")


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Can we listen there, and does nobody answer on the loopback address browsers try first?"""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except (OSError, OverflowError):
            return False
    return not any(_answers(address, port) for address in ("127.0.0.1", "::1"))


def _answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=0.2):
            return True
    except OSError:
        return False
