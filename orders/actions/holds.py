"""Holds: exceptions a person must decide; and notes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from core import audit
from core.events import publish
from orders.actions.trail import lock_order, write_event
from orders.changes.errors import ChangeWaiting
from orders.desk_errors import OwnerUnknown
from orders.errors import HoldUnknown, ReasonMissing
from orders.events import CustomerWritten, HoldOpened, HoldResolved
from orders.models import HoldKind, Order, OrderHold

WITH_CHANGE = "change:"
"""How the keys of holds begin that end with a change: when it is paid for, expires or is given up."""
WITHIN: Mapping[str, timedelta] = {
    HoldKind.FRAUD: timedelta(hours=24),
    HoldKind.PAYMENT_MISMATCH: timedelta(hours=24),
    HoldKind.ADDRESS: timedelta(days=2),
    HoldKind.STOCK: timedelta(days=2),
    HoldKind.CUSTOMS: timedelta(days=3),
    HoldKind.COMPLIANCE: timedelta(days=3),
    HoldKind.MANUAL: timedelta(days=3),
}
"""Until when a hold should be decided when nobody says another day: a buyer waits, and money may be lost meanwhile."""


def open_hold_on(
    order: Order, *, kind: str, key: str, reason: str, facts: Mapping[str, object] | None = None
) -> OrderHold:
    """Open a hold, once per `key`. The caller holds the order's lock."""
    hold, made = OrderHold.objects.get_or_create(
        key=key,
        defaults={
            "order": order,
            "kind": kind,
            "reason": reason,
            "facts": dict(facts or {}),
            "due_at": timezone.now() + WITHIN[HoldKind(kind)],
            "opened_by_id": audit.current_actor().user_id,
        },
    )
    if made:
        write_event(order, "hold.opened", note=reason, hold=hold.pk, hold_kind=kind)
        publish(HoldOpened(number=order.number, hold_id=hold.pk, kind=kind))
    return hold


def is_suspected(order: Order) -> bool:
    """Whether somebody still has to look whether the order is honest: what is handed over at once waits for that."""
    return order.holds.filter(kind=HoldKind.FRAUD, resolved_at=None).exists()


def open_hold(
    *,
    number: str,
    reason: str,
    kind: str = HoldKind.MANUAL,
    due_at: datetime | None = None,
    owner_id: int | None = None,
) -> OrderHold:
    """Stop an order by hand until somebody resolves it. Raises `ReasonMissing`, `OwnerUnknown`."""
    if not reason.strip():
        raise ReasonMissing
    _must_be_team(owner_id)
    with transaction.atomic():
        order = lock_order(number)
        count = order.holds.count()
        hold = open_hold_on(order, kind=kind, key=f"{kind}:{number}:{count + 1}", reason=reason.strip())
        audit.record("orders.open_hold", order, reason=reason)
        if due_at is not None or owner_id is not None:
            _plan(order, hold, due_at=due_at or hold.due_at, owner_id=owner_id)
    return hold


def plan_hold(*, hold_id: int, due_at: datetime | None, owner_id: int | None) -> OrderHold:
    """Say who takes care of an open hold, and until when; nobody, and no day, with none.

    Raises `HoldUnknown`, `OwnerUnknown`. Saying what is so already changes nothing.
    """
    _must_be_team(owner_id)
    with transaction.atomic():
        number = OrderHold.objects.filter(pk=hold_id).values_list("order__number", flat=True).first()
        if number is None:
            raise HoldUnknown
        order = lock_order(number)
        hold = OrderHold.objects.get(pk=hold_id)
        if not hold.is_open:
            raise HoldUnknown
        if (hold.due_at, hold.owner_id) != (due_at, owner_id):
            _plan(order, hold, due_at=due_at, owner_id=owner_id)
    return hold


def _plan(order: Order, hold: OrderHold, *, due_at: datetime | None, owner_id: int | None) -> None:
    hold.due_at, hold.owner_id = due_at, owner_id
    hold.save(update_fields=["due_at", "owner", "updated"])
    due = due_at.date().isoformat() if due_at else ""
    write_event(order, "hold.planned", hold=hold.pk, owner=str(hold.owner or ""), due=due)
    audit.record("orders.plan_hold", order, data={"hold": hold.pk, "owner": owner_id, "due": due})


def _must_be_team(user_id: int | None) -> None:
    if user_id is not None and not get_user_model().objects.filter(pk=user_id, is_staff=True, is_active=True).exists():
        raise OwnerUnknown


def resolve_hold(*, hold_id: int, resolution: str) -> OrderHold:
    """Close a hold with what was decided. Raises `HoldUnknown` when it is closed already, and `ChangeWaiting` for one
    that ends with the change it waits for."""
    if not resolution.strip():
        raise ReasonMissing
    with transaction.atomic():
        number = OrderHold.objects.filter(pk=hold_id).values_list("order__number", flat=True).first()
        if number is None:
            raise HoldUnknown
        order = lock_order(number)
        hold = OrderHold.objects.get(pk=hold_id)
        if not hold.is_open:
            raise HoldUnknown
        if hold.key.startswith(WITH_CHANGE):
            raise ChangeWaiting
        hold.resolved_at = timezone.now()
        hold.resolved_by_id = audit.current_actor().user_id
        hold.resolution = resolution.strip()
        hold.save(update_fields=["resolved_at", "resolved_by", "resolution", "updated"])
        write_event(order, "hold.resolved", note=hold.resolution, hold=hold.pk)
        audit.record("orders.resolve_hold", order, reason=hold.resolution)
        publish(HoldResolved(number=number, hold_id=hold.pk, kind=hold.kind))
    return hold


def add_note(*, number: str, note: str, to_customer: bool = False) -> None:
    """Write a note into the order's history; to the customer only when said so. Raises `ReasonMissing`."""
    if not note.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        write_event(order, "note", to_customer=to_customer, note=note.strip())
        audit.record("orders.add_note", order)


def write_to_customer(*, number: str, note: str) -> None:
    """Write to the customer: kept in the history they can read, and sent to them. Raises `ReasonMissing`."""
    if not note.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        written = write_event(order, "note", to_customer=True, note=note.strip(), mailed=True)
        publish(CustomerWritten(number=number, event_id=written.pk))
        audit.record("orders.write_to_customer", order)
