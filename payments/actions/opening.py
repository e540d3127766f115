"""Beginning a payment: the row first, the provider second."""

from dataclasses import dataclass, replace
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
from payments.actions.cards import note_refusal, note_use, part_of, use_of
from payments.actions.closing import cancel_payment
from payments.actions.risk import weigh, write_decision
from payments.actions.settling import settle_facts
from payments.cards.queries import keeper_of
from payments.credit.postings import PROVIDER as CREDIT
from payments.errors import (
    AlreadyPaid,
    MethodNotOffered,
    NothingToPay,
    PaymentInProgress,
    PaymentKeyReused,
    ProviderRefused,
    UnknownPayment,
    WayRefused,
)
from payments.events import TransferAwaited
from payments.limits import Tried, check_brake, take_turns
from payments.models import Payment
from payments.providers.registry import provider_named
from payments.risk.challenge import Proof, is_proven
from payments.risk.digests import account_digest, address_digest, visitor_digest
from payments.risk.rules import Measured, Verdict
from payments.risk.types import About
from payments.types import CardWish, NextAction, PaymentFact, StartAnswer, StartRequest

KEEPS_MONEY = ("authorized", "captured", "partly_refunded", "disputed", "held")
FIRST_POLL = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks for an attempt (`visitor`: the address of the connection), about what, and what a challenge brought.

    `card`: what a member wants with kept cards."""

    visitor: str = ""
    about: About | None = None
    proof: Proof | None = None
    card: CardWish | None = None


NOBODY = Asked()


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the risk rules said about an attempt, until it is written down with it."""

    verdict: Verdict
    measured: Measured
    may_refuse: bool


def open_payment(
    *,
    order_ref: str,
    amount: Money,
    provider: str,
    method: str,
    key: str = "",
    asked: Asked = NOBODY,
) -> Payment:
    """The committed row of a new attempt to be paid, before any provider hears of it.

    The same `key` gives the same payment (an empty one stands for "the next attempt"). An earlier attempt
    that is still undecided is closed at its provider first, so that an order is never charged twice. What gift cards
    and store credit have paid of it stands: `amount` is the rest.
    `asked.visitor` lets failed attempts be counted; only its digest is kept. Where the
    order is described (`asked.about`) its risk is weighed, and the decision is kept with the payment. Call it with no
    transaction open. Raises `AlreadyPaid`, `MethodNotOffered`, `TooManyAttempts`, `ChallengeNeeded`, `WayRefused`,
    `NothingToPay`, `CardUnknown`, `PaymentKeyReused`, `PaymentInProgress`, `ProviderUnreachable`.
    """
    return _open(_wanted(order_ref, amount, provider, method, asked), key, asked, adds=False)


def open_difference(
    *,
    order_ref: str,
    amount: Money,
    provider: str,
    method: str,
    key: str,
    asked: Asked = NOBODY,
) -> Payment:
    """`open_payment` for what an order costs more after a change: the money that came before stays."""
    return _open(_wanted(order_ref, amount, provider, method, asked), key, asked, adds=True)


def _wanted(order_ref: str, amount: Money, provider: str, method: str, asked: Asked) -> Payment:
    if to_minor(amount) <= 0:
        raise NothingToPay
    return Payment(
        order_ref=order_ref,
        provider=provider,
        method=method,
        currency=amount.currency.code,
        amount_minor=to_minor(amount),
        visitor=visitor_digest(asked.visitor),
    )


def _open(wanted: Payment, key: str, asked: Asked, *, adds: bool) -> Payment:
    refuse_open_transaction()
    known = Payment.objects.filter(idempotency_key=key).first() if key else None
    if known is not None:
        return _same(known, wanted)
    offer = provider_named(wanted.provider).offer
    if not offer.takes(wanted.method, wanted.amount):
        raise MethodNotOffered
    _describe(wanted, asked.about)
    proven = _is_proven(wanted, asked.proof)
    check_brake(_tried(wanted), is_proven=proven)
    judged = _judge(wanted, asked.about)
    _close_earlier(wanted.order_ref, key, adds=adds)
    wanted.manual_capture = wanted.method in offer.held_methods
    wanted.in_parts = wanted.method in offer.part_methods
    return _create(wanted, key, judged, card=asked.card, is_proven=proven)


def _describe(wanted: Payment, about: About | None) -> None:
    if about is not None:
        wanted.account = account_digest(user_id=about.user_id, email=about.email)
        wanted.address = address_digest(about.address)


def _tried(wanted: Payment) -> Tried:
    return Tried(order_ref=wanted.order_ref, visitor=wanted.visitor, account=wanted.account)


def _is_proven(wanted: Payment, proof: Proof | None) -> bool:
    attempts = Payment.objects.of_order(wanted.order_ref).count() if proof is not None else 0
    return is_proven(proof, order_ref=wanted.order_ref, attempts=attempts, amount=wanted.amount)


def _judge(wanted: Payment, about: About | None) -> Judged | None:
    """Weigh the attempt. A refusal is kept although there will be no payment. Raises `WayRefused`."""
    if about is None:
        return None
    with transaction.atomic(durable=True):
        verdict, measured = weigh(wanted, about)
        judged = Judged(verdict=verdict, measured=measured, may_refuse=about.may_refuse)
        if verdict.outcome == "refuse":
            _write(wanted, judged)
    if verdict.outcome == "refuse":
        raise WayRefused
    wanted.strong = verdict.outcome in ("strong", "hold")
    return judged


def _write(payment: Payment, judged: Judged) -> None:
    write_decision(payment, judged.verdict, judged.measured, moment="before", may_refuse=judged.may_refuse)


def _same(payment: Payment, wanted: Payment) -> Payment:
    same = ("order_ref", "amount_minor", "currency", "provider", "method")
    if any(getattr(payment, name) != getattr(wanted, name) for name in same):
        raise PaymentKeyReused
    return payment


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


def _create(wanted: Payment, key: str, judged: Judged | None, *, card: CardWish | None, is_proven: bool) -> Payment:
    """Two requests with one key meet at the unique constraint: the second finds the row of the first.

    The brake looks once more, with the visitor's other requests kept waiting, so that a crowd counts like a queue.
    """
    last = Payment.objects.of_order(wanted.order_ref).aggregate(last=Max("attempt"))["last"] or 0
    wanted.attempt = last + 1
    wanted.idempotency_key = key or f"{wanted.order_ref}-{wanted.attempt}"
    wanted.poll_after = timezone.now() + FIRST_POLL
    try:
        with transaction.atomic(durable=True):
            take_turns(_tried(wanted))
            check_brake(_tried(wanted), is_proven=is_proven)
            wanted.save(force_insert=True)
            note_use(wanted, card)
            if judged is not None:
                _write(wanted, judged)
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
        strong=payment.strong,
    )
    use = use_of(payment)
    try:
        answer = provider_named(payment.provider).start(replace(request, card=part_of(use, email=email)))
        _record_start(payment.pk, answer)
        if answer.next_action.kind == "confirm":
            answer = _confirm(payment, answer, return_url)
            _record_start(payment.pk, answer)
    except ProviderRefused as refusal:
        _record_refusal(payment, refusal)
        note_refusal(use, refusal.reason)
        raise
    settle_facts(payment_ref=payment.ref, facts=answer.facts)
    return answer.next_action


def _confirm(payment: Payment, begun: StartAnswer, return_url: str) -> StartAnswer:
    """The second half of paying with a kept card: its name is stored, so a lost answer can be asked for."""
    keeper = keeper_of(payment.provider)
    if keeper is None:
        raise ProviderRefused("no_cards")
    handle = replace(payment.handle, provider_ref=begun.provider_ref)
    following, facts = keeper.confirm(handle, return_url=return_url, key=f"{payment.ref}-confirm")
    return StartAnswer(provider_ref=begun.provider_ref, next_action=following, facts=facts)


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
