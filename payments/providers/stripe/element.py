"""The page around Stripe's embedded payment form."""

from dataclasses import dataclass

from djmoney.money import Money

from payments.providers.stripe.amounts import from_stripe
from payments.providers.stripe.client import StripeApi
from payments.providers.stripe.config import stripe_config
from payments.providers.stripe.methods import locale_of
from payments.providers.stripe.tokens import ElementWanted

PAYABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


@dataclass(frozen=True)
class ElementPage:
    """What the page and its script need. The secret opens this one payment only and is never stored."""

    amount: Money
    order_ref: str
    publishable_key: str
    client_secret: str
    return_url: str
    cancel_url: str
    locale: str


def element_page(wanted: ElementWanted) -> ElementPage | None:
    """The page, or nothing when there is nothing left to pay. Raises `ProviderUnreachable`, `ProviderRefused`."""
    config = stripe_config()
    intent = StripeApi(config).get("payment_intents", "retrieve", wanted.intent, params={})
    if intent["status"] not in PAYABLE:
        return None
    return ElementPage(
        amount=from_stripe(int(intent["amount"]), str(intent["currency"])),
        order_ref=str(intent["metadata"].get("order_ref", "")),
        publishable_key=config.publishable_key,
        client_secret=str(intent["client_secret"]),
        return_url=wanted.return_url,
        cancel_url=wanted.cancel_url,
        locale=locale_of(wanted.language),
    )
