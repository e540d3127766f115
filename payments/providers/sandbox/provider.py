"""The sandbox as the shop sees it: the same protocol as any other provider."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from core.http import refuse_open_transaction
from core.money import from_minor, to_minor
from payments.capturing import held_methods
from payments.errors import BadWebhook
from payments.models import SandboxCharge, SandboxMovement
from payments.providers.protocol import ProviderOffer
from payments.providers.sandbox import books, signing, world
from payments.types import (
    FactKind,
    NextAction,
    PaymentFact,
    PaymentHandle,
    ProviderEntry,
    RefundRequest,
    StartAnswer,
    StartRequest,
    WebhookMessage,
)

Kind = SandboxMovement.Kind
METHODS = frozenset(
    {
        "card",
        "paypal",
        "klarna",
        "ideal",
        "bancontact",
        "eps",
        "twint",
        "sepa_debit",
        "multibanco",
        "pix",
        "boleto",
        "oxxo",
        "konbini",
        "mada",
    }
)
"""What the pay page can pretend. Wallets that live in the browser or a phone are not among them."""
STATE_FACTS: dict[str, FactKind] = {
    "open": "action_required",
    "confirming": "action_required",
    "pending": "processing",
    "authorized": "authorized",
    "declined": "failed",
    "canceled": "canceled",
}


class SandboxProvider:
    """Test payments on a page of our own. Refuses to be used where test payments are not allowed."""

    @property
    def offer(self) -> ProviderOffer:
        return ProviderOffer(
            enabled=bool(settings.SANDBOX_PAYMENTS), is_test=True, methods=METHODS, held_methods=held_methods()
        )

    def start(self, request: StartRequest) -> StartAnswer:
        """A charge with a page of its own to pay it on."""
        refuse_open_transaction()
        charge = world.begin(request)
        url = reverse("payments:sandbox_pay", kwargs={"token": charge.token})
        return StartAnswer(charge.provider_ref, NextAction("redirect", url), charge.expires_at, _facts(charge))

    def fetch(self, handle: PaymentHandle) -> tuple[PaymentFact, ...]:
        """How the charge stands in the sandbox's books."""
        refuse_open_transaction()
        return _facts(world.charge_of(handle.provider_ref))

    def capture(self, handle: PaymentHandle, amount: Money, key: str) -> tuple[PaymentFact, ...]:
        """Take what is held."""
        refuse_open_transaction()
        world.capture(world.charge_of(handle.provider_ref), to_minor(amount), key)
        return self.fetch(handle)

    def cancel(self, handle: PaymentHandle, key: str) -> tuple[PaymentFact, ...]:
        """Close the charge."""
        refuse_open_transaction()
        world.cancel(world.charge_of(handle.provider_ref))
        return self.fetch(handle)

    def refund(self, handle: PaymentHandle, request: RefundRequest) -> tuple[PaymentFact, ...]:
        """Give back."""
        refuse_open_transaction()
        world.refund(world.charge_of(handle.provider_ref), request)
        return self.fetch(handle)

    def list_transactions(self, begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
        """The sandbox's books."""
        refuse_open_transaction()
        return books.entries(begin, end)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
        """A signed message of the sandbox."""
        signing.check(headers.get(signing.HEADER, ""), body)
        try:
            message = json.loads(body)
            return WebhookMessage(
                event_id=str(message["id"]),
                kind=str(message["type"]),
                provider_ref=str(message["charge"]),
                payment_ref=UUID(message["payment_ref"]),
                occurred_at=datetime.fromisoformat(message["created"]),
                relevant=True,
                payload=message,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BadWebhook from error


def _facts(charge: SandboxCharge) -> tuple[PaymentFact, ...]:
    facts = []
    if charge.state in STATE_FACTS:
        facts.append(_fact(charge, STATE_FACTS[charge.state], charge.amount, charge.provider_ref))
    if charge.manual_capture and charge.captured_minor:
        facts.append(_fact(charge, "authorized", charge.amount, charge.provider_ref))
    for movement in charge.movements.all():
        facts.extend(_movement_facts(charge, movement))
    return tuple(facts)


def _movement_facts(charge: SandboxCharge, movement: SandboxMovement) -> list[PaymentFact]:
    amount = from_minor(movement.amount_minor, charge.currency)
    match movement.kind:
        case Kind.CAPTURE:
            fee = from_minor(books.fee_minor(movement), charge.currency)
            return [
                replace(_fact(charge, "captured", amount, movement.ref, movement), detail=_risk(charge)),
                _fact(charge, "fee", fee, movement.ref, movement),
            ]
        case Kind.REFUND:
            return [_fact(charge, "refunded", amount, movement.ref, movement)]
        case Kind.DISPUTE:
            due = movement.created + timedelta(days=world.DISPUTE_DAYS)
            begun = _fact(charge, "disputed", amount, books.fact_name(movement), movement)
            return [replace(begun, code="fraudulent", detail={"dispute_due": due.isoformat()})]
        case Kind.WON | Kind.LOST:
            ended: FactKind = "dispute_reversed" if movement.kind == Kind.WON else "dispute_lost"
            return [_fact(charge, ended, amount, books.fact_name(movement), movement)]
    return []


def _risk(charge: SandboxCharge) -> dict[str, str]:
    """How risky the sandbox takes the charge to be, where it was told so on its page."""
    levels = [movement.kind for movement in charge.movements.all() if movement.kind in (Kind.ELEVATED, Kind.HIGHEST)]
    return {"risk_level": levels[-1]} if levels else {}


def _fact(
    charge: SandboxCharge, kind: FactKind, amount: Money, fact_ref: str, movement: SandboxMovement | None = None
) -> PaymentFact:
    return PaymentFact(
        kind=kind,
        amount=amount,
        provider_ref=charge.provider_ref,
        fact_ref=fact_ref,
        occurred_at=movement.created if movement else charge.decided_at or timezone.now(),
        code=charge.decline_code if kind == "failed" else "",
        refund_ref=movement.refund_ref if movement else None,
    )
