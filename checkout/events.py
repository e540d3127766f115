"""What checkouts announce."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event
from core.money import Money


@dataclass(frozen=True, kw_only=True)
class CheckoutDearer(Event):
    """A checkout costs more than its cart had said, by more than the market's limit."""

    checkout: UUID
    market: str
    estimate: Money
    total: Money
    percent: int
