"""Products that stand near another one."""

from collections.abc import Iterable

from catalog.cache import remembered
from catalog.listing.vocabulary import vocabulary
from catalog.models import FacetDef
from catalog.queries.menu import shelves
from catalog.sql import fetch
from markets.types import MarketContext

NEAREST = """
WITH near AS (
  SELECT r.product_id, p.featured_rank
  FROM catalog_facetrow r JOIN catalog_product p ON p.id = r.product_id
  WHERE r.market_id = %(market)s AND r.facet_id = %(shelves)s AND r.value_id = %(shelf)s
    AND r.product_id <> %(product)s
  ORDER BY p.featured_rank, r.product_id DESC LIMIT %(most)s
)
SELECT n.product_id
FROM near n
LEFT JOIN catalog_facetrow theirs ON theirs.market_id = %(market)s AND theirs.product_id = n.product_id
LEFT JOIN catalog_facetrow mine ON mine.market_id = %(market)s AND mine.product_id = %(product)s
 AND mine.facet_id = theirs.facet_id AND mine.value_id = theirs.value_id
LEFT JOIN catalog_facetdef f ON f.id = mine.facet_id AND f.kind IN ('category', 'attribute', 'brand')
GROUP BY n.product_id, n.featured_rank
ORDER BY count(f.id) DESC, n.featured_rank, n.product_id DESC
LIMIT %(limit)s
"""
MOST_NEAR = 60
"""Of a crowded shelf only so many, the ones shown first there, are compared."""


def related_ids(market: MarketContext, product_id: int, shelf_id: int | None, limit: int) -> tuple[int, ...]:
    """Products of the same shelf, those with most details in common first; then of the shelves above it.

    Kept in memory. One query where the shelf has enough.
    """
    key = ("related", market.code, product_id, shelf_id, limit)
    return remembered(key, lambda: tuple(_related(market, product_id, shelf_id, limit)))


def _related(market: MarketContext, product_id: int, shelf_id: int | None, limit: int) -> Iterable[int]:
    asked = {
        "market": market.id,
        "shelves": vocabulary(market.language).built_in.get(FacetDef.Kind.CATEGORY, -1),
        "product": product_id,
        "most": MOST_NEAR,
    }
    found: dict[int, None] = {}
    for shelf in reversed(shelves(market).path_to(shelf_id)):
        rows = fetch(NEAREST, asked | {"shelf": shelf.id, "limit": limit + len(found)})
        found |= dict.fromkeys(row[0] for row in rows)
        if len(found) >= limit:
            break
    return list(found)[:limit]
