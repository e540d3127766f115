"""Send what was written, with no transaction open while a provider is asked.

A provider that is down for a day loses nothing and sends nothing twice: the message waits in its row, is tried by the
same steps as everything on the outbox, and a channel in trouble is asked seldom (see `breaker`).
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.models import Message
from core.notifications import breaker
from core.notifications.channels import ChannelTrouble, NobodyListens, ReceiverTrouble, Undeliverable, channels
from core.outbox import RETRY_AFTER

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)


def deliver_due(limit: int = 50) -> int:
    """Send up to `limit` waiting messages; returns how many were tried."""
    _drop_useless(timezone.now())
    tried = 0
    while tried < limit and _deliver_one():
        tried += 1
    return tried


def _deliver_one() -> bool:
    """Send the oldest due message of a channel that answers."""
    message = _lease(timezone.now())
    if message is None:
        return False
    try:
        channels()[message.channel].deliver(message)
    except ReceiverTrouble as trouble:
        breaker.note_success(message.channel)
        _wait(message, trouble)
    except ChannelTrouble as trouble:
        breaker.note_trouble(message.channel, str(trouble))
        _wait(message, trouble)
    except NobodyListens as answer:
        breaker.note_success(message.channel)
        _end(message, Message.State.DROPPED, str(answer))
    except Undeliverable as answer:
        breaker.note_success(message.channel)
        _end(message, Message.State.FAILED, str(answer))
    else:
        breaker.note_success(message.channel)
        _sent(message)
    return True


def _lease(now: datetime) -> Message | None:
    """Take the oldest due message for a while: nobody else tries it, and a worker that dies gives it back by time."""
    names = breaker.usable(channels(), now=now)
    while names:
        with transaction.atomic():
            message = (
                Message.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("subscription")
                .filter(state=Message.State.WAITING, next_attempt_at__lte=now, channel__in=names)
                .order_by("next_attempt_at", "pk")
                .first()
            )
            if message is None:
                return None
            if breaker.begin(message.channel, now=now):
                message.attempts += 1
                message.next_attempt_at = now + LEASE
                message.save(update_fields=["attempts", "next_attempt_at"])
                return message
        names.remove(message.channel)
    return None


def _sent(message: Message) -> None:
    message.state = Message.State.SENT
    message.sent_at = timezone.now()
    message.last_error = ""
    if message.kind in settings.MESSAGES_NOT_KEPT:
        message.text = message.html = message.link = ""
    message.save(update_fields=["state", "sent_at", "last_error", "text", "html", "link"])


def _wait(message: Message, trouble: ChannelTrouble) -> None:
    """Later again, by the steps of the outbox; after the last of them an operator decides."""
    dead = message.attempts > len(RETRY_AFTER)
    wait = timedelta(0) if dead else RETRY_AFTER[message.attempts - 1]
    logger.warning("message %s could not be sent by %s", message.pk, message.channel)
    message.state = Message.State.FAILED if dead else Message.State.WAITING
    message.last_error = str(trouble)[:2000]
    message.next_attempt_at = timezone.now() + wait
    message.save(update_fields=["state", "last_error", "next_attempt_at"])


def _end(message: Message, state: Message.State, why: str) -> None:
    message.state = state
    message.last_error = why[:2000]
    message.save(update_fields=["state", "last_error"])


def _drop_useless(now: datetime) -> int:
    """What nobody needs to hear any more is not sent."""
    late = Message.objects.filter(state=Message.State.WAITING, useful_until__lt=now, next_attempt_at__lte=now)
    return late.update(state=Message.State.DROPPED)
