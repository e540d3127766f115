"""Merge orders of one customer into one, where law and money allow."""

from collections.abc import Sequence

import pgtrigger
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.events import publish
from core.money import from_minor, to_minor, zero
from core.retries import again_when_contended
from inventory.actions.moving import Moved, hand_over_promises
from inventory.queries import allocated_places
from orders.actions.changing_rows import WRITTEN_ONCE, rows_of_order
from orders.actions.closing import close_payments
from orders.actions.trail import lock_order, money_facts, move_order, refresh_states, write_event
from orders.changes.errors import CannotMerge
from orders.changes.types import TOTALS
from orders.errors import ReasonMissing
from orders.events import OrderChanged
from orders.models import (
    UNDECIDED,
    ChangeKind,
    ChangeState,
    Fulfillment,
    Lifecycle,
    LinkKind,
    Order,
    OrderAdjustment,
    OrderChange,
    OrderLine,
    OrderLink,
    OrderReceipt,
    OrderTaxLine,
    PresaleClaim,
)
from payments.queries import payment_state

ALIKE = ("market", "currency", "email_hash", "user_id", "price_mode", "duty_mode", "merchant_ref", "language")
ZEROED = (*TOTALS, "goods_refunded", "shipping_refunded")


@again_when_contended
def merge_orders(*, number: str, other: str, reason: str, key: str) -> Order:
    """Put everything of order `other` into order `number`; returns it. The other one is canceled without its goods.

    What both cost and were paid is added up to the cent. Raises `CannotMerge` with every reason, `ReasonMissing`.
    """
    if not reason.strip():
        raise ReasonMissing
    for one in (number, other):
        if payment_state(one).undecided:
            close_payments(number=one, reason="changed")
    with transaction.atomic():
        target, source = _lock_both(number, other)
        if target.changes.filter(key=key).exists():
            return target
        reasons = why_not_merge(target, source)
        if reasons:
            raise CannotMerge(reasons)
        change = _write_change(target, source, reason, key)
        _move_everything(target, source)
        _tell(target, source, change)
    return target


def _lock_both(number: str, other: str) -> tuple[Order, Order]:
    """In the order of their keys, as everywhere."""
    rows = {row.number: row for row in Order.objects.lock().filter(number__in=[number, other])}
    return rows.get(number) or lock_order(number), rows.get(other) or lock_order(other)


def why_not_merge(target: Order, source: Order) -> tuple[str, ...]:
    """Every reason why the two cannot become one, in sentences; none when they can."""
    if target.pk == source.pk:
        return (_("An order cannot be merged with itself."),)
    pair = (target, source)
    found = [
        (
            any(getattr(target, name) != getattr(source, name) for name in ALIKE[:2]),
            _("They are in different markets."),
        ),
        (
            any(getattr(target, name) != getattr(source, name) for name in ("email_hash", "user_id")),
            _("They are of different customers."),
        ),
        (
            any(getattr(target, name) != getattr(source, name) for name in ("price_mode", "duty_mode", "merchant_ref")),
            _("Their prices are made differently: with and without tax or duty, or by different sellers."),
        ),
        (target.addresses != source.addresses, _("They go to different addresses.")),
        (target.delivery_code != source.delivery_code, _("They are sent in different ways.")),
        (any(not one.is_open for one in pair), _("One of them is finished or was given up.")),
        (any(one.lines.filter(qty_shipped__gt=0).exists() for one in pair), _("Something of one of them was sent.")),
        (any(_is_touched(one) for one in pair), _("Something of one of them was canceled, refunded or returned.")),
        (any(one.entitlements.exists() for one in pair), _("One of them holds downloads.")),
        (any(one.documents.exists() for one in pair), _("An invoice of one of them was issued.")),
        (
            any(one.changes.filter(state__in=UNDECIDED).exists() for one in pair),
            _("A change of one of them waits for its payment."),
        ),
        (_money_differs(target, source), _("One of them is paid and the other one is not, or not wholly.")),
        (any(one.holds.filter(resolved_at__isnull=True).exists() for one in pair), _("One of them is on hold.")),
    ]
    return tuple(sentence for applies, sentence in found if applies)


def _is_touched(order: Order) -> bool:
    return order.lines.filter(qty_canceled__gt=0).exists() or order.refunds.exists() or order.returns.exists()


def _money_differs(target: Order, source: Order) -> bool:
    """Both wholly paid, or nothing received or held for either."""
    facts = [money_facts(target), money_facts(source)]
    undecided = any(payment_state(one.number).undecided for one in (target, source))
    paid = all(one.received >= one.total and not one.disputed for one in facts) and target.lifecycle == source.lifecycle
    unpaid = all(not one.received and not one.authorized for one in facts) and target.lifecycle == source.lifecycle
    return undecided or not (paid or unpaid)


def _write_change(target: Order, source: Order, reason: str, key: str) -> OrderChange:
    return OrderChange.objects.create(
        order=target,
        key=key,
        version=target.version,
        kind=ChangeKind.MERGE,
        delta_total=source.total,
        reason=reason.strip()[:200],
        plan={"other": source.number},
        before={**rows_of_order(target), "other": rows_of_order(source)},
        actor_id=audit.current_actor().user_id,
        decided_at=timezone.now(),
    )


def _move_everything(target: Order, source: Order) -> None:
    places = allocated_places(source.number)
    with pgtrigger.ignore(*WRITTEN_ONCE):
        renamed = _move_lines(target, source)
        OrderTaxLine.objects.filter(order=source).update(order=target)
        OrderAdjustment.objects.filter(order=source).update(order=target)
    moves = [
        Moved(from_ref=old, to_ref=new, warehouse_code=code, pieces=pieces)
        for old, new in renamed
        for code, pieces in places.get(old, ())
    ]
    if moves:
        hand_over_promises(from_order=source.number, to_order=target.number, moves=moves)
    taken = target.fulfillments.count()
    for number, parcel in enumerate(Fulfillment.objects.filter(order=source).order_by("position"), start=1):
        parcel.order, parcel.position = target, taken + number
        parcel.save(update_fields=["order", "position", "updated"])
    PresaleClaim.objects.filter(order=source).update(order=target)
    OrderReceipt.objects.filter(order=source).update(order=target)
    _add_totals(target, source)


def _move_lines(target: Order, source: Order) -> list[tuple[str, str]]:
    """Every line under a new position; returns stock's old and new names of the pieces."""
    first = max([*target.lines.values_list("position", flat=True), *_earlier(target)], default=0)
    renamed: list[tuple[str, str]] = []
    lines = OrderLine.objects.filter(order=source).prefetch_related("parts").order_by("position")
    for position, line in enumerate(lines, start=first + 1):
        old = line.ref
        line.order, line.position, line.ref = target, position, f"{target.number}/{position}"
        line.save(update_fields=["order", "position", "ref"])
        renamed.append((old, line.ref))
        for part in line.parts.all():
            before, part.ref = part.ref, f"{line.ref}.{part.position}"
            part.save(update_fields=["ref"])
            renamed.append((before, part.ref))
    return renamed


def _earlier(order: Order) -> Sequence[int]:
    return [change.after.get("top", 0) for change in order.changes.all()]


def _add_totals(target: Order, source: Order) -> None:
    known = [one.standard_delivery for one in (target, source) if one.standard_delivery is not None]
    cheapest = sum(to_minor(one) for one in known)
    for name in TOTALS:
        setattr(target, name, getattr(target, name) + getattr(source, name))
    target.standard_delivery = from_minor(cheapest, target.currency) if len(known) == len((target, source)) else None
    days = [one.arrives_to for one in (target, source) if one.arrives_to is not None]
    target.arrives_to = max(days, default=None)
    target.pay_by = max(target.pay_by, source.pay_by)
    target.save()
    for name in ZEROED:
        setattr(source, name, zero(source.currency))
    source.standard_delivery = None
    source.cancel_reason = _("Merged into order %(number)s.") % {"number": target.number}
    source.canceled_at = timezone.now()
    source.save()


def _tell(target: Order, source: Order, change: OrderChange) -> None:
    OrderLink.objects.create(source=source, target=target, kind=LinkKind.MERGED_INTO)
    move_order(source, Lifecycle.CANCELED, note=source.cancel_reason)
    change.after = {"other": source.number, "top": max(target.lines.values_list("position", flat=True))}
    change.save(update_fields=["after", "updated"])
    change.become(state=ChangeState.CONFIRMED)
    write_event(target, "order.merged", to_customer=True, note=change.reason, other=source.number)
    refresh_states(source)
    refresh_states(target)
    before = from_minor(change.before["totals"]["total"], target.currency)
    publish(
        OrderChanged(
            number=target.number, change_id=change.pk, kind=ChangeKind.MERGE, before=before, after=target.total
        )
    )
    audit.record("orders.merge_orders", target, data={"other": source.number}, reason=change.reason)
