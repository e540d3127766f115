"""Book the differences of a stock take: as differences, under the locks of the shelves, all or none."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Abs
from django.utils import timezone

from core import audit
from inventory.actions.counters import Change, Kind, apply
from inventory.errors import CountTooLow, NobodyCounts, SecondPersonNeeded, TakeRefused
from inventory.models import StockItem, StockTake, StockTakeLine
from inventory.reasons import LESS, Reason, fits
from inventory.stockwork.adjusting import least
from inventory.stockwork.takes import locked_take

State = StockTake.State


def needs_second_person(take: StockTake) -> QuerySet[StockTakeLine]:
    """Differences above the limit that nobody else has agreed to."""
    large = take.lines.annotate(size=Abs(F("difference"))).filter(size__gt=take.review_above)
    return large.filter(approved_by__isnull=True)


def book_take(*, number: str) -> int:
    """Book every difference; returns how many shelves changed. Again: none.

    Raises `SecondPersonNeeded`, `TakeRefused` naming the shelves where what is left would not cover what is
    promised, `NobodyCounts` before the review.
    """
    with transaction.atomic():
        take = locked_take(number)
        if take.state == State.BOOKED:
            return 0
        if take.state != State.REVIEW:
            raise NobodyCounts
        waiting = needs_second_person(take).count()
        if waiting:
            raise SecondPersonNeeded(count=waiting)
        lines = list(take.lines.exclude(difference=0).select_related("stock_item__variant").order_by("stock_item"))
        items = {item.pk: item for item in StockItem.objects.lock().filter(pk__in=[one.stock_item_id for one in lines])}
        _refuse_promised(lines, items)
        take.become(state=State.BOOKED)
        StockTake.objects.filter(pk=take.pk).update(booked_at=timezone.now())
        apply([_difference(take, line) for line in lines])
        more = sum(line.difference for line in lines if line.difference > 0)
        fewer = -sum(line.difference for line in lines if line.difference < 0)
        audit.record("stock.book_take", take, data={"lines": len(lines), "more": more, "fewer": fewer})
        return len(lines)


def _refuse_promised(lines: Sequence[StockTakeLine], items: dict[int, StockItem]) -> None:
    reasons = {}
    for line in lines:
        item = items[line.stock_item_id]
        if line.difference < 0 and item.on_hand + line.difference < least(item):
            reasons[line.stock_item.variant.sku] = str(CountTooLow(promised=item.allocated + item.reserved))
    if reasons:
        raise TakeRefused(reasons)


def _difference(take: StockTake, line: StockTakeLine) -> Change:
    code = line.reason if line.reason and fits(line.reason, line.difference) else Reason.COUNT
    return Change(
        stock_item_id=line.stock_item_id,
        variant_id=line.stock_item.variant_id,
        kind=Kind.WRITE_OFF if code in LESS else Kind.ADJUST,
        quantity=abs(line.difference),
        d_on_hand=line.difference,
        cause=take.number,
        reason=line.remark or str(Reason(code).label),
        reason_code=code,
        op_key=f"take:{line.pk}",
    )
