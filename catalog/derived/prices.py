"""Effective prices and the history of published ones, from the price lists. Sets, not rows: a statement per step.

The winners are worked out once per call into a table of this connection; the history is closed and opened against
them, and the effective prices are written from both.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog.derived.history import announce_publications
from catalog.models import Product
from catalog.prices.points import HISTORY, POINTS
from catalog.sql import execute, fetch

BATCH = 5000
TABLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS priced_points (
  variant_id bigint, market_id bigint, audience_key varchar(80), min_qty int, amount numeric(19,4),
  currency varchar(3), list_id bigint, list_amount numeric(19,4),
  PRIMARY KEY (variant_id, market_id, audience_key, min_qty)
) ON COMMIT DELETE ROWS
"""
"""Its key is what keeps joins quick while the planner knows nothing of a table that was filled a moment ago."""
FILL = f"INSERT INTO priced_points {POINTS}"
OPEN = """
  SELECT s.id, s.variant_id, s.market_id, s.amount, s.amount_currency, s.reduced, lower(s.during) AS begins
  FROM catalog_publishedprice s JOIN catalog_variant v ON v.id = s.variant_id
  WHERE v.product_id = ANY(%(products)s::bigint[]) AND upper_inf(s.during)
"""
SHOWN = """
  SELECT variant_id, market_id, amount, currency, list_amount IS NOT NULL AS reduced
  FROM priced_points WHERE audience_key = 'public' AND min_qty = 1
"""
CLOSE = f"""
WITH stands AS ({OPEN}), shown AS ({SHOWN}), moved AS (
  SELECT stands.id, stands.begins, shown.variant_id IS NULL AS is_gone
  FROM stands LEFT JOIN shown ON shown.variant_id = stands.variant_id AND shown.market_id = stands.market_id
  WHERE shown.variant_id IS NULL OR (shown.amount, shown.currency, shown.reduced)
        IS DISTINCT FROM (stands.amount, stands.amount_currency, stands.reduced)
)
UPDATE catalog_publishedprice s
SET during = tstzrange(moved.begins, GREATEST(%(at)s::timestamptz, moved.begins + interval '1 microsecond'))
FROM moved WHERE s.id = moved.id AND (moved.is_gone OR moved.begins < %(at)s::timestamptz)
"""  # noqa: S608 (constants only)
CORRECT = f"""
WITH stands AS ({OPEN}), shown AS ({SHOWN})
UPDATE catalog_publishedprice s SET amount = shown.amount, amount_currency = shown.currency, reduced = shown.reduced
FROM stands JOIN shown ON shown.variant_id = stands.variant_id AND shown.market_id = stands.market_id
WHERE s.id = stands.id AND (shown.amount, shown.currency, shown.reduced)
      IS DISTINCT FROM (stands.amount, stands.amount_currency, stands.reduced)
RETURNING s.variant_id, s.market_id, s.amount, s.amount_currency, s.reduced
"""  # noqa: S608 (constants only)
BEGIN = f"""
WITH shown AS ({SHOWN})
INSERT INTO catalog_publishedprice (variant_id, market_id, amount, amount_currency, reduced, during)
SELECT variant_id, market_id, amount, currency, reduced, tstzrange(%(at)s::timestamptz, NULL)
FROM shown WHERE NOT EXISTS (
  SELECT 1 FROM catalog_publishedprice s
  WHERE s.variant_id = shown.variant_id AND s.market_id = shown.market_id AND upper_inf(s.during))
RETURNING variant_id, market_id, amount, amount_currency, reduced
"""  # noqa: S608 (constants only)
FORGET = """
DELETE FROM catalog_effectiveprice e USING catalog_variant v
WHERE v.id = e.variant_id AND v.product_id = ANY(%(products)s::bigint[]) AND NOT EXISTS (
  SELECT 1 FROM priced_points p WHERE p.variant_id = e.variant_id AND p.market_id = e.market_id
    AND p.audience_key = e.audience_key AND p.min_qty = e.min_qty)
RETURNING e.variant_id
"""
WRITE = f"""
WITH {HISTORY.format(reduced="priced_points")}
INSERT INTO catalog_effectiveprice AS e (variant_id, market_id, audience_key, min_qty, amount, amount_currency,
  list_amount, list_amount_currency, prior_low, prior_low_currency, price_list_id, computed_at)
SELECT p.variant_id, p.market_id, p.audience_key, p.min_qty, p.amount, p.currency,
       p.list_amount, CASE WHEN p.list_amount IS NOT NULL THEN p.currency END,
       prior.low, CASE WHEN prior.low IS NOT NULL THEN p.currency END, p.list_id, %(at)s::timestamptz
FROM priced_points p LEFT JOIN prior ON prior.variant_id = p.variant_id AND prior.market_id = p.market_id
 AND p.audience_key = 'public' AND p.min_qty = 1 AND p.list_amount IS NOT NULL
ON CONFLICT (variant_id, market_id, audience_key, min_qty) DO UPDATE
SET amount = EXCLUDED.amount, amount_currency = EXCLUDED.amount_currency, list_amount = EXCLUDED.list_amount,
    list_amount_currency = EXCLUDED.list_amount_currency, prior_low = EXCLUDED.prior_low,
    prior_low_currency = EXCLUDED.prior_low_currency, price_list_id = EXCLUDED.price_list_id,
    computed_at = EXCLUDED.computed_at
WHERE (e.amount, e.amount_currency, e.list_amount, e.prior_low, e.price_list_id) IS DISTINCT FROM
      (EXCLUDED.amount, EXCLUDED.amount_currency, EXCLUDED.list_amount, EXCLUDED.prior_low, EXCLUDED.price_list_id)
RETURNING variant_id
"""  # noqa: S608 (constants only)


@transaction.atomic
def derive_prices(product_ids: Collection[int], at: datetime) -> set[int]:
    """Record what is published from `at` on, then write the effective prices of these products.

    Returns the variants whose effective prices are other than before.
    """
    asked = fill_points(product_ids, at)
    execute(CLOSE, asked)
    announce_publications([*fetch(CORRECT, asked), *fetch(BEGIN, asked)])
    return {row[0] for row in (*fetch(FORGET, asked), *fetch(WRITE, asked))}


def fill_points(product_ids: Collection[int], at: datetime) -> dict[str, Any]:
    """Work the winners out into `priced_points`, until the transaction ends; returns the parameters of statements."""
    asked: dict[str, Any] = {"products": sorted(product_ids), "at": at}
    execute(TABLE, ())
    execute("TRUNCATE priced_points", ())
    execute(FILL, asked)
    if len(product_ids) > BATCH // 10:
        execute("ANALYZE priced_points", ())
    return asked


def derive_all_prices(at: datetime) -> set[int]:
    """The prices of everything anew, some thousand products to a transaction. Returns the variants that changed."""
    changed: set[int] = set()
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            batch = ids[start : start + BATCH]
            list(Product.objects.filter(pk__in=batch).lock().values_list("pk", flat=True))
            changed |= derive_prices(batch, at)
    return changed
