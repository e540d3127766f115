"""The end of a return: its money, its exchange, or neither, in one transaction with the last step of the return."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core import audit
from core.money import Money
from orders.actions.changing_reship import send_again
from orders.actions.exchange_rows import drop_exchange
from orders.actions.refunds import promise_refund
from orders.actions.returns import lock_return, move_return
from orders.actions.trail import refresh_states
from orders.errors import RefundChanged
from orders.models import Order, ReturnRequest, ReturnState
from orders.returning.errors import ReasonNeeded, ResolutionNotOffered, ReturnMovedOn
from orders.returning.settling import Proposed, proposals, replaceable, with_deductions
from orders.types import DeliveryWish, RefundTo, RefundWish, ShipItem


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What the operator decided: units by line, some of the delivery, and the words for the customer."""

    lines: tuple[RefundWish, ...]
    shipping: DeliveryWish
    reason: str
    to: RefundTo = "methods"


def settle_return(*, return_number: str, settlement: Settlement, shown: Money) -> ReturnRequest:
    """Pay back exactly the amount that was shown and close the return, or neither. Again: nothing more.

    Units beyond those of the return, or beyond what was not paid back yet, are refused, so that a refund made on the
    order's own page in the meantime is never paid twice. What is kept for wear is not paid.
    Raises `ReturnMovedOn`, `RefundChanged`, and what a refund raises.
    """
    with transaction.atomic():
        request = lock_return(return_number)
        if request.state == ReturnState.CLOSED and request.refund is not None:
            return request
        must_be_inspected(request)
        found = proposals(request)
        must_be_within(found, settlement.lines)
        drop_exchange(request, reason=settlement.reason)  # stock is locked before the number of the refund
        refund = promise_refund(
            request.order,
            lines=with_deductions(found, settlement.lines),
            shipping=settlement.shipping,
            reason=settlement.reason,
            key=f"return:{return_number}",
            to=settlement.to,
        )
        if refund.amount != shown:
            raise RefundChanged(shown=shown, now=refund.amount)
        request.refund = refund
        request.save(update_fields=["refund", "updated"])
        end_return(request, settlement.reason)
    return request


def must_be_within(found: Sequence[Proposed], wishes: Sequence[RefundWish]) -> None:
    """Raises `ReturnMovedOn` for more units than the return has that were not paid back yet."""
    most = {(one.row.order_line_id, one.row.part_id): one.most for one in found}
    if any(wish.quantity > most.get((wish.line_id, wish.part_id), 0) for wish in wishes):
        raise ReturnMovedOn


def replace_return(*, return_number: str, answer: str) -> Order:
    """Send the units that came back once more, free of charge, and close the return, or neither; the new order.

    For exchanges into the same variant and for faults; a customer who wants another variant is paid back and orders
    it. Raises `ResolutionNotOffered`, `ReturnMovedOn`, and what sending again raises.
    """
    if not answer.strip():
        raise ReasonNeeded
    with transaction.atomic():
        request = lock_return(return_number)
        must_be_inspected(request)
        drop_exchange(request, reason="")
        units = replaceable(request)
        if not units:
            raise ResolutionNotOffered
        items = [ShipItem(line_id=line_id, quantity=count) for line_id, count in units.items()]
        child = send_again(
            number=request.order.number, items=items, reason=answer.strip(), key=f"return:{return_number}"
        )
        request.order.refresh_from_db()
        end_return(request, answer.strip())
    return child


def close_return(*, return_number: str, answer: str) -> ReturnRequest:
    """Close a return that brings no money: repaired, replaced, or declined after it was looked at.

    The customer reads the answer. Raises `ReasonNeeded`, `ReturnMovedOn`.
    """
    if not answer.strip():
        raise ReasonNeeded
    with transaction.atomic():
        request = lock_return(return_number)
        if request.state == ReturnState.CLOSED:
            return request
        must_be_inspected(request)
        drop_exchange(request, reason="")
        end_return(request, answer.strip())
    return request


def must_be_inspected(request: ReturnRequest) -> None:
    """Raises `ReturnMovedOn` before everything was looked at, and after the end."""
    if request.state != ReturnState.INSPECTED:
        raise ReturnMovedOn


def end_return(request: ReturnRequest, words: str) -> None:
    """The last step of a return: the customer reads the words. The caller holds the order's lock."""
    request.answer = words[:400]
    request.save(update_fields=["answer", "updated"])
    move_return(request, ReturnState.CLOSED, note=request.answer)
    refresh_states(request.order)
    audit.record("orders.close_return", request, reason=words)
