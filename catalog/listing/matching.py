"""Which products match, and how many each further choice would leave. Two queries, whatever is chosen.

Every variant of the listing is judged once against every chosen facet; `failed` names those it misses. All
of option, price and stock must hold within one variant. A product matches when a variant misses nothing. A
value of facet F counts the products with a variant that misses nothing, or only F: values of one facet
widen, facets narrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.listing.selection import BEST_RATED, CHEAPEST, DEAREST, NEWEST, RELEVANCE, Selection, chosen_ids
from catalog.listing.vocabulary import FacetInfo, Kind, Vocabulary
from catalog.sql import fetch

PAGE_SIZE = 24
BARS = 12

IN_CATEGORY = """
  SELECT r.product_id, 0 AS place FROM catalog_facetrow r
  WHERE r.market_id = %(market)s AND r.facet_id = %(category_facet)s AND r.value_id = %(category)s
"""
AMONG = """
  SELECT r.product_id, asked.place FROM unnest(%(products)s::bigint[]) WITH ORDINALITY AS asked(product_id, place)
  JOIN catalog_facetrow r ON r.product_id = asked.product_id
   AND r.market_id = %(market)s AND r.facet_id = %(category_facet)s AND r.value_id = 0
"""
JUDGED = """
WITH listed AS MATERIALIZED (__LISTED__),
judged AS MATERIALIZED (
  SELECT l.product_id, l.place, v.id AS variant_id, v.value_ids, e.amount,
         (COALESCE(a.available_total, 0) > 0 OR NOT t.requires_shipping OR p.preorder_until > now()) AS in_stock,
         array_remove(ARRAY[__FAILED__]::bigint[], NULL) AS failed
  FROM listed l
  JOIN catalog_product p ON p.id = l.product_id
  JOIN catalog_producttype t ON t.id = p.product_type_id
  JOIN catalog_variant v ON v.product_id = l.product_id AND v.status = 'active'
  JOIN catalog_effectiveprice e ON e.variant_id = v.id AND e.market_id = %(market)s
   AND e.audience_key = 'public' AND e.min_qty = 1
  LEFT JOIN catalog_variantavailability a ON a.variant_id = v.id AND a.market_id = %(market)s
)
"""
PAGE = """
SELECT j.product_id, count(*) OVER () AS total
FROM judged j JOIN catalog_product p ON p.id = j.product_id
WHERE cardinality(j.failed) = 0
GROUP BY j.product_id, p.featured_rank, p.released_at, p.created, p.rating_avg, p.rating_count
ORDER BY __ORDER__, p.featured_rank, j.product_id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""
COUNTS = """
, option_counts AS (
  SELECT f.id AS facet_id, u.value_id, count(DISTINCT j.product_id) AS products
  FROM judged j
  CROSS JOIN LATERAL unnest(j.value_ids) AS u(value_id)
  JOIN catalog_optionvalue o ON o.id = u.value_id
  JOIN catalog_facetdef f ON f.option_type_id = o.option_type_id
  WHERE cardinality(j.failed) = 0 OR j.failed = ARRAY[f.id]
  GROUP BY 1, 2
), close AS (
  SELECT DISTINCT product_id, failed FROM judged WHERE cardinality(failed) <= 1
), row_counts AS (
  SELECT r.facet_id, r.value_id, count(DISTINCT c.product_id) AS products
  FROM close c JOIN catalog_facetrow r ON r.product_id = c.product_id AND r.market_id = %(market)s
  WHERE cardinality(c.failed) = 0 OR c.failed = ARRAY[r.facet_id]
  GROUP BY 1, 2
), priced AS (
  SELECT product_id, min(amount) AS amount FROM judged
  WHERE cardinality(failed) = 0 OR failed = ARRAY[%(price_facet)s]::bigint[] GROUP BY product_id
), bounds AS (SELECT min(amount) AS low, max(amount) AS high FROM priced)
SELECT 'value', facet_id, value_id::numeric, products FROM option_counts
UNION ALL SELECT 'value', facet_id, value_id::numeric, products FROM row_counts
UNION ALL SELECT 'value', %(stock_facet)s, 1, count(DISTINCT product_id) FROM judged
  WHERE in_stock AND (cardinality(failed) = 0 OR failed = ARRAY[%(stock_facet)s]::bigint[])
UNION ALL SELECT 'bar', LEAST(width_bucket(amount, low, high + 0.0001, %(bars)s), %(bars)s), 0, count(*)
  FROM priced CROSS JOIN bounds GROUP BY 2
UNION ALL SELECT 'low', 0, low, 0 FROM bounds
UNION ALL SELECT 'high', 0, high, 0 FROM bounds
UNION ALL SELECT 'all', 0, 0, count(DISTINCT product_id) FROM judged
UNION ALL SELECT DISTINCT 'present', f.id, u.value_id::numeric, 0 FROM judged j
  CROSS JOIN LATERAL unnest(j.value_ids) AS u(value_id)
  JOIN catalog_optionvalue o ON o.id = u.value_id JOIN catalog_facetdef f ON f.option_type_id = o.option_type_id
UNION ALL SELECT DISTINCT 'present', r.facet_id, r.value_id::numeric, 0 FROM listed l
  JOIN catalog_facetrow r ON r.product_id = l.product_id AND r.market_id = %(market)s
"""
ORDERS = {
    NEWEST: "COALESCE(p.released_at, p.created) DESC",
    CHEAPEST: "min(j.amount)",
    DEAREST: "min(j.amount) DESC",
    BEST_RATED: "p.rating_avg DESC NULLS LAST, p.rating_count DESC",
    RELEVANCE: "min(j.place)",
}


@dataclass(frozen=True)
class Scope:
    """Where a listing looks: a category (0 is the whole shop), or given products in order of relevance."""

    market_id: int
    category_id: int = 0
    product_ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Matches:
    """The products of one page, in order, and how many match in all."""

    product_ids: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Counts:
    """Products per (facet id, value id), price bounds and histogram, and the size of the unfiltered listing.

    `present` are the values that products of the listing have at all, whatever is chosen.
    """

    values: dict[tuple[int, int], int] = field(default_factory=dict)
    present: frozenset[tuple[int, int]] = frozenset()
    low: Decimal | None = None
    high: Decimal | None = None
    bars: tuple[int, ...] = ()
    all: int = 0


def matching(scope: Scope, selection: Selection, vocabulary: Vocabulary) -> Matches:
    """One page of products that match, in the order asked for."""
    sql, asked = _judged(scope, selection, vocabulary)
    order = ORDERS.get(selection.sort, "min(j.place)" if scope.product_ids is not None else "p.featured_rank")
    asked |= {"limit": PAGE_SIZE, "offset": (selection.page - 1) * PAGE_SIZE}
    rows = fetch(sql + PAGE.replace("__ORDER__", order), asked)
    return Matches(tuple(row[0] for row in rows), rows[0][1] if rows else 0)


def counting(scope: Scope, selection: Selection, vocabulary: Vocabulary) -> Counts:
    """How many products each value would leave."""
    sql, asked = _judged(scope, selection, vocabulary)
    asked |= {"bars": BARS, "stock_facet": _id(vocabulary, Kind.STOCK), "price_facet": _id(vocabulary, Kind.PRICE)}
    values: dict[tuple[int, int], int] = {}
    bars = [0] * BARS
    single: dict[str, Any] = {}
    present = {(_id(vocabulary, Kind.STOCK), 1)}
    for kind, facet, value, products in fetch(sql + COUNTS, asked):
        if kind == "value":
            values[facet, int(value)] = products
        elif kind == "bar":
            bars[facet - 1] = products
        elif kind == "present":
            present.add((facet, int(value)))
        else:
            single[kind] = products if kind == "all" else value
    return Counts(
        values=values,
        present=frozenset(present),
        low=single.get("low"),
        high=single.get("high"),
        bars=tuple(bars),
        all=single.get("all", 0),
    )


def _judged(scope: Scope, selection: Selection, vocabulary: Vocabulary) -> tuple[str, dict[str, Any]]:
    asked: dict[str, Any] = {
        "market": scope.market_id,
        "category_facet": _id(vocabulary, Kind.CATEGORY),
        "category": scope.category_id,
        "products": list(scope.product_ids or ()),
    }
    failed = [
        _misses(at, facet, ids, asked)
        for at, facet in enumerate(vocabulary.facets)
        if (ids := chosen_ids(facet, selection))
    ]
    if selection.low is not None or selection.high is not None:
        asked |= {"price_facet": _id(vocabulary, Kind.PRICE), "low": selection.low, "high": selection.high}
        failed.append(
            "CASE WHEN e.amount >= COALESCE(%(low)s, e.amount) AND e.amount <= COALESCE(%(high)s, e.amount)"
            " THEN NULL ELSE %(price_facet)s END"
        )
    listed = IN_CATEGORY if scope.product_ids is None else AMONG
    sql = JUDGED.replace("__LISTED__", listed).replace("__FAILED__", ", ".join(failed))
    return sql, asked


def _misses(at: int, facet: FacetInfo, ids: Sequence[int], asked: dict[str, Any]) -> str:
    """SQL that gives the facet's id when a variant has none of the chosen values."""
    asked |= {f"facet{at}": facet.id, f"ids{at}": list(ids)}
    if facet.kind == Kind.OPTION:
        holds = f"v.value_ids && %(ids{at})s::bigint[]"
    elif facet.kind == Kind.STOCK:
        holds = "(COALESCE(a.available_total, 0) > 0 OR NOT t.requires_shipping OR p.preorder_until > now())"
    else:
        holds = (
            "EXISTS (SELECT 1 FROM catalog_facetrow x WHERE x.market_id = %(market)s AND x.product_id = l.product_id"  # noqa: S608 (parameters)
            f" AND x.facet_id = %(facet{at})s AND x.value_id = ANY(%(ids{at})s::bigint[]))"
        )
    return f"CASE WHEN {holds} THEN NULL ELSE %(facet{at})s END"


def _id(vocabulary: Vocabulary, kind: str) -> int:
    """The filter's id; -1, which nothing has, before the first product was derived."""
    return vocabulary.built_in.get(kind, -1)
