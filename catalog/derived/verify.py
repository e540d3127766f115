"""Compares derived rows with what they should be. Reads only."""

from collections.abc import Collection, Iterator
from datetime import datetime

from catalog.derived.prices import Key, Row, expected_rows
from catalog.models import PUBLIC, EffectivePrice, Product
from catalog.prices.resolve import every_point

BATCH = 200


def wrong_prices(at: datetime, product_ids: Collection[int] | None = None) -> Iterator[str]:
    """A sentence per effective price that is missing, superfluous or different."""
    products = Product.objects.order_by("pk").values_list("pk", flat=True)
    ids = sorted(product_ids) if product_ids is not None else list(products)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        wanted, found = expected_rows(every_point(batch, at)), _stored(batch)
        for key in sorted(wanted.keys() | found.keys()):
            if wanted.get(key) != found.get(key):
                yield f"variant {key[0]} in market {key[1]} from {key[2]}: {found.get(key)} should be {wanted.get(key)}"


def _stored(product_ids: Collection[int]) -> dict[Key, Row]:
    rows = EffectivePrice.objects.filter(variant__product__in=product_ids, audience_key=PUBLIC)
    return {
        (row.variant_id, row.market_id, row.min_qty): Row(
            amount=row.amount,
            list_amount=row.list_amount,
            prior_low=row.prior_low,
            list_id=row.price_list_id,
        )
        for row in rows
    }
