"""A shop connected to the stand-in for PayPal, and what its tests do again and again."""

from collections.abc import Iterator, Mapping

import pytest
from django.test import Client
from djmoney.money import Money

from payments.actions import process_inbox, refresh_payment
from payments.models import Payment
from tests.factories.payments import started
from tests.standins.paypal_books import Plain
from tests.standins.paypal_double import CLIENT, WEBHOOK, PayPalDouble

PAGE = Money("49.90", "EUR")


@pytest.fixture
def paypal(settings) -> Iterator[PayPalDouble]:
    settings.PAYPAL_CLIENT_ID = CLIENT
    settings.PAYPAL_WEBHOOK_ID = WEBHOOK
    settings.PAYPAL_MODE = "sandbox"
    with PayPalDouble() as double:
        settings.PAYPAL_CLIENT_SECRET = double.books.good_secret
        settings.PAYPAL_API_BASE = double.url
        yield double
    assert not double.complaints, "\n".join(double.complaints)


def at_paypal(amount: Money = PAGE, *, order: str = "") -> Payment:
    return started(amount, method="paypal", provider="paypal", order=order)


def order_of(double: PayPalDouble, payment: Payment) -> Plain:
    return double.books.find(payment.provider_ref)


def post(body: bytes, headers: Mapping[str, str]) -> int:
    """A message of PayPal arriving at the shop's door."""
    return (
        Client(enforce_csrf_checks=True)
        .post("/webhooks/paypal/", data=body, content_type="application/json", headers=dict(headers))
        .status_code
    )


def told(double: PayPalDouble, payment: Payment, **how: object) -> Payment:
    """What has happened reaches us by message."""
    double.deliver(post, **how)
    process_inbox()
    payment.refresh_from_db()
    return payment


def paid_at_paypal(double: PayPalDouble, amount: Money = PAGE) -> Payment:
    """A payment the shopper approved and we took, or hold; its messages have come too."""
    payment = at_paypal(amount)
    double.books.approve(payment.provider_ref)
    refresh_payment(payment_ref=payment.ref, source="return")
    return told(double, payment)
