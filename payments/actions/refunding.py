"""Giving money back: promised under a lock, asked for outside, settled like everything else."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from djmoney.money import Money

from core import audit
from core.http import refuse_open_transaction
from core.locks import lock_timeout
from core.money import to_minor
from core.wakeups import wake_on_commit
from payments.actions.settling import settle_facts
from payments.errors import PaymentKeyReused, ProviderRefused, ProviderUnreachable, RefundTooLarge, UnknownPayment
from payments.models import OPEN_REFUNDS, Payment, Refund
from payments.providers.registry import provider_named
from payments.types import PaymentFact, RefundRequest
from payments.waiting import wait_before

LEASE = timedelta(minutes=1)


def refund_payment(*, payment_ref: UUID, amount: Money, key: str, reason: str, actor: str = "") -> Refund:
    """Promise a refund: from now on nobody else can give this money back. A worker asks the provider.

    The same `key` promises once. Refunds under way count as given. Joins the caller's transaction.
    Raises `RefundTooLarge`, `PaymentKeyReused`, `UnknownPayment`.
    """
    with transaction.atomic(), lock_timeout():
        payment = Payment.objects.lock().filter(ref=payment_ref).first()
        if payment is None:
            raise UnknownPayment
        known = Refund.objects.filter(key=key).first()
        if known is not None:
            return _same(known, payment, amount)
        wanted = to_minor(amount)
        if amount.currency.code != payment.currency or not 0 < wanted <= payment.refundable_minor:
            raise RefundTooLarge(amount, payment.refundable)
        refund = Refund.objects.create(
            payment=payment, key=key, currency=payment.currency, amount_minor=wanted, reason=reason, requested_by=actor
        )
        payment.refunding_minor = F("refunding_minor") + wanted
        payment.save(update_fields=["refunding_minor", "updated"])
        audit.record(
            "payments.refund",
            payment,
            data={"order": payment.order_ref, "amount": str(amount.amount), "currency": payment.currency},
            reason=reason,
        )
        wake_on_commit("payments.tasks.submit_refund", refund.pk)
    return refund


def _same(refund: Refund, payment: Payment, amount: Money) -> Refund:
    if refund.payment_id != payment.pk or refund.amount != amount:
        raise PaymentKeyReused
    return refund


def submit_refund(*, refund_id: int) -> Refund:
    """Ask the provider for one refund, or how far it is. Safe to repeat: the key is the refund's own.

    Call it with no transaction open. What the provider refuses becomes a failed refund and a case.
    """
    refuse_open_transaction()
    refund = _claim(refund_id)
    if refund is None:
        return Refund.objects.get(pk=refund_id)
    payment = refund.payment
    try:
        facts = _ask(payment, refund)
    except ProviderUnreachable:
        return refund
    except ProviderRefused as refusal:
        facts = (_refused(payment, refund, refusal),)
    settle_facts(payment_ref=payment.ref, facts=tuple(replace(fact, source="response") for fact in facts))
    refund.refresh_from_db()
    return refund


def submit_due_refunds(*, limit: int = 50) -> int:
    """Ask for every refund whose time has come; returns how many were tried."""
    due = list(
        Refund.objects.filter(state__in=OPEN_REFUNDS, next_attempt_at__lte=Now())
        .order_by("next_attempt_at")
        .values_list("pk", flat=True)[:limit]
    )
    for refund_id in due:
        submit_refund(refund_id=refund_id)
    return len(due)


def _claim(refund_id: int) -> Refund | None:
    """Take the refund for a while, so that two workers do not ask at once. A dead worker's claim runs out."""
    with transaction.atomic(durable=True):
        refund = (
            Refund.objects.lock(skip_locked=True)
            .filter(pk=refund_id, state__in=OPEN_REFUNDS, next_attempt_at__lte=Now())
            .select_related("payment")
            .first()
        )
        if refund is None:
            return None
        refund.attempts += 1
        refund.next_attempt_at = timezone.now() + max(LEASE, wait_before(refund.attempts))
        refund.save(update_fields=["attempts", "next_attempt_at", "updated"])
        if refund.state == Refund.State.REQUESTED:
            refund.become(state="submitted")
    return refund


def _ask(payment: Payment, refund: Refund) -> tuple[PaymentFact, ...]:
    provider = provider_named(payment.provider)
    if refund.state == Refund.State.PENDING:
        return provider.fetch(payment.handle)
    return provider.refund(
        payment.handle, RefundRequest(refund.ref, refund.amount, f"{refund.ref}-refund", refund.reason)
    )


def _refused(payment: Payment, refund: Refund, refusal: ProviderRefused) -> PaymentFact:
    return PaymentFact(
        kind="refund_failed",
        amount=refund.amount,
        provider_ref=payment.provider_ref,
        fact_ref=f"{refund.ref}-refused",
        occurred_at=timezone.now(),
        code=refusal.reason,
        refund_ref=refund.ref,
    )
