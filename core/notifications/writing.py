"""Write messages in a transaction: rendered and stored, one row per channel and browser. Sending is another step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import Message, PushSubscription
from core.notifications.channels import EMAIL, PUSH, SMS, channels
from core.notifications.kinds import Kind, kind_of
from core.notifications.quiet import next_ringing, zone_of
from core.notifications.rehearsing import is_rehearsed
from core.notifications.rendering import render_message
from core.notifications.wishes import listening, person_of, wants, wishes_of
from core.notifications.words import NOTHING, added_to
from core.wakeups import wake_on_commit


@dataclass(frozen=True, kw_only=True)
class _Letter:
    """One message to write: by which channel, to where, under which key."""

    channel: str
    recipient: str
    key: str
    browser: PushSubscription | None = None


def send(  # noqa: PLR0913 (a message is this: kind, to whom, in which language, about what, once)
    kind: str,
    *,
    to: str,
    language: str,
    dedupe_key: str,
    context: Mapping[str, Any],
    market: str = "",
    reference: str = "",
    phone: str = "",
    zone: str = "",
    link: str = "",
) -> Message | None:
    """Render a declared message in `language` for every channel its reader wants, and store it for sending.

    Called from reactions only. `to` is the mail address, by which people are known; `phone` their number (E.164) for
    text messages, `zone` the IANA name of the time where they are, `link` what a push message opens.

    The same `dedupe_key` never makes a second message on a channel. Returns the mail: the first one when it was
    written before, none when its reader does not want mail of this topic.
    """
    declared = kind_of(kind)
    if is_rehearsed(declared, language=language, market=market, reference=reference, context=context):
        return None
    now = timezone.now()
    letters = list(_letters(declared, to=to, phone=phone, key=dedupe_key, reference=reference))
    found = {row.dedupe_key: row for row in Message.objects.filter(dedupe_key__in=[one.key for one in letters])}
    with transaction.atomic():
        for letter in letters:
            if letter.key in found:
                continue
            has_room = letter.channel == EMAIL
            added = added_to(kind, market=market, language=language) if has_room else NOTHING
            rendered = render_message(declared, channel=letter.channel, language=language, context=context, added=added)
            message, made = Message.objects.get_or_create(
                dedupe_key=letter.key,
                defaults={
                    "kind": kind,
                    "channel": letter.channel,
                    "recipient": letter.recipient,
                    "person": person_of(to),
                    "subscription": letter.browser,
                    "language": language,
                    "market": market,
                    "reference": reference,
                    "subject": rendered.subject,
                    "text": rendered.text,
                    "html": rendered.html,
                    "link": link,
                    "next_attempt_at": _first_attempt(declared, letter.channel, now=now, zone=zone),
                    "useful_until": now + declared.useful_for if declared.useful_for else None,
                },
            )
            found[letter.key] = message
            if made:
                wake_on_commit("core.tasks.send_messages")
    return found.get(dedupe_key)


def _letters(kind: Kind, *, to: str, phone: str, key: str, reference: str) -> Iterator[_Letter]:
    """One mail, one text message, and one per browser: those that have words, a provider and a reader who agrees."""
    ready = channels()
    wishes = wishes_of(to)
    open_channels = [name for name in kind.channels if name in ready and wants(wishes, topic=kind.topic, channel=name)]
    if EMAIL in open_channels:
        yield _Letter(channel=EMAIL, recipient=to, key=key)
    if SMS in open_channels and phone:
        yield _Letter(channel=SMS, recipient=phone, key=f"sms:{key}")
    if PUSH in open_channels:
        for browser in listening(to, reference=reference):
            yield _Letter(channel=PUSH, recipient=str(browser), key=f"push:{browser.pk}:{key}", browser=browser)


def _first_attempt(kind: Kind, channel: str, *, now: datetime, zone: str) -> datetime:
    """At once, or at eight in the morning there when it would ring at night for nothing urgent."""
    if kind.is_urgent or not channels()[channel].rings:
        return now
    return next_ringing(now, zone_of(zone))
