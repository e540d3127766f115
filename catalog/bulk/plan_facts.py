"""What is known of a batch of variants before prices are proposed: a handful of queries, whatever the batch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import PUBLIC, CompetitorPrice, Price, PriceList, PublishedPrice, Variant, VariantCost
from catalog.prices.history import PriorRule, Shown
from catalog.sql import fetch
from markets.errors import ExchangeRateMissing, ExchangeRateStale, TaxRateAmbiguous, TaxRateNotFound
from markets.fx import rate_on
from markets.models import Market
from markets.queries import market_by_code
from markets.tax import tax_facts_for
from markets.tax.rates import rate_for
from markets.tax.types import Place

Amounts = dict[int, dict[int, Decimal]]
"""By variant, by from-quantity."""
COMPETITORS_COUNT_FOR = timedelta(days=30)
OTHERS = """
SELECT p.variant_id, MIN(p.amount), MIN(p.amount) FILTER (WHERE l.kind = 'base')
FROM catalog_price p JOIN catalog_pricelist l ON l.id = p.price_list_id
WHERE p.variant_id = ANY(%(variants)s::bigint[]) AND p.min_qty = 1 AND l.market_id = %(market)s
  AND l.currency = %(currency)s AND l.id <> %(list)s AND l.status = 'active' AND l.audience_key = 'public'
  AND (l.during IS NULL OR l.during @> %(at)s::timestamptz)
GROUP BY p.variant_id
"""


@dataclass(frozen=True, kw_only=True)
class BatchFacts:
    """Facts of some variants. Amounts are in the currency of the target list, those of `source` in its own."""

    own: Amounts
    listed: Amounts
    source: Amounts
    costs: Mapping[int, Decimal]
    taxes: Mapping[int, Decimal | None]
    competitors: Mapping[int, Decimal]
    histories: Mapping[int, Sequence[Shown]]
    others: Mapping[int, tuple[Decimal | None, Decimal | None]]
    rule: PriorRule = field(default_factory=PriorRule)


def facts_of(
    variants: Sequence[Variant], *, target: PriceList, source: PriceList, rule: PriorRule, at: datetime
) -> BatchFacts:
    """Everything about these variants that a plan looks at. Nine queries at most."""
    ids = [row.pk for row in variants]
    rows: Sequence[tuple[int, int, int, Any, bool]] = list(
        Price.objects.filter(price_list__in={target.pk, source.pk}, variant__in=ids).values_list(
            "price_list_id", "variant_id", "min_qty", "amount", "derived"
        )
    )
    return BatchFacts(
        own=_amounts(rows, target.pk, is_own=True),
        listed=_amounts(rows, target.pk),
        source=_amounts(rows, source.pk),
        costs=_costs(ids, target.currency, at.date()),
        taxes=_taxes(variants, target.market, at.date()),
        competitors=_competitors(ids, target, at.date()),
        histories=_histories(ids, target.market),
        others=_others(ids, target, at),
        rule=rule,
    )


def _amounts(rows: Sequence[tuple[int, int, int, Any, bool]], price_list: int, *, is_own: bool = False) -> Amounts:
    found: Amounts = {}
    for list_id, variant, min_qty, amount, derived in rows:
        if list_id == price_list and not (is_own and derived):
            found.setdefault(variant, {})[min_qty] = Decimal(amount)
    return found


def _costs(ids: Collection[int], currency: str, on: date) -> dict[int, Decimal]:
    """Costs in the list's currency; one in a currency without a rate is not known."""
    rows: Sequence[tuple[int, Any, str]] = list(
        VariantCost.objects.filter(variant__in=ids).values_list("variant_id", "amount", "amount_currency")
    )
    rates: dict[str, Decimal | None] = {code: _rate(code, currency, on) for code in {row[2] for row in rows}}
    return {variant: Decimal(amount) * rate for variant, amount, code in rows if (rate := rates[code]) is not None}


def _rate(base: str, quote: str, on: date) -> Decimal | None:
    try:
        return rate_on(base, quote, on).rate
    except (ExchangeRateMissing, ExchangeRateStale):
        return None


def _taxes(variants: Sequence[Variant], market: Market, on: date) -> dict[int, Decimal | None]:
    """The tax inside the prices of the market's first country; none inside where prices are entered without."""
    if market.price_entry == "net":
        return {row.pk: Decimal(0) for row in variants}
    facts, country = tax_facts_for(on), market_by_code(market.code).home_country
    known: dict[str, Decimal | None] = {}
    for category in {row.product.tax_category.code for row in variants}:
        try:
            known[category] = rate_for(Place(code=country, country=country), category, on, facts).rate
        except (TaxRateNotFound, TaxRateAmbiguous):
            known[category] = None
    return {row.pk: known[row.product.tax_category.code] for row in variants}


def _competitors(ids: Collection[int], target: PriceList, on: date) -> dict[int, Decimal]:
    """The lowest of what each competitor asked last, within thirty days."""
    rows = (
        CompetitorPrice.objects.filter(
            variant__in=ids,
            market=target.market,
            amount_currency=target.currency,
            seen_on__lte=on,
            seen_on__gt=on - COMPETITORS_COUNT_FOR,
        )
        .order_by("variant_id", "competitor", "-seen_on")
        .distinct("variant_id", "competitor")
    )
    lowest: dict[int, Decimal] = {}
    latest: Any = rows.values_list("variant_id", "amount")
    for variant, amount in latest:
        lowest[variant] = min(lowest.get(variant, amount), amount)
    return lowest


def _histories(ids: Collection[int], market: Market) -> dict[int, list[Shown]]:
    rows = PublishedPrice.objects.filter(variant__in=ids, market=market).order_by("variant_id", "during")
    found: dict[int, list[Shown]] = {}
    columns: Any = rows.values_list("variant_id", "amount", "reduced", "during")
    for variant, amount, reduced, during in columns:
        found.setdefault(variant, []).append(Shown(amount, reduced, during.lower, during.upper))
    return found


def _others(ids: Sequence[int], target: PriceList, at: datetime) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """What everybody would pay without the target list, and the ordinary price among it."""
    asked = {
        "variants": list(ids),
        "market": target.market_id,
        "currency": target.currency,
        "list": target.pk,
        "at": at,
    }
    return {variant: (lowest, base) for variant, lowest, base in fetch(OTHERS, asked)}


def applies_to_all(row: PriceList, at: datetime) -> bool:
    """Whether everybody sees the prices of a list at a moment."""
    begins, ends = (row.during.lower, row.during.upper) if row.during else (None, None)
    is_open = (begins is None or begins <= at) and (ends is None or at < ends)
    return row.audience_key == PUBLIC and row.status == PriceList.Status.ACTIVE and is_open
