"""Withdrawing from goods whose exchange was sent before they are back: both contracts stand for themselves.

The goods come back by the return that is open already, and it becomes the withdrawal's. What was lent is set against
whichever goods come back first; who sends back both is paid once (decision 31). Callers hold the old order's lock.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from core import audit
from orders.actions.holds import open_hold_on
from orders.actions.trail import lock_order
from orders.models import Exchange, ExchangeState, HoldKind, Order, OrderLine, ReturnRequest, ReturnState
from orders.returning.rules import WITHDRAWAL

ASK_FIRST = gettext_noop(
    "The customer has withdrawn from the order that this one was exchanged for. Ask whether they still want it."
)
ENDED = (ReturnState.CLOSED, ReturnState.REJECTED, ReturnState.CANCELED)


def take_over(order: Order, lines: Sequence[OrderLine]) -> list[ReturnRequest]:
    """Open returns of nothing but these lines, whose exchange was ordered, are a withdrawal's from now on."""
    chosen = {line.pk for line in lines}
    found = order.returns.filter(exchange__state=ExchangeState.ORDERED, exchange__settled_at=None)
    taken = []
    for request in found.exclude(state__in=ENDED).exclude(reason=WITHDRAWAL).order_by("pk"):
        if set(request.lines.values_list("order_line", flat=True)) <= chosen:
            audit.record("orders.withdraw_exchanged", request, data={"was": request.reason})
            request.reason = WITHDRAWAL
            request.save(update_fields=["reason", "updated"])
            taken.append(request)
    return taken


def stop_exchanges(requests: Sequence[ReturnRequest], *, statement: str) -> None:
    """What was to be sent instead, and has not left, waits for somebody who asks the customer about it."""
    numbers = Exchange.objects.filter(return_request__in=requests).values_list("child__number", flat=True)
    for number in numbers.order_by("child"):
        child = lock_order(number or "")
        if child.is_open and any(line.qty_open for line in child.lines.all()):
            open_hold_on(
                child,
                kind=HoldKind.MANUAL,
                key=f"withdrawal:{statement}:{child.number}",
                reason=ASK_FIRST,
                facts={"withdrawal": statement},
            )
