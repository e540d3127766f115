"""Signed links and unguessable tokens."""

import hashlib
import secrets
from typing import Any

from django.core import signing

TOKEN_BYTES = 24


def make_token(purpose: str, value: Any) -> str:
    """A signed, timestamped text of `value`; only `read_token` with the same purpose accepts it."""
    return signing.dumps(value, salt=f"portolan.{purpose}", compress=False)


def read_token(purpose: str, token: str, *, max_age: int | None = None) -> Any:
    """The value again. Raises `django.core.signing.BadSignature` when forged, foreign or older than `max_age` s."""
    return signing.loads(token, salt=f"portolan.{purpose}", max_age=max_age)


def make_lasting_token(purpose: str, value: Any) -> str:
    """The same without a time in it: the same value gives the same text each time, for addresses others keep."""
    return signing.Signer(salt=f"portolan.{purpose}").sign_object(value)


def read_lasting_token(purpose: str, token: str) -> Any:
    """The value again. Raises `django.core.signing.BadSignature` when forged or foreign."""
    return signing.Signer(salt=f"portolan.{purpose}").unsign_object(token)


def new_secret() -> str:
    """A random token of 192 bits in URL-safe letters. Store only its `secret_hash`."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def secret_hash(secret: str) -> str:
    """What is stored of a secret: SHA-256, 64 hex digits (the secret has enough entropy to need no salt)."""
    return hashlib.sha256(secret.encode()).hexdigest()
