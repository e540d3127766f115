"""Which products a market shows, and which of their pictures."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q

from catalog import clock
from catalog.derived.facets import EVERYTHING
from catalog.models import FacetDef, FacetRow, ProductMarket
from markets.types import MarketContext


def visible_ids(market: MarketContext, product_ids: Collection[int]) -> frozenset[int]:
    """Those of the products that the market shows. One query."""
    shown = FacetRow.objects.filter(
        market=market.id, facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING, product__in=product_ids
    )
    return frozenset(shown.values_list("product_id", flat=True))


def closed(product: Any, market_id: int) -> Exists:
    """Whether a product is hidden in a market at this moment, by a person or by the clock.

    Derived rows follow within a minute; what is bought and what is read by its address does not wait for them.
    """
    now = clock.now()
    outside = Q(visible=False) | Q(visible_from__gt=now) | Q(visible_until__lte=now)
    return Exists(ProductMarket.objects.filter(outside, product=product, market=market_id))


def shown_in(market_id: int) -> Q:
    """The rows of `ProductMedia` a market shows: its own, and those of all markets unless it wants only its own.

    A file that is kept for another market is never among them.
    """
    only_own = ProductMarket.objects.filter(product=OuterRef("product"), market=market_id, own_media_only=True)
    return usable_in(market_id) & (Q(market=market_id) | (Q(market=None) & ~Q(Exists(only_own))))


def usable_in(market_id: int) -> Q:
    """The rows, of products or of variants, whose file is not kept for another market."""
    return Q(asset__market=None) | Q(asset__market=market_id)
