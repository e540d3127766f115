"""Web push: a few words to a browser that agreed to them, through the push server the browser has chosen."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone

from core.http import AddressRefused, OutsideTrouble, post
from core.models import Message
from core.notifications.channels import PUSH, NobodyListens, ReceiverTrouble, Undeliverable
from core.notifications.kinds import kind_of
from core.notifications.push_envelope import (
    SALT_BYTES,
    BrowserKeys,
    KeysRefused,
    authorization,
    encrypt,
    new_key,
    point_of,
    private_key,
    to_text,
)
from core.notifications.wishes import end_subscription
from core.signing import secret_hash

KEPT_FOR = timedelta(days=2)
"""How long a push server keeps a message for a browser that is off, unless the message is useful for less."""
GONE = frozenset({404, 410})
REFUSED = frozenset({400, 413})
MOST_ANSWER = 65536
TOPIC_LETTERS = 32


class PushChannel:
    """Web push. It rings."""

    name: ClassVar[str] = PUSH
    rings: ClassVar[bool] = True

    def is_ready(self) -> bool:
        """Whether the shop has a key and a contact for push servers."""
        return bool(settings.VAPID_PRIVATE_KEY and settings.VAPID_CONTACT)

    def deliver(self, message: Message) -> None:
        """Encrypt it for the browser and hand it to its server. Raises `ReceiverTrouble`, `Undeliverable`.

        An address comes from a stranger, so only public ones are asked, and a server that does not answer troubles its
        own browser only: nobody can bring the channel to rest with addresses of their own. A name that is not found is
        tried again, because that may be ours.
        """
        browser = message.subscription
        if browser is None or browser.ended_at is not None:
            raise NobodyListens("The agreement was taken back.")
        try:
            keys = BrowserKeys.read(p256dh=browser.p256dh, auth=browser.auth)
            body = encrypt(_words(message), keys=keys, ours=new_key(), salt=secrets.token_bytes(SALT_BYTES))
            answer = post(
                browser.endpoint, body=body, headers=_headers(message, browser.endpoint), max_bytes=MOST_ANSWER
            )
        except (KeysRefused, AddressRefused) as error:
            if isinstance(error.__cause__, OSError):
                raise ReceiverTrouble(str(error)) from error
            end_subscription(browser.pk, at=timezone.now())
            raise Undeliverable(f"The browser's address or keys cannot be used ({type(error).__name__}).") from error
        except OutsideTrouble as error:
            raise ReceiverTrouble(str(error)) from error
        if answer.status in GONE:
            end_subscription(browser.pk, at=timezone.now())
            raise NobodyListens(f"The push server answers {answer.status}.")
        if answer.status in REFUSED:
            raise Undeliverable(f"The push server refuses the message ({answer.status}).")
        if not 200 <= answer.status < 300:
            raise ReceiverTrouble(f"The push server answers {answer.status}.")


def public_key() -> str:
    """What a page gives the browser to agree with; empty when the shop has no key."""
    return to_text(point_of(_key(settings.VAPID_PRIVATE_KEY))) if PushChannel().is_ready() else ""


def _words(message: Message) -> bytes:
    """What the service worker reads."""
    return json.dumps(
        {
            "title": message.subject,
            "body": message.text,
            "url": message.link,
            "lang": message.language,
            "tag": _topic(message),
        },
        ensure_ascii=False,
    ).encode()


def _headers(message: Message, endpoint: str) -> Mapping[str, str]:
    now = timezone.now()
    kept = min(KEPT_FOR, message.useful_until - now) if message.useful_until else KEPT_FOR
    return {
        "Authorization": authorization(
            endpoint, key=_key(settings.VAPID_PRIVATE_KEY), contact=settings.VAPID_CONTACT, now=now
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(int(kept.total_seconds()), 0)),
        "Topic": _topic(message),
        "Urgency": "high" if kind_of(message.kind).is_urgent else "normal",
    }


def _topic(message: Message) -> str:
    """The same message handed over twice replaces itself at the server (RFC 8030, 5.4) and on the screen."""
    return secret_hash(message.dedupe_key)[:TOPIC_LETTERS]


@cache
def _key(text: str) -> ec.EllipticCurvePrivateKey:
    return private_key(text)
