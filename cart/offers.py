"""What the shop says now of variants in a market: whether it sells them, for how much, how many are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.prices import price_variants
from catalog.selling import sellables
from catalog.types import PricedVariant, Sellable
from core.money import Money
from inventory.planning import StockRow, can_be_had, variants_of
from inventory.queries import stock_rows
from inventory.types import Demand, Piece
from markets.types import MarketContext

ENDLESS = 10**6


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
        """The most of it in one order: its own limit, or that of its pre-sale when that is less."""
        if self.sellable is None:
            return None
        ahead = self.sellable.ahead
        limits = [self.sellable.purchase_limit, ahead.limit if ahead else None]
        return min((limit for limit in limits if limit is not None), default=None)


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
    prices = price_variants(market.code, variant_ids, quantities, tuple(market.audiences))
    demands = {pk: demand_of(str(pk), pk, ENDLESS, known.get(pk)) for pk in variant_ids}
    stock = tuple(stock_rows(market.code, variants_of(demands.values())))
    found = {
        variant_id: Offer(
            sellable=known.get(variant_id),
            price=prices.get(variant_id),
            available=_available(demands[variant_id], known.get(variant_id), stock),
        )
        for variant_id in variant_ids
    }
    return Offers(by_variant=found, stock=stock)


def demand_of(line_ref: str, variant_id: int, quantity: int, known: Sellable | None) -> Demand:
    """What a line takes from the shelves: a set takes its components, those that are sent."""
    parts = known.parts if known is not None else ()
    pieces = tuple(
        Piece(line_ref=f"{line_ref}.{position}", variant_id=part.variant_id, per_set=part.quantity)
        for position, part in enumerate(parts, start=1)
        if part.requires_shipping
    )
    return Demand(line_ref=line_ref, variant_id=variant_id, quantity=quantity, pieces=pieces)


def _available(demand: Demand, sellable: Sellable | None, stock: Sequence[StockRow]) -> int:
    """What needs no parcel is never out of stock; a set is there as often as a warehouse has all it holds."""
    if sellable is not None and not sellable.requires_shipping:
        return ENDLESS
    there = can_be_had([demand], stock)[demand.line_ref]
    left = sellable.ahead.left if sellable is not None and sellable.ahead is not None else None
    return there if left is None else min(there, left)
