"""Messages signed by the Standard Webhooks way, in and out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from inventory.carriers.talking import json_of
from inventory.errors import BadCarrierMessage

MOST_NAME = 255


def verified(secret: str, headers: Mapping[str, str], body: bytes) -> tuple[str, Any]:
    """(the message's own name, its JSON). Raises `BadCarrierMessage` for one that is not signed or too old."""
    lower = {name.lower(): value for name, value in headers.items()}
    if not secret:
        raise BadCarrierMessage
    try:
        Webhook(secret).verify(body, lower)
    except (WebhookVerificationError, ValueError) as trouble:
        raise BadCarrierMessage from trouble
    return lower.get("webhook-id", "")[:MOST_NAME], json_of(body)


def signed(secret: str, name: str, moment: datetime, body: bytes) -> dict[str, str]:
    """The headers that sign `body`."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, moment, body.decode()),
        "Content-Type": "application/json",
    }
