"""Values nobody can read in the database: sealed with a key of the settings, and found again by a fingerprint.

The first of `SEALING_KEYS` seals, all of them open, so that a key is replaced without a day on which nothing can be
read: put the new one in front, run `manage.py reseal`, take the old one away. Without keys of their own they are
derived from `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.

A sealed value reads `s1:<name of the key>:<token>`. What does not begin so was stored before and is read as it stands.
"""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

MARK = "s1:"
NAME_DIGITS = 8


class SealBroken(RuntimeError):
    """No key of the settings opens the value: a key was taken away too early, or the value was altered."""


@dataclass(frozen=True)
class _Key:
    name: str
    cipher: Fernet
    prints: bytes


def seal(value: str) -> str:
    """The value, unreadable; the same value gives another text each time. An empty one stays empty."""
    if not value:
        return ""
    key = _keys()[0]
    return f"{MARK}{key.name}:{key.cipher.encrypt(value.encode()).decode()}"


def unseal(sealed: str) -> str:
    """The value again. Raises `SealBroken`."""
    if not sealed.startswith(MARK):
        return sealed
    name, _, token = sealed.removeprefix(MARK).partition(":")
    for key in _keys():
        if key.name == name:
            try:
                return key.cipher.decrypt(token.encode()).decode()
            except InvalidToken:
                break
    raise SealBroken(f"no key in the settings opens what key {name} has sealed")


def newest_mark() -> str:
    """How everything begins that the first key has sealed."""
    return f"{MARK}{_keys()[0].name}:"


def fingerprint(value: str) -> str:
    """What a value is looked up by without being readable: 64 hex digits of the first key, empty for an empty one."""
    return _print(value, _keys()[0])


def fingerprints(value: str) -> list[str]:
    """The same by every key, the first one's first: a value that waits for `reseal` is found, too."""
    return [_print(value, key) for key in _keys()]


class SealedField(models.TextField[str, str]):
    """Text that is sealed in the database and plain in Python. It cannot be searched: see `FingerprintField`."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Opened."""
        return None if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        """Sealed."""
        prepared = super().get_prep_value(value)
        return seal(prepared) if isinstance(prepared, str) else prepared

    def get_lookup(self, lookup_name: str) -> Any:
        """Nothing but `isnull`: the same value is sealed differently each time. Raises `FieldError`."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: look for its fingerprint")
        return super().get_lookup(lookup_name)


class FingerprintField(models.CharField[str, str]):
    """The fingerprint of the sealed field `of`, kept up with every save."""

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 64, "editable": False, "blank": True, "default": "", **options})

    def deconstruct(self) -> Any:
        """With the field it belongs to."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Worked out anew."""
        found = fingerprint(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, found)
        return found


def _print(value: str, key: _Key) -> str:
    return hmac.digest(key.prints, value.encode(), "sha256").hex() if value else ""


def _keys() -> Sequence[_Key]:
    own = tuple(settings.SEALING_KEYS)
    return _derived(own or (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _derived(secrets: tuple[str, ...]) -> tuple[_Key, ...]:
    return tuple(_key(secret.encode()) for secret in secrets)


def _key(secret: bytes) -> _Key:
    return _Key(
        name=hmac.digest(secret, b"portolan.sealing.name", "sha256").hex()[:NAME_DIGITS],
        cipher=Fernet(base64.urlsafe_b64encode(hmac.digest(secret, b"portolan.sealing.cipher", "sha256"))),
        prints=hmac.digest(secret, b"portolan.sealing.fingerprint", "sha256"),
    )
