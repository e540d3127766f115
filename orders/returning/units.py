"""What of an order can come back: read once, then judged by the rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from markets.queries import market_of_record
from orders.models import (
    AftersalesPolicy,
    Order,
    OrderLine,
    OrderLinePart,
    ReturnLine,
    ReturnRequest,
    ReturnState,
)
from orders.returning.rules import Policy, Unit
from orders.withdrawing import Period, period_of

WAITING = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.LABEL_SENT, ReturnState.RECEIVED)
"""States in which units of a return are still to be counted."""
Coming = dict[tuple[int, int | None], int]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A line, or with `part` one component of a set, and what is known of its units."""

    line: OrderLine
    unit: Unit
    part: OrderLinePart | None = None

    @property
    def key(self) -> str:
        """How forms name it: "12", or "12_5" for a component."""
        return f"{self.line.pk}_{self.part.pk}" if self.part else str(self.line.pk)

    @property
    def name(self) -> str:
        return self.part.name if self.part else self.line.name

    @property
    def options_text(self) -> str:
        return self.part.options_text if self.part else self.line.options_text


def choices_of(order: Order) -> list[Choice]:
    """Every line of the order that was not canceled, sets followed by their components. Three queries."""
    lines = order.lines.select_related("variant__product").prefetch_related("parts").order_by("position")
    coming = coming_back(order)
    begun = set(order.entitlements.filter(first_download_at__isnull=False).values_list("order_line", flat=True))
    return [choice for line in lines if line.quantity > line.qty_canceled for choice in _of_line(line, coming, begun)]


def coming_back(order: Order) -> Coming:
    """Units in returns that are neither counted as returned yet nor given up, by line and component."""
    rows = ReturnLine.objects.filter(return_request__order=order, return_request__state__in=WAITING)
    found: defaultdict[tuple[int, int | None], int] = defaultdict(int)
    for row in rows.annotate(seen=Count("units")):
        found[row.order_line_id, row.part_id] += row.quantity - row.canceled_qty - row.seen
    return found


def _of_line(line: OrderLine, coming: Coming, begun: Iterable[int]) -> list[Choice]:
    exception = line.return_exception
    is_goods = line.requires_shipping
    parts = [part for part in line.parts.all() if part.requires_shipping]
    sets = coming.get((line.pk, None), 0)
    if not parts:
        unit = Unit(
            shipped=line.qty_shipped,
            returned=line.qty_returned,
            coming_back=sets,
            is_goods=is_goods,
            exception=exception,
        )
        return [Choice(line=line, unit=unit)]
    pieces = [(part, _piece(line, part, sets, coming, exception)) for part in parts]
    whole = min(unit.left // part.per_set for part, unit in pieces)
    unit = Unit(shipped=line.qty_shipped, returned=line.qty_shipped - whole, coming_back=0, exception=exception)
    return [Choice(line=line, unit=unit), *(Choice(line=line, part=part, unit=one) for part, one in pieces)]


def _piece(line: OrderLine, part: OrderLinePart, sets: int, coming: Coming, exception: str) -> Unit:
    return Unit(
        shipped=line.qty_shipped * part.per_set,
        returned=part.qty_returned,
        coming_back=coming.get((line.pk, part.pk), 0) + sets * part.per_set,
        exception=exception or part.return_exception,
    )


def return_period(order: Order) -> Period:
    """How long goods can be returned for a change of mind: the shop's promise or the law, whichever is longer."""
    days = max(order.return_days, order.withdrawal_days)
    arrivals = list(order.fulfillments.exclude(state="canceled").values_list("delivered_at", flat=True))
    zone = market_of_record(order.market).timezone
    return period_of(days=days, arrivals=arrivals, timezone=zone, country=order.country)


def is_over(order: Order, period: Period) -> bool:
    """Whether it is too late for a change of mind; always where nothing was promised."""
    if not period.days:
        return True
    return period.timing(timezone.now(), market_of_record(order.market).timezone) == "late"


def policy_row(market: str) -> AftersalesPolicy:
    """The market's own policy, or one with the defaults, not stored."""
    return AftersalesPolicy.objects.filter(market=market).first() or AftersalesPolicy(market=market)


def policy_of(market: str) -> Policy:
    """The same for the rules."""
    row = policy_row(market)
    return Policy(
        resolutions=tuple(row.resolutions),
        way_back=row.way_back,
        sends_label=row.sends_label,
        agrees_at_once=row.agrees_at_once,
        send_within_days=row.send_within_days,
    )


def instructions_of(row: AftersalesPolicy, language: str) -> str:
    """How to pack and where to hand it in, in the language or in English; empty when nobody wrote any."""
    return str(row.instructions.get(language) or row.instructions.get("en") or "")


def return_of(order: Order, number: str) -> ReturnRequest | None:
    """One return of this order; another order's is none."""
    return ReturnRequest.objects.filter(order=order, number=number).first()
