"""Which price applies: one query over all lists, no loop.

A contract price wins outright; otherwise the lowest applicable price wins. Ties go to the higher priority,
then to the older list. `WANTED` is a common table expression that names what is asked.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog.models import PUBLIC
from catalog.sql import fetch
from catalog.types import PricedVariant
from core.money import Money
from markets.queries import market_by_code

APPLICABLE = """
  SELECT w.variant_id, w.market_id, w.quantity, p.amount, p.amount_currency AS currency,
         l.id AS list_id, l.code AS list_code, l.kind, l.priority, p.min_qty
  FROM wanted w
  JOIN catalog_price p ON p.variant_id = w.variant_id AND p.min_qty <= w.quantity
  JOIN catalog_pricelist l ON l.id = p.price_list_id AND l.market_id = w.market_id
  JOIN markets_market m ON m.id = l.market_id AND m.currency_id = l.currency
  WHERE l.status = 'active' AND (l.during IS NULL OR l.during @> %(at)s::timestamptz)
    AND l.audience_key = ANY(%(audiences)s::text[])
"""
ORDER = "(kind = 'contract') DESC, amount, priority DESC, list_id, min_qty"
RESOLVE = f"""
SELECT DISTINCT ON (variant_id, market_id, quantity)
       variant_id, market_id, quantity, amount, currency, list_id, kind, min_qty,
       MIN(amount) FILTER (WHERE kind = 'base') OVER (PARTITION BY variant_id, market_id, quantity) AS base_amount
FROM applicable
ORDER BY variant_id, market_id, quantity, {ORDER}
"""  # noqa: S608 (constants only)
ASKED = """
WITH wanted AS (
  SELECT variant_id, %(market)s::bigint AS market_id, quantity
  FROM unnest(%(variants)s::bigint[], %(quantities)s::int[]) AS asked(variant_id, quantity)
)
"""
PRICE_VARIANTS = (
    ASKED
    + f", applicable AS ({APPLICABLE}), won AS ({RESOLVE})"
    + """
SELECT won.variant_id, won.amount, won.currency, won.base_amount, won.list_id, won.kind, shown.prior_low, won.min_qty
FROM won
LEFT JOIN catalog_effectiveprice shown
  ON shown.variant_id = won.variant_id AND shown.market_id = won.market_id AND shown.audience_key = 'public'
 AND shown.min_qty = 1 AND shown.amount = won.amount AND shown.price_list_id = won.list_id
"""
)


def price_variants(
    market_code: str,
    variant_ids: Collection[int],
    quantity_by_variant: Mapping[int, int] | None = None,
    audiences: Sequence[str] = (PUBLIC,),
    at: datetime | None = None,
) -> dict[int, PricedVariant]:
    """The price of each variant for its quantity (1 when not said) in one query; a variant without one is absent."""
    if not variant_ids:
        return {}
    ids = sorted(set(variant_ids))
    quantities = quantity_by_variant or {}
    asked = {
        "market": market_by_code(market_code).id,
        "variants": ids,
        "quantities": [max(quantities.get(pk, 1), 1) for pk in ids],
        "at": at or timezone.now(),
        "audiences": sorted({PUBLIC, *audiences}),
    }
    return {row[0]: _priced(row) for row in fetch(PRICE_VARIANTS, asked)}


def _priced(row: tuple[Any, ...]) -> PricedVariant:
    variant, amount, currency, base, list_id, kind, prior_low, min_qty = row
    return PricedVariant(
        variant_id=variant,
        amount=Money(amount, currency),
        list_amount=_higher(base, amount, currency),
        prior_low=None if prior_low is None else Money(prior_low, currency),
        price_list_id=list_id,
        kind=kind,
        min_qty=min_qty,
    )


def _higher(base: Decimal | None, amount: Decimal, currency: str) -> Money | None:
    """The ordinary price, when the winning one is below it."""
    return Money(base, currency) if base is not None and base > amount else None
