"""Payments in every state, made the way the shop makes them: opened, started at the sandbox, decided, settled."""

import itertools
from datetime import UTC, datetime

import factory
from djmoney.money import Money

from payments.actions import open_payment, refresh_payment, settle_payment, start_payment
from payments.models import Payment, SandboxCharge, VelocityLimit
from payments.providers.sandbox.choosing import choose
from payments.types import FactKind, PaymentFact

SITE = "http://testserver"
WHEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


class PaymentFactory(factory.django.DjangoModelFactory):
    """A payment that nobody has started yet."""

    class Meta:
        model = Payment

    order_ref = factory.Sequence(lambda n: f"TST-{n:05d}")
    provider = "sandbox"
    method = "card"
    currency = "EUR"
    amount_minor = 4990
    idempotency_key = factory.LazyAttribute(lambda me: f"{me.order_ref}-1")


class VelocityLimitFactory(factory.django.DjangoModelFactory):
    """A brake on failed attempts."""

    class Meta:
        model = VelocityLimit

    scope = "order"
    failures = 5
    minutes = 10


def order_ref() -> str:
    """An order's number nobody has used."""
    return f"TST-F{next(_numbers):05d}"


def started(
    amount: Money | None = None, *, order: str = "", method: str = "card", provider: str = "sandbox"
) -> Payment:
    """A payment that waits for its shopper on the provider's page."""
    payment = open_payment(
        order_ref=order or order_ref(), amount=amount or Money("49.90", "EUR"), provider=provider, method=method
    )
    start_payment(
        payment_ref=payment.ref,
        email="shopper@example.com",
        market="de",
        language="de",
        return_url=f"{SITE}/back/",
        cancel_url=f"{SITE}/stop/",
    )
    payment.refresh_from_db()
    return payment


def charge_of(payment: Payment) -> SandboxCharge:
    """The sandbox's side of a payment."""
    return SandboxCharge.objects.get(payment_ref=payment.ref)


def choose_at_sandbox(payment: Payment, choice: str) -> SandboxCharge:
    """Press a button on the sandbox's pay page."""
    return choose(charge_pk=charge_of(payment).pk, choice=choice)


def paid(amount: Money | None = None, *, order: str = "", method: str = "card") -> Payment:
    """A payment that was captured and settled."""
    payment = started(amount, order=order, method=method)
    choose_at_sandbox(payment, "succeed")
    return refresh_payment(payment_ref=payment.ref)


def fact(payment: Payment, kind: FactKind, amount: Money | None = None, **changes: object) -> PaymentFact:
    """A report about `payment`; unless said otherwise of its full amount, under a name of its kind."""
    values: dict[str, object] = {
        "kind": kind,
        "amount": amount or payment.amount,
        "provider_ref": payment.provider_ref,
        "fact_ref": f"{kind}-1",
        "occurred_at": WHEN,
        "source": "webhook",
    }
    return PaymentFact(**(values | changes))


def settled(payment: Payment, *facts: PaymentFact) -> Payment:
    """The payment after these reports, one after the other."""
    for one in facts:
        payment = settle_payment(payment_ref=payment.ref, fact=one)
    return payment
