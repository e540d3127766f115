"""Facet rows: which values a visible product has in each market. One statement per product batch."""

from collections.abc import Collection
from datetime import datetime

from catalog.cache import forget_on_commit
from catalog.models import FacetDef
from catalog.sql import execute, fetch

BUILT_IN_FACETS = (
    ("category", FacetDef.Kind.CATEGORY, 5),
    ("availability", FacetDef.Kind.STOCK, 10),
    ("price", FacetDef.Kind.PRICE, 20),
    ("offer", FacetDef.Kind.OFFER, 30),
    ("brand", FacetDef.Kind.BRAND, 200),
    ("rating", FacetDef.Kind.RATING, 210),
)
TAKEN_KEYS = frozenset({"q", "sort", "page", "variant", *(key for key, _kind, _position in BUILT_IN_FACETS)})
EVERYTHING = 0
"""The value of the category facet that every visible product has: the whole shop."""
ON_SALE = 1
"""The value of the offer facet for a reduced product."""
RATINGS = (4, 3)
"""Values of the rating facet: so many stars and up."""

VISIBLE = """
  SELECT p.id AS product_id, m.id AS market_id
  FROM catalog_product p
  CROSS JOIN markets_market m
  LEFT JOIN catalog_productmarket o ON o.product_id = p.id AND o.market_id = m.id
  WHERE m.active AND p.status = 'active'
    AND (p.released_at IS NULL OR p.released_at <= %(at)s OR p.preorder_until IS NOT NULL)
    AND COALESCE(o.visible, true)
    AND (o.visible_from IS NULL OR o.visible_from <= %(at)s)
    AND (o.visible_until IS NULL OR o.visible_until > %(at)s)
    AND EXISTS (
      SELECT 1 FROM catalog_effectiveprice e
      JOIN catalog_variant v ON v.id = e.variant_id AND v.status = 'active'
      WHERE v.product_id = p.id AND e.market_id = m.id AND e.audience_key = 'public' AND e.min_qty = 1)
"""
DERIVE = f"""
WITH RECURSIVE visible AS ({VISIBLE} AND p.id = ANY(%(products)s::bigint[])),
shelves AS (
  SELECT p.id AS product_id, p.primary_category_id AS category_id
  FROM catalog_product p WHERE p.id = ANY(%(products)s::bigint[]) AND p.primary_category_id IS NOT NULL
  UNION
  SELECT also.product_id, also.category_id
  FROM catalog_product_categories also WHERE also.product_id = ANY(%(products)s::bigint[])
  UNION
  SELECT s.product_id, c.parent_id FROM shelves s JOIN catalog_category c ON c.id = s.category_id
  WHERE c.parent_id IS NOT NULL
),
values_of AS (
  SELECT product_id, %(category)s::bigint AS facet_id, category_id AS value_id FROM shelves
  UNION SELECT unnest(%(products)s::bigint[]), %(category)s, 0
  UNION SELECT id, %(brand)s, brand_id FROM catalog_product
        WHERE id = ANY(%(products)s::bigint[]) AND brand_id IS NOT NULL
  UNION SELECT p.id, %(rating)s, stars FROM catalog_product p CROSS JOIN unnest(%(ratings)s::bigint[]) AS stars
        WHERE p.id = ANY(%(products)s::bigint[]) AND p.rating_avg >= stars
  UNION SELECT a.product_id, f.id, COALESCE(a.option_id, a.bool_value::int)
        FROM catalog_productattribute a JOIN catalog_facetdef f ON f.attribute_id = a.attribute_id
        WHERE a.product_id = ANY(%(products)s::bigint[]) AND (a.option_id IS NOT NULL OR a.bool_value IS NOT NULL)
),
seen AS (
  SELECT product_id, array_agg(market_id) AS markets FROM visible GROUP BY product_id
),
wanted AS (
  SELECT unnest(seen.markets) AS market_id, values_of.facet_id, values_of.value_id, seen.product_id
  FROM seen JOIN values_of USING (product_id)
  UNION
  SELECT e.market_id, %(offer)s, 1, v.product_id
  FROM catalog_effectiveprice e
  JOIN catalog_variant v ON v.id = e.variant_id AND v.status = 'active'
  JOIN seen ON seen.product_id = v.product_id AND e.market_id = ANY(seen.markets)
  WHERE e.audience_key = 'public' AND e.min_qty = 1 AND e.list_amount > e.amount AND e.prior_low > e.amount
),
unwanted AS (
  SELECT market_id, facet_id, value_id, product_id FROM catalog_facetrow
  WHERE product_id = ANY(%(products)s::bigint[])
  EXCEPT
  SELECT market_id, facet_id, value_id, product_id FROM wanted
),
gone AS (
  DELETE FROM catalog_facetrow r USING unwanted u
  WHERE (u.market_id, u.facet_id, u.value_id, u.product_id) = (r.market_id, r.facet_id, r.value_id, r.product_id)
)
INSERT INTO catalog_facetrow (market_id, facet_id, value_id, product_id)
SELECT market_id, facet_id, value_id, product_id FROM wanted
ON CONFLICT DO NOTHING
"""  # noqa: S608 (constants only)
"""The planner knows no sizes of these steps; where it errs, only `seen` with `values_of` is compared row by row, a
product at a time. What is gone is a difference of sets, which never is."""
OUT_OF_DATE = f"""
WITH visible AS ({VISIBLE}),
shown AS (
  SELECT r.product_id, r.market_id FROM catalog_facetrow r
  JOIN catalog_facetdef f ON f.id = r.facet_id AND f.kind = 'category' WHERE r.value_id = 0
)
SELECT DISTINCT product_id FROM (
  (SELECT * FROM visible EXCEPT SELECT * FROM shown) UNION (SELECT * FROM shown EXCEPT SELECT * FROM visible)
) moved
"""  # noqa: S608 (constants only)


def ensure_facets() -> dict[str, int]:
    """The built-in filters exist; returns their ids by kind."""
    known = dict(FacetDef.objects.filter(option_type=None, attribute=None).values_list("kind", "id"))
    if len(known) < len(BUILT_IN_FACETS):
        for key, kind, position in BUILT_IN_FACETS:
            row, _new = FacetDef.objects.get_or_create(key=key, defaults={"kind": kind, "position": position})
            known[str(kind)] = row.pk
        forget_on_commit()
    return known


def derive_facets(product_ids: Collection[int], at: datetime) -> None:
    """The facet rows of these products are exactly what they should be at this moment."""
    ids = ensure_facets()
    asked = {
        "products": list(product_ids),
        "at": at,
        "ratings": list(RATINGS),
        **{kind: ids[kind] for kind in ("category", "brand", "rating", "offer")},
    }
    execute(DERIVE, asked)


def products_out_of_date(at: datetime) -> list[int]:
    """Products that came into sight or went out of it by the clock alone."""
    return [row[0] for row in fetch(OUT_OF_DATE, {"at": at})]
