"""Text messages through one small HTTP gateway, and the sandbox that only writes them down.

The gateway is whatever speaks this contract (a provider's own, or a few lines in front of one):

    POST SMS_GATEWAY_URL   Content-Type: application/json
    webhook-id: <key of the message>   webhook-timestamp: <seconds>   webhook-signature: v1,<base64>
    {"id": "…", "to": "+4930…", "from": "Meridian", "text": "…"}

The signature is that of Standard Webhooks, over id, time and body with `SMS_GATEWAY_SECRET`. The same id is the same
message: the gateway sends it once. 2xx: taken. 400, 404, 410, 422: never deliverable. Anything else: later again.
What it reports back is read in `sms_reports`.
"""

import json
from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from core.http import AddressRefused, OutsideTrouble, post
from core.models import Message
from core.notifications.channels import SMS, ChannelTrouble, Undeliverable

NEVER = frozenset({400, 404, 410, 422})
MOST_ANSWER = 65536


class SmsChannel:
    """Text messages. They ring."""

    name: ClassVar[str] = SMS
    rings: ClassVar[bool] = True

    def is_ready(self) -> bool:
        """Whether a gateway and the secret it knows are named."""
        return bool(settings.SMS_GATEWAY_URL and settings.SMS_GATEWAY_SECRET)

    def deliver(self, message: Message) -> None:
        """Hand it to the gateway. Raises `ChannelTrouble`, `Undeliverable`."""
        body = json.dumps(
            {
                "id": message.dedupe_key,
                "to": message.recipient,
                "from": settings.SMS_SENDER,
                "text": message.text,
            },
            ensure_ascii=False,
        )
        try:
            answer = post(
                settings.SMS_GATEWAY_URL,
                body=body.encode(),
                headers=_signed(message.dedupe_key, body),
                max_bytes=MOST_ANSWER,
                allow_private=True,  # an operator has configured it
            )
        except (OutsideTrouble, AddressRefused) as error:
            raise ChannelTrouble(str(error)) from error
        if answer.status in NEVER:
            raise Undeliverable(f"The gateway refuses the message ({answer.status}).")
        if not 200 <= answer.status < 300:
            raise ChannelTrouble(f"The gateway answers {answer.status}.")


class SandboxSms:
    """Keeps text messages in the log: for the demo shop and for trying things out. Never on unless it is asked for."""

    name: ClassVar[str] = SMS
    rings: ClassVar[bool] = True

    def is_ready(self) -> bool:
        """Where the page of mails is shown, too."""
        return bool(settings.MAIL_PAGE)

    def deliver(self, message: Message) -> None:
        """It is in the log already."""


def _signed(key: str, body: str) -> dict[str, str]:
    now = timezone.now()
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(settings.SMS_GATEWAY_SECRET).sign(key, now, body),
    }
