"""What the shop says now of variants in a market: whether it sells them, for how much, how many are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.prices import price_variants
from catalog.selling import sellables
from catalog.types import PricedVariant, Sellable
from core.money import Money
from inventory.planning import StockRow
from inventory.queries import stock_rows
from markets.types import MarketContext


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One variant as it can be bought now. `available` is over all warehouses that serve the market."""

    sellable: Sellable | None
    price: PricedVariant | None
    available: int

    @property
    def can_be_sold(self) -> bool:
        return self.sellable is not None and self.sellable.is_sellable and self.price is not None

    @property
    def amount(self) -> Money | None:
        return self.price.amount if self.price else None

    @property
    def limit(self) -> int | None:
        return self.sellable.purchase_limit if self.sellable else None


@dataclass(frozen=True, kw_only=True)
class Offers:
    """Offers by variant, with the stock rows they were counted from."""

    by_variant: Mapping[int, Offer]
    stock: tuple[StockRow, ...]


def offers_for(quantities: Mapping[int, int], *, market: MarketContext) -> Offers:
    """Offers for so many of each variant, in a fixed number of queries."""
    variant_ids: Sequence[int] = sorted(quantities)
    if not variant_ids:
        return Offers(by_variant={}, stock=())
    known = sellables(variant_ids, market.code, market.language)
    prices = price_variants(market.code, variant_ids, quantities)
    stock = tuple(stock_rows(market.code, variant_ids))
    found = {
        variant_id: Offer(
            sellable=known.get(variant_id),
            price=prices.get(variant_id),
            available=_available(variant_id, known.get(variant_id), stock),
        )
        for variant_id in variant_ids
    }
    return Offers(by_variant=found, stock=stock)


def _available(variant_id: int, sellable: Sellable | None, stock: Sequence[StockRow]) -> int:
    """What needs no parcel is never out of stock."""
    if sellable is not None and not sellable.requires_shipping:
        return 10**6
    return sum(max(row.available, 0) for row in stock if row.variant_id == variant_id)
