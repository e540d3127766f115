"""Parcels in trouble: opened by what is heard or missed, taken care of by people, ended by either."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.events import publish
from orders.actions.trail import lock_order, write_event
from orders.desk_errors import OwnerUnknown
from orders.errors import ReasonMissing
from orders.events import ParcelInTrouble
from orders.logistics.errors import ExceptionClosed
from orders.logistics.trouble import RULES, is_over
from orders.models import ClaimState, ExceptionKind, Fulfillment, Order, Package, ParcelException, ParcelProof
from orders.returning.files import Sent, looked_at

MOST_FILES = 10


def open_exception_on(
    order: Order, parcel: Fulfillment, *, kind: str, package: Package | None = None, said: str = ""
) -> ParcelException | None:
    """Open one, or say nothing when it is open already. The caller holds the order's lock."""
    row, made = ParcelException.objects.get_or_create(
        fulfillment=parcel,
        kind=kind,
        resolved_at=None,
        defaults={
            "order": order,
            "package": package,
            "said": said[:300],
            "due_at": timezone.now() + RULES[kind].within,
        },
    )
    if not made:
        return None
    write_event(order, "parcel.trouble", note=said[:300], parcel=parcel.position, trouble=kind)
    publish(ParcelInTrouble(number=order.number, exception_id=row.pk, kind=kind))
    return row


def open_exception(*, fulfillment_id: int, kind: str, said: str) -> ParcelException | None:
    """Open one by hand or for a warehouse; None when it is open already."""
    with transaction.atomic():
        number = Fulfillment.objects.values_list("order__number", flat=True).get(pk=fulfillment_id)
        order = lock_order(number)
        parcel = Fulfillment.objects.lock().get(pk=fulfillment_id)
        return open_exception_on(order, parcel, kind=ExceptionKind(kind), said=said)


def end_what_is_over(order: Order, parcel: Fulfillment, *, status: str, keep: str = "") -> int:
    """Close what the parcel has left behind, save the kind that was just opened. The caller holds the order's lock."""
    over = [
        row
        for row in ParcelException.objects.lock().filter(fulfillment=parcel, resolved_at=None)
        if row.kind != keep and is_over(row.kind, status)
    ]
    for row in over:
        _close(order, row, _("The parcel has moved on."), by_itself=True)
    return len(over)


def plan_exception(
    *, exception_id: int, owner_id: int | None, due_at: datetime | None, waits_until: datetime | None = None
) -> ParcelException:
    """Say who takes care of it, until when, and whether somebody else has the next word. Raises `OwnerUnknown`."""
    with transaction.atomic():
        _order, row = _open(exception_id)
        if owner_id is not None and not get_user_model().objects.filter(pk=owner_id, is_staff=True).exists():
            raise OwnerUnknown
        row.owner_id, row.waits_until = owner_id, waits_until
        row.due_at = max(due_at or row.due_at, waits_until or due_at or row.due_at)
        row.save(update_fields=["owner", "waits_until", "due_at", "updated"])
        audit.record("orders.plan_exception", row)
    return row


def resolve_exception(*, exception_id: int, resolution: str) -> ParcelException:
    """What was done about it. Raises `ReasonMissing`, `ExceptionClosed`."""
    if not resolution.strip():
        raise ReasonMissing
    with transaction.atomic():
        order, row = _open(exception_id)
        _close(order, row, resolution.strip()[:500])
        audit.record("orders.resolve_exception", row, reason=resolution)
    return row


def note_claim(*, exception_id: int, state: str, reference: str) -> ParcelException:
    """What stands with the claim against the carrier; also after the trouble itself is over."""
    with transaction.atomic():
        row = ParcelException.objects.select_related("order").get(pk=exception_id)
        order = lock_order(row.order.number)
        row = ParcelException.objects.lock().get(pk=exception_id)
        row.claim, row.claim_ref = ClaimState(state), reference.strip()[:80]
        row.claimed_at = row.claimed_at or (timezone.now() if state != ClaimState.NONE else None)
        row.save(update_fields=["claim", "claim_ref", "claimed_at", "updated"])
        write_event(order, "parcel.claim", note=row.claim_ref, claim=row.claim, trouble=row.kind)
        audit.record("orders.note_claim", row, data={"claim": row.claim})
    return row


def add_proofs(*, exception_id: int, files: Sequence[Sent]) -> int:
    """Keep files about it; returns how many. Pictures are written anew, PDF is taken. Raises `FileRefused`."""
    clean = [looked_at(one, position=number, takes_documents=True) for number, one in enumerate(files[:MOST_FILES], 1)]
    with transaction.atomic():
        order, row = _open(exception_id)
        for called, content_type, content in clean:
            proof = ParcelProof(exception=row, called=called, content_type=content_type, size=len(content))
            proof.stored.save(f"parcels/{row.pk}-{called}", ContentFile(content), save=True)
        write_event(order, "parcel.proof", trouble=row.kind, files=len(clean))
        audit.record("orders.add_proofs", row, data={"files": len(clean)})
    return len(clean)


def _open(exception_id: int) -> tuple[Order, ParcelException]:
    """Both locked, order first. Raises `ExceptionClosed`."""
    number = ParcelException.objects.values_list("order__number", flat=True).get(pk=exception_id)
    order = lock_order(number)
    row = ParcelException.objects.lock().get(pk=exception_id)
    if not row.is_open:
        raise ExceptionClosed
    return order, row


def _close(order: Order, row: ParcelException, resolution: str, *, by_itself: bool = False) -> None:
    row.resolved_at, row.resolution = timezone.now(), resolution
    row.resolved_by_id = None if by_itself else audit.current_actor().user_id
    row.save(update_fields=["resolved_at", "resolution", "resolved_by", "updated"])
    write_event(order, "parcel.trouble_over", note=resolution, trouble=row.kind)
