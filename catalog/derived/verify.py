"""Compares derived rows with what they should be. Changes no table but the one of its own connection."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction

from catalog.derived.prices import fill_points
from catalog.models import Product
from catalog.prices.points import HISTORY
from catalog.sql import fetch

BATCH = 5000
DIFFERENCES = f"""
WITH {HISTORY.format(reduced="priced_points")}, wanted AS (
  SELECT p.variant_id, p.market_id, p.audience_key, p.min_qty, p.amount, p.currency, p.list_amount,
         CASE WHEN p.audience_key = 'public' AND p.min_qty = 1 AND p.list_amount IS NOT NULL THEN prior.low END AS low,
         p.list_id
  FROM priced_points p LEFT JOIN prior ON prior.variant_id = p.variant_id AND prior.market_id = p.market_id
), found AS (
  SELECT e.* FROM catalog_effectiveprice e JOIN catalog_variant v ON v.id = e.variant_id
  WHERE v.product_id = ANY(%(products)s::bigint[])
)
SELECT COALESCE(w.variant_id, f.variant_id), COALESCE(w.market_id, f.market_id),
       COALESCE(w.audience_key, f.audience_key), COALESCE(w.min_qty, f.min_qty),
       ROW(f.amount, f.amount_currency, f.list_amount, f.prior_low, f.price_list_id)::text,
       ROW(w.amount, w.currency, w.list_amount, w.low, w.list_id)::text
FROM wanted w FULL JOIN found f ON f.variant_id = w.variant_id AND f.market_id = w.market_id
 AND f.audience_key = w.audience_key AND f.min_qty = w.min_qty
WHERE (f.amount, f.amount_currency, f.list_amount, f.list_amount_currency, f.prior_low, f.prior_low_currency,
       f.price_list_id) IS DISTINCT FROM
      (w.amount, w.currency, w.list_amount, CASE WHEN w.list_amount IS NOT NULL THEN w.currency END, w.low,
       CASE WHEN w.low IS NOT NULL THEN w.currency END, w.list_id)
ORDER BY 1, 2, 3, 4
"""  # noqa: S608 (constants only)


def wrong_prices(at: datetime, product_ids: Collection[int] | None = None) -> Iterator[str]:
    """A sentence per effective price, of any audience and quantity, that is missing, superfluous or different."""
    products = Product.objects.order_by("pk").values_list("pk", flat=True)
    ids = sorted(product_ids) if product_ids is not None else list(products)
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            rows = fetch(DIFFERENCES, fill_points(ids[start : start + BATCH], at))
        for variant, market, audience, quantity, found, wanted in rows:
            yield (
                f"variant {variant} in market {market} for {audience} from {quantity}:"
                f" {_said(found)} should be {_said(wanted)}"
            )


def _said(row: str) -> str:
    """A row of the database in words: `amount currency, ordinary, prior low, list`."""
    return "nothing" if row == "(,,,,)" else row.strip("()")
