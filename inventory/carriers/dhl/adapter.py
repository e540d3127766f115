"""DHL's unified tracking: asked number by number.

Settings: `base`, `service` (such as express or parcel-de; DHL guesses without). Secrets: `key`.
"""

from collections.abc import Sequence
from typing import Any

from inventory.carriers.readers import read_with
from inventory.carriers.reading import rows
from inventory.carriers.talking import ask
from inventory.carriers.types import Access, Followed, Tracking

BASE = "https://api-eu.dhl.com/track/shipments"
PROVIDER = "dhl"


class DHLTracking:
    """One key at DHL's developer portal."""

    def __init__(self, access: Access) -> None:
        self.key, self.service = access.secret("key"), access.option("service")
        self.base = access.option("base", BASE)

    def track(self, parcels: Sequence[Followed]) -> Any:
        """What DHL knows of numbers now; those it does not know are left out."""
        found: list[Any] = []
        for one in parcels:
            params = {"trackingNumber": one.number, "language": "en"}
            if self.service:
                params["service"] = self.service
            if one.postcode:
                params["recipientPostalCode"] = one.postcode
            found += rows(ask(self.base, headers={"DHL-API-Key": self.key}, params=params), "shipments")
        return {"shipments": found}

    def read(self, payload: Any) -> tuple[Tracking, ...]:
        """What an answer says."""
        return read_with(PROVIDER, payload)
