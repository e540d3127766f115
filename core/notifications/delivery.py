"""Send what was written, with no transaction open while a provider is asked.

A provider that is down for a day loses nothing and sends nothing twice: the message waits in its row, is tried by the
same steps as everything on the outbox, and a channel in trouble is asked seldom (see `breaker`).
"""

import logging
from collections.abc import Collection
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
    taken = _lease(timezone.now())
    if taken is None:
        return False
    message, planned = taken
    try:
        channels()[message.channel].deliver(message)
    except ReceiverTrouble as trouble:
        _wait(message, trouble)
    except ChannelTrouble as trouble:
        breaker.note_trouble(message.channel, str(trouble))
        _wait(message, trouble, planned=planned)
        return True
    except NobodyListens as answer:
        _end(message, Message.State.DROPPED, str(answer))
    except Undeliverable as answer:
        _end(message, Message.State.FAILED, str(answer))
    else:
        _sent(message)
    if breaker.note_success(message.channel):
        bring_forward(message.channel)
    return True


def bring_forward(channel: str) -> int:
    """The provider is back: what waits for hours because it was away is tried now; returns how many.

    What is due within two leases is left alone, here and when a channel is asked after its rest: it comes soon, or
    another worker has it in hand.
    """
    now = timezone.now()
    rows = Message.objects.filter(state=Message.State.WAITING, channel=channel, attempts__gt=0)
    return rows.filter(next_attempt_at__gt=now + 2 * LEASE).update(next_attempt_at=now)


def _lease(now: datetime) -> tuple[Message, datetime | None] | None:
    """Take a message for a while: nobody else tries it, and a worker that dies gives it back by time.

    The oldest that is due; or, to ask a channel after its rest, one that was refused before, with the time it has.
    What waits for the morning waits.
    """
    names = breaker.usable(channels(), now=now)
    while names:
        with transaction.atomic():
            message = _oldest(names, next_attempt_at__lte=now)
            planned = None
            if message is None:
                message = _oldest(breaker.after_rest(names), attempts__gt=0, next_attempt_at__gt=now + 2 * LEASE)
                if message is None:
                    return None
                planned = message.next_attempt_at
            if breaker.begin(message.channel, now=now):
                message.attempts += planned is None
                message.next_attempt_at = now + LEASE
                message.save(update_fields=["attempts", "next_attempt_at"])
                return message, planned
        names.remove(message.channel)
    return None


def _oldest(names: Collection[str], **due: datetime | int) -> Message | None:
    """Of those that wait for these channels, the one that waits longest."""
    if not names:
        return None
    rows = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("subscription")
    return rows.filter(state=Message.State.WAITING, channel__in=names, **due).order_by("next_attempt_at", "pk").first()


def _sent(message: Message) -> None:
    message.state = Message.State.SENT
    message.sent_at = timezone.now()
    message.last_error = ""
    if message.kind in settings.MESSAGES_NOT_KEPT:
        message.text = message.html = message.link = ""
    message.save(update_fields=["state", "sent_at", "last_error", "text", "html", "link"])


def _wait(message: Message, trouble: ChannelTrouble, *, planned: datetime | None = None) -> None:
    """Later again, by the steps of the outbox; after the last of them an operator decides.

    One with a time `planned` only asked whether its channel answers again: it loses no try by that.
    """
    if planned is not None:
        message.next_attempt_at = planned
        message.save(update_fields=["next_attempt_at"])
        return
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
