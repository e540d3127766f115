"""Facts that markets announce."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class MarketChanged(Event):
    """A market was opened, closed or edited; whatever shows it should be rebuilt."""

    market: str


@dataclass(frozen=True, kw_only=True)
class ReferenceLoaded(Event):
    """A reference table was brought up to date."""

    table: str
    created: int
    closed: int


@dataclass(frozen=True, kw_only=True)
class TaxIdDecided(Event):
    """A register that did not answer before has answered about the tax number given for an order."""

    tax_id: int
    reference: str
    status: str
