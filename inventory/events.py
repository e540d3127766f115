"""What inventory announces."""

from dataclasses import dataclass
from datetime import date

from core.events import Event
from inventory.carriers.types import Tracked


@dataclass(frozen=True, kw_only=True)
class StockChanged(Event):
    """What can be sold of these variants may have changed."""

    variant_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class StockRanLow(Event):
    """A stock row fell to its reorder point."""

    stock_item_id: int
    variant_id: int
    warehouse_code: str
    available: int


@dataclass(frozen=True, kw_only=True)
class StockRanOut(Event):
    """A stock row has nothing left to sell."""

    stock_item_id: int
    variant_id: int
    warehouse_code: str


@dataclass(frozen=True, kw_only=True)
class StockCameBack(Event):
    """A variant that was sold out can be bought again."""

    variant_id: int


@dataclass(frozen=True, kw_only=True)
class ParcelTracked(Event):
    """A carrier said something of a parcel: all it knows, oldest first, and the day it expects to deliver.

    For handlers inside the transaction: `events` are values of `inventory.carriers.types`, not of the outbox.
    """

    parcel_ref: str
    tracking_no: str
    carrier: str
    eta: date | None
    events: tuple[Tracked, ...]


@dataclass(frozen=True, kw_only=True)
class ParcelLeftElsewhere(Event):
    """A warehouse of somebody else's says that a parcel has left."""

    parcel_ref: str
    carrier: str
    tracking_no: str
    tracking_url: str


@dataclass(frozen=True, kw_only=True)
class ParcelRefusedElsewhere(Event):
    """A warehouse of somebody else's cannot send a parcel; `reason` is one of `threepl.messages.REASONS`."""

    parcel_ref: str
    reason: str
    said: str


@dataclass(frozen=True, kw_only=True)
class PurchaseSent(Event):
    """An order leaves for a supplier by mail; `mail` counts how often, so that it can be sent again."""

    number: str
    mail: int
