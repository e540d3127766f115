"""The only reader of the environment: typed, and failing with the name of what is missing.

Standard library only, because the launcher reads it before anything is installed. Every variable is listed once, with
its meaning, in `.env.example`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"", "0", "false", "no", "off"}
POSTGRES_SCHEMES = {"postgres", "postgresql"}
REDIS_SCHEMES = {"redis", "rediss", "unix"}


class SettingError(RuntimeError):
    """A variable is missing or unreadable; the message names it."""


def text(name: str, default: str | None = None) -> str:
    """The variable's words. Without a default it must be set; an empty value counts as not set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise SettingError(f"{name} is not set. See .env.example for what it means.")
    return default


def flag(name: str, *, default: bool) -> bool:
    word = os.environ.get(name)
    if word is None:
        return default
    if word.strip().lower() in TRUE_WORDS:
        return True
    if word.strip().lower() in FALSE_WORDS:
        return False
    raise SettingError(f"{name} must be yes or no, not {word!r}.")


def number(name: str, *, default: int) -> int:
    word = text(name, str(default))
    try:
        return int(word)
    except ValueError:
        raise SettingError(f"{name} must be a whole number, not {word!r}.") from None


def words(name: str, *, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def keep_compiled(folder: Path) -> None:
    """Let this process, and those it starts, keep compiled modules here: half of a start is compiling.

    An account that wants no such files beside the sources (`PYTHONDONTWRITEBYTECODE`) gets none there either way.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = text("PYTHONPYCACHEPREFIX", str(folder))
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]


def is_set(name: str) -> bool:
    return bool(os.environ.get(name, "").strip())


def announce(values: Mapping[str, str]) -> None:
    """Set variables for this process and its children; what the operator has set already stays."""
    for name, value in values.items():
        if not is_set(name):
            os.environ[name] = value


def overrule(values: Mapping[str, str]) -> None:
    """Set variables for this process and its children, whatever they were."""
    os.environ.update(values)


def snapshot(**changes: str) -> dict[str, str]:
    """A copy of the environment for a child process, with changes."""
    return {**os.environ, **changes}


def database(name: str, *, default: str | None = None) -> dict[str, Any]:
    """A PostgreSQL address as Django wants it. A Unix socket's directory goes into `?host=`."""
    address = urlsplit(text(name, default))
    if address.scheme not in POSTGRES_SCHEMES:
        raise SettingError(f"{name} must start with postgresql:// (PostgreSQL is the only database supported).")
    query = dict(parse_qsl(address.query))
    host = query.pop("host", None) or unquote(address.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(address.path.lstrip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": host,
        "PORT": query.pop("port", None) or str(address.port or ""),
        "OPTIONS": query,
    }


def redis_address(name: str, *, number: int, default: str | None = None) -> str:
    """The server's address with another database number: one for caches, one for the queue."""
    address = urlsplit(text(name, default))
    if address.scheme not in REDIS_SCHEMES:
        raise SettingError(f"{name} must start with redis://, rediss:// or unix://.")
    if address.scheme == "unix":
        return f"unix://{address.path}?db={number}"
    return urlunsplit(address._replace(path=f"/{number}"))


def broker_address(name: str, *, number: int, default: str | None = None) -> str:
    """The same server as Celery spells it."""
    address = redis_address(name, number=number, default=default)
    if address.startswith("unix://"):
        return f"redis+socket://{urlsplit(address).path}?virtual_host={number}"
    return address
