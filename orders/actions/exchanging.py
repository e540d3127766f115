"""The end of an exchange: what came back is set against what is sent instead, and the difference is paid or given back.

Money and goods of both orders move in one transaction; the old order's lock is taken first.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from core import audit
from core.money import Money, from_minor, to_minor
from core.retries import again_when_contended
from orders.actions.exchange_rows import drop_exchange, held_places, order_exchange, worth_of
from orders.actions.holds import open_hold_on
from orders.actions.refund_rows import EXCHANGE_BACK, ask_excess_back
from orders.actions.refund_shares import in_refund_order, refundable
from orders.actions.refunds import promise_refund
from orders.actions.returns import lock_return
from orders.actions.returns_closing import Settlement, end_return, must_be_inspected, must_be_within
from orders.actions.trail import lock_order, refresh_states
from orders.exchanging.errors import ExchangeMoved, NoExchange
from orders.exchanging.pricing import Priced, price_exchange, wanted_of
from orders.exchanging.rules import balance
from orders.models import (
    ChangeKind,
    ChangeState,
    Exchange,
    ExchangeState,
    HoldKind,
    Order,
    OrderChange,
    OrderRefund,
    OrderRefundShare,
    RefundState,
    Resolution,
    ReturnLine,
    ReturnRequest,
    ReturnState,
)
from orders.returning.errors import ReasonNeeded, ReturnMovedOn
from orders.returning.settling import proposals, with_deductions
from orders.returning.units import policy_row
from orders.types import IntoExchange, RefundWish
from payments.actions import empty_exchange, settle_advance

SHORT = gettext_noop("The exchange was sent first, and less came back than it was for.")
OVERDUE = gettext_noop("The exchange was sent first, and the goods did not come back in time.")
OUTLIVED = gettext_noop("The exchange was refunded.")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What was shown when somebody confirmed: the worth of what came back, and the total of what is sent instead."""

    worth: Money
    total: Money


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """An exchange worked out: the refund's wishes, both amounts in minor units, and what of it goes into the order.

    `priced` is None when the new order is there already.
    """

    wishes: tuple[RefundWish, ...]
    worth: int
    total: int
    credit: int
    priced: Priced | None

    @property
    def due(self) -> int:
        """What the customer still pays for what is sent instead."""
        return self.total - self.credit if self.priced is not None else 0

    @property
    def back(self) -> int:
        """What goes back to the payments."""
        return self.worth - self.credit


def exchange_of(request: ReturnRequest) -> Exchange:
    """The exchange of a return that stands. Raises `NoExchange`."""
    found = Exchange.objects.filter(return_request=request).exclude(state=ExchangeState.GIVEN_UP).first()
    if found is None:
        raise NoExchange
    return found


def reckon(request: ReturnRequest, exchange: Exchange, settlement: Settlement) -> Reckoned:
    """What settling would do, for previews and for the deed. Reads only.

    As many units are sent as are paid back. Raises `ReturnMovedOn`, `NothingToRefund`, `OutOfStock`, `ChangeRefused`.
    """
    order, found = request.order, proposals(request)
    must_be_within(found, settlement.lines)
    wishes = with_deductions(found, settlement.lines)
    worth = worth_of(order, wishes, settlement.shipping)
    if exchange.child is not None:
        total = to_minor(exchange.child.total)
        return Reckoned(wishes=wishes, worth=worth, total=total, credit=min(worth, exchange.lent_minor), priced=None)
    units = _units(request, wishes)
    priced = price_exchange(
        order,
        wanted_of(exchange, units),
        policy=policy_row(order.market).exchange_price,
        places=held_places(exchange),
    )
    total = to_minor(priced.quote.total)
    credit = balance(worth=worth, total=total).credit
    return Reckoned(wishes=wishes, worth=worth, total=total, credit=credit, priced=priced)


def _units(request: ReturnRequest, wishes: tuple[RefundWish, ...]) -> dict[int, int]:
    """Units to send, by line of the return."""
    counts = {wish.line_id: wish.quantity for wish in wishes if wish.part_id is None}
    rows = ReturnLine.objects.filter(return_request=request, part=None)
    return {row.pk: counts.get(row.order_line_id, 0) for row in rows}


@again_when_contended
def settle_exchange(*, return_number: str, settlement: Settlement, shown: Shown) -> ReturnRequest:
    """Refund what came back into the order of what is sent instead, and close the return; exactly as shown, or not.

    Cheaper: the rest goes back to the payments. Dearer: the customer pays the difference on the new order's page
    before it is sent. Again: nothing more. Raises `NoExchange`, `ReturnMovedOn`, `ExchangeMoved`, `OutOfStock`, and
    what a refund raises; nothing is written then.
    """
    if not settlement.reason.strip():
        raise ReasonNeeded
    with transaction.atomic():
        request = lock_return(return_number)
        exchange = exchange_of(request)
        if request.state == ReturnState.CLOSED and exchange.settled_at is not None:
            return request
        must_be_inspected(request)
        reckoned = reckon(request, exchange, settlement)
        _as_shown(request.order, reckoned, shown)
        before = to_minor(request.order.total)
        if reckoned.priced is not None:
            order_exchange(exchange, request.order, reckoned.priced, credit_minor=reckoned.credit, why="refunded")
        _refund_into(request, exchange, reckoned, settlement)
        _keep_change(request, exchange, before, settlement.reason)
        end_return(request, settlement.reason)
        audit.record(
            "orders.settle_exchange",
            request,
            data={"worth": reckoned.worth, "total": reckoned.total, "credit": reckoned.credit},
            reason=settlement.reason,
        )
    return request


def _as_shown(order: Order, reckoned: Reckoned, shown: Shown) -> None:
    for seen, minor in ((shown.worth, reckoned.worth), (shown.total, reckoned.total)):
        now = from_minor(minor, order.currency)
        if seen != now:
            raise ExchangeMoved(shown=seen, now=now)


def _refund_into(request: ReturnRequest, exchange: Exchange, reckoned: Reckoned, settlement: Settlement) -> None:
    """Promise the worth back: as much as is meant for it into the exchange, which has it already; the rest as usual."""
    order, was_lent = request.order, reckoned.priced is None
    refund = promise_refund(
        order,
        lines=reckoned.wishes,
        shipping=settlement.shipping,
        reason=settlement.reason,
        key=f"return:{request.number}",
        to=IntoExchange(exchange_id=exchange.pk, minor=reckoned.credit),
    )
    for share in refund.shares.filter(exchange=exchange):
        share.become(state=RefundState.SUCCEEDED)
    request.refund = refund
    request.save(update_fields=["refund", "updated"])
    exchange.settled_minor += reckoned.credit
    exchange.settled_at = timezone.now()
    exchange.save(update_fields=["settled_minor", "settled_at", "updated"])
    if was_lent:
        amount = from_minor(reckoned.credit, order.currency)
        settle_advance(exchange_ref=exchange.ref, amount=amount, key=refund.number)
        _ask_about_rest(order, exchange, SHORT)


def _ask_about_rest(order: Order, exchange: Exchange, why: str) -> None:
    """What was lent and is not covered by goods is a person's to decide about."""
    if exchange.lent_minor:
        open_hold_on(
            order,
            kind=HoldKind.PAYMENT_MISMATCH,
            key=f"exchange:{exchange.pk}",
            reason=why,
            facts={"amount": str(from_minor(exchange.lent_minor, order.currency).amount), "currency": order.currency},
        )


def _keep_change(request: ReturnRequest, exchange: Exchange, before: int, reason: str) -> None:
    """The exchange in the old order's list of changes. Its own total stands: what came back is a refund."""
    order = request.order
    assert exchange.child is not None  # noqa: S101 (an exchange that is settled is ordered)
    OrderChange.objects.create(
        order=order,
        key=f"return:{request.number}",
        version=order.version,
        kind=ChangeKind.EXCHANGE,
        state=ChangeState.CONFIRMED,
        delta_total=from_minor(0, order.currency),
        reason=reason.strip()[:200],
        plan={"return": request.number, "wants": exchange.wants},
        before={"totals": {"total": before}},
        after={"child": exchange.child.number, "credit": exchange.credit_minor},
        actor_id=audit.current_actor().user_id,
        decided_at=timezone.now(),
    )


def give_up_exchange(*, return_number: str, reason: str) -> ReturnRequest:
    """The exchange does not come, the return goes on and brings money back. Again: nothing more.

    Raises `NoExchange`, `AlreadyOrdered`, `ReasonNeeded`, `ReturnMovedOn`.
    """
    if not reason.strip():
        raise ReasonNeeded
    with transaction.atomic():
        request = lock_return(return_number)
        if request.resolution == Resolution.REFUND:
            return request
        if request.resolution != Resolution.EXCHANGE:
            raise NoExchange
        if request.state in (ReturnState.CLOSED, ReturnState.REJECTED, ReturnState.CANCELED):
            raise ReturnMovedOn
        drop_exchange(request, reason=reason.strip())
        request.resolution = Resolution.REFUND
        request.save(update_fields=["resolution", "updated"])
        refresh_states(request.order)
        audit.record("orders.give_up_exchange", request, reason=reason)
    return request


def bring_exchange_back(*, child_number: str) -> int:
    """What a refund of the new order has put back into the exchange goes on; returns how much, in minor units.

    What was lent ends as it began. What goods came back for is paid back to the payments of the old order, which
    brought it. Each call takes what is there, so that it can be called at any time.
    """
    found = Exchange.objects.filter(child__number=child_number).values_list("return_request__order__number", flat=True)
    number = found.first()
    if number is None:
        return 0
    with transaction.atomic():
        order = lock_order(number)
        exchange = Exchange.objects.select_related("return_request").get(child__number=child_number)
        room = exchange.credit_minor - exchange.returned_minor
        lent = empty_exchange(
            exchange_ref=exchange.ref, minor=exchange.lent_minor, why="advanced", order_ref=child_number
        )
        back = empty_exchange(exchange_ref=exchange.ref, minor=room - lent, why="refunded", order_ref=child_number)
        if not lent + back:
            return 0
        exchange.returned_minor += lent + back
        exchange.save(update_fields=["returned_minor", "updated"])
        _pay_back(order, exchange, back)
        refresh_states(order)
    return lent + back


def _pay_back(order: Order, exchange: Exchange, minor: int) -> None:
    """The share that went into the exchange is smaller now, and as much goes to the payments instead."""
    if not minor:
        return
    left = minor
    for share in OrderRefundShare.objects.filter(exchange=exchange, state=RefundState.SUCCEEDED).order_by("pk"):
        part = min(left, to_minor(share.amount) - share.returned_minor)
        share.returned_minor += part
        share.save(update_fields=["returned_minor", "updated"])
        left -= part
    left = min(minor, refundable(order))
    for receipt in in_refund_order(order):
        if left <= 0:
            return
        key = f"{EXCHANGE_BACK}{exchange.pk}:{exchange.returned_minor}:{receipt.payment_ref}"
        asked: OrderRefund | None = ask_excess_back(
            order,
            payment_ref=receipt.payment_ref,
            wanted=from_minor(left, order.currency),
            key=key,
            reason=OUTLIVED,
        )
        left -= to_minor(asked.amount) if asked is not None else 0


def chase_sent_first(*, limit: int = 100) -> int:
    """Ask a person about goods that were exchanged in advance and did not come back in time; returns how many."""
    today = timezone.now().date()
    late = Exchange.objects.filter(
        Q(return_request__state__in=[ReturnState.APPROVED, ReturnState.LABEL_SENT]),
        state=ExchangeState.ORDERED,
        settled_at__isnull=True,
        credit_minor__gt=F("settled_minor") + F("returned_minor"),
        return_request__send_by__lt=today,
    )
    numbers = list(late.order_by("pk").values_list("return_request__number", flat=True)[:limit])
    return sum(_chase(number) for number in numbers)


def _chase(return_number: str) -> bool:
    with transaction.atomic():
        request = lock_return(return_number)
        exchange = exchange_of(request)
        if request.order.holds.filter(key=f"exchange:{exchange.pk}").exists():
            return False
        _ask_about_rest(request.order, exchange, OVERDUE)
    return True
