"""Holds: exceptions a person must decide; and notes."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from core import audit
from core.events import publish
from orders.actions.trail import lock_order, write_event
from orders.changes.errors import ChangeWaiting
from orders.errors import HoldUnknown, ReasonMissing
from orders.events import HoldOpened
from orders.models import HoldKind, Order, OrderHold

WITH_CHANGE = "change:"
"""How the keys of holds begin that end with a change: when it is paid for, expires or is given up."""


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
            "opened_by_id": audit.current_actor().user_id,
        },
    )
    if made:
        write_event(order, "hold.opened", note=reason, hold=hold.pk, hold_kind=kind)
        publish(HoldOpened(number=order.number, hold_id=hold.pk, kind=kind))
    return hold


def open_hold(*, number: str, reason: str, kind: str = HoldKind.MANUAL) -> OrderHold:
    """Stop an order by hand until somebody resolves it. Raises `ReasonMissing`."""
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        count = order.holds.count()
        hold = open_hold_on(order, kind=kind, key=f"{kind}:{number}:{count + 1}", reason=reason.strip())
        audit.record("orders.open_hold", order, reason=reason)
    return hold


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
    return hold


def add_note(*, number: str, note: str, to_customer: bool = False) -> None:
    """Write a note into the order's history; to the customer only when said so. Raises `ReasonMissing`."""
    if not note.strip():
        raise ReasonMissing
    with transaction.atomic():
        order = lock_order(number)
        write_event(order, "note", to_customer=to_customer, note=note.strip())
        audit.record("orders.add_note", order)
