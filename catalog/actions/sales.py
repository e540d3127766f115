"""What orders tell the catalogue about sales, and how it is counted."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from catalog.cache import forget_on_commit
from catalog.derived.listing import derive_sold
from catalog.models import Product, SoldPieces
from catalog.sql import fetch
from markets.models import Market

COUNTED_FOR = timedelta(days=90)
BATCH = 2000

COUNT = """
WITH fresh AS (
  SELECT product_id, market_id, sum(pieces)::int AS sold FROM catalog_soldpieces
  WHERE sold_at > %(since)s AND sold_at <= %(at)s GROUP BY product_id, market_id
), gone AS (
  DELETE FROM catalog_popularity b
  WHERE NOT EXISTS (SELECT 1 FROM fresh f WHERE f.product_id = b.product_id AND f.market_id = b.market_id)
  RETURNING b.product_id
), counted AS (
  INSERT INTO catalog_popularity AS b (product_id, market_id, sold) SELECT product_id, market_id, sold FROM fresh
  ON CONFLICT (product_id, market_id) DO UPDATE SET sold = EXCLUDED.sold WHERE b.sold <> EXCLUDED.sold
  RETURNING b.product_id
)
SELECT product_id FROM gone UNION SELECT product_id FROM counted ORDER BY product_id
"""


@transaction.atomic
def note_sold(*, order_ref: str, market_code: str, sold_at: datetime, pieces: Mapping[int, int]) -> None:
    """Remember what an order took: product to pieces, all there is of this order.

    The last word wins; being told twice changes nothing. Who calls holds the order, so that two words about it do
    not overtake each other. Pages follow when `count_sales` runs.
    """
    known = Product.objects.filter(pk__in=[pk for pk, count in pieces.items() if count > 0]).values_list(
        "pk", flat=True
    )
    market = Market.objects.get(code=market_code)
    rows = [
        SoldPieces(order_ref=order_ref, product_id=pk, market=market, sold_at=sold_at, pieces=pieces[pk])
        for pk in sorted(known)
    ]
    SoldPieces.objects.filter(order_ref=order_ref).exclude(product__in=[row.product_id for row in rows]).delete()
    SoldPieces.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["order_ref", "product"],
        update_fields=["market", "sold_at", "pieces"],
    )


def count_sales(*, at: datetime | None = None) -> int:
    """Count the last ninety days anew, forget what is older, and bring listings to it. Returns the changed products."""
    at = at or timezone.now()
    since = at - COUNTED_FOR
    with transaction.atomic():
        changed = [row[0] for row in fetch(COUNT, {"since": since, "at": at})]
        for batch in _batches(changed):
            derive_sold(batch)
        if changed:
            forget_on_commit()
    SoldPieces.objects.filter(sold_at__lte=since).delete()
    return len(changed)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
