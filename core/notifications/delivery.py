"""Write messages in a transaction, send them after it.

A message is rendered and stored first; sending is a separate step with retries, so that a mail provider
that is down for a day loses nothing and sends nothing twice.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.languages import direction, html_language
from core.models import Message
from core.wakeups import wake_on_commit

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 240, 360, 720, 1440, 1440))


def send(  # noqa: PLR0913 (a message is this: kind, to whom, in which language, about what, once)
    kind: str,
    *,
    to: str,
    language: str,
    dedupe_key: str,
    context: Mapping[str, Any],
    market: str = "",
    reference: str = "",
) -> Message:
    """Render `templates/emails/<kind>.{subject.txt,txt,html}` in `language` and store it for sending.

    Called from reactions only. The same `dedupe_key` never makes a second message: the first one is returned.
    """
    found = Message.objects.filter(dedupe_key=dedupe_key).first()
    if found is not None:
        return found
    with translation.override(language):
        words = {
            **context,
            "language": language,
            "html_language": html_language(language),
            "direction": direction(language),
            "shop_name": settings.SHOP_NAME,
            "shop_url": settings.SHOP_URL,
        }
        subject = " ".join(render_to_string(f"emails/{kind}.subject.txt", words).split())
        text = render_to_string(f"emails/{kind}.txt", words).strip() + "\n"
        html = render_to_string(f"emails/{kind}.html", words)
    message, made = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "recipient": to,
            "language": language,
            "market": market,
            "reference": reference,
            "subject": subject[:300],
            "text": text,
            "html": html,
        },
    )
    if made:
        wake_on_commit("core.tasks.send_messages")
    return message


def deliver_due(limit: int = 50) -> int:
    """Send up to `limit` waiting messages; returns how many were tried."""
    tried = 0
    while tried < limit and _deliver_one():
        tried += 1
    return tried


def _deliver_one() -> bool:
    """Send the oldest due message, with no transaction open while the mail server is asked."""
    message = _lease()
    if message is None:
        return False
    try:
        _email(message)
    except OSError as error:  # smtplib's errors and time-outs are OSErrors
        _failed(message, error)
    else:
        message.state = Message.State.SENT
        message.sent_at = timezone.now()
        message.last_error = ""
        if message.kind in settings.MESSAGES_NOT_KEPT:
            message.text = message.html = ""
        message.save(update_fields=["state", "sent_at", "last_error", "text", "html"])
    return True


def _lease() -> Message | None:
    """Take the oldest due message for a while: nobody else tries it, and a worker that dies gives it back by time."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(state=Message.State.WAITING, next_attempt_at__lte=Now())
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if message is not None:
            message.attempts += 1
            message.next_attempt_at = timezone.now() + LEASE
            message.save(update_fields=["attempts", "next_attempt_at"])
    return message


def _email(message: Message) -> None:
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        headers={"X-Portolan-Message": str(message.pk), "Content-Language": html_language(message.language)},
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    email.send()


def _failed(message: Message, error: OSError) -> None:
    dead = message.attempts > len(RETRY_AFTER)
    wait = timedelta(0) if dead else RETRY_AFTER[message.attempts - 1]
    logger.warning("message %s could not be sent: %s", message.pk, type(error).__name__)
    message.state = Message.State.FAILED if dead else Message.State.WAITING
    message.last_error = f"{type(error).__name__}: {error}"[:2000]
    message.next_attempt_at = timezone.now() + wait
    message.save(update_fields=["state", "last_error", "next_attempt_at"])
