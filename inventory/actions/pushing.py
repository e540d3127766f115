"""Parcels that another warehouse packs: sent over once, called back, and what is heard of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.events import publish
from core.http import refuse_open_transaction
from core.wakeups import wake_on_commit
from inventory.actions.following import note_answer, note_trouble
from inventory.carriers.protocols import Packs
from inventory.carriers.registry import ability
from inventory.carriers.threepl.messages import ParcelNews
from inventory.errors import CarrierRefused
from inventory.events import ParcelLeftElsewhere, ParcelRefusedElsewhere
from inventory.models import PUSHING, CarrierAccount, ParcelPush, PushState
from inventory.waiting import wait_before

LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = 12


def connection_of(warehouse_code: str) -> CarrierAccount | None:
    """The account by which a warehouse of somebody else's is reached; None for our own."""
    rows = CarrierAccount.objects.filter(adapter="threepl", is_active=True, warehouse__code=warehouse_code)
    return rows.first()


def push_parcel(
    *, account: CarrierAccount, parcel_ref: str, order_ref: str, content: Mapping[str, Any]
) -> tuple[ParcelPush, bool]:
    """Have a parcel sent over; whether this is news.

    One that was refused or called back is sent over again. One that is another by now is called back first and then
    sent over as it is; what was not sent yet is simply another.
    """
    with transaction.atomic():
        row, made = ParcelPush.objects.get_or_create(
            parcel_ref=parcel_ref, defaults={"order_ref": order_ref, "account": account, "content": dict(content)}
        )
        row = ParcelPush.objects.lock().get(pk=row.pk)
        again = not made and _again(row, dict(content))
        if made or again:
            audit.record("inventory.push_parcel", row, data={"order": order_ref, "account": account.code})
            wake_on_commit("inventory.tasks.push_parcels")
    return row, made or again


def _again(row: ParcelPush, content: dict[str, Any]) -> bool:
    """Send over anew what may be, or what changed; whether anything is to be done. The caller holds the row's lock."""
    if row.state in (PushState.REFUSED, PushState.CANCELED):
        _anew(row, content)
        return True
    if row.content == content or row.state == PushState.SHIPPED:
        return False
    if row.state == PushState.WAITING and not row.attempts:
        row.content = content
        row.save(update_fields=["content", "updated"])
        return True
    is_news = row.then_content != content
    row.then_content = content
    row.save(update_fields=["then_content", "updated"])
    if row.state != PushState.CANCEL_WAITING:
        _call_back(row)
    return is_news


def _anew(row: ParcelPush, content: dict[str, Any]) -> None:
    """Back to the beginning, under a new key."""
    row.become(state=PushState.WAITING)
    row.content, row.then_content, row.round = content, None, row.round + 1
    row.external_ref, row.attempts, row.next_attempt_at = "", 0, timezone.now()
    row.save(
        update_fields=[
            "content",
            "then_content",
            "round",
            "external_ref",
            "attempts",
            "next_attempt_at",
            "updated",
        ]
    )


def _call_back(row: ParcelPush) -> None:
    if row.state == PushState.WAITING:  # a try may have reached it without our knowing
        row.become(state=PushState.SENT)
    row.become(state=PushState.CANCEL_WAITING)
    row.attempts, row.next_attempt_at = 0, timezone.now()
    row.save(update_fields=["attempts", "next_attempt_at", "updated"])
    wake_on_commit("inventory.tasks.push_parcels")


def _called_back(row: ParcelPush) -> None:
    """It is stopped there; what it became meanwhile is sent over now."""
    row.become(state=PushState.CANCELED)
    if row.then_content is not None:
        _anew(row, row.then_content)
        wake_on_commit("inventory.tasks.push_parcels")


def recall_parcel(*, parcel_ref: str) -> ParcelPush | None:
    """Call a parcel back; None when it was never sent over, or has left."""
    with transaction.atomic():
        row = ParcelPush.objects.filter(parcel_ref=parcel_ref).lock().first()
        if row is None or row.state in (PushState.SHIPPED, PushState.CANCELED):
            return None
        if row.then_content is not None:  # nothing follows any more
            row.then_content = None
            row.save(update_fields=["then_content", "updated"])
        if row.state == PushState.CANCEL_WAITING:
            return None
        if row.state == PushState.REFUSED or (row.state == PushState.WAITING and not row.attempts):
            row.become(state=PushState.CANCELED)
        else:
            _call_back(row)
    return row


def push_due(*, limit: int = 50) -> int:
    """Send over, and call back, what is due; returns how many were tried. No transaction is open."""
    refuse_open_transaction()
    due = ParcelPush.objects.filter(state__in=PUSHING, next_attempt_at__lte=Now()).order_by("next_attempt_at")
    found = list(due.select_related("account")[:limit])
    for row in found:
        taken = ParcelPush.objects.filter(pk=row.pk, state=row.state, next_attempt_at__lte=Now()).update(
            attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE
        )
        if taken:
            _try(row)
    return len(found)


def hear_of_parcel(*, account: CarrierAccount, news: ParcelNews) -> bool:
    """What the other warehouse says of a parcel; whether it is ours. Old news after newer ones change nothing."""
    wanted = {
        "parcel.accepted": PushState.ACCEPTED,
        "parcel.shipped": PushState.SHIPPED,
        "parcel.refused": PushState.REFUSED,
        "parcel.stopped": PushState.CANCELED,
    }[news.kind]
    with transaction.atomic():
        row = ParcelPush.objects.filter(parcel_ref=news.parcel_ref, account=account).lock().first()
        if row is None:
            return False
        if row.state == PushState.WAITING and row.attempts:  # it knows the parcel although its answer was lost
            row.become(state=PushState.SENT)
        if not row.may_become("state", wanted):
            return True
        if wanted == PushState.CANCELED:
            _called_back(row)
            return True
        row.become(state=wanted)
        row.external_ref = news.external_ref or row.external_ref
        row.last_error = news.said[:500] if wanted == PushState.REFUSED else ""
        row.save(update_fields=["external_ref", "last_error", "updated"])
        if wanted == PushState.SHIPPED:
            publish(
                ParcelLeftElsewhere(
                    parcel_ref=row.parcel_ref,
                    carrier=news.carrier or account.name,
                    tracking_no=news.tracking_no,
                    tracking_url=news.tracking_url,
                )
            )
        if wanted == PushState.REFUSED:
            publish(ParcelRefusedElsewhere(parcel_ref=row.parcel_ref, reason=news.reason, said=news.said))
    return True


def _try(row: ParcelPush) -> None:
    """One try. The key is the parcel's and the round's, so that a try whose answer was lost orders nothing twice."""
    is_recall = row.state == PushState.CANCEL_WAITING
    try:
        packs = ability(row.account, Packs)
        if is_recall:
            stopped = packs.recall(row.parcel_ref, row.external_ref, f"recall:{row.parcel_ref}:{row.round}")
            note_answer(row.account)
            _recalled(row, stopped=stopped)
        else:
            ref = packs.push(row.content, f"parcel:{row.parcel_ref}:{row.round}")
            note_answer(row.account)
            _sent(row, ref)
    except DomainError as trouble:
        note_trouble(row.account, trouble)
        _failed(row, trouble)


def _sent(row: ParcelPush, external_ref: str) -> None:
    with transaction.atomic():
        held = ParcelPush.objects.lock().get(pk=row.pk)
        if held.state == PushState.WAITING:
            held.become(state=PushState.SENT)
        held.external_ref, held.last_error = held.external_ref or external_ref, ""
        held.save(update_fields=["external_ref", "last_error", "updated"])


def _recalled(row: ParcelPush, *, stopped: bool) -> None:
    """Stopped at once, or to be told of by a message; asked again meanwhile."""
    with transaction.atomic():
        held = ParcelPush.objects.lock().get(pk=row.pk)
        if held.state != PushState.CANCEL_WAITING:
            return
        if stopped:
            _called_back(held)
            return
        held.next_attempt_at = timezone.now() + wait_before(held.attempts + 3)
        held.save(update_fields=["next_attempt_at", "updated"])


def _failed(row: ParcelPush, trouble: DomainError) -> None:
    """Silence is tried again; a no, or too long a silence, is somebody's work."""
    said = str(getattr(trouble, "reason", "") or trouble)[:500]
    with transaction.atomic():
        held = ParcelPush.objects.lock().get(pk=row.pk)
        held.last_error = said
        held.next_attempt_at = timezone.now() + wait_before(held.attempts)
        held.save(update_fields=["last_error", "next_attempt_at", "updated"])
        is_over = isinstance(trouble, CarrierRefused) or held.attempts >= GIVE_UP_AFTER
        if is_over and held.may_become("state", PushState.REFUSED):
            held.become(state=PushState.REFUSED)
            publish(ParcelRefusedElsewhere(parcel_ref=held.parcel_ref, reason="other", said=said[:300]))
