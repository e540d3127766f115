"""Stripe behind our protocol: hosted page or embedded form, one and the same payment."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Any

from django.urls import reverse
from djmoney.money import Money

from payments.capturing import held_methods
from payments.errors import ProviderRefused
from payments.providers.protocol import ProviderOffer
from payments.providers.stripe.amounts import coarse_steps, to_stripe
from payments.providers.stripe.cards import StripeCards, saved_params
from payments.providers.stripe.client import Plain, StripeApi
from payments.providers.stripe.config import stripe_config
from payments.providers.stripe.entries import entry_of, says_its_rows
from payments.providers.stripe.methods import CURRENCIES, METHODS, locale_of
from payments.providers.stripe.parsing import (
    facts_of_disputes,
    facts_of_intent,
    facts_of_refunds,
    facts_of_session,
    is_disputed,
    moment,
)
from payments.providers.stripe.tokens import ElementWanted, element_token
from payments.providers.stripe.webhooks import read_message
from payments.types import (
    CardPart,
    NextAction,
    PaymentFact,
    PaymentHandle,
    ProviderEntry,
    RefundRequest,
    StartAnswer,
    StartRequest,
    WebhookMessage,
)

SETTLED = ["latest_charge.balance_transaction"]
BEHIND_THE_PAGE = ["payment_intent.latest_charge.balance_transaction"]
CANCELABLE = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture")


class StripeProvider:
    """Stripe, as the settings configure it."""

    def __init__(self) -> None:
        self.config = stripe_config()
        self.api = StripeApi(self.config)

    @property
    def offer(self) -> ProviderOffer:
        methods = {"card"} if self.config.mode == "element" else METHODS.keys()
        return ProviderOffer(
            enabled=bool(self.config.secret_key),
            is_test=False,
            methods=frozenset(methods),
            currencies=CURRENCIES,
            steps=coarse_steps(),
            held_methods=held_methods(),
        )

    @property
    def cards(self) -> StripeCards:
        """Where members keep cards."""
        return StripeCards(self.api)

    def start(self, request: StartRequest) -> StartAnswer:
        """A hosted page, or a payment to be finished in ours, or one with a kept card that needs no page."""
        if request.card is not None and request.card.saved:
            return self._start_saved(request, request.card)
        return self._start_form(request) if self.config.mode == "element" else self._start_page(request)

    def _start_page(self, request: StartRequest) -> StartAnswer:
        session = self.api.post(
            "checkout.sessions", "create", params=_session_params(request), key=request.idempotency_key
        )
        return StartAnswer(
            provider_ref=str(session["id"]),
            next_action=NextAction("redirect", str(session["url"])),
            expires_at=moment(session["expires_at"]) if session.get("expires_at") else None,
            facts=tuple(facts_of_session(session)),
        )

    def _start_form(self, request: StartRequest) -> StartAnswer:
        intent = self.api.post("payment_intents", "create", params=_intent_params(request), key=request.idempotency_key)
        wanted = ElementWanted(
            str(intent["id"]), request.return_url, request.cancel_url, request.market, request.language
        )
        page = reverse("payments:stripe_element", kwargs={"token": element_token(wanted)})
        return StartAnswer(
            provider_ref=str(intent["id"]),
            next_action=NextAction("client", page, str(intent["client_secret"]), self.config.publishable_key),
            facts=tuple(facts_of_intent(intent)),
        )

    def _start_saved(self, request: StartRequest, card: CardPart) -> StartAnswer:
        params = saved_params(request, card, _labels(request, "saved"))
        intent = self.api.post("payment_intents", "create", params=params, key=request.idempotency_key)
        return StartAnswer(provider_ref=str(intent["id"]), next_action=NextAction("confirm"))

    def fetch(self, handle: PaymentHandle) -> tuple[PaymentFact, ...]:
        """The payment with its charge, fee, refunds and disputes."""
        facts, intent = self._look(handle)
        if intent and intent.get("latest_charge"):
            facts += self._afterwards(handle, intent)
        return tuple(facts)

    def _look(self, handle: PaymentHandle) -> tuple[list[PaymentFact], Plain]:
        if not handle.provider_ref.startswith("cs_"):
            intent = self.api.get("payment_intents", "retrieve", handle.provider_ref, params={"expand": SETTLED})
            return facts_of_intent(intent), intent
        session = self.api.get("checkout.sessions", "retrieve", handle.provider_ref, params={"expand": BEHIND_THE_PAGE})
        behind = session.get("payment_intent")
        return facts_of_session(session), behind if isinstance(behind, dict) else {}

    def _afterwards(self, handle: PaymentHandle, intent: Plain) -> list[PaymentFact]:
        of_intent = {"payment_intent": intent["id"], "limit": 100}
        refunds = self.api.get("refunds", "list", params=of_intent)["data"]
        disputes = self.api.get("disputes", "list", params=of_intent)["data"] if is_disputed(intent) else []
        return [
            *facts_of_refunds(refunds, provider_ref=handle.provider_ref),
            *facts_of_disputes(disputes, provider_ref=handle.provider_ref),
        ]

    def capture(self, handle: PaymentHandle, amount: Money, key: str) -> tuple[PaymentFact, ...]:
        """Take what is held; Stripe releases the rest."""
        self.api.post(
            "payment_intents", "capture", self._intent(handle), params={"amount_to_capture": to_stripe(amount)}, key=key
        )
        return self.fetch(handle)

    def cancel(self, handle: PaymentHandle, key: str) -> tuple[PaymentFact, ...]:
        """Close the page and the payment behind it. Being too late is no error: the answer tells."""
        if handle.provider_ref.startswith("cs_"):
            self._try("checkout.sessions", "expire", handle.provider_ref, key=f"{key}-page")
        _, intent = self._look(handle)
        if intent and intent["status"] in CANCELABLE:
            self._try("payment_intents", "cancel", str(intent["id"]), key=key)
        return self.fetch(handle)

    def _try(self, resource: str, verb: str, name: str, *, key: str) -> None:
        """A refusal here means that the thing has ended already; what is true is asked right after."""
        try:
            self.api.post(resource, verb, name, params={}, key=key)
        except ProviderRefused:
            return

    def refund(self, handle: PaymentHandle, request: RefundRequest) -> tuple[PaymentFact, ...]:
        """Give money back to where it came from."""
        refund = self.api.post(
            "refunds",
            "create",
            params={
                "payment_intent": self._intent(handle),
                "amount": to_stripe(request.amount),
                "metadata": {"refund_ref": str(request.refund_ref), "payment_ref": str(handle.payment_ref)},
            },
            key=request.idempotency_key,
        )
        return tuple(facts_of_refunds([refund], provider_ref=handle.provider_ref))

    def _intent(self, handle: PaymentHandle) -> str:
        if not handle.provider_ref.startswith("cs_"):
            return handle.provider_ref
        session = self.api.get("checkout.sessions", "retrieve", handle.provider_ref, params={})
        if not session.get("payment_intent"):
            raise ProviderRefused("not_paid")
        return str(session["payment_intent"])

    def list_transactions(self, begin: datetime, end: datetime) -> Iterator[ProviderEntry]:
        """The balance transactions of the account, newest first, and after each payout the rows it consists of."""
        for row in self._balance({"created": {"gte": ceil(begin.timestamp()), "lt": ceil(end.timestamp())}}):
            entry = entry_of(row)
            yield entry
            if says_its_rows(row):
                parts = self._balance({"payout": entry.payout_id})
                yield from (replace(entry_of(part), payout_id=entry.payout_id) for part in parts)

    def _balance(self, wanted: dict[str, Any]) -> Iterator[Plain]:
        """Balance transactions, a hundred at a time, with what each is about."""
        params = {**wanted, "limit": 100, "expand": ["data.source"]}
        while True:
            page = self.api.get("balance_transactions", "list", params=params)
            yield from page["data"]
            if not page.get("has_more") or not page["data"]:
                return
            params = {**params, "starting_after": page["data"][-1]["id"]}

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookMessage:
        """A message signed by Stripe."""
        return read_message(self.config, headers, body)


def _labels(request: StartRequest, surface: str) -> dict[str, str]:
    return {"payment_ref": str(request.payment_ref), "order_ref": request.order_ref, "surface": surface}


def _session_params(request: StartRequest) -> dict[str, Any]:
    labels = _labels(request, "page")
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": request.order_ref,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": request.amount.currency.code.lower(),
                    "unit_amount": to_stripe(request.amount),
                    "product_data": {"name": request.description},
                },
            }
        ],
        "payment_method_types": [METHODS[request.method]],
        "locale": locale_of(request.language),
        "success_url": request.return_url,
        "cancel_url": request.cancel_url,
        "metadata": labels,
        "payment_intent_data": {
            "capture_method": "manual" if request.manual_capture else "automatic",
            "description": request.description,
            "metadata": labels,
        },
    }
    if request.card is not None:
        params["customer"] = request.card.customer
    elif request.email:
        params["customer_email"] = request.email
    return params | _card_options(request)


def _intent_params(request: StartRequest) -> dict[str, Any]:
    params: dict[str, Any] = {
        "amount": to_stripe(request.amount),
        "currency": request.amount.currency.code.lower(),
        "automatic_payment_methods": {"enabled": True},
        "capture_method": "manual" if request.manual_capture else "automatic",
        "description": request.description,
        "metadata": _labels(request, "element"),
    }
    if request.email:
        params["receipt_email"] = request.email
    if request.card is not None:
        params["customer"] = request.card.customer
    return params | _card_options(request)


def _card_options(request: StartRequest) -> dict[str, Any]:
    """3-D Secure wherever the card can do it, otherwise Stripe asks when the law or the bank wants it.

    A card that is kept is for payments at which its owner sits before the page. It is asked for of cards alone, so that
    other ways of paying on the same page stay as they are; consent was given on ours, so Stripe asks for none.
    """
    if METHODS[request.method] != "card":
        return {}
    wanted = {}
    if request.strong:
        wanted["request_three_d_secure"] = "any"
    if request.card is not None and request.card.keep:
        wanted["setup_future_usage"] = "on_session"
    return {"payment_method_options": {"card": wanted}} if wanted else {}
