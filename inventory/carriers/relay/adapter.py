"""Carriers' own answers, fetched by somebody else and passed on as they came.

For shops whose middleware already talks to carriers: it posts `{"provider": "fedex", "answer": {…}}`, signed like the
shop's own webhooks (webhook-id, webhook-timestamp, webhook-signature). `provider` is a name of `readers.READERS`;
`tracking_number` beside it names the parcel for carriers whose answers do not. Secrets: `webhook` (whsec_…).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inventory.carriers.readers import READERS, read_with
from inventory.carriers.reading import dig, text
from inventory.carriers.signed import verified
from inventory.carriers.types import Access, Told, Tracking


class Relay:
    """One sender."""

    def __init__(self, access: Access) -> None:
        self.secret = access.secret("webhook")

    def verify(self, headers: Mapping[str, str], body: bytes) -> Told:
        """A passed-on answer. Raises `BadCarrierMessage`."""
        name, payload = verified(self.secret, headers, body)
        provider = text(payload, "provider")
        return Told(event_id=name, kind=provider[:100], payload=payload, relevant=provider in READERS)

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What the carrier said."""
        number = text(payload, "tracking_number")
        found = read_with(text(payload, "provider"), _with_number(dig(payload, "answer"), number))
        return tuple(replace(one, number=one.number or number) for one in found if one.number or number)


def _with_number(answer: Any, number: str) -> Any:
    return {**answer, "tracking_number": number} if number and isinstance(answer, dict) else answer
