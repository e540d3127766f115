"""Writes of the price history: rows are opened and closed, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from catalog.events import PricePublished
from catalog.models import PublishedPrice
from core.events import Reaction, publish, reaction_to
from core.money import Money
from markets.models import Market


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What everybody sees of a variant in a market from a moment on; no amount means nothing any more."""

    variant_id: int
    market_id: int
    amount: Money | None
    reduced: bool = False


def record_publications(changes: Sequence[Publication], at: datetime) -> int:
    """Record what is new among `changes`; returns how many were. Runs in the caller's transaction."""
    now = _open_rows(changes)
    closed, corrected, opened = [], [], []
    for change in changes:
        row = now.get((change.variant_id, change.market_id))
        if not _differs(row, change):
            continue
        if row is not None and change.amount is not None and not _is_before(row, at):
            row.amount, row.reduced = change.amount, change.reduced
            corrected.append(row)
            continue
        if row is not None:
            row.during = _until(row, at)
            closed.append(row)
        if change.amount is not None:
            opened.append(_opened(change, change.amount, at))
    PublishedPrice.objects.bulk_update(closed, ["during"], batch_size=500)
    PublishedPrice.objects.bulk_update(corrected, ["amount", "amount_currency", "reduced"], batch_size=500)
    PublishedPrice.objects.bulk_create(opened, batch_size=1000)
    announce_publications(
        [
            (row.variant_id, row.market_id, row.amount.amount, row.amount.currency.code, row.reduced)
            for row in (*opened, *corrected)
        ]
    )
    return len({(row.variant_id, row.market_id) for row in (*closed, *corrected, *opened)})


def _is_before(row: PublishedPrice, at: datetime) -> bool:
    """Whether the row began before this moment, so that it can be closed; clocks of two machines may differ."""
    return row.during.lower is not None and row.during.lower < at


def _until(row: PublishedPrice, at: datetime) -> DateTimeTZRange:
    """The row's time closed at `at`, never empty."""
    began = row.during.lower or at
    return DateTimeTZRange(began, max(at, began + datetime.resolution))


def _open_rows(changes: Sequence[Publication]) -> dict[tuple[int, int], PublishedPrice]:
    rows = (
        PublishedPrice.objects.select_for_update()
        .filter(
            variant__in={change.variant_id for change in changes},
            market__in={change.market_id for change in changes},
            during__upper_inf=True,
        )
        .order_by("pk")
    )
    return {(row.variant_id, row.market_id): row for row in rows}


def _differs(row: PublishedPrice | None, change: Publication) -> bool:
    if row is None:
        return change.amount is not None
    return row.amount != change.amount or row.reduced != change.reduced


def _opened(change: Publication, amount: Money, at: datetime) -> PublishedPrice:
    return PublishedPrice(
        variant_id=change.variant_id,
        market_id=change.market_id,
        amount=amount,
        reduced=change.reduced,
        during=DateTimeTZRange(at, None),
    )


def announce_publications(rows: Sequence[tuple[Any, ...]]) -> None:
    """Say what is published anew: variant, market, amount, currency, whether as a reduction.

    Costs nothing while nobody listens: a rebuild may publish a million rows.
    """
    if not rows or reaction_to(PricePublished) == Reaction():
        return
    codes = dict(Market.objects.values_list("pk", "code"))
    for variant_id, market_id, amount, currency, reduced in rows:
        shown = Money(amount, currency)
        publish(PricePublished(variant_id=variant_id, market_code=codes[market_id], amount=shown, reduced=reduced))
