"""The third door: asking the provider ourselves."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core.http import refuse_open_transaction
from payments.actions.cases import open_case
from payments.actions.closing import cancel_payment
from payments.actions.settling import settle_facts
from payments.errors import ProviderRefused, ProviderUnreachable, UnknownPayment
from payments.models import Payment
from payments.providers.registry import provider_named
from payments.types import Source

NEVER_STARTED_AFTER = timedelta(minutes=30)
POLL_LADDER = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60))


def refresh_payment(*, payment_ref: UUID, source: Source = "poll") -> Payment:
    """Ask how the payment stands and settle it. Only moves forward: an open payment stays open.

    For the return page, the poller and operators. Call it with no transaction open. Raises
    `UnknownPayment`, `ProviderUnreachable`, `ProviderRefused`.
    """
    refuse_open_transaction()
    payment = Payment.objects.filter(ref=payment_ref).first()
    if payment is None:
        raise UnknownPayment
    if not payment.provider_ref:
        return payment
    facts = provider_named(payment.provider).fetch(payment.handle)
    return settle_facts(payment_ref=payment.ref, facts=tuple(replace(fact, source=source) for fact in facts))


def reconcile_undecided(*, limit: int = 100) -> int:
    """Ask about every undecided payment whose time has come, and close those that ran out; returns how many."""
    due = list(
        Payment.objects.undecided().filter(poll_after__lte=Now()).order_by("poll_after").only("pk", "ref")[:limit]
    )
    for payment in due:
        _poll(payment.pk)
    return len(due)


def _poll(payment_pk: int) -> None:
    payment = _claim(payment_pk)
    if payment is None:
        return
    try:
        _ask(payment)
    except ProviderUnreachable:
        return
    except ProviderRefused:
        with transaction.atomic():
            open_case(kind="silent_provider", payment=payment)


def _claim(payment_pk: int) -> Payment | None:
    """Set the next time first: a payment that crashes the poller does not stop the others."""
    payment = Payment.objects.get(pk=payment_pk)
    wait = POLL_LADDER[min(payment.polls, len(POLL_LADDER) - 1)]
    taken = Payment.objects.undecided().filter(pk=payment_pk, poll_after__lte=Now())
    if not taken.update(polls=F("polls") + 1, poll_after=Now() + wait):
        return None
    return payment


def _ask(payment: Payment) -> None:
    now = timezone.now()
    if not payment.provider_ref:
        if payment.created < now - NEVER_STARTED_AFTER:
            cancel_payment(payment_ref=payment.ref, reason="never_started")
        return
    refreshed = refresh_payment(payment_ref=payment.ref)
    if refreshed.state == Payment.State.PROCESSING:
        return  # the shopper has done their part; only the provider knows how long it takes
    if refreshed.is_undecided and refreshed.expires_at is not None and refreshed.expires_at < now:
        cancel_payment(payment_ref=payment.ref, reason="expired")
