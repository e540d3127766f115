"""PayPal's messages: verified by PayPal itself, on the bytes as they came.

The address of a certificate that each message names is never fetched: a message that names one outside PayPal, or in
its other world, is refused before anybody is asked.
"""

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from payments.errors import BadWebhook, ProviderUnreachable
from payments.providers.paypal.client import PayPalApi
from payments.providers.paypal.config import PayPalConfig
from payments.providers.paypal.parsing import unit_of
from payments.providers.paypal.promises import capture_behind, payment_in
from payments.providers.paypal.refusals import PayPalRefused
from payments.types import WebhookMessage

logger = logging.getLogger(__name__)
RELEVANT = (
    "CHECKOUT.ORDER.",
    "CHECKOUT.PAYMENT-APPROVAL.",
    "PAYMENT.AUTHORIZATION.",
    "PAYMENT.CAPTURE.",
    "CUSTOMER.DISPUTE.",
)
HEADERS = {
    "auth_algo": ("PAYPAL-AUTH-ALGO", re.compile(r"[a-zA-Z0-9]{1,100}")),
    "cert_url": ("PAYPAL-CERT-URL", re.compile(r"\S{1,500}")),
    "transmission_id": ("PAYPAL-TRANSMISSION-ID", re.compile(r"[\w-]{1,50}", re.ASCII)),
    "transmission_sig": ("PAYPAL-TRANSMISSION-SIG", re.compile(r"[A-Za-z0-9+/=]{1,500}")),
    "transmission_time": ("PAYPAL-TRANSMISSION-TIME", re.compile(r"[0-9TtZz:.+\-]{1,100}")),
}
NAMED = ("id", "event_type", "create_time")
MAX_BYTES = 512 * 1024
GOOD_STATUS_OF_NO = frozenset({400, 422})
"""PayPal could read our question, and the signature is none."""


def read_message(config: PayPalConfig, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
    """Ask PayPal whether it sent this, then read names. Raises `BadWebhook`, `ProviderUnreachable`."""
    if not config.is_complete:
        raise BadWebhook
    fields, event = _fields(config, headers), _one_object(body)
    _verify(config, fields, body)
    if _other_world(config, event):
        logger.warning("A message of PayPal's other world was refused.")
        raise BadWebhook
    try:
        return _message(event)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise BadWebhook from error


def _fields(config: PayPalConfig, headers: Mapping[str, str]) -> dict[str, str]:
    fields = {}
    for field, (header, shape) in HEADERS.items():
        fields[field] = headers.get(header, "")
        if not shape.fullmatch(fields[field]):
            raise BadWebhook
    if not is_own_address(config, fields["cert_url"]):
        logger.warning("A message that names a certificate outside PayPal was refused.")
        raise BadWebhook
    return {**fields, "webhook_id": config.webhook_id}


def is_own_address(config: PayPalConfig, url: str) -> bool:
    """Whether `url` is plainly PayPal's, of the world we are in."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and port in (None, 443) and "\\" not in url
    return plain and parts.scheme == "https" and parts.hostname in config.hosts


def _one_object(body: bytes) -> Mapping[str, Any]:
    """Exactly one JSON object: what follows it could otherwise speak in our name when we pass it on."""
    if len(body) > MAX_BYTES:
        raise BadWebhook
    try:
        event = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise BadWebhook from error
    if not isinstance(event, dict) or not all(isinstance(event.get(name), str) for name in NAMED):
        raise BadWebhook
    return event


def _verify(config: PayPalConfig, fields: Mapping[str, str], body: bytes) -> None:
    try:
        is_good = PayPalApi(config).verify(fields, body.decode())
    except PayPalRefused as refusal:
        if refusal.status in GOOD_STATUS_OF_NO:
            raise BadWebhook from refusal
        raise ProviderUnreachable from refusal
    if not is_good:
        logger.warning("A message whose signature PayPal does not know was refused.")
        raise BadWebhook


def _other_world(config: PayPalConfig, event: Mapping[str, Any]) -> bool:
    links = event.get("links")
    addresses = [str(link.get("href")) for link in links if isinstance(link, dict)] if isinstance(links, list) else []
    return any(urlsplit(address).hostname in config.foreign_hosts for address in addresses)


def _message(event: Mapping[str, Any]) -> WebhookMessage:
    thing, kind = event["resource"], str(event["event_type"])
    return WebhookMessage(
        event_id=str(event["id"]),
        kind=kind,
        provider_ref=_order_name(thing, kind),
        payment_ref=payment_in(_label(thing, kind)),
        occurred_at=datetime.fromisoformat(str(event["create_time"])),
        relevant=kind.startswith(RELEVANT),
        payload={
            "object": str(event.get("resource_type") or ""),
            "id": str(thing.get("id") or thing.get("dispute_id") or ""),
            "status": str(thing.get("status") or ""),
            "related": _capture_name(thing, kind),
            "version": str(event.get("resource_version") or ""),
        },
    )


def _order_name(thing: Mapping[str, Any], kind: str) -> str:
    """The order is our name of a payment; everything behind it names the order it belongs to."""
    if kind.startswith("CHECKOUT.ORDER."):
        return str(thing["id"])
    related = (thing.get("supplementary_data") or {}).get("related_ids") or {}
    return str(thing.get("order_id") or related.get("order_id") or "")


def _label(thing: Mapping[str, Any], kind: str) -> str:
    """What we wrote on the payment or refund this is about."""
    if kind.startswith("CUSTOMER.DISPUTE."):
        return str(_disputed(thing).get("custom") or "")
    labelled = unit_of(thing) if thing.get("purchase_units") else thing
    return str(labelled.get("custom_id") or "")


def _capture_name(thing: Mapping[str, Any], kind: str) -> str:
    if kind.startswith("CUSTOMER.DISPUTE."):
        return str(_disputed(thing).get("seller_transaction_id") or "")
    if kind.startswith("PAYMENT.CAPTURE."):
        return capture_behind(thing) or str(thing.get("id") or "")
    return ""


def _disputed(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    transactions = thing.get("disputed_transactions") or [{}]
    first: Mapping[str, Any] = transactions[0]
    return first
