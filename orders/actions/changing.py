"""Change a placed order: exactly what was shown, or nothing. A dearer order waits for its customer to pay."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.events import publish
from core.money import Money, from_minor, to_minor
from core.retries import again_when_contended
from inventory.actions import release_hold
from inventory.errors import HoldExpired, NotAllocated
from orders.actions.changing_rows import rows_of_order, write_projection
from orders.actions.changing_stock import free_units, hold_for, put_into_parcels, take_held, wanted_units
from orders.actions.closing import close_payments
from orders.actions.holds import WITH_CHANGE, open_hold_on
from orders.actions.placing import address_json
from orders.actions.receipts import confirm_if_paid
from orders.actions.refund_rows import ask_excess_back, excess_refunds
from orders.actions.refund_shares import in_refund_order, refundable
from orders.actions.trail import lock_order, money_facts, own_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused, ChangeWaiting, OrderMoved, PriceMoved
from orders.changes.law import keep_rules
from orders.changes.pricing import first_free, project
from orders.changes.standing import standing_of
from orders.changes.types import Plan, Projection, projection_from
from orders.errors import ReasonMissing
from orders.events import ChangeEnded, ChangeRequested, OrderChanged
from orders.models import ChangeKind, ChangeState, HoldKind, Lifecycle, Order, OrderChange, OrderHold
from payments.queries import payment_state

PAY_WITHIN = timedelta(days=3)
"""How long the customer has to pay the difference; the stock is held a little longer."""
GRACE = timedelta(hours=2)
HOLD_REASON = gettext_noop("A change of this order waits for its payment.")
PAID_SENTENCE = gettext_noop("The difference is paid, and the order is changed.")
ENDED_SENTENCE = gettext_noop("The difference was not paid, and the order stays as it was.")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was shown when somebody confirmed. The same `key` changes once. `version` is that of the order."""

    version: int
    shown: Money
    reason: str
    key: str


@again_when_contended
def change_order(*, number: str, plan: Plan, asked: Asked) -> OrderChange:
    """Change an order as it was shown. Cheaper: the difference is promised back. Dearer and paid: nothing changes
    until the customer has paid; stock is held, nothing is sent, and after `PAY_WITHIN` the change is given up.

    Call it with no transaction open. Raises `OrderMoved`, `PriceMoved`, `ChangeRefused`, `ChangeWaiting`,
    `NothingChanges`, `OutOfStock`, `ReasonMissing`; nothing is written then.
    """
    if not asked.reason.strip():
        raise ReasonMissing
    _close_open_payment(number)
    with transaction.atomic():
        order = lock_order(number)
        found = order.changes.filter(key=asked.key).first()
        if found is not None:
            return found
        if order.changes.filter(state=ChangeState.REQUESTED).exists():
            raise ChangeWaiting
        if order.version != asked.version:
            raise OrderMoved(seen=asked.version, now=order.version)
        standing = standing_of(order)
        projection = project(order, plan, standing=standing)
        if projection.difference != asked.shown:
            raise PriceMoved(shown=asked.shown, now=projection.difference)
        change = _write_change(order, plan, projection, asked)
        if projection.delta > 0 and standing.is_paid:
            _ask_for_payment(order, change, projection)
        else:
            held = hold_for(change, wanted_units(order, projection))
            _make(order, change, projection, held)
        audit.record(
            "orders.change_order",
            order,
            data={"change": change.pk, "amount": str(change.delta_total.amount), "currency": order.currency},
            reason=asked.reason,
        )
    return change


def _close_open_payment(number: str) -> None:
    """An unpaid order may have a payment under way for the old amount: it must not succeed any more."""
    order = Order.objects.filter(number=number).first()
    if order is None or order.lifecycle != Lifecycle.PENDING_PAYMENT or not payment_state(number).undecided:
        return
    if not close_payments(number=number, reason="changed"):
        raise ChangeRefused(_("A payment of this order is being decided. Try again in some minutes."))


def _write_change(order: Order, plan: Plan, projection: Projection, asked: Asked) -> OrderChange:
    addresses: dict[str, Any] = {}
    if plan.address is not None:
        addresses = {"before": order.addresses["ship"], "after": address_json(plan.address)}
    top = max([first_free(order) - 1, *(line.position for line in projection.lines)])
    return OrderChange.objects.create(
        order=order,
        key=asked.key,
        version=order.version,
        kind=ChangeKind.EDIT,
        delta_total=projection.difference,
        reason=asked.reason.strip()[:200],
        plan=plan.as_json(),
        before=rows_of_order(order),
        after={"projection": projection.as_json(), "top": top, "held": []},
        addresses=addresses,
        actor_id=audit.current_actor().user_id,
    )


def _ask_for_payment(order: Order, change: OrderChange, projection: Projection) -> None:
    demands = wanted_units(order, projection)
    change.after["held"] = hold_for(change, demands, lasts=PAY_WITHIN + GRACE)
    change.pay_by = timezone.now() + PAY_WITHIN
    change.save(update_fields=["after", "pay_by", "updated"])
    change.become(state=ChangeState.REQUESTED)
    open_hold_on(
        order,
        kind=HoldKind.MANUAL,
        key=_hold_key(change),
        reason=HOLD_REASON,
        facts={"amount": str(change.delta_total.amount), "currency": order.currency},
    )
    refresh_states(order)
    write_event(
        order,
        "change.requested",
        to_customer=True,
        note=change.reason,
        change=change.pk,
        amount=str(change.delta_total.amount),
    )
    publish(ChangeRequested(number=order.number, change_id=change.pk))


def _make(order: Order, change: OrderChange, projection: Projection, held: list[dict[str, Any]]) -> None:
    """Write the change: what is held is taken, what is not wanted is freed, then the rows."""
    take_held(order, change, held)
    free_units(order, projection)
    if change.addresses:
        order.addresses = {**order.addresses, "ship": change.addresses["after"]}
        order.country = change.addresses["after"]["country"]
    keep_rules(order, change, projection.rules)
    lines = write_projection(order, projection)
    put_into_parcels(order, held, lines)
    change.decided_at = timezone.now()
    change.save(update_fields=["decided_at", "updated"])
    change.become(state=ChangeState.CONFIRMED)
    write_event(
        order,
        "order.changed",
        to_customer=True,
        note=change.reason,
        change=change.pk,
        amount=str(change.delta_total.amount),
    )
    if order.lifecycle == Lifecycle.PENDING_PAYMENT:
        confirm_if_paid(order)
    else:
        give_back_excess(order, key=f"change:{change.pk}", reason=change.reason)
    refresh_states(order)
    publish(
        OrderChanged(
            number=order.number,
            change_id=change.pk,
            kind=change.kind,
            before=from_minor(projection.total_before, order.currency),
            after=order.total,
        )
    )


def give_back_excess(order: Order, *, key: str, reason: str) -> None:
    """Promise back what the order has received beyond what it costs now, payment by payment."""
    facts = money_facts(order)
    excess = facts.received - facts.disputed - to_minor(order.total) - excess_refunds(order)
    left = min(excess, refundable(order))
    for receipt in in_refund_order(order):
        if left <= 0:
            return
        asked = ask_excess_back(
            order,
            payment_ref=receipt.payment_ref,
            wanted=from_minor(left, order.currency),
            key=f"{key}:{receipt.payment_ref}",
            reason=reason,
        )
        left -= to_minor(asked.amount) if asked is not None else 0


def take_difference(*, order_number: str, amount: Money) -> bool:
    """Money is about to be booked: when it pays for a change that waits for it, the change is made first.

    Inside the payment's transaction. Returns whether it was made; stock that is gone leaves the order as it was, and
    the money goes back like any other that was not due.
    """
    order = own_order(order_number)
    change = order.changes.filter(state=ChangeState.REQUESTED).first() if order is not None else None
    if order is None or change is None or amount.currency.code != order.currency:
        return False
    facts = money_facts(order)
    due = to_minor(order.total) + to_minor(change.delta_total)
    if facts.received - facts.disputed - excess_refunds(order) + to_minor(amount) < due:
        return False
    projection = projection_from(change.after["projection"])
    try:
        with transaction.atomic():
            _must_still_fit(order, projection)
            _make(order, change, projection, change.after["held"])
    except (HoldExpired, ChangeRefused, NotAllocated):
        order.refresh_from_db()
        _end(order, change, ChangeState.EXPIRED, ENDED_SENTENCE)
        return False
    _resolve(change, PAID_SENTENCE)
    return True


def _must_still_fit(order: Order, projection: Projection) -> None:
    """What was refunded or canceled while the change waited cannot be changed any more."""
    known = {one.line.pk: one for one in standing_of(order).lines}
    touched = [line.line_id for line in projection.lines if line.line_id is not None]
    if any(line not in known or known[line].is_settled for line in (*projection.removed, *touched)):
        raise ChangeRefused(ENDED_SENTENCE)


def withdraw_change(*, number: str) -> OrderChange:
    """Give up a change that waits for its payment; the order stays as it was. Call it with no transaction open.

    Raises `ChangeRefused` when none waits, or while its payment is being decided.
    """
    if not close_payments(number=number, reason="changed"):
        raise ChangeRefused(_("A payment of this order is being decided. Try again in some minutes."))
    with transaction.atomic():
        order = lock_order(number)
        change = order.changes.filter(state=ChangeState.REQUESTED).first()
        if change is None:
            raise ChangeRefused(_("No change of this order waits for a payment."))
        release_hold(owner=change.ref)
        _end(order, change, ChangeState.DECLINED, ENDED_SENTENCE)
        audit.record("orders.withdraw_change", order, data={"change": change.pk})
    return change


def expire_changes(*, limit: int = 100) -> int:
    """Give up changes whose time to pay has run out; returns how many. Call it with no transaction open."""
    due = OrderChange.objects.filter(state=ChangeState.REQUESTED, pay_by__lt=timezone.now()).order_by("pay_by")
    return sum(_expire(number) for number in list(due.values_list("order__number", flat=True)[:limit]))


def _expire(number: str) -> bool:
    """The payment is closed at its provider first, so that no late success can follow."""
    if not close_payments(number=number, reason="expired"):
        return False
    with transaction.atomic():
        order = lock_order(number)
        change = order.changes.filter(state=ChangeState.REQUESTED, pay_by__lt=timezone.now()).first()
        if change is None:
            return False
        release_hold(owner=change.ref)
        _end(order, change, ChangeState.EXPIRED, ENDED_SENTENCE)
    return True


def drop_change(*, number: str) -> None:
    """The order is canceled: a change of it that waits will not come. The caller's transaction has the order.

    What was held for it is freed by `free_held_stock` afterwards: here, more has been locked already.
    """
    order = own_order(number)
    change = order.changes.filter(state=ChangeState.REQUESTED).first() if order is not None else None
    if order is not None and change is not None:
        _end(order, change, ChangeState.DECLINED, ENDED_SENTENCE)


def free_held_stock(*, change_id: int) -> int:
    """Nothing is held for a change that has ended; returns how many rows were."""
    change = OrderChange.objects.get(pk=change_id)
    return 0 if change.state == ChangeState.REQUESTED else release_hold(owner=change.ref)


def _end(order: Order, change: OrderChange, state: str, sentence: str) -> None:
    change.decided_at = timezone.now()
    change.save(update_fields=["decided_at", "updated"])
    change.become(state=state)
    _resolve(change, sentence)
    write_event(order, "change.ended", to_customer=True, change=change.pk)
    refresh_states(order)
    publish(ChangeEnded(number=order.number, change_id=change.pk))


def _hold_key(change: OrderChange) -> str:
    return f"{WITH_CHANGE}{change.pk}"


def _resolve(change: OrderChange, sentence: str) -> None:
    """The hold that stopped the parcels is resolved by itself."""
    hold = OrderHold.objects.filter(key=_hold_key(change), resolved_at__isnull=True).first()
    if hold is None:
        return
    hold.resolved_at, hold.resolved_by_id = timezone.now(), audit.current_actor().user_id
    hold.resolution = sentence
    hold.save(update_fields=["resolved_at", "resolved_by", "resolution", "updated"])
    write_event(change.order, "hold.resolved", note=sentence, hold=hold.pk)
