"""What the catalogue may ask about stock. Inventory stands above it and answers through `settings.STOCK_BOOK`."""

from collections.abc import Collection, Mapping
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class StockBook(Protocol):
    """The counters of the warehouses, to read. Changes are announced (`catalog.events.StockTold`), never written."""

    def on_hand(self, variant_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
        """Pieces on hand per variant and warehouse code; what was never counted is absent. One query."""

    def warehouse_codes(self) -> tuple[str, ...]:
        """The codes of all warehouses, in order. One query."""


def stock_book() -> StockBook:
    """The book the settings name."""
    return cast(StockBook, import_string(settings.STOCK_BOOK)())
