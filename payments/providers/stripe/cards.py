"""Kept cards at Stripe: a Customer for the member, a PaymentMethod for the card, our own page to choose one."""

from collections.abc import Mapping
from typing import Any

from payments.errors import ProviderRefused
from payments.providers.stripe.amounts import to_stripe
from payments.providers.stripe.client import Plain, StripeApi
from payments.providers.stripe.parsing import facts_of_intent
from payments.types import CardPart, KeptCard, NextAction, PaymentFact, PaymentHandle, StartRequest

GONE = "resource_missing"
SETTLED = ["latest_charge.balance_transaction"]


class StripeCards:
    """The safe for cards, as the settings configure the account."""

    def __init__(self, api: StripeApi) -> None:
        self.api = api

    @property
    def account(self) -> str:
        return "live" if self.api.config.is_live else "test"

    def create_customer(self, *, owner_ref: str, email: str, key: str) -> str:
        """The hosted page takes the address of the receipt from the Customer, so it is told here."""
        params = {"email": email, "metadata": {"owner_ref": owner_ref}}
        return str(self.api.post("customers", "create", params=params, key=key)["id"])

    def confirm(
        self, handle: PaymentHandle, *, return_url: str, key: str
    ) -> tuple[NextAction, tuple[PaymentFact, ...]]:
        params = {"return_url": return_url, "expand": SETTLED}
        intent = self.api.post("payment_intents", "confirm", handle.provider_ref, params=params, key=key)
        return _what_next(intent), tuple(facts_of_intent(intent))

    def kept_card(self, handle: PaymentHandle) -> KeptCard | None:
        """Only a card that is a Customer's was kept; a wallet or a bank's method of another kind never is."""
        method = self._method_of(handle)
        card = method.get("card")
        if method.get("type") != "card" or not isinstance(card, Mapping) or not method.get("customer"):
            return None
        return KeptCard(
            provider_ref=str(method["id"]),
            customer=str(method["customer"]),
            brand=str(card.get("brand") or "")[:30],
            last_four=str(card.get("last4") or "")[:4],
            expiry_year=int(card.get("exp_year") or 0),
            expiry_month=int(card.get("exp_month") or 0),
        )

    def _method_of(self, handle: PaymentHandle) -> Plain:
        if handle.provider_ref.startswith("cs_"):
            expand = {"expand": ["payment_intent.payment_method"]}
            found = self.api.get("checkout.sessions", "retrieve", handle.provider_ref, params=expand)
            intent = found.get("payment_intent")
        else:
            expand = {"expand": ["payment_method"]}
            intent = self.api.get("payment_intents", "retrieve", handle.provider_ref, params=expand)
        method = intent.get("payment_method") if isinstance(intent, dict) else None
        return method if isinstance(method, dict) else {}

    def holds(self, *, card_ref: str) -> bool:
        try:
            return bool(self.api.get("payment_methods", "retrieve", card_ref, params={}).get("customer"))
        except ProviderRefused as refusal:
            return _unless_gone(refusal)

    def detach(self, *, card_ref: str, key: str) -> None:
        """Stripe refuses to detach what is nobody's; that is asked, not guessed from its words."""
        try:
            self.api.post("payment_methods", "detach", card_ref, params={}, key=key)
        except ProviderRefused:
            if self.holds(card_ref=card_ref):
                raise

    def knows(self, *, customer: str) -> bool:
        try:
            return not self.api.get("customers", "retrieve", customer, params={}).get("deleted")
        except ProviderRefused as refusal:
            return _unless_gone(refusal)

    def forget(self, *, customer: str) -> None:
        if self.knows(customer=customer):
            self.api.delete("customers", customer)


def saved_params(request: StartRequest, card: CardPart, labels: Mapping[str, str]) -> dict[str, Any]:
    """A payment with a kept card, not confirmed yet: its name is stored before any money moves."""
    options = {"request_three_d_secure": "any"} if request.strong else {}
    params: dict[str, Any] = {
        "amount": to_stripe(request.amount),
        "currency": request.amount.currency.code.lower(),
        "customer": card.customer,
        "payment_method": card.saved,
        "payment_method_types": ["card"],
        "capture_method": "manual" if request.manual_capture else "automatic",
        "description": request.description,
        "metadata": dict(labels),
    }
    if request.email:
        params["receipt_email"] = request.email
    return params | ({"payment_method_options": {"card": options}} if options else {})


def _what_next(intent: Plain) -> NextAction:
    """Where the bank asks the shopper; it sends them to our return address afterwards."""
    wanted = intent.get("next_action") or {}
    where = wanted.get("redirect_to_url") if wanted.get("type") == "redirect_to_url" else None
    return NextAction("redirect", str(where["url"])) if where else NextAction("none")


def _unless_gone(refusal: ProviderRefused) -> bool:
    if refusal.reason in (GONE, "http_404"):
        return False
    raise refusal
