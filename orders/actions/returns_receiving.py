"""Returned goods in the warehouse: counted when they arrive, then looked at one by one and booked once each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count

from core import audit
from core.money import from_minor, to_minor
from inventory.actions import return_stock, write_off_returned
from orders.actions.returns import lock_return, move_return
from orders.actions.tickets import begin_repair
from orders.actions.trail import refresh_states, write_event
from orders.errors import DeductionTooLarge
from orders.models import (
    Fate,
    OrderLine,
    OrderLinePart,
    ReturnLine,
    ReturnRequest,
    ReturnState,
    ReturnUnit,
    WearDeduction,
)
from orders.returning.errors import (
    DeductionRefused,
    EvidenceMissing,
    NotLookedAt,
    PlaceMissing,
    ReasonNeeded,
    ReturnMovedOn,
    TooManyUnits,
)
from orders.returning.files import Kept, attach
from orders.returning.rules import may_deduct
from orders.sold_sets import whole_sets

EXPECTED = (ReturnState.APPROVED, ReturnState.LABEL_SENT, ReturnState.RECEIVED)
STAYS = (Fate.RESTOCK, Fate.WRITE_OFF)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What somebody saw of one unit and what becomes of it. `nth` is the unit the form was about."""

    nth: int
    condition: str
    fate: str
    warehouse_code: str = ""
    note: str = ""
    kept_minor: int = 0
    """What is kept of its price for wear, tax included, in minor units; `note` says why."""


def receive_units(*, return_number: str, counts: Mapping[int, int]) -> ReturnRequest:
    """So many units of each line of the return have arrived. Raises `TooManyUnits`, `ReturnMovedOn`."""
    wanted = {line_id: count for line_id, count in counts.items() if count}
    with transaction.atomic():
        request = lock_return(return_number)
        if request.state not in EXPECTED:
            raise ReturnMovedOn
        lines = {line.pk: line for line in request.lines.all()}
        if not wanted or any(pk not in lines or not 0 < n <= lines[pk].to_come for pk, n in wanted.items()):
            raise TooManyUnits
        for line_id, count in wanted.items():
            lines[line_id].received_qty += count
            lines[line_id].save(update_fields=["received_qty"])
        if request.state != ReturnState.RECEIVED:
            move_return(request, ReturnState.RECEIVED)
        refresh_states(request.order)
        audit.record("orders.receive_return", request, data={str(pk): n for pk, n in wanted.items()})
    return request


def inspect_unit(*, return_number: str, line_id: int, verdict: Verdict, photos: Sequence[Kept] = ()) -> ReturnUnit:
    """Look at one unit that has arrived and book what becomes of it, in one transaction, once per unit.

    A unit that stays with us counts as returned and moves stock; one that goes back to the customer moves nothing.
    The last of all that were expected ends the inspection. Raises `TooManyUnits` when somebody was quicker,
    `PlaceMissing`, `ReasonNeeded`, `ReturnMovedOn`; for a deduction `DeductionRefused`, `DeductionTooLarge` and
    `EvidenceMissing`.
    """
    if verdict.fate in STAYS and not verdict.warehouse_code:
        raise PlaceMissing
    if verdict.fate == Fate.WRITE_OFF and not verdict.note.strip():
        raise ReasonNeeded
    with transaction.atomic():
        request = lock_return(return_number)
        if request.state != ReturnState.RECEIVED:
            raise ReturnMovedOn
        row = request.lines.filter(pk=line_id).annotate(seen=Count("units")).first()
        if row is None or row.seen >= row.received_qty or verdict.nth != row.seen + 1:
            raise TooManyUnits
        unit = ReturnUnit.objects.create(
            return_line=row,
            position=verdict.nth,
            condition=verdict.condition,
            fate=verdict.fate,
            warehouse_code=verdict.warehouse_code if verdict.fate in STAYS else "",
            note=verdict.note.strip()[:300],
            handled_by=audit.current_actor().label[:150],
        )
        attach(request.order, photos, to=unit)
        if verdict.kept_minor:
            _deduct(request, row, unit, verdict, has_photos=bool(photos))
        if verdict.fate in STAYS:
            _keep(row, unit)
        facts: dict[str, Any] = {"return": request.number, "line": row.order_line.ref, "fate": unit.fate}
        write_event(request.order, "return.unit", note=verdict.note, condition=unit.condition, **facts)
        audit.record("orders.inspect_unit", request, data={"line": row.pk, "unit": unit.position, "fate": unit.fate})
        if not any(line.to_come for line in request.lines.all()) and not _unseen(request):
            _end(request)
        refresh_states(request.order)
    return unit


def _deduct(request: ReturnRequest, row: ReturnLine, unit: ReturnUnit, verdict: Verdict, *, has_photos: bool) -> None:
    """Write down what is kept for wear of this unit. Only of what stays with us, and never more than it has cost."""
    informed = request.order.withdrawal_days > 0
    allowed = may_deduct(reason=request.reason, condition=verdict.condition, was_informed=informed)
    if not allowed or verdict.fate not in STAYS or verdict.kept_minor < 0:
        raise DeductionRefused
    if not has_photos or not unit.note:
        raise EvidenceMissing
    if verdict.kept_minor > unit_worth(row):
        raise DeductionTooLarge
    WearDeduction.objects.create(
        unit=unit, amount_minor=verdict.kept_minor, reason=unit.note, decided_by=audit.current_actor().label[:150]
    )
    amount = str(from_minor(verdict.kept_minor, request.order.currency).amount)
    write_event(
        request.order, "return.deducted", to_customer=True, note=unit.note, amount=amount, **{"return": request.number}
    )
    audit.record("orders.deduct_wear", request, data={"line": row.pk, "unit": unit.position, "amount": amount})


def unit_worth(row: ReturnLine) -> int:
    """What one unit of the line, or one piece of the component, has cost at least, tax included; minor units."""
    if row.part is not None:
        sold, net, tax = row.part, row.part.share_net, row.part.share_tax
        return to_minor(net) // sold.quantity + to_minor(tax) // sold.quantity
    line = row.order_line
    return to_minor(line.line_net) // line.quantity + to_minor(line.line_tax) // line.quantity


def end_inspection(*, return_number: str) -> ReturnRequest:
    """Nothing more will come: what is missing stays with the customer. Again: nothing more.

    Raises `NotLookedAt` while units that arrived wait, `ReturnMovedOn`.
    """
    with transaction.atomic():
        request = lock_return(return_number)
        if request.state == ReturnState.INSPECTED:
            return request
        if request.state != ReturnState.RECEIVED:
            raise ReturnMovedOn
        if _unseen(request):
            raise NotLookedAt
        _end(request)
        refresh_states(request.order)
        audit.record("orders.end_inspection", request)
    return request


def _end(request: ReturnRequest) -> None:
    """Everything that came was looked at; what is repaired gets a conversation."""
    move_return(request, ReturnState.INSPECTED)
    if ReturnUnit.objects.filter(return_line__return_request=request, fate=Fate.REPAIR).exists():
        begin_repair(request)


def _unseen(request: ReturnRequest) -> bool:
    rows = request.lines.annotate(seen=Count("units"))
    return any(row.seen < row.received_qty for row in rows)


def _keep(row: ReturnLine, unit: ReturnUnit) -> None:
    """Count the unit as returned and book its pieces: one movement per piece kind and unit, named after the unit."""
    line = OrderLine.objects.prefetch_related("parts").get(pk=row.order_line_id)
    cause = f"return:{row.pk}.{unit.position}"
    components = list(line.parts.all())
    if row.part_id is None and not components:
        line.qty_returned += 1
        if line.requires_shipping and line.variant_id is not None:
            _book(line.ref, line.variant_id, 1, unit, cause)
    else:
        for part in components:
            pieces = part.per_set if row.part_id is None else int(part.pk == row.part_id)
            if pieces:
                _keep_pieces(part, pieces, unit, cause)
        line.qty_returned = whole_sets((part, part.qty_returned) for part in components)
    line.save(update_fields=["qty_returned"])


def _keep_pieces(part: OrderLinePart, pieces: int, unit: ReturnUnit, cause: str) -> None:
    part.qty_returned += pieces
    part.save(update_fields=["qty_returned"])
    if part.requires_shipping and part.variant_id is not None:
        _book(part.ref, part.variant_id, pieces, unit, cause)


def _book(ref: str, variant_id: int, pieces: int, unit: ReturnUnit, cause: str) -> None:
    order_ref = ref.rpartition("/")[0]
    if unit.fate == Fate.RESTOCK:
        return_stock(
            order_ref=order_ref,
            line_ref=ref,
            variant_id=variant_id,
            warehouse_code=unit.warehouse_code,
            quantity=pieces,
            cause=cause,
        )
    else:
        write_off_returned(
            order_ref=order_ref,
            line_ref=ref,
            variant_id=variant_id,
            warehouse_code=unit.warehouse_code,
            quantity=pieces,
            cause=cause,
            reason=unit.note,
        )
