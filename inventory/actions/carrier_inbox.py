"""The inbox of carriers: keep first, answer fast, act later."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.wakeups import wake_on_commit
from inventory.actions.following import hear
from inventory.actions.pushing import hear_of_parcel
from inventory.actions.told_stock import set_told_stock
from inventory.carriers.protocols import Tracks, TracksByWebhook
from inventory.carriers.reading import text
from inventory.carriers.registry import ability, account_named, adapter_named
from inventory.carriers.threepl.messages import parcel_news, stock_news
from inventory.carriers.types import Told
from inventory.models import CarrierAccount, CarrierMessage
from inventory.waiting import wait_before

LEASE = timedelta(minutes=1)
GIVE_UP_AFTER = 8
KEPT_FOR = timedelta(days=60)
"""Messages of carriers name receivers and places: worked on, they are forgotten after so long."""
State = CarrierMessage.State


def record_message(*, account_code: str, headers: Mapping[str, str], body: bytes) -> Told:
    """Verify a message on its raw bytes and keep it once. Nothing is decided here.

    Raises `BadCarrierMessage`, `CarrierUnknown` and `CarrierCannot`; nothing is stored then.
    """
    account = account_named(account_code)
    told = ability(account, TracksByWebhook).verify(headers, body)
    keep_message(account, told)
    return told


def keep_message(account: CarrierAccount, told: Told) -> CarrierMessage:
    """The message, kept once, and a worker woken for it."""
    with transaction.atomic():
        CarrierMessage.objects.bulk_create(
            [
                CarrierMessage(
                    account=account,
                    event_id=told.event_id,
                    kind=told.kind,
                    payload=told.payload,
                    state=State.RECEIVED if told.relevant else State.IGNORED,
                    processed_at=None if told.relevant else timezone.now(),
                )
            ],
            ignore_conflicts=True,
        )
        message = CarrierMessage.objects.get(account=account, event_id=told.event_id)
        if message.processed_at is None:
            wake_on_commit("inventory.tasks.process_carrier_message", message.pk)
    return message


def process_message(*, message_pk: int) -> CarrierMessage:
    """Act on one message. Safe to repeat: parcels know what they heard, stock what it was told."""
    message = CarrierMessage.objects.select_related("account__warehouse").get(pk=message_pk)
    if not _claim(message):
        return message
    try:
        matched = _act(message)
    except DomainError as trouble:
        return _postpone(message, trouble)
    return _finish(message, State.PROCESSED if matched else State.UNMATCHED)


def process_inbox(*, limit: int = 100) -> int:
    """Act on every message whose time has come; returns how many were tried."""
    due = CarrierMessage.objects.filter(processed_at=None, next_attempt_at__lte=Now()).order_by("next_attempt_at")
    found = list(due.values_list("pk", flat=True)[:limit])
    for message_pk in found:
        process_message(message_pk=message_pk)
    return len(found)


def reread_messages(*, message_pks: list[int]) -> int:
    """Have messages worked on again, after a code was taught or a parcel is known now; returns how many."""
    with transaction.atomic():
        rows = CarrierMessage.objects.filter(pk__in=message_pks).exclude(state=State.IGNORED)
        count = rows.update(state=State.RECEIVED, processed_at=None, next_attempt_at=Now(), attempts=0)
        audit.record("inventory.reread_messages", "inventory.CarrierMessage", data={"count": count})
        wake_on_commit("inventory.tasks.process_carrier_inbox")
    return count


def forget_old_messages(*, limit: int = 5000) -> int:
    """Delete messages that were worked on long ago; returns how many."""
    old = CarrierMessage.objects.filter(processed_at__lt=timezone.now() - KEPT_FOR).order_by("pk")
    return CarrierMessage.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]


def _act(message: CarrierMessage) -> bool:
    """What the message says, done; whether anything of it was ours."""
    account, payload = message.account, message.payload
    if account.adapter == "threepl":
        news = parcel_news(payload)
        if news is not None:
            return hear_of_parcel(account=account, news=news)
        counted = stock_news(payload)
        if counted is not None:
            return set_told_stock(account=account, news=counted, key=message.event_id)
    adapter = adapter_named(account.adapter, account.access)
    if not isinstance(adapter, Tracks | TracksByWebhook):
        return False
    found = [
        hear(account=account, provider=provider_of(account, payload), tracking=one) for one in adapter.read(payload)
    ]
    return any(found)


def provider_of(account: CarrierAccount, payload: Any) -> str:
    """Whose codes the message speaks: of a relay, those of the carrier it names."""
    return text(payload, "provider") if account.adapter == "relay" else account.adapter


def _claim(message: CarrierMessage) -> bool:
    """Take the message for a while. A dead worker's claim runs out by itself."""
    taken = CarrierMessage.objects.filter(pk=message.pk, processed_at=None, next_attempt_at__lte=Now()).update(
        attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE
    )
    message.refresh_from_db()
    return bool(taken)


def _finish(message: CarrierMessage, state: str, error: str = "") -> CarrierMessage:
    message.state, message.processed_at, message.last_error = state, timezone.now(), error
    message.save(update_fields=["state", "processed_at", "last_error"])
    return message


def _postpone(message: CarrierMessage, trouble: DomainError) -> CarrierMessage:
    """Try again later; what keeps being refused is somebody's work."""
    said = f"{trouble.code}: {trouble}"[:500]
    if message.attempts >= GIVE_UP_AFTER:
        return _finish(message, State.FAILED, said)
    message.last_error = said
    message.next_attempt_at = timezone.now() + wait_before(message.attempts)
    message.save(update_fields=["last_error", "next_attempt_at"])
    return message
