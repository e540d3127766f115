"""Turnover, slow sellers and too much stock, row by row. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.money import Money
from inventory.buying.advising import Deed, Stance, ages, cover, deed, turns
from inventory.buying.coming import coming
from inventory.buying.policies import policies
from inventory.buying.sources import sources_of
from inventory.buying.too_much import NUMBER, beyond, too_full
from inventory.models import BuyingPolicy, DemandDay, Forecast, ReplenishmentProposal, StockItem, StockMovement

AT_ONCE = 500
VIEWS = ("all", "over", "slow", "never")


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One stock row over a period, with what is advised."""

    item: StockItem
    sold: int
    average: Decimal
    turns: Decimal | None
    stance: Stance
    last_sold: date | None
    worth: Money | None
    deed: Deed


def stock_rows(
    *, view: str, days: int, warehouse_code: str = "", search: str = "", now: datetime | None = None
) -> QuerySet[StockItem]:
    """The stock rows of a view, most pieces first, with what a period says of them. One query."""
    today = (now or timezone.now()).date()
    demand = DemandDay.objects.filter(variant=OuterRef("variant"), warehouse=OuterRef("warehouse")).order_by()
    period = demand.filter(day__gte=today - timedelta(days=days))
    forecast = Forecast.objects.filter(variant=OuterRef("variant"), warehouse=OuterRef("warehouse"))
    rows = StockItem.objects.filter(warehouse__is_active=True).annotate(
        sold=Coalesce(Subquery(period.values("variant").annotate(n=Sum(F("pieces") - F("returned"))).values("n")), 0),
        last_sold=Subquery(demand.filter(pieces__gt=0).values("variant").annotate(d=Max("day")).values("d")),
        mean=Coalesce(Subquery(forecast.values("mean")), Value(Decimal(0)), output_field=NUMBER),
        free=F("on_hand") - F("allocated") - F("reserved"),
    )
    if warehouse_code:
        rows = rows.filter(warehouse__code=warehouse_code)
    if search:
        rows = rows.filter(Q(variant__sku__istartswith=search) | Q(variant__product__name__icontains=search))
    return _viewed(rows, view, today).select_related("variant__product", "warehouse").order_by("-on_hand", "pk")


def _viewed(rows: QuerySet[Any], view: str, today: date) -> QuerySet[Any]:
    """Each warehouse by its own rules. `rows` know their last sale, pieces per day and what is free."""
    if view not in VIEWS or view == "all":
        return rows.filter(Q(on_hand__gt=0) | Q(sold__gt=0))
    rows = rows.filter(on_hand__gt=0)
    if view == "never":
        return rows.filter(last_sold__isnull=True)
    rules = policies()
    found = Q(pk__in=[])
    own = [code for code in rules if code is not None]
    for place, policy in rules.items():
        here = Q(warehouse=place) if place is not None else ~Q(warehouse__in=own)
        found |= here & (beyond(policy) if view == "over" else _slow(policy, today))
    return rows.filter(found)


def _slow(policy: BuyingPolicy, today: date) -> Q:
    day = today - timedelta(days=policy.slow_days)
    return Q(last_sold__lte=day) | Q(last_sold__isnull=True, created__date__lte=day)


def turns_of(items: Sequence[StockItem], *, days: int, now: datetime | None = None) -> list[Turn]:
    """What there is to say of rows of `stock_rows`. Nine queries, whatever their number."""
    moment = now or timezone.now()
    start = moment - timedelta(days=days)
    ids = [item.pk for item in items]
    variants = {item.variant_id for item in items}
    averages, receipts = _averages(items, start, moment), _receipts(ids)
    on_the_way, rules, sources = coming(variants), policies(), sources_of(variants)
    wanted, full = _wanted(variants), too_full(items)
    found = []
    for item in items:
        policy = rules.get(item.warehouse_id, rules[None])
        stance = Stance(
            on_hand=item.on_hand,
            cover_days=cover(_of(item, "free"), _of(item, "mean")),
            idle_days=(moment.date() - (_of(item, "last_sold") or item.created.date())).days,
            ages=ages(item.on_hand, receipts.get(item.pk, ()), moment.date()),
            coming=on_the_way.get((item.warehouse_id, item.variant_id), 0),
            wanted_elsewhere=sum(
                pieces for place, pieces in wanted.get(item.variant_id, {}).items() if place != item.warehouse_id
            ),
            is_over=item.pk in full,
            slow_days=policy.slow_days,
        )
        source = sources.get(item.variant_id)
        found.append(
            Turn(
                item=item,
                sold=_of(item, "sold"),
                average=averages[item.pk],
                turns=turns(_of(item, "sold"), averages[item.pk], days),
                stance=stance,
                last_sold=_of(item, "last_sold"),
                worth=source.cost * item.on_hand if source is not None else None,
                deed=deed(stance),
            )
        )
    return found


def every_turn(rows: QuerySet[StockItem], *, days: int) -> Iterator[Turn]:
    """All rows of a view, a few hundred at a time."""
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        part = {item.pk: item for item in rows.filter(pk__in=ids[start : start + AT_ONCE])}
        yield from turns_of([part[pk] for pk in ids[start : start + AT_ONCE] if pk in part], days=days)


def _of(item: StockItem, name: str) -> Any:
    """An annotation of `stock_rows`."""
    return getattr(item, name)


def _averages(items: Sequence[StockItem], start: datetime, end: datetime) -> dict[int, Decimal]:
    """What lay on each shelf in the mean of the period: today's pieces less what came, for as long as it was not there.

    A piece that came in the middle of the period was there for half of it; one that left then, too.
    """
    span = Decimal(int((end - start).total_seconds()))
    missing: defaultdict[int, Decimal] = defaultdict(Decimal)
    moved = StockMovement.objects.filter(stock_item__in=[item.pk for item in items], created__gt=start).exclude(
        d_on_hand=0
    )
    for pk, at, pieces in moved.order_by().values_list("stock_item", "created", "d_on_hand").iterator():
        missing[pk] += Decimal(int((at - start).total_seconds())) / span * pieces
    return {item.pk: max(item.on_hand - missing[item.pk], Decimal(0)) for item in items}


def _receipts(ids: Collection[int]) -> Mapping[int, Sequence[tuple[date, int]]]:
    """What came onto each shelf, newest first."""
    found: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = StockMovement.objects.filter(stock_item__in=ids, d_on_hand__gt=0).order_by("-pk")
    for pk, at, pieces in rows.values_list("stock_item", "created", "d_on_hand").iterator():
        found[pk].append((at.date(), pieces))
    return found


def _wanted(variants: Collection[int]) -> dict[int, dict[int, int]]:
    """What warehouses are proposed to be given, by variant and warehouse."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    rows = ReplenishmentProposal.objects.filter(state="open", variant__in=variants)
    for variant_id, place, pieces in rows.values_list("variant", "warehouse", "quantity"):
        found[variant_id][place] = pieces
    return found
