"""Webhooks: keep first, answer fast, act later."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from core.http import refuse_open_transaction
from core.wakeups import wake_on_commit
from payments.actions.cards import follow_cards
from payments.actions.cases import open_case
from payments.actions.settling import settle_facts
from payments.errors import ProviderRefused, ProviderUnreachable
from payments.models import Payment, PaymentEvent
from payments.providers.registry import provider_named
from payments.types import WebhookMessage
from payments.waiting import wait_before

LEASE = timedelta(minutes=1)
GIVE_UP_AFTER = 8


def record_webhook(*, provider: str, headers: Mapping[str, str], body: bytes) -> PaymentEvent:
    """Verify the message on its raw bytes and keep it once. Nothing is decided here.

    Raises `BadWebhook` and `UnknownProvider`; nothing is stored then.
    """
    message = provider_named(provider).parse_webhook(headers, body)
    with transaction.atomic():
        PaymentEvent.objects.bulk_create([_row(provider, message)], ignore_conflicts=True)
        event = PaymentEvent.objects.get(provider=provider, event_id=message.event_id)
        if event.processed_at is None:
            wake_on_commit("payments.tasks.process_webhook", event.pk)
    return event


def _row(provider: str, message: WebhookMessage) -> PaymentEvent:
    return PaymentEvent(
        provider=provider,
        event_id=message.event_id,
        kind=message.kind,
        provider_ref=message.provider_ref,
        payment_ref=message.payment_ref,
        payload=dict(message.payload),
        occurred_at=message.occurred_at,
        state=PaymentEvent.State.RECEIVED if message.relevant else PaymentEvent.State.IGNORED,
        processed_at=None if message.relevant else timezone.now(),
    )


def process_webhook(*, event_pk: int) -> PaymentEvent:
    """Act on one message: ask the provider how the payment stands now, and settle that.

    The message itself is never believed, so an old or repeated one does no harm. Safe to repeat. Call it
    with no transaction open.
    """
    refuse_open_transaction()
    event = PaymentEvent.objects.get(pk=event_pk)
    if not _claim(event):
        return event
    if event.payload.get("about"):
        return _follow(event)
    payment = _payment_of(event)
    if payment is None:
        return _finish(event, PaymentEvent.State.UNMATCHED, "unmatched_event", None)
    if event.provider_ref and payment.provider_ref not in ("", event.provider_ref):
        return _finish(event, PaymentEvent.State.UNMATCHED, "reference_mismatch", payment)
    handle = payment.handle
    if not handle.provider_ref:
        handle = replace(handle, provider_ref=event.provider_ref)
    try:
        facts = provider_named(event.provider).fetch(handle)
    except (ProviderUnreachable, ProviderRefused) as trouble:
        return _postpone(event, payment, trouble)
    settle_facts(payment_ref=payment.ref, facts=tuple(replace(fact, source="webhook") for fact in facts))
    return _finish(event, PaymentEvent.State.PROCESSED, "", payment)


def _follow(event: PaymentEvent) -> PaymentEvent:
    """About kept cards: there is no payment."""
    try:
        follow_cards(event)
    except (ProviderUnreachable, ProviderRefused) as trouble:
        return _postpone(event, None, trouble)
    return _finish(event, PaymentEvent.State.PROCESSED, "", None)


def process_inbox(*, limit: int = 100) -> int:
    """Act on every message whose time has come; returns how many were tried."""
    due = list(
        PaymentEvent.objects.filter(processed_at=None, next_attempt_at__lte=Now())
        .order_by("next_attempt_at")
        .values_list("pk", flat=True)[:limit]
    )
    for event_pk in due:
        process_webhook(event_pk=event_pk)
    return len(due)


def _claim(event: PaymentEvent) -> bool:
    """Take the message for a while. A dead worker's claim runs out by itself."""
    taken = PaymentEvent.objects.filter(pk=event.pk, processed_at=None, next_attempt_at__lte=Now()).update(
        attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE
    )
    event.refresh_from_db()
    return bool(taken)


def _payment_of(event: PaymentEvent) -> Payment | None:
    mine = Payment.objects.filter(provider=event.provider)
    if event.payment_ref is not None:
        return mine.filter(ref=event.payment_ref).first()
    if event.provider_ref:
        return mine.filter(provider_ref=event.provider_ref).first()
    related = event.payload.get("related")
    return mine.filter(transactions__kind="captured", transactions__fact_ref=related).first() if related else None


def _finish(event: PaymentEvent, state: str, case: str, payment: Payment | None) -> PaymentEvent:
    with transaction.atomic():
        if case:
            open_case(kind=case, payment=payment, event=event)
        event.state, event.processed_at, event.last_error = state, timezone.now(), ""
        event.save(update_fields=["state", "processed_at", "last_error"])
    return event


def _postpone(
    event: PaymentEvent, payment: Payment | None, trouble: ProviderUnreachable | ProviderRefused
) -> PaymentEvent:
    """Try again later; a provider that keeps refusing to tell becomes a case."""
    with transaction.atomic():
        event.last_error = f"{trouble.code}: {getattr(trouble, 'reason', '')}"[:500]
        event.next_attempt_at = timezone.now() + wait_before(event.attempts)
        event.save(update_fields=["last_error", "next_attempt_at"])
        if event.attempts >= GIVE_UP_AFTER:
            open_case(kind="silent_provider", payment=payment)
    return event
