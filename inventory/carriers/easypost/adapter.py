"""EasyPost as a tracker: numbers are announced, then its webhooks tell of them.

Settings: `base`. Secrets: `key` for asking, `webhook` for what it sends: an HMAC-SHA256 of the raw body in hex.
"""

import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from inventory.carriers.readers import read_with
from inventory.carriers.reading import text
from inventory.carriers.talking import basic, body_of, digest, json_of, tell
from inventory.carriers.types import Access, Followed, Told, Tracking
from inventory.errors import BadCarrierMessage

BASE = "https://api.easypost.com/v2"
PROVIDER = "easypost"
HEADER, PREFIX = "X-Hmac-Signature", "hmac-sha256-hex="


def sign_of(body: bytes, secret: str) -> str:
    """The header of a message."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return PREFIX + hmac.new(key, body, sha256).hexdigest()


class EasyPostTracking:
    """One account at EasyPost."""

    def __init__(self, access: Access) -> None:
        self.key, self.webhook = access.secret("key"), access.secret("webhook")
        self.base = access.option("base", BASE).rstrip("/")

    def verify(self, headers: Mapping[str, str], body: bytes) -> Told:
        """An event. Raises `BadCarrierMessage` unless it is signed with our secret."""
        given = headers.get(HEADER, "").strip()
        if not self.webhook or not hmac.compare_digest(sign_of(body, self.webhook).encode(), given.encode()):
            raise BadCarrierMessage
        payload = json_of(body)
        kind = text(payload, "description")
        name = text(payload, "id") or digest(body)
        return Told(event_id=name[:255], kind=kind[:100], payload=payload, relevant=kind.startswith("tracker."))

    def register(self, parcels: Sequence[Followed]) -> None:
        """Announce numbers; it finds the carrier of one by itself."""
        headers = {"Authorization": basic(self.key), "Content-Type": "application/json"}
        for one in parcels:
            tell(f"{self.base}/trackers", body_of({"tracker": {"tracking_code": one.number}}), headers=headers)

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What an event or an answer says."""
        return read_with(PROVIDER, payload)
