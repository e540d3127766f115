"""A warehouse of somebody else's, over signed JSON both ways.

Settings: `url`. Secrets: `webhook` (whsec_…), known to both sides. What is posted there:

    {"type": "parcel.wanted",   "parcel": "…", "order": "…", "to": {…}, "goods": [{"sku": "…", "quantity": 2}], …}
    {"type": "parcel.recalled", "parcel": "…", "reference": "…"}

answered with `{"reference": "…"}` and `{"stopped": true}`. What it sends is in `messages`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from inventory.carriers.reading import text
from inventory.carriers.signed import signed, verified
from inventory.carriers.talking import body_of, tell
from inventory.carriers.threepl.messages import KINDS, tracking_of
from inventory.carriers.types import Access, Told, Tracking


class ThreePL:
    """One warehouse."""

    def __init__(self, access: Access) -> None:
        self.url, self.secret = access.option("url"), access.secret("webhook")

    def push(self, content: Mapping[str, Any], key: str) -> str:
        """Have a parcel packed; its number there."""
        return text(self._post({**content, "type": "parcel.wanted"}, key), "reference")[:120]

    def recall(self, parcel_ref: str, external_ref: str, key: str) -> bool:
        """Ask for it back."""
        wanted = {"type": "parcel.recalled", "parcel": parcel_ref, "reference": external_ref}
        answer = self._post(wanted, key)
        return bool(isinstance(answer, dict) and answer.get("stopped") is True)

    def verify(self, headers: Mapping[str, str], body: bytes) -> Told:
        """A message. Raises `BadCarrierMessage`."""
        name, payload = verified(self.secret, headers, body)
        kind = text(payload, "type")
        return Told(event_id=name, kind=kind[:100], payload=payload, relevant=kind in KINDS)

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """Tracking, when it sends that as well."""
        return tracking_of(payload)

    def _post(self, body: Mapping[str, Any], key: str) -> Any:
        written = body_of(body)
        return tell(self.url, written, headers=signed(self.secret, key, timezone.now(), written))
