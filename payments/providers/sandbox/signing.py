"""Signed messages of the sandbox: `t=<time>,v1=<HMAC-SHA256 of "<time>.<body>">`, as good providers do it."""

import hmac
import time
from hashlib import sha256

from django.conf import settings
from django.utils.crypto import constant_time_compare

from payments.errors import BadWebhook

HEADER = "Sandbox-Signature"
TOLERANCE = 300
PURPOSE = b"payments.sandbox.webhook"


def sign(body: bytes, *, at: int | None = None) -> str:
    """The header for `body`, under the newest secret."""
    moment = int(time.time()) if at is None else at
    return f"t={moment},v1={_digest(_secrets()[0], moment, body)}"


def check(header: str, body: bytes) -> None:
    """Raises `BadWebhook` unless one of our secrets signed exactly these bytes within the last five minutes."""
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    moment = parts.get("t", "")
    if not moment.isascii() or not moment.isdigit() or abs(time.time() - int(moment)) > TOLERANCE:
        raise BadWebhook
    given = parts.get("v1", "")
    if not any(constant_time_compare(_digest(secret, int(moment), body), given) for secret in _secrets()):
        raise BadWebhook


def _secrets() -> list[bytes]:
    """Derived from the shop's own secret key; old keys stay good while one replaces the other."""
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    return [hmac.new(key.encode(), PURPOSE, sha256).digest() for key in keys]


def _digest(secret: bytes, moment: int, body: bytes) -> str:
    return hmac.new(secret, f"{moment}.".encode() + body, sha256).hexdigest()
