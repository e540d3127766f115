"""Returns until the goods arrive: asked for, agreed to or declined, taken back by the customer, on their way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Variant
from core import audit
from core.events import publish
from inventory.errors import OutOfStock
from inventory.models import Warehouse
from markets.names import country_name
from orders.actions.exchange_rows import agree_exchange, drop_exchange
from orders.actions.holds import resolve_hold
from orders.actions.shipping import drop_empty_parcels
from orders.actions.taking_back import cancel_units
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused
from orders.events import ReturnMoved
from orders.models import (
    Exchange,
    ExchangeState,
    Order,
    OrderHold,
    OrderLine,
    Resolution,
    ReturnLine,
    ReturnRequest,
    ReturnState,
    WithdrawalStatement,
)
from orders.returning.errors import (
    AddressMissing,
    AlreadySent,
    NothingChosen,
    NotReturnable,
    ReasonNeeded,
    ResolutionNotOffered,
    ReturnMovedOn,
    ReturnUnknown,
    SetTwice,
    WithdrawalStands,
)
from orders.returning.files import Kept, as_label, attach
from orders.returning.rules import FAULTS, REASONS, WITHDRAWAL, agrees_at_once, may_return, pays_way_back
from orders.returning.units import Choice, choices_of, is_over, policy_of, policy_row, return_period

GOODWILL = "not_needed"  # why an operator exchanges goods: a change of mind, at the customer's cost
BEFORE_SENDING = (ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.LABEL_SENT)


@dataclass(frozen=True, kw_only=True)
class ReturnItem:
    """How many units of a line, or pieces of one component of a set; and the variant wanted instead, if any."""

    line_id: int
    quantity: int
    part_id: int | None = None
    wanted_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnAsked:
    """What a customer asks for. The same `key` is one return."""

    key: str
    items: tuple[ReturnItem, ...]
    reason: str
    resolution: str = Resolution.REFUND
    note: str = ""


def ask_return(*, number: str, asked: ReturnAsked, photos: Sequence[Kept] = ()) -> ReturnRequest:
    """Open a return; where the market says so it is agreed to at once, otherwise an operator decides.

    Raises `NothingChosen`, `NotReturnable`, `SetTwice`, `ResolutionNotOffered`; nothing is written then.
    """
    with transaction.atomic():
        order = lock_order(number)
        found = ReturnRequest.objects.filter(order=order, key=asked.key).first()
        if found is not None:
            return found
        _check(order, asked)
        policy = policy_of(order.market)
        request = ReturnRequest.objects.create(
            number=next_return_number(order),
            key=asked.key,
            order=order,
            resolution=asked.resolution,
            reason=asked.reason,
            note=asked.note.strip()[:2000],
            way_back=pays_way_back(policy, asked.reason),
        )
        _write_lines(request, asked.items)
        attach(order, photos, to=request)
        _note(request, "return.requested", to_customer=True)
        publish(ReturnMoved(number=number, return_number=request.number, state=request.state))
        last_day = return_period(order).last_day
        if agrees_at_once(policy, reason=asked.reason, last_day=last_day, today=timezone.now().date()):
            address = address_for(request)
            if address:
                _agree_if_there(request, address)
        refresh_states(order)
    return request


def _agree_if_there(request: ReturnRequest, address: Sequence[str]) -> None:
    """Agree at once, unless what is wanted instead is gone or not sold there: then an operator decides."""
    try:
        with transaction.atomic():
            _agree(request, address=address, answer="", label=())
    except (OutOfStock, ChangeRefused):
        request.refresh_from_db(fields=["state", "return_to", "send_by", "answer"])


def open_exchange(*, number: str, items: Sequence[ReturnItem], note: str, key: str) -> ReturnRequest:
    """An operator exchanges goods of a customer: a return that is agreed to at once, for any variant that is sold.

    Not bound to the market's period and to what it offers: that is the operator's goodwill. Raises `NothingChosen`,
    `NotReturnable`, `ReasonNeeded`, `AddressMissing`, `OutOfStock`, `ChangeRefused`; nothing is written then.
    """
    if not note.strip():
        raise ReasonNeeded
    with transaction.atomic():
        order = lock_order(number)
        found = ReturnRequest.objects.filter(order=order, key=key).first()
        if found is not None:
            return found
        _check_exchange(order, items)
        request = ReturnRequest.objects.create(
            number=next_return_number(order),
            key=key,
            order=order,
            resolution=Resolution.EXCHANGE,
            reason=GOODWILL,
            note="",
            way_back=pays_way_back(policy_of(order.market), GOODWILL),
        )
        _write_lines(request, items)
        _note(request, "return.requested", to_customer=True, words=note.strip()[:200])
        _agree(request, address=address_for(request), answer=note.strip()[:400], label=())
        refresh_states(order)
        audit.record("orders.exchange_order", order, data={"return": request.number}, reason=note)
    return request


def _check_exchange(order: Order, items: Sequence[ReturnItem]) -> None:
    if not any(item.quantity for item in items):
        raise NothingChosen
    known = {one.line.pk: one for one in choices_of(order) if one.part is None}
    for item in (one for one in items if one.quantity):
        choice = known.get(item.line_id)
        if choice is None or item.part_id or not 0 < item.quantity <= choice.unit.left:
            raise NotReturnable
        if item.wanted_id is None or item.wanted_id == choice.line.variant_id:
            raise ResolutionNotOffered


def approve_return(
    *, return_number: str, address: Sequence[str] = (), answer: str = "", label: Sequence[Kept] = ()
) -> ReturnRequest:
    """Agree to a return and say where the goods go. A second label, or none: nothing changes once it is agreed.

    For a withdrawal, what has not left is canceled and its hold resolved. Raises `AddressMissing` when no address is
    given and the warehouse has none, `ReturnMovedOn`; for an exchange `OutOfStock` and `ChangeRefused`.
    """
    with transaction.atomic():
        request = lock_return(return_number)
        if request.state == ReturnState.APPROVED and label:
            _send_label(request, label)
        elif request.state == ReturnState.REQUESTED:
            _agree(
                request,
                address=[line.strip() for line in address if line.strip()] or address_for(request),
                answer=answer.strip()[:400],
                label=label,
            )
        elif request.state not in (ReturnState.APPROVED, ReturnState.LABEL_SENT):
            raise ReturnMovedOn
        refresh_states(request.order)
        audit.record("orders.approve_return", request)
    return request


def reject_return(*, return_number: str, reason: str) -> ReturnRequest:
    """Decline a return; the customer reads why. Raises `ReasonNeeded`, `WithdrawalStands`, `ReturnMovedOn`."""
    if not reason.strip():
        raise ReasonNeeded
    with transaction.atomic():
        request = lock_return(return_number)
        if request.state == ReturnState.REJECTED:
            return request
        if request.reason == WITHDRAWAL:
            raise WithdrawalStands
        if request.state not in BEFORE_SENDING:
            raise ReturnMovedOn
        drop_exchange(request, reason="")
        request.answer = reason.strip()[:400]
        request.save(update_fields=["answer", "updated"])
        move_return(request, ReturnState.REJECTED, note=request.answer)
        refresh_states(request.order)
        audit.record("orders.reject_return", request, reason=reason)
    return request


def cancel_return(*, number: str, return_number: str) -> ReturnRequest:
    """The customer keeps the goods after all. Again: nothing more. Raises `AlreadySent`, `WithdrawalStands`."""
    with transaction.atomic():
        request = _own(number, return_number)
        if request.state == ReturnState.CANCELED:
            return request
        if request.reason == WITHDRAWAL:
            raise WithdrawalStands
        if request.state not in BEFORE_SENDING or request.tracking:
            raise AlreadySent
        drop_exchange(request, reason="")
        move_return(request, ReturnState.CANCELED)
        refresh_states(request.order)
    return request


def note_return_sent(*, number: str, return_number: str, tracking: str) -> ReturnRequest:
    """The customer says that the goods are on their way. Raises `ReturnMovedOn` before it was agreed or after."""
    with transaction.atomic():
        request = _own(number, return_number)
        if request.state not in (ReturnState.APPROVED, ReturnState.LABEL_SENT):
            raise ReturnMovedOn
        request.tracking = tracking.strip()[:80] or "–"
        request.save(update_fields=["tracking", "updated"])
        _note(request, "return.sent", to_customer=True, tracking=request.tracking)
    return request


def replace_by_withdrawal(order: Order, lines: Sequence[OrderLine]) -> None:
    """The stronger right: returns of these lines that have not been sent give way to a withdrawal from them.

    The caller holds the order's lock.
    """
    open_ones = order.returns.filter(state__in=BEFORE_SENDING, tracking="", lines__order_line__in=lines)
    for request in open_ones.exclude(reason=WITHDRAWAL).distinct():
        exchange = Exchange.objects.filter(return_request=request).first()
        if exchange is not None and exchange.state == ExchangeState.ORDERED and not exchange.has_ended:
            continue  # `withdrawn_exchanges.take_over` makes it the withdrawal's
        request.order = order
        drop_exchange(request, reason="")
        move_return(request, ReturnState.CANCELED)


def lock_return(return_number: str) -> ReturnRequest:
    """The return under its order's lock, which comes first everywhere. Raises `ReturnUnknown`."""
    number = ReturnRequest.objects.filter(number=return_number).values_list("order__number", flat=True).first()
    if number is None:
        raise ReturnUnknown
    order = lock_order(number)
    request = ReturnRequest.objects.get(number=return_number)
    request.order = order
    return request


def move_return(request: ReturnRequest, state: str, *, note: str = "") -> None:
    """Move a return, write it into the order's history for the customer, and announce it."""
    request.become(state=state)
    _note(request, f"return.{state}", to_customer=True, words=note)
    publish(ReturnMoved(number=request.order.number, return_number=request.number, state=state))


def next_return_number(order: Order) -> str:
    """The order's next return, under its lock."""
    return f"{order.number}-RET{order.returns.count() + 1}"


def address_for(request: ReturnRequest) -> list[str]:
    """Where the goods go: the market's warehouse for returns, else the one they came from; empty when none has one."""
    code = policy_row(request.order.market).warehouse_code
    if not code:
        parcels = request.order.fulfillments.filter(lines__order_line__return_lines__return_request=request)
        code = parcels.order_by("position").values_list("warehouse_code", flat=True).first() or ""
    place = Warehouse.objects.filter(code=code).first()
    if place is None or not place.address.get("street_address"):
        return []
    facts = place.address
    town = " ".join(part for part in (facts.get("postal_code"), facts.get("city")) if part)
    country = country_name(place.country, request.order.language)
    return [line for line in (place.name, facts["street_address"], town, facts.get("country_area"), country) if line]


def _own(number: str, return_number: str) -> ReturnRequest:
    """A return of this very order, locked. Raises `ReturnUnknown` for another order's."""
    request = lock_return(return_number)
    if request.order.number != number:
        raise ReturnUnknown
    return request


def _agree(request: ReturnRequest, *, address: Sequence[str], answer: str, label: Sequence[Kept]) -> None:
    _cancel_what_has_not_left(request)
    agree_exchange(request)
    expected = any(line.to_come for line in request.lines.all())
    if expected and not address:
        raise AddressMissing
    days = policy_of(request.order.market).send_within_days
    request.return_to = list(address) if expected else []
    request.send_by = timezone.now().date() + timedelta(days=days) if expected else None
    request.answer = answer
    request.save(update_fields=["return_to", "send_by", "answer", "updated"])
    WithdrawalStatement.objects.filter(return_request=request, handled_at__isnull=True).update(
        handled_at=timezone.now(), handled_by=audit.current_actor().label[:150]
    )
    move_return(request, ReturnState.APPROVED, note=answer)
    if not expected:  # everything was still here
        request.become(state=ReturnState.RECEIVED)
        move_return(request, ReturnState.INSPECTED)
    elif label:
        _send_label(request, label)


def _send_label(request: ReturnRequest, label: Sequence[Kept]) -> None:
    attach(request.order, as_label(label), to=request, is_label=True)
    move_return(request, ReturnState.LABEL_SENT)


def _cancel_what_has_not_left(request: ReturnRequest) -> None:
    """Only withdrawals name units that are still in the warehouse. Their hold is resolved: nothing is left to stop."""
    statement = WithdrawalStatement.objects.filter(return_request=request).first()
    if statement is not None:
        holds = OrderHold.objects.filter(key=f"withdrawal:{statement.number}", resolved_at__isnull=True)
        for hold in holds:
            resolve_hold(hold_id=hold.pk, resolution=_("The customer has withdrawn from what had not left."))
    for row in request.lines.select_related("order_line").prefetch_related("order_line__parts"):
        line = row.order_line
        if not line.requires_shipping:
            row.canceled_qty = row.quantity
        elif row.part_id is None:
            row.canceled_qty = min(row.quantity, line.qty_open)
            cancel_units(request.order, line, row.canceled_qty)
            line.save(update_fields=["qty_canceled"])
        row.save(update_fields=["canceled_qty"])
    drop_empty_parcels(request.order)


def _check(order: Order, asked: ReturnAsked) -> None:
    items = [item for item in asked.items if item.quantity]
    if not items:
        raise NothingChosen
    if asked.reason not in REASONS:
        raise NotReturnable
    known = {(one.line.pk, one.part.pk if one.part else None): one for one in choices_of(order)}
    whole = {item.line_id for item in items if item.part_id is None}
    if any(item.part_id and item.line_id in whole for item in items):
        raise SetTwice
    late = is_over(order, return_period(order))
    for item in items:
        choice = known.get((item.line_id, item.part_id))
        if choice is None or not 0 < item.quantity <= choice.unit.left:
            raise NotReturnable
        if not may_return(choice.unit, reason=asked.reason, is_over=late):
            raise NotReturnable
    _check_resolution(order, asked, known)


def _check_resolution(order: Order, asked: ReturnAsked, known: Mapping[tuple[int, int | None], Choice]) -> None:
    if asked.resolution == Resolution.REFUND:
        return
    if asked.resolution not in policy_of(order.market).resolutions:
        raise ResolutionNotOffered
    if asked.resolution == Resolution.REPAIR and asked.reason not in FAULTS:
        raise ResolutionNotOffered
    if asked.resolution != Resolution.EXCHANGE:
        return
    for item in asked.items:
        variant = known[item.line_id, item.part_id].line.variant
        if item.part_id or variant is None or not _is_sibling(variant, item.wanted_id):
            raise ResolutionNotOffered


def _is_sibling(variant: Variant, wanted_id: int | None) -> bool:
    others = Variant.objects.filter(product=variant.product_id, status=Variant.Status.ACTIVE)
    return wanted_id is not None and others.filter(pk=wanted_id).exists()


def _write_lines(request: ReturnRequest, items: Sequence[ReturnItem]) -> None:
    ReturnLine.objects.bulk_create(
        ReturnLine(
            return_request=request,
            order_line_id=item.line_id,
            part_id=item.part_id,
            quantity=item.quantity,
            wanted_id=item.wanted_id if request.resolution == Resolution.EXCHANGE else None,
        )
        for item in items
        if item.quantity
    )


def _note(request: ReturnRequest, kind: str, *, to_customer: bool, words: str = "", **facts: object) -> None:
    write_event(request.order, kind, to_customer=to_customer, note=words, **{"return": request.number, **facts})
