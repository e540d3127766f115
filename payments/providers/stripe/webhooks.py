"""Stripe's signed messages."""

from collections.abc import Mapping
from typing import Any

from payments.errors import BadWebhook
from payments.providers.stripe.config import StripeConfig
from payments.providers.stripe.parsing import metadata_of, moment, uuid_of
from payments.types import WebhookMessage

RELEVANT = ("checkout.session.", "payment_intent.", "charge.refund", "refund.", "charge.dispute.")
OF_CARDS = ("payment_method.detached", "customer.deleted")
"""About kept cards, not about a payment."""
ABOUT = {"payment_method": "card", "customer": "customer"}


def read_message(config: StripeConfig, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
    """Verify with each secret we know, then read names. Raises `BadWebhook`.

    A message of the test world at a live shop, or the reverse, is refused like a forged one.
    """
    event = _verified(config, headers.get("Stripe-Signature", ""), body)
    if bool(event.get("livemode")) != config.is_live:
        raise BadWebhook
    try:
        return _message(event)
    except (KeyError, TypeError, ValueError) as error:
        raise BadWebhook from error


def _verified(config: StripeConfig, header: str, body: bytes) -> dict[str, Any]:
    import stripe  # noqa: PLC0415 (a second of work, only where Stripe is used)

    for secret in config.webhook_secrets:
        try:
            event: dict[str, Any] = stripe.Webhook.construct_event(body, header, secret).to_dict()
        except stripe.SignatureVerificationError:
            continue
        except (ValueError, AttributeError) as error:
            raise BadWebhook from error
        return event
    raise BadWebhook


def _message(event: Mapping[str, Any]) -> WebhookMessage:
    thing = event["data"]["object"]
    kind = str(event["type"])
    labels = metadata_of(thing)
    return WebhookMessage(
        event_id=str(event["id"]),
        kind=kind,
        provider_ref=_our_name(thing, labels),
        payment_ref=uuid_of(labels.get("payment_ref")),
        occurred_at=moment(event["created"]),
        relevant=kind.startswith(RELEVANT) or kind in OF_CARDS,
        payload={
            "object": str(thing.get("object", "")),
            "id": str(thing.get("id", "")),
            "status": str(thing.get("status", "")),
            "related": str(thing.get("payment_intent") or ""),
            "api_version": str(event.get("api_version") or ""),
            "about": ABOUT.get(str(thing.get("object", "")), "") if kind in OF_CARDS else "",
        },
    )


def _our_name(thing: Mapping[str, Any], labels: Mapping[str, Any]) -> str:
    """The session is our name of a hosted payment, the intent that of one without a page of Stripe's."""
    hosted = thing.get("object") == "checkout.session"
    embedded = thing.get("object") == "payment_intent" and labels.get("surface") in ("element", "saved")
    return str(thing["id"]) if hosted or embedded else ""
