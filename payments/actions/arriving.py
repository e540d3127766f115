"""Money that arrives on a bank account for a payment: as much, and in as many parts, as the payer chose."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.events import publish
from core.locks import lock_timeout
from core.money import Money, from_minor, to_minor
from payments.actions.settling import record_facts
from payments.errors import NothingToPay, UnknownPayment
from payments.events import PartReceived, PaymentReported
from payments.models import Payment
from payments.types import PaymentFact, Source


def receive_transfer(*, payment_ref: UUID, amount: Money, name: str, source: Source) -> Payment:
    """Count `amount` towards the payment up to what was agreed; what is more becomes a case of its own.

    `name` is the arrival's own and counts once for ever. How much is missing is asked under the payment's lock, so
    whatever arrives at the same moment, the sum is exact. Another currency counts nothing and becomes a case. Joins
    the caller's transaction. Raises `UnknownPayment`, `NothingToPay`.
    """
    if to_minor(amount) <= 0:
        raise NothingToPay
    with transaction.atomic(), lock_timeout():
        found = Payment.objects.filter(ref=payment_ref).first()
        if found is None:
            raise UnknownPayment
        publish(PaymentReported(order_ref=found.order_ref, payment_ref=found.ref))
        payment = Payment.objects.lock().get(pk=found.pk)
        before = payment.captured_minor
        if not payment.transactions.filter(kind="captured", fact_ref__in=_names(name)).exists():
            record_facts(payment, _facts(payment, amount, name, source))
        _tell_part(payment, before, name)
    return payment


def _names(name: str) -> tuple[str, str]:
    return name, f"{name}:surplus"


def _facts(payment: Payment, amount: Money, name: str, source: Source) -> tuple[PaymentFact, ...]:
    """The part that is still due, and the part that is too much, as two facts: a case is about one fact."""
    if amount.currency.code != payment.currency:
        return (_captured(payment, amount, name, source),)
    minor = to_minor(amount)
    due = min(minor, max(0, payment.amount_minor - payment.captured_minor))
    parts = zip(_names(name), (due, minor - due), strict=True)
    return tuple(_captured(payment, from_minor(part, payment.currency), one, source) for one, part in parts if part)


def _captured(payment: Payment, amount: Money, fact_ref: str, source: Source) -> PaymentFact:
    return PaymentFact(
        kind="captured",
        amount=amount,
        provider_ref=payment.provider_ref,
        fact_ref=fact_ref,
        occurred_at=timezone.now(),
        source=source,
    )


def _tell_part(payment: Payment, before: int, name: str) -> None:
    if before < payment.captured_minor < payment.amount_minor:
        publish(
            PartReceived(
                order_ref=payment.order_ref,
                payment_ref=payment.ref,
                received=from_minor(payment.captured_minor - before, payment.currency),
                name=name,
            )
        )
