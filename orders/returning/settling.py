"""What a return brings by law and by condition: a proposal that the operator decides about. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.money import Money, zero
from orders.actions.delivery_back import withdrawal_delivery
from orders.models import Fate, Order, OrderLine, Resolution, ReturnLine, ReturnRequest, ReturnUnit
from orders.returning.rules import FAULTS, WITHDRAWAL, refunded_by_right
from orders.types import RefundWish

KEPT = (Fate.RESTOCK, Fate.WRITE_OFF)


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """How many units of a line of the return are proposed to be paid back, and how many can be at most."""

    row: ReturnLine
    units: int
    most: int
    deductions: tuple[int, ...] = ()
    """What is kept for wear of each unit in turn, in minor units: what never left, then what stays with us."""

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{self.row.order_line_id}_{self.row.part_id}" if self.row.part_id else str(self.row.order_line_id)

    @property
    def name(self) -> str:
        return self.row.part.name if self.row.part else self.row.order_line.name

    def wish(self, units: int) -> RefundWish:
        """The same as a wish for a refund."""
        return RefundWish(
            line_id=self.row.order_line_id,
            quantity=units,
            part_id=self.row.part_id,
            kept_minor=self.kept(units),
        )

    def kept(self, units: int) -> int:
        """What is kept when so many units are paid back: those that bring most come first."""
        return sum(self.deductions[:units])


def proposals(request: ReturnRequest) -> tuple[Proposed, ...]:
    """Per line: units that never left and those that arrived in a condition that is paid back. Three queries."""
    rows = request.lines.select_related("order_line", "part").prefetch_related("units__deduction", "order_line__parts")
    return tuple(_proposed(request, row) for row in rows.order_by("pk"))


def _proposed(request: ReturnRequest, row: ReturnLine) -> Proposed:
    units = list(row.units.all())
    right = sum(
        1
        for unit in units
        if unit.fate in KEPT and (deducted(unit) or refunded_by_right(reason=request.reason, condition=unit.condition))
    )
    kept = (*(0 for _ in range(row.canceled_qty)), *sorted(deducted(unit) for unit in units if unit.fate in KEPT))
    most = min(row.canceled_qty + len(units), _left(row))
    if request.resolution == Resolution.REPAIR:
        return Proposed(row=row, units=min(row.canceled_qty, most), most=most, deductions=kept)
    return Proposed(row=row, units=min(row.canceled_qty + right, most), most=most, deductions=kept)


def deducted(unit: ReturnUnit) -> int:
    """What is kept for wear of a unit, in minor units."""
    row = getattr(unit, "deduction", None)
    return row.amount_minor if row is not None else 0


def with_deductions(found: Iterable[Proposed], wishes: Iterable[RefundWish]) -> tuple[RefundWish, ...]:
    """The wishes with what was decided to be kept when their units were looked at, whatever they say themselves."""
    known = {(one.row.order_line_id, one.row.part_id): one for one in found}
    return tuple(
        replace(wish, kept_minor=known[wish.line_id, wish.part_id].kept(wish.quantity))
        if (wish.line_id, wish.part_id) in known
        else replace(wish, kept_minor=0)
        for wish in wishes
    )


def _left(row: ReturnLine) -> int:
    """Units that were not paid back before."""
    if row.part is not None:
        return row.part.quantity - row.part.qty_refunded
    return row.order_line.quantity - row.order_line.qty_refunded


def replaceable(request: ReturnRequest) -> dict[int, int]:
    """Units by line that can be sent again as they were: kept by us, not paid back, and nothing else is wanted.

    Empty when any line of the return stands in the way.
    """
    found: dict[int, int] = {}
    for one in proposals(request):
        line = one.row.order_line
        kept = sum(1 for unit in one.row.units.all() if unit.fate in KEPT)
        if one.row.part_id or (one.row.wanted_id and one.row.wanted_id != line.variant_id) or kept > one.most:
            return {}
        if kept:
            found[line.pk] = kept
    return found


def proposed_wishes(found: Iterable[Proposed]) -> tuple[RefundWish, ...]:
    """What is proposed, as wishes."""
    return tuple(one.wish(one.units) for one in found if one.units)


def proposed_delivery(order: Order, request: ReturnRequest) -> Money:
    """Standard delivery goes back when everything was withdrawn from or was faulty; otherwise nothing does."""
    if request.reason == WITHDRAWAL:
        return withdrawal_delivery(order)
    if request.reason in FAULTS:
        return withdrawal_delivery(order, lines=_whole_lines(request))
    return zero(order.currency)


def _whole_lines(request: ReturnRequest) -> list[OrderLine]:
    """Lines of which every unit comes back in this return."""
    rows = request.lines.filter(part=None).select_related("order_line")
    return [row.order_line for row in rows if row.quantity >= row.order_line.quantity - row.order_line.qty_canceled]
