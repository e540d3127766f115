"""Withdrawals: kept as they are declared, whatever becomes of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.events import publish
from core.sequences import spread_number
from markets.queries import market_of_record
from markets.types import MarketContext
from orders.actions.downloads import revoke_rows
from orders.actions.holds import open_hold_on
from orders.actions.placing import email_hash
from orders.actions.returns import next_return_number, replace_by_withdrawal
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.actions.withdrawn_exchanges import stop_exchanges, take_over
from orders.errors import NothingToWithdraw
from orders.events import WithdrawalReceived
from orders.models import (
    HoldKind,
    Order,
    OrderLine,
    Resolution,
    ReturnLine,
    ReturnRequest,
    Timeliness,
    WithdrawalStatement,
)
from orders.returning.rules import WITHDRAWAL
from orders.returning.units import Coming, coming_back
from orders.withdrawing import Period, period_of

PREFIX = "W"
REASON = WITHDRAWAL
HOLD_REASON = gettext_noop("The customer has withdrawn from this order. Do not send what has not left.")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What somebody states: who they are, which contract, where the receipt goes. Nothing else may be asked for.

    `key` names the form: the same one is one statement. `line_ids` chooses lines; none means all of the order.
    """

    key: str
    name: str
    named_order: str
    email: str
    line_ids: tuple[int, ...] = ()


def declare_withdrawal(*, declared: Declared, market: MarketContext, number: str | None) -> WithdrawalStatement:
    """Keep a statement with the moment it came in, and announce it, so that its receipt is mailed; once per `key`.

    `number` is the order that a mailed link opened, or none for a form somebody filled in: its order is looked up by
    number and email, and a statement that fits no order is kept all the same. In time it opens a return, stops what
    has not left yet, and is work for an operator; late it is kept as such. Raises `NothingToWithdraw` when everything
    chosen was withdrawn before.
    """
    with transaction.atomic():
        found = number or _number_of(declared)
        order = lock_order(found) if found else None
        earlier = WithdrawalStatement.objects.filter(key=declared.key).first()
        if earlier is not None:
            return earlier
        statement = _of_order(order, declared, market) if order is not None else _of_nobody(declared, market)
        publish(WithdrawalReceived(statement=statement.number))
    return statement


def handle_withdrawals(*, ids: Collection[int]) -> int:
    """Say that somebody has dealt with these; returns how many were still waiting."""
    with transaction.atomic():
        waiting = WithdrawalStatement.objects.select_for_update().filter(pk__in=ids, handled_at__isnull=True)
        numbers = list(waiting.order_by("pk").values_list("number", flat=True))
        who = audit.current_actor().label[:150]
        count = WithdrawalStatement.objects.filter(number__in=numbers).update(handled_at=timezone.now(), handled_by=who)
        for number in numbers:
            audit.record("orders.handle_withdrawal", f"orders.WithdrawalStatement:{number}")
    return count


def withdrawal_period(order: Order) -> Period:
    """Until when the order can be withdrawn from."""
    arrivals = list(order.fulfillments.exclude(state="canceled").values_list("delivered_at", flat=True))
    if not arrivals and not order.lines.filter(requires_shipping=True).exists():
        arrivals = [order.placed_at]  # nothing is sent: the period runs from the contract
    zone = market_of_record(order.market).timezone
    return period_of(days=order.withdrawal_days, arrivals=arrivals, timezone=zone, country=order.country)


def lines_to_withdraw(order: Order) -> list[OrderLine]:
    """Lines that are not withdrawn or canceled yet, and no download that has begun."""
    gone = ReturnLine.objects.filter(return_request__order=order, return_request__reason=REASON)
    lines = order.lines.exclude(pk__in=gone.values("order_line")).order_by("position")
    begun = set(order.entitlements.filter(first_download_at__isnull=False).values_list("order_line", flat=True))
    return [line for line in lines if line.quantity > line.qty_canceled and not _is_used_up(line, begun)]


def _is_used_up(line: OrderLine, begun: Collection[int]) -> bool:
    """A download the customer let begin cannot be withdrawn from; a set that is sent can."""
    return not line.requires_shipping and line.pk in begun


def _number_of(declared: Declared) -> str | None:
    orders = Order.objects.filter(
        number=declared.named_order.strip().upper(), email_hash=email_hash(declared.email), withdrawal_days__gt=0
    )
    return orders.values_list("number", flat=True).first()


def _of_order(order: Order, declared: Declared, market: MarketContext) -> WithdrawalStatement:
    left = lines_to_withdraw(order)
    lines = [line for line in left if line.pk in declared.line_ids] if declared.line_ids else left
    if not lines:
        raise NothingToWithdraw
    now, period = timezone.now(), withdrawal_period(order)
    timing = period.timing(now, market_of_record(order.market).timezone)
    taken = take_over(order, lines) if timing == "in_time" else []
    request = (_open_return(order, lines) or next(iter(taken), None)) if timing == "in_time" else None
    statement = _write(
        declared,
        market,
        now=now,
        order=order,
        named_order=order.number,
        return_request=request,
        goods=[
            {"name": line.name, "options": line.options_text, "quantity": line.quantity - line.qty_canceled}
            for line in lines
        ],
        timeliness=timing,
        last_day=period.last_day,
    )
    if request is not None:
        revoke_rows(order.entitlements.filter(order_line__in=lines).select_related("order"), reason=REASON)
    stop_exchanges(taken, statement=statement.number)
    write_event(order, "withdrawal.received", to_customer=True, statement=statement.number, timing=timing)
    if request is not None and any(line.qty_open for line in lines):
        open_hold_on(
            order,
            kind=HoldKind.MANUAL,
            key=f"withdrawal:{statement.number}",
            reason=HOLD_REASON,
            facts={"withdrawal": statement.number},
        )
    refresh_states(order)
    return statement


def _of_nobody(declared: Declared, market: MarketContext) -> WithdrawalStatement:
    return _write(declared, market, now=timezone.now(), timeliness=Timeliness.UNKNOWN)


def _write(declared: Declared, market: MarketContext, *, now: datetime, **facts: object) -> WithdrawalStatement:
    named = str(facts.pop("named_order", declared.named_order.strip()))[:60]
    statement, _made = WithdrawalStatement.objects.get_or_create(
        key=declared.key,
        defaults={
            "number": spread_number(PREFIX),
            "name": declared.name.strip()[:200],
            "email": declared.email.strip(),
            "named_order": named,
            "text": _("I hereby withdraw from my contract of sale of order %(number)s.") % {"number": named},
            "market": market.code,
            "language": market.language,
            "received_at": now,
            **facts,
        },
    )
    return statement


def _open_return(order: Order, lines: Collection[OrderLine]) -> ReturnRequest | None:
    """A return of what is left of these lines; none when all of it is back or in our hands already.

    Returns of them that were not sent yet give way to it.
    """
    replace_by_withdrawal(order, list(lines))
    coming = coming_back(order)
    left = {line: _left_of(line, coming) for line in lines}
    rows = [ReturnLine(order_line=line, quantity=count) for line, count in left.items() if count > 0]
    if not rows:
        return None
    request = ReturnRequest.objects.create(
        number=next_return_number(order), order=order, resolution=Resolution.REFUND, reason=REASON
    )
    for row in rows:
        row.return_request = request
    ReturnLine.objects.bulk_create(rows)
    return request


def _left_of(line: OrderLine, coming: Coming) -> int:
    """Units that are neither back nor on their way back; of a set, those of which no piece is."""
    here = line.quantity - line.qty_canceled
    whole = here - line.qty_returned
    for part in line.parts.all():
        gone = part.qty_returned + coming.get((line.pk, part.pk), 0)
        whole = min(whole, (here * part.per_set - gone) // part.per_set)
    return whole - coming.get((line.pk, None), 0)
