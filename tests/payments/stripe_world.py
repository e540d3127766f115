"""A shop connected to the stand-in for Stripe, and what its tests do again and again."""

from collections.abc import Iterator

import pytest
from django.test import Client
from djmoney.money import Money

from payments.actions import process_inbox
from payments.models import Payment
from tests.factories.payments import started
from tests.standins.stripe_double import SECRET, StripeDouble

PAGE = Money("49.90", "EUR")


@pytest.fixture
def stripe(settings) -> Iterator[StripeDouble]:
    settings.STRIPE_SECRET_KEY = "sk_test_stand_in"
    settings.STRIPE_PUBLISHABLE_KEY = "pk_test_stand_in"
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_older", SECRET]
    settings.STRIPE_MODE = "checkout"
    with StripeDouble() as double:
        settings.STRIPE_API_BASE = double.url
        yield double


def at_stripe(amount: Money = PAGE, *, method: str = "card", order: str = "") -> Payment:
    return started(amount, method=method, provider="stripe", order=order)


def post(body: bytes, signature: str) -> int:
    """A message of Stripe arriving at the shop's door."""
    return (
        Client()
        .post("/webhooks/stripe/", data=body, content_type="application/json", headers={"Stripe-Signature": signature})
        .status_code
    )


def told(double: StripeDouble, payment: Payment, **how: object) -> Payment:
    double.deliver(post, **how)
    process_inbox()
    payment.refresh_from_db()
    return payment
