"""17TRACK v2.2: numbers are registered, then it pushes what it learns; it can be asked as well.

Settings: none. Secrets: `key`. Its messages carry `sign`, the SHA-256 of the raw body, a slash and the key, in hex.
"""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from inventory.carriers.readers import read_with
from inventory.carriers.reading import dig, rows, text
from inventory.carriers.talking import body_of, digest, json_of, tell
from inventory.carriers.types import Access, Followed, Told, Tracking
from inventory.errors import BadCarrierMessage, CarrierRefused

BASE = "https://api.17track.net/track/v2.2"
PROVIDER = "17track"
AT_ONCE = 40
ALREADY = -18019901
"""The code of a number that was registered before."""
UPDATED = frozenset({"TRACKING_UPDATED", "TRACKING_STOPPED"})


def sign_of(body: bytes, key: str) -> str:
    """The signature of a message."""
    return sha256(body + b"/" + key.encode()).hexdigest()


class SeventeenTrack:
    """One key at 17TRACK."""

    def __init__(self, access: Access) -> None:
        self.key = access.secret("key")
        self.base = access.option("base", BASE).rstrip("/")

    def verify(self, headers: Mapping[str, str], body: bytes) -> Told:
        """A push. Raises `BadCarrierMessage` unless it is signed with our key."""
        given = headers.get("sign", "")
        if not self.key or not hmac.compare_digest(sign_of(body, self.key).encode(), given.strip().lower().encode()):
            raise BadCarrierMessage
        payload = json_of(body)
        kind = text(payload, "event")
        return Told(event_id=digest(body), kind=kind[:100], payload=payload, relevant=kind in UPDATED)

    def register(self, parcels: Sequence[Followed]) -> None:
        """Have numbers watched. Raises `CarrierRefused` for a number it does not take, unless it has it already."""
        for start in range(0, len(parcels), AT_ONCE):
            part = parcels[start : start + AT_ONCE]
            answer = self._post("register", [{"number": one.number, "lang": "en"} for one in part])
            refused = [
                text(one, "error", "message")
                for one in rows(answer, "data", "rejected")
                if dig(one, "error", "code") != ALREADY
            ]
            if refused:
                raise CarrierRefused(refused[0])

    def track(self, parcels: Sequence[Followed]) -> Any:
        """What it knows of numbers now."""
        accepted: list[Any] = []
        for start in range(0, len(parcels), AT_ONCE):
            part = [{"number": one.number} for one in parcels[start : start + AT_ONCE]]
            accepted += rows(self._post("gettrackinfo", part), "data", "accepted")
        return {"data": {"accepted": accepted}}

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What a push or an answer says."""
        return read_with(PROVIDER, payload)

    def _post(self, name: str, body: Any) -> Any:
        headers = {"17token": self.key, "Content-Type": "application/json"}
        return tell(f"{self.base}/{name}", body_of(body), headers=headers)
