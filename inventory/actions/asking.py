"""Asking carriers where parcels are. Answers are kept like messages, so that there is one way in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core.errors import DomainError
from core.http import refuse_open_transaction
from inventory.actions.carrier_inbox import keep_message
from inventory.actions.following import by_account, followed_of, note_answer, note_trouble
from inventory.carriers.protocols import Tracks, TracksByWebhook
from inventory.carriers.registry import ability, can
from inventory.carriers.talking import body_of, digest
from inventory.carriers.types import Told
from inventory.models import CarrierAccount, CarrierMessage, TrackedParcel
from inventory.waiting import wait_before

KIND = "answer"
LEASE = timedelta(minutes=10)
AT_ONCE = 40
EVERY = timedelta(hours=2)
"""How often a carrier is asked that says nothing by itself; one that does is asked now and then all the same."""
EVERY_WITH_WEBHOOK = timedelta(hours=12)
STOP_AFTER = timedelta(days=120)
State = TrackedParcel.State


def ask_due(*, limit: int = 200) -> int:
    """Ask carriers about the numbers whose time has come; returns how many answers were kept."""
    refuse_open_transaction()
    due = TrackedParcel.objects.filter(state=State.FOLLOWED, next_poll_at__lte=Now(), account__is_active=True)
    answers = 0
    for account, parcels in by_account(due.order_by("next_poll_at")[:limit]):
        if not can(account, Tracks):
            pks = [one.pk for one in parcels]
            TrackedParcel.objects.filter(pk__in=pks).update(next_poll_at=Now() + STOP_AFTER)
            continue
        for start in range(0, len(parcels), AT_ONCE):
            answers += _ask(account, parcels[start : start + AT_ONCE])
    return answers


def keep_answer(account: CarrierAccount, payload: Any) -> CarrierMessage:
    """The answer. The same answer as before is the same message: nothing has happened since."""
    return keep_message(account, Told(event_id=f"{KIND}:{digest(body_of(payload))}", kind=KIND, payload=payload))


def _ask(account: CarrierAccount, parcels: Sequence[TrackedParcel]) -> int:
    """Ask one carrier about some numbers; silence is asked again later and later."""
    rows = TrackedParcel.objects.filter(pk__in=[one.pk for one in parcels])
    rows.update(next_poll_at=Now() + LEASE)
    try:
        payload = ability(account, Tracks).track([followed_of(one) for one in parcels])
    except DomainError as trouble:
        failures = max(one.failures for one in parcels) + 1
        rows.update(failures=F("failures") + 1, next_poll_at=Now() + wait_before(failures))
        note_trouble(account, trouble)
        return 0
    note_answer(account)
    rows.update(next_poll_at=Now() + (EVERY_WITH_WEBHOOK if can(account, TracksByWebhook) else _pause(account)))
    rows.filter(sent_at__lt=timezone.now() - STOP_AFTER).update(state=State.ENDED)
    keep_answer(account, payload)
    return 1


def _pause(account: CarrierAccount) -> timedelta:
    """How long to wait before asking again; an account may say so in minutes."""
    said = str((account.options or {}).get("poll_minutes", ""))
    return timedelta(minutes=max(1, int(said))) if said.isdigit() else EVERY
