"""The outbox: consequences wait here until they have happened.

Rows are written in the business transaction and delivered by workers with `SKIP LOCKED`; a Celery wake-up
is only a hint, the rows are the truth. Each handler runs in its own transaction with the row locked, so
the mark "done" and the handler's database effects commit together.
"""

import logging
import uuid
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from core.events import Handler, from_payload
from core.models import OutboxMessage
from core.wakeups import wake_on_commit

logger = logging.getLogger(__name__)

RETRY_AFTER = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 60, 300, 1200, 3600, 14400, 21600, 43200, 86400, 86400)
)


@dataclass(frozen=True)
class Delivery:
    """What an after-handler may ask about the delivery it runs in."""

    event_id: uuid.UUID
    attempt: int


_delivery: ContextVar[Delivery | None] = ContextVar("outbox_delivery", default=None)


def current_delivery() -> Delivery:
    """The running delivery. Raises `LookupError` outside an after-handler."""
    delivery = _delivery.get()
    if delivery is None:
        raise LookupError("no outbox delivery is running")
    return delivery


def drain(limit: int = 50) -> int:
    """Deliver up to `limit` due messages, oldest first; returns how many were tried."""
    tried = 0
    while tried < limit and _deliver_one():
        tried += 1
    return tried


def _deliver_one() -> bool:
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(state=OutboxMessage.State.WAITING, next_attempt_at__lte=Now())
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if message is None:
            return False
        _attempt(message)
    return True


def _attempt(message: OutboxMessage) -> None:
    token = _delivery.set(Delivery(message.event_id, message.attempts + 1))
    try:
        with transaction.atomic():
            handler: Handler = import_string(message.handler)
            handler(from_payload(message.event, message.payload))
    except Exception as error:  # noqa: BLE001 (the boundary: whatever a handler raises must not stop the others)
        _failed(message, error)
    else:
        message.state = OutboxMessage.State.DONE
        message.attempts += 1
        message.done_at = timezone.now()
        message.last_error = ""
        message.save(update_fields=["state", "attempts", "done_at", "last_error"])
    finally:
        _delivery.reset(token)


def _failed(message: OutboxMessage, error: Exception) -> None:
    dead = message.attempts >= len(RETRY_AFTER)
    logger.warning("outbox %s for %s failed: %r", message.handler, message.event, error, exc_info=error)
    wait = timedelta(0) if dead else RETRY_AFTER[message.attempts]
    message.attempts += 1
    message.state = OutboxMessage.State.DEAD if dead else OutboxMessage.State.WAITING
    message.last_error = f"{type(error).__name__}: {error}"[:2000]
    message.next_attempt_at = timezone.now() + wait
    message.save(update_fields=["attempts", "state", "last_error", "next_attempt_at"])


def retry_now(message_ids: Iterable[int]) -> int:
    """Bring dead or waiting messages back to the front; returns how many.."""
    rows = OutboxMessage.objects.filter(pk__in=list(message_ids)).exclude(state=OutboxMessage.State.DONE)
    count = rows.update(state=OutboxMessage.State.WAITING, attempts=0, next_attempt_at=Now())
    if count:
        wake_on_commit("core.tasks.drain_outbox")
    return count
