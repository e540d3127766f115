"""One order of another platform, as it was read."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256

from core.money import Money


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """A line as told; nothing for what was not."""

    name: str
    sku: str
    quantity: int
    unit_price: Money | None
    line_total: Money | None


@dataclass(frozen=True, kw_only=True)
class ReadOrder:
    """An order with its lines. Amounts are in `currency`; one that was not told is nothing."""

    platform: str
    number: str
    placed_at: datetime
    state: str
    state_words: str
    currency: str
    total: Money
    country: str = ""
    email: str = ""
    name: str = ""
    phone: str = ""
    addresses: Mapping[str, list[str]] = field(default_factory=dict)
    items_total: Money | None = None
    discount_total: Money | None = None
    shipping_total: Money | None = None
    tax_total: Money | None = None
    refunded_total: Money | None = None
    payment_words: str = ""
    delivery_words: str = ""
    lines: tuple[ReadLine, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same facts, whichever file they stand in."""
        return sha256(json.dumps(asdict(self), default=str, sort_keys=True).encode()).hexdigest()
