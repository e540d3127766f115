"""Stock takes: planned, counted while sales go on, reviewed, booked.

A count is compared with the books at the very moment it is entered: `expected_at_count` is what was on hand after the
movement `movement_at_count`. What is booked later is the difference, not the count, so that sales in between stay
what they are. Count a shelf in one go and enter it at once.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from core import audit
from core.audit import current_actor
from core.sequences import take_number
from inventory.errors import NobodyCounts, NothingToCount, NotInTake, OwnCount, ReasonDoesNotFit
from inventory.models import StockAlert, StockItem, StockMovement, StockTake, StockTakeLine, Warehouse
from inventory.reasons import Reason, fits

State = StockTake.State
Scope = StockTake.Scope
MOST_LINES = 20_000
AT_ONCE = 500


def plan_take(
    *,
    warehouse_code: str,
    scope: str = Scope.ALL,
    part: str = "",
    note: str = "",
    is_blind: bool = True,
    review_above: int = 5,
) -> StockTake:
    """Plan a count with a line per shelf that fits. Raises `NothingToCount`."""
    with transaction.atomic():
        place = Warehouse.objects.get(code=warehouse_code)
        items = list(shelves_in(place, scope, part).values_list("pk", flat=True)[:MOST_LINES])
        if not items:
            raise NothingToCount
        take = StockTake.objects.create(
            number=f"ST-{take_number('stock take')}",
            warehouse=place,
            scope=scope,
            part=part[:80],
            note=note[:300],
            is_blind=is_blind,
            review_above=review_above,
        )
        lines = [StockTakeLine(stock_take=take, stock_item_id=pk) for pk in items]
        StockTakeLine.objects.bulk_create(lines, batch_size=AT_ONCE)
        audit.record("stock.plan_take", take, data={"warehouse": warehouse_code, "lines": len(items)})
        return take


def shelves_in(place: Warehouse, scope: str, part: str) -> QuerySet[StockItem]:
    """The stock rows of a warehouse that a scope means, in the order one walks past them."""
    rows = StockItem.objects.filter(warehouse=place).exclude(variant__status="archived", on_hand=0)
    if scope == Scope.SHELF:
        rows = rows.filter(shelf__istartswith=part)
    elif scope == Scope.CATEGORY:
        named = Q(variant__product__primary_category__code=part) | Q(variant__product__categories__code=part)
        rows = rows.filter(pk__in=rows.filter(named).values("pk"))
    elif scope == Scope.ALERTS:
        levels = [StockAlert.Level.LOW, StockAlert.Level.OUT]
        alerts = StockAlert.objects.filter(closed__isnull=True, level__in=levels)
        rows = rows.filter(pk__in=alerts.values("stock_item"))
    return rows.order_by("shelf", "variant__sku")


def begin_counting(*, number: str) -> StockTake:
    """From now on counts are taken; a count under review is opened again. Again: nothing more."""
    with transaction.atomic():
        take = locked_take(number)
        if take.state == State.COUNTING:
            return take
        take.become(state=State.COUNTING)
        if take.began_at is None:
            StockTake.objects.filter(pk=take.pk).update(began_at=timezone.now())
        audit.record("stock.begin_take", take)
        return take


def count_shelves(*, number: str, counts: Mapping[int, int]) -> int:
    """Enter what was counted, by line; a line counted again is compared anew. Returns how many were entered.

    Raises `NobodyCounts`, `NotInTake` for a line of another stock take.
    """
    with transaction.atomic():
        take = _counting(number)
        lines = {line.pk: line for line in take.lines.filter(pk__in=list(counts))}
        strangers = counts.keys() - lines.keys()
        if strangers:
            raise NotInTake(text=str(min(strangers)))
        _enter({lines[pk]: count for pk, count in counts.items()})
        return len(counts)


def count_scanned(*, number: str, code: str, pieces: int = 1) -> StockTakeLine:
    """A scan: so many pieces more of the variant with this SKU or GTIN. Returns its line.

    Raises `NobodyCounts`, `NotInTake`.
    """
    text = code.strip()
    with transaction.atomic():
        take = _counting(number)
        named = Q(stock_item__variant__sku__iexact=text) | Q(stock_item__variant__gtin=text)
        line = take.lines.filter(named).order_by("pk").first() if text else None
        if line is None:
            raise NotInTake(text=text[:80])
        _enter({line: max((line.counted or 0) + pieces, 0)})
        return line


def _counting(number: str) -> StockTake:
    take = locked_take(number)
    if take.state != State.COUNTING:
        raise NobodyCounts
    return take


def _enter(counts: Mapping[StockTakeLine, int]) -> None:
    """Under the locks of the shelves, so that the books and the last movement belong together."""
    items = {item.pk: item for item in StockItem.objects.lock().filter(pk__in=[one.stock_item_id for one in counts])}
    last = dict(
        StockMovement.objects.filter(stock_item__in=items)
        .order_by()
        .values_list("stock_item")
        .annotate(newest=Max("pk"))
    )
    now, person = timezone.now(), current_actor().user_id
    for line, counted in counts.items():
        line.counted, line.expected_at_count = counted, items[line.stock_item_id].on_hand
        line.difference = counted - line.expected_at_count
        line.movement_at_count = last.get(line.stock_item_id)
        line.counted_at, line.counted_by_id, line.rounds = now, person, line.rounds + 1
        line.approved_by_id = line.approved_at = None
        line.reason = line.reason or (Reason.COUNT if line.difference else "")
    StockTakeLine.objects.bulk_update(list(counts), ENTERED, batch_size=AT_ONCE)


ENTERED = (
    "counted", "expected_at_count", "difference", "movement_at_count", "counted_at", "counted_by", "rounds",
    "approved_by", "approved_at", "reason",
)  # fmt: skip


def forget_count(*, number: str, line_id: int) -> None:
    """A count is doubted: the shelf is to be counted again, and the stock take with it.

    Raises `NobodyCounts` once it is booked.
    """
    with transaction.atomic():
        take = locked_take(number)
        if take.state not in {State.COUNTING, State.REVIEW}:
            raise NobodyCounts
        if take.state == State.REVIEW:
            take.become(state=State.COUNTING)
        take.lines.filter(pk=line_id).update(
            counted=None, expected_at_count=None, difference=0, movement_at_count=None, counted_at=None,
            counted_by=None, approved_by=None, approved_at=None, reason="", remark="",
        )  # fmt: skip
        audit.record("stock.recount", take, data={"line": line_id})


def end_counting(*, number: str, rest_is_zero: bool = False) -> StockTake:
    """Counting is over; differences are looked at. What nobody counted is left alone, or is said to be none.

    Raises `NobodyCounts`.
    """
    with transaction.atomic():
        take = locked_take(number)
        if take.state == State.REVIEW:
            return take
        if take.state != State.COUNTING:
            raise NobodyCounts
        if rest_is_zero:
            _enter(dict.fromkeys(take.lines.filter(counted__isnull=True), 0))
        take.become(state=State.REVIEW)
        StockTake.objects.filter(pk=take.pk).update(ended_at=timezone.now())
        audit.record("stock.end_take", take, data={"rest_is_zero": rest_is_zero})
        return take


def explain_differences(*, number: str, words: Mapping[int, tuple[str, str]]) -> None:
    """Why shelves differ, reason and remark by line, in the words of whoever reviews them.

    Raises `NobodyCounts` outside the review, `ReasonDoesNotFit`.
    """
    with transaction.atomic():
        take = locked_take(number)
        if take.state != State.REVIEW:
            raise NobodyCounts
        lines = list(take.lines.filter(pk__in=list(words)))
        for line in lines:
            reason, remark = words[line.pk]
            if not fits(reason, line.difference) or reason not in Reason.values:
                raise ReasonDoesNotFit
            line.reason, line.remark = reason, remark.strip()[:300]
        StockTakeLine.objects.bulk_update(lines, ["reason", "remark"])


def approve_difference(*, number: str, line_id: int) -> None:
    """A second person agrees to a difference. Raises `OwnCount` for whoever counted it, `NobodyCounts`."""
    person = current_actor().user_id
    with transaction.atomic():
        take = locked_take(number)
        if take.state != State.REVIEW:
            raise NobodyCounts
        line = take.lines.get(pk=line_id)
        if person is None or line.counted_by_id == person:
            raise OwnCount
        line.approved_by_id, line.approved_at = person, timezone.now()
        line.save(update_fields=["approved_by", "approved_at"])
        audit.record("stock.approve_difference", take, data={"line": line_id, "difference": line.difference})


def cancel_take(*, number: str, reason: str = "") -> StockTake:
    """Nothing of it is booked. Again: nothing more. Raises `NobodyCounts` once it is booked."""
    with transaction.atomic():
        take = locked_take(number)
        if take.state == State.CANCELED:
            return take
        if take.state == State.BOOKED:
            raise NobodyCounts
        take.become(state=State.CANCELED)
        audit.record("stock.cancel_take", take, reason=reason[:300])
        return take


def locked_take(number: str) -> StockTake:
    """The stock take, locked."""
    return StockTake.objects.lock().select_related("warehouse").get(number=number)
