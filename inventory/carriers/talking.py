"""How adapters talk to carriers: JSON over the one way out, with refusals told from silence."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from core.http import AddressRefused, Answer, OutsideTrouble, fetch, post
from inventory.errors import BadCarrierMessage, CarrierRefused, CarrierUnreachable

MOST_BYTES = 4 * 1024 * 1024
MOST_REASON = 300
BUSY = frozenset({408, 425, 429})


def ask(url: str, *, headers: Mapping[str, str] | None = None, params: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address; None where it has nothing (404). Raises `CarrierUnreachable`, `CarrierRefused`."""
    try:
        answer = fetch(url, max_bytes=MOST_BYTES, allow_private=True, headers=headers, params=params or {})
    except (OutsideTrouble, AddressRefused) as trouble:
        raise CarrierUnreachable(str(trouble)) from trouble
    return None if answer.status == 404 else understood(answer)


def tell(url: str, body: bytes, *, headers: Mapping[str, str]) -> Any:
    """The JSON a POST is answered with. Raises `CarrierUnreachable`, `CarrierRefused`."""
    try:
        answer = post(url, body=body, headers=headers, max_bytes=MOST_BYTES, allow_private=True)
    except (OutsideTrouble, AddressRefused) as trouble:
        raise CarrierUnreachable(str(trouble)) from trouble
    return understood(answer)


def understood(answer: Answer) -> Any:
    """What a carrier answered: its own trouble and being too busy can heal, being refused cannot."""
    if answer.status >= 500 or answer.status in BUSY:
        raise CarrierUnreachable(f"HTTP {answer.status}")
    try:
        found: Any = json.loads(answer.body.replace(b"\\u0000", b"")) if answer.body.strip() else {}
    except ValueError:
        found = {}
    if answer.status >= 300:
        raise CarrierRefused(_reason(found) or f"HTTP {answer.status}")
    return found


def _reason(found: Any) -> str:
    if not isinstance(found, dict):
        return ""
    inner = found.get("error") or found.get("message") or found.get("reason") or found.get("detail") or ""
    if isinstance(inner, dict):
        inner = inner.get("message") or inner.get("code") or ""
    return str(inner)[:MOST_REASON]


def body_of(value: Any) -> bytes:
    """JSON as it is sent and signed: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def json_of(body: bytes) -> Any:
    """The JSON of a message, without letters no database takes. Raises `BadCarrierMessage`."""
    try:
        found = json.loads(body.replace(b"\\u0000", b""))
        return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except ValueError:
        raise BadCarrierMessage from None


def digest(body: bytes) -> str:
    """The name of a message whose sender gives it none: the same words are the same message."""
    return hashlib.sha256(body).hexdigest()


def basic(user: str, password: str = "") -> str:
    """The header of a name and a password."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
