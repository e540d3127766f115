"""Which products a market shows."""

from collections.abc import Collection

from catalog.derived.facets import EVERYTHING
from catalog.models import FacetDef, FacetRow
from markets.types import MarketContext


def visible_ids(market: MarketContext, product_ids: Collection[int]) -> frozenset[int]:
    """Those of the products that the market shows. One query."""
    shown = FacetRow.objects.filter(
        market=market.id, facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING, product__in=product_ids
    )
    return frozenset(shown.values_list("product_id", flat=True))
