"""Capturing what is held, and closing a payment so that nothing can follow."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from core import audit
from core.http import refuse_open_transaction
from core.money import from_minor, to_minor
from payments.actions.settling import settle_facts
from payments.errors import CaptureTooLarge, UnknownPayment
from payments.models import Payment
from payments.providers.registry import provider_named
from payments.types import PaymentFact

CLOSABLE = ("created", "action_required", "processing", "authorized")


def capture_payment(*, payment_ref: UUID, amount: Money | None = None, key: str = "") -> Payment:
    """Take `amount` (default: all) of what is held for us; asking twice takes once.

    Call it with no transaction open. Raises `CaptureTooLarge`, `ProviderUnreachable`, `ProviderRefused`.
    """
    refuse_open_transaction()
    payment = _payment(payment_ref)
    possible = from_minor(max(0, payment.authorized_minor - payment.captured_minor), payment.currency)
    wanted = amount if amount is not None else possible
    if wanted.currency.code != payment.currency or not 0 < to_minor(wanted) <= to_minor(possible):
        raise CaptureTooLarge(wanted, possible)
    _note("payments.capture", payment, {"amount": str(wanted.amount), "currency": payment.currency})
    facts = provider_named(payment.provider).capture(
        payment.handle, wanted, key or f"{payment.ref}-capture-{payment.captured_minor}"
    )
    return settle_facts(payment_ref=payment.ref, facts=_answered(facts))


def cancel_payment(*, payment_ref: UUID, reason: str = "canceled", note: str = "") -> Payment:
    """Close the payment at its provider and record what is true afterwards, which may be a late success.

    A payment that ended keeps its end. `reason` is a code, `note` an operator's words for the
    activity log. Call it with no transaction open. Raises `ProviderUnreachable`.
    """
    refuse_open_transaction()
    payment = _payment(payment_ref)
    if payment.state not in CLOSABLE:
        return payment
    _note("payments.cancel", payment, {"reason": reason}, note)
    if not payment.provider_ref:
        return settle_facts(payment_ref=payment.ref, facts=(_never_started(payment, reason),))
    facts = provider_named(payment.provider).cancel(payment.handle, f"{payment.ref}-cancel")
    named = tuple(replace(fact, code=reason) if fact.kind == "canceled" else fact for fact in facts)
    return settle_facts(payment_ref=payment.ref, facts=_answered(named))


def cancel_order_payments(*, order_ref: str, reason: str) -> None:
    """Close every payment of an order that could still bring money. Same rules as `cancel_payment`."""
    for payment in Payment.objects.of_order(order_ref).filter(state__in=CLOSABLE):
        cancel_payment(payment_ref=payment.ref, reason=reason)


def _payment(payment_ref: UUID) -> Payment:
    payment = Payment.objects.filter(ref=payment_ref).first()
    if payment is None:
        raise UnknownPayment
    return payment


def _note(action: str, payment: Payment, data: dict[str, str], note: str = "") -> None:
    """Who asked for it is written down before the provider hears of it."""
    with transaction.atomic():
        audit.record(action, payment, data={"order": payment.order_ref, **data}, reason=note)


def _never_started(payment: Payment, reason: str) -> PaymentFact:
    """Its address was never shown to anybody, so nobody can pay it."""
    return PaymentFact(
        kind="canceled",
        amount=payment.amount,
        provider_ref="",
        fact_ref=f"{payment.ref}-never-started",
        occurred_at=timezone.now(),
        source="response",
        code=reason,
    )


def _answered(facts: tuple[PaymentFact, ...]) -> tuple[PaymentFact, ...]:
    return tuple(replace(fact, source="response") for fact in facts)
