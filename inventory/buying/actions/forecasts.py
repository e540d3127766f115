"""Forecasts of one warehouse, made from its demand by day, and the reorder points that follow."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import fmean
from zoneinfo import ZoneInfo

from django.db import transaction

from core import audit
from core.events import publish
from inventory.buying.forecasting import History, Outlook, look_ahead
from inventory.buying.policies import policy_of
from inventory.buying.replenishing import levels, safety_factor
from inventory.buying.seasons import pattern_from, strengths, weekday_shares, year_index
from inventory.buying.sources import Source, sources_of
from inventory.events import StockChanged
from inventory.models import BuyingPolicy, DemandDay, Forecast, StockItem, Warehouse

REMEMBERED = timedelta(days=2 * 364)
"""Older days say little about tomorrow."""
MOST_ERROR = Decimal("9999999.9")


@dataclass(frozen=True, kw_only=True)
class _Past:
    """What a warehouse sold: by variant and day, all together, and the days on which shelves were empty."""

    sold: Mapping[int, Mapping[date, int]]
    out: Mapping[int, Collection[date]]
    totals: Mapping[date, int]
    first: date
    last: date


def forecast_warehouse(*, warehouse_id: int, now: datetime) -> int:
    """Make the forecast of every variant on a warehouse's shelves anew, up to its last whole day. Returns how many."""
    place = Warehouse.objects.get(pk=warehouse_id)
    last = now.astimezone(ZoneInfo(place.timezone)).date() - timedelta(days=1)
    past = _past(place, last)
    items = list(StockItem.objects.filter(warehouse=place).exclude(variant__status="archived"))
    sources = sources_of({item.variant_id for item in items})
    policy, index = policy_of(place), year_index(past.totals, past.first, last)
    pattern = pattern_from(weekday_shares(past.totals, last), last + timedelta(days=1))
    rows = [_forecast(item, past, policy, index, pattern, sources.get(item.variant_id)) for item in items]
    with transaction.atomic():
        Forecast.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["warehouse", "variant"],
            update_fields=[
                "made_on",
                "horizon",
                "method",
                "mean",
                "deviation",
                "error",
                "known_days",
                "lead_days",
                "reorder_point",
                "order_up_to",
            ],
        )
        Forecast.objects.filter(warehouse=place).exclude(variant__in=[row.variant_id for row in rows]).delete()
    return len(rows)


def _past(place: Warehouse, last: date) -> _Past:
    first = last - REMEMBERED + timedelta(days=1)
    sold: defaultdict[int, dict[date, int]] = defaultdict(dict)
    out: defaultdict[int, set[date]] = defaultdict(set)
    totals: defaultdict[date, int] = defaultdict(int)
    rows = DemandDay.objects.filter(warehouse=place, day__range=(first, last))
    for variant_id, day, pieces, returned, was_out in rows.values_list(
        "variant_id", "day", "pieces", "returned", "was_out"
    ).iterator():
        if pieces > returned:
            sold[variant_id][day] = pieces - returned
            totals[day] += pieces - returned
        if was_out:
            out[variant_id].add(day)
    return _Past(sold=sold, out=out, totals=totals, first=min(totals, default=last), last=last)


def _forecast(
    item: StockItem,
    past: _Past,
    policy: BuyingPolicy,
    index: Mapping[int, float],
    pattern: tuple[float, ...],
    source: Source | None,
) -> Forecast:
    sold = past.sold.get(item.variant_id, {})
    begun = max(min([item.created.date(), past.last, *sold]), past.last - REMEMBERED + timedelta(days=1))
    known = (past.last - begun).days + 1
    days = [begun + timedelta(days=step) for step in range(known)]
    empty = past.out.get(item.variant_id, ())
    history = History(
        pieces=[sold.get(day, 0) for day in days],
        out=frozenset(step for step, day in enumerate(days) if day in empty),
        seasons=strengths(index, begun, known),
    )
    outlook = look_ahead(history, pattern=pattern)
    lead = source.lead_days if source is not None else policy.lead_days
    horizon = lead + policy.review_days
    season = fmean(strengths(index, past.last + timedelta(days=1), max(horizon, 1)) or [1.0])
    mean, deviation = outlook.mean * season, outlook.deviation * max(season, 1.0)
    wanted = levels(
        mean=mean,
        deviation=deviation,
        lead_days=lead,
        review_days=policy.review_days,
        factor=safety_factor(policy.service_level),
        safety_stock=item.safety_stock,
    )
    return Forecast(
        variant_id=item.variant_id,
        warehouse_id=item.warehouse_id,
        made_on=past.last + timedelta(days=1),
        horizon=horizon,
        method=outlook.method,
        mean=Decimal(f"{mean:.4f}"),
        deviation=Decimal(f"{deviation:.4f}"),
        error=_percent(outlook),
        known_days=known,
        lead_days=lead,
        reorder_point=wanted.reorder_point,
        order_up_to=wanted.order_up_to,
    )


def _percent(outlook: Outlook) -> Decimal | None:
    return None if outlook.error is None else min(Decimal(f"{outlook.error * 100:.1f}"), MOST_ERROR)


def adopt_reorder_points(*, warehouse_code: str, variant_ids: Collection[int] | None = None) -> int:
    """Let alerts fire at the forecasts' reorder points; returns how many stock rows changed.

    An alert compares what may be sold, which leaves the safety stock out; so does the number that is set.
    """
    with transaction.atomic():
        forecasts = Forecast.objects.filter(warehouse__code=warehouse_code)
        if variant_ids is not None:
            forecasts = forecasts.filter(variant__in=list(variant_ids))
        points = dict(forecasts.values_list("variant_id", "reorder_point"))
        changed = []
        for item in StockItem.objects.filter(warehouse__code=warehouse_code, variant__in=list(points)).lock():
            wanted = max(points[item.variant_id] - item.safety_stock, 0)
            if item.reorder_point != wanted:
                item.reorder_point = wanted
                changed.append(item)
        StockItem.objects.bulk_update(changed, ["reorder_point"], batch_size=500)
        if changed:
            audit.record("buying.adopt_reorder_points", warehouse_code, data={"rows": len(changed)})
            publish(StockChanged(variant_ids=tuple(sorted({item.variant_id for item in changed}))))
        return len(changed)
