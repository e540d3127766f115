"""What inventory announces."""

from dataclasses import dataclass

from core.events import Event


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
class PurchaseSent(Event):
    """An order leaves for a supplier by mail; `mail` counts how often, so that it can be sent again."""

    number: str
    mail: int
