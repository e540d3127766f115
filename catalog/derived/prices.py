"""Effective prices and the history of published ones, from the price lists."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.derived.history import Publication, record_publications
from catalog.models import PUBLIC, EffectivePrice, PublishedPrice, Variant
from catalog.prices.history import Shown, prior_low
from catalog.prices.resolve import Resolved, every_point
from core.money import Money

Key = tuple[int, int, int]
"""Variant, market, from quantity."""


@dataclass(frozen=True)
class Row:
    """What a row of `EffectivePrice` must say."""

    amount: Money
    list_amount: Money | None
    prior_low: Money | None
    list_id: int


def derive_prices(product_ids: Collection[int], at: datetime) -> None:
    """Record what is published from `at` on, then write the effective prices of these products."""
    points = every_point(product_ids, at)
    record_publications(list(_publications(product_ids, points)), at)
    wanted = expected_rows(points)
    stale = EffectivePrice.objects.filter(variant__product__in=product_ids)
    keys = stale.values_list("pk", "variant_id", "market_id", "min_qty")
    gone = [pk for pk, *key in keys if tuple(key) not in wanted]
    EffectivePrice.objects.filter(pk__in=gone).delete()
    EffectivePrice.objects.bulk_create(
        [_row(key, row) for key, row in sorted(wanted.items())],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["variant", "market", "audience_key", "min_qty"],
        update_fields=[
            "amount",
            "amount_currency",
            "list_amount",
            "list_amount_currency",
            "prior_low",
            "prior_low_currency",
            "price_list",
            "computed_at",
        ],
    )


def expected_rows(points: Iterable[Resolved]) -> dict[Key, Row]:
    """The rows these points amount to. A quantity that changes nothing against the one below it needs no row."""
    ordered = sorted(points, key=lambda point: (point.variant_id, point.market_id, point.quantity))
    histories = _histories({point.variant_id for point in ordered})
    rows: dict[Key, Row] = {}
    last: Resolved | None = None
    for point in ordered:
        same_pair = last is not None and (last.variant_id, last.market_id) == (point.variant_id, point.market_id)
        if same_pair and last is not None and (last.amount, last.list_id) == (point.amount, point.list_id):
            continue
        last = point
        prior = None
        if point.quantity == 1 and point.list_amount is not None:
            prior = _prior(histories.get((point.variant_id, point.market_id), []), point.amount.currency.code)
        rows[point.variant_id, point.market_id, point.quantity] = Row(
            point.amount, point.list_amount, prior, point.list_id
        )
    return rows


def _publications(product_ids: Collection[int], points: Iterable[Resolved]) -> Iterable[Publication]:
    """Every variant's price at quantity one, and an end for those that lost theirs."""
    seen = set()
    for point in points:
        if point.quantity == 1:
            seen.add((point.variant_id, point.market_id))
            yield Publication(
                variant_id=point.variant_id,
                market_id=point.market_id,
                amount=point.amount,
                reduced=point.list_amount is not None,
            )
    variants = Variant.objects.filter(product__in=product_ids).values("pk")
    still_open = PublishedPrice.objects.filter(variant__in=variants, during__upper_inf=True)
    for variant, market in still_open.values_list("variant_id", "market_id"):
        if (variant, market) not in seen:
            yield Publication(variant_id=variant, market_id=market, amount=None)


def _histories(variant_ids: Collection[int]) -> Mapping[tuple[int, int], list[Shown]]:
    rows = PublishedPrice.objects.filter(variant__in=variant_ids).order_by("variant_id", "market_id", "during")
    histories: dict[tuple[int, int], list[Shown]] = {}
    columns: Iterable[tuple[int, int, Any, bool, Any]] = rows.values_list(
        "variant_id", "market_id", "amount", "reduced", "during"
    )
    for variant, market, amount, reduced, during in columns:
        histories.setdefault((variant, market), []).append(Shown(amount, reduced, during.lower, during.upper))
    return histories


def _prior(history: list[Shown], currency: str) -> Money | None:
    found: Decimal | None = prior_low(history)
    return None if found is None else Money(found, currency)


def _row(key: Key, row: Row) -> EffectivePrice:
    variant, market, quantity = key
    return EffectivePrice(
        variant_id=variant,
        market_id=market,
        audience_key=PUBLIC,
        min_qty=quantity,
        amount=row.amount,
        list_amount=row.list_amount,
        prior_low=row.prior_low,
        price_list_id=row.list_id,
    )
