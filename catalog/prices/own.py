"""Prices of a customer's groups, where they are not everybody's."""

from collections.abc import Mapping

from catalog.models import PUBLIC
from catalog.prices.resolve import price_variants
from core.money import Money
from markets.types import MarketContext


def own_prices(market: MarketContext, public: Mapping[int, Money]) -> dict[int, Money]:
    """What one piece costs whoever asks, by variant, where it is not the `public` price.

    Nothing is read for guests and members of no group; one query for all others.
    """
    audiences = tuple(market.audiences)
    if not public or set(audiences) <= {PUBLIC}:
        return {}
    found = price_variants(market.code, public, audiences=audiences)
    return {pk: one.amount for pk, one in found.items() if one.amount != public[pk]}
