"""Beginning a payment: the row first, the provider second."""

import hashlib
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from djmoney.money import Money

from core.events import publish
from core.http import refuse_open_transaction
from core.locks import lock_timeout
from core.money import to_minor
from payments.actions.closing import cancel_payment
from payments.actions.settling import settle_facts
from payments.credit.postings import PROVIDER as CREDIT
from payments.errors import (
    AlreadyPaid,
    MethodNotOffered,
    NothingToPay,
    PaymentInProgress,
    PaymentKeyReused,
    ProviderRefused,
    UnknownPayment,
)
from payments.events import TransferAwaited
from payments.limits import check_velocity
from payments.models import Payment
from payments.providers.registry import provider_named
from payments.types import NextAction, PaymentFact, StartAnswer, StartRequest

KEEPS_MONEY = ("authorized", "captured", "partly_refunded", "disputed", "held")
FIRST_POLL = timedelta(minutes=2)


def open_payment(
    *, order_ref: str, amount: Money, provider: str, method: str, key: str = "", visitor: str = ""
) -> Payment:
    """The committed row of a new attempt to be paid, before any provider hears of it.

    The same `key` gives the same payment (an empty one stands for "the next attempt"). An earlier attempt
    that is still undecided is closed at its provider first, so that an order is never charged twice. What gift cards
    and store credit have paid of it stands: `amount` is the rest.
    `visitor` (a session key) lets failed attempts be counted; only its digest is kept. Call it with no
    transaction open. Raises `AlreadyPaid`, `MethodNotOffered`, `TooManyAttempts`, `NothingToPay`,
    `PaymentKeyReused`, `PaymentInProgress`, `ProviderUnreachable`.
    """
    return _open(_wanted(order_ref, amount, provider, method, visitor), key, adds=False)


def open_difference(
    *, order_ref: str, amount: Money, provider: str, method: str, key: str, visitor: str = ""
) -> Payment:
    """`open_payment` for what an order costs more after a change: the money that came before stays."""
    return _open(_wanted(order_ref, amount, provider, method, visitor), key, adds=True)


def _wanted(order_ref: str, amount: Money, provider: str, method: str, visitor: str) -> Payment:
    if to_minor(amount) <= 0:
        raise NothingToPay
    return Payment(
        order_ref=order_ref,
        provider=provider,
        method=method,
        currency=amount.currency.code,
        amount_minor=to_minor(amount),
        visitor=_digest(visitor),
    )


def _open(wanted: Payment, key: str, *, adds: bool) -> Payment:
    refuse_open_transaction()
    known = Payment.objects.filter(idempotency_key=key).first() if key else None
    if known is not None:
        return _same(known, wanted)
    offer = provider_named(wanted.provider).offer
    if not offer.takes(wanted.method, wanted.amount):
        raise MethodNotOffered
    check_velocity(order_ref=wanted.order_ref, visitor=wanted.visitor)
    _close_earlier(wanted.order_ref, key, adds=adds)
    wanted.manual_capture = wanted.method in offer.held_methods
    wanted.in_parts = wanted.method in offer.part_methods
    return _create(wanted, key)


def _same(payment: Payment, wanted: Payment) -> Payment:
    same = ("order_ref", "amount_minor", "currency", "provider", "method")
    if any(getattr(payment, name) != getattr(wanted, name) for name in same):
        raise PaymentKeyReused
    return payment


def _digest(visitor: str) -> str:
    """A session is never stored as it is."""
    return hashlib.sha256(visitor.encode()).hexdigest() if visitor else ""


def _close_earlier(order_ref: str, key: str, *, adds: bool) -> None:
    """Other attempts only: the row of a request with the same key, made a moment ago, is this very attempt."""
    others = Payment.objects.of_order(order_ref).exclude(idempotency_key=key)
    for earlier in others.undecided():
        cancel_payment(payment_ref=earlier.ref, reason="superseded")
    whole = others.filter(state__in=KEEPS_MONEY).exclude(provider=CREDIT).exclude(_came_in_part())
    if not adds and whole.exists():
        raise AlreadyPaid


def _came_in_part() -> Q:
    """A transfer of which the rest is missing: the order may be paid to its end another way."""
    return Q(in_parts=True, state="captured", captured_minor__lt=F("amount_minor"))


def _create(wanted: Payment, key: str) -> Payment:
    """Two requests with one key meet at the unique constraint: the second finds the row of the first."""
    last = Payment.objects.of_order(wanted.order_ref).aggregate(last=Max("attempt"))["last"] or 0
    wanted.attempt = last + 1
    wanted.idempotency_key = key or f"{wanted.order_ref}-{wanted.attempt}"
    wanted.poll_after = timezone.now() + FIRST_POLL
    try:
        with transaction.atomic(durable=True):
            wanted.save(force_insert=True)
    except IntegrityError as clash:
        winner = Payment.objects.filter(idempotency_key=wanted.idempotency_key).first()
        if winner is None:
            raise PaymentInProgress from clash
        return _same(winner, wanted)
    return wanted


def start_payment(
    *, payment_ref: UUID, email: str, market: str, language: str, return_url: str, cancel_url: str
) -> NextAction:
    """Ask the provider to begin, and say what the shopper does next.

    The key is the payment's own, so asking again after a lost answer begins nothing twice; a payment that
    has begun answers from its row. `return_url` and `cancel_url` are absolute. Call it with no transaction
    open. Raises `ProviderUnreachable` (try again) and `ProviderRefused` (it failed; open another).
    """
    refuse_open_transaction()
    payment = Payment.objects.filter(ref=payment_ref).first()
    if payment is None:
        raise UnknownPayment
    if payment.state != Payment.State.CREATED:
        return payment.what_next
    request = StartRequest(
        payment_ref=payment.ref,
        order_ref=payment.order_ref,
        amount=payment.amount,
        method=payment.method,
        manual_capture=payment.manual_capture,
        description=_description(payment.order_ref, language),
        email=email,
        language=language,
        market=market,
        return_url=return_url,
        cancel_url=cancel_url,
        idempotency_key=f"{payment.ref}-start",
    )
    try:
        answer = provider_named(payment.provider).start(request)
    except ProviderRefused as refusal:
        _record_refusal(payment, refusal)
        raise
    _record_start(payment.pk, answer)
    settle_facts(payment_ref=payment.ref, facts=answer.facts)
    return answer.next_action


def _description(order_ref: str, language: str) -> str:
    with translation.override(language):
        return _("Order %(number)s") % {"number": order_ref}


def _record_start(payment_pk: int, answer: StartAnswer) -> None:
    """Keep what leads back to the payment. The client's secret is not among it."""
    with transaction.atomic(durable=True), lock_timeout():
        payment = Payment.objects.lock().get(pk=payment_pk)
        if payment.provider_ref and payment.provider_ref != answer.provider_ref:
            raise PaymentKeyReused
        if payment.in_parts and not payment.provider_ref and answer.expires_at is not None:
            publish(TransferAwaited(order_ref=payment.order_ref, payment_ref=payment.ref, due_at=answer.expires_at))
        payment.provider_ref = answer.provider_ref
        payment.next_action = {"kind": answer.next_action.kind, "url": answer.next_action.url}
        payment.expires_at = answer.expires_at
        payment.save(update_fields=["provider_ref", "next_action", "expires_at", "updated"])


def _record_refusal(payment: Payment, refusal: ProviderRefused) -> None:
    fact = PaymentFact(
        kind="failed",
        amount=payment.amount,
        provider_ref="",
        fact_ref=f"{payment.ref}-start",
        occurred_at=timezone.now(),
        source="response",
        code=refusal.reason,
    )
    settle_facts(payment_ref=payment.ref, facts=(fact,))
