"""Paying an order with gift cards and store credit: taken with the order, in one transaction, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.locks import lock_timeout
from core.money import Money, from_minor
from payments.actions.credit import Cause, move_credit
from payments.actions.settling import record_facts
from payments.credit.postings import PROVIDER
from payments.errors import CreditGone
from payments.models import CreditAccount, Payment
from payments.types import PaymentFact


@dataclass(frozen=True, kw_only=True)
class CreditWish:
    """So much from this account, as the shopper was shown."""

    account_id: int
    minor: int


def take_credit(*, order_ref: str, currency: str, wishes: Sequence[CreditWish]) -> tuple[Payment, ...]:
    """One captured payment per account, or `CreditGone` and nothing at all.

    For the transaction that makes the order: nobody else knows the order and its payments yet, so their rows need no
    lock; the accounts are locked together, by number.
    """
    wanted = [wish for wish in wishes if wish.minor > 0]
    if not wanted:
        return ()
    with transaction.atomic(), lock_timeout():
        accounts = {row.pk: row for row in CreditAccount.objects.lock().filter(_usable(currency, wanted))}
        if len(accounts) != len(wanted):
            raise CreditGone
        return tuple(
            _pay(order_ref, position, accounts[wish.account_id], wish) for position, wish in enumerate(wanted, start=1)
        )


def _usable(currency: str, wishes: Sequence[CreditWish]) -> Q:
    """Asked under the lock: still open, still in time, of this currency."""
    ids = [wish.account_id for wish in wishes]
    return Q(pk__in=ids, currency=currency, state="active") & (
        Q(expires_on__isnull=True) | Q(expires_on__gte=timezone.localdate())
    )


def _pay(order_ref: str, position: int, account: CreditAccount, wish: CreditWish) -> Payment:
    payment = Payment(
        order_ref=order_ref,
        attempt=position,
        provider=PROVIDER,
        method=account.kind,
        currency=account.currency,
        amount_minor=wish.minor,
        idempotency_key=f"{order_ref}-credit-{position}",
    )
    payment.provider_ref = f"{account.last_four or account.pk}:{payment.ref}"
    payment.save(force_insert=True)
    cause = Cause(kind="spend", ref=str(payment.ref), why="payment", order_ref=order_ref)
    if not move_credit(account, minor=-wish.minor, cause=cause):
        raise CreditGone
    record_facts(payment, (taken_fact(payment, from_minor(wish.minor, account.currency)),))
    return payment


def taken_fact(payment: Payment, amount: Money) -> PaymentFact:
    """What the provider `credit` says of a payment it has made."""
    return PaymentFact(
        kind="captured",
        amount=amount,
        provider_ref=payment.provider_ref,
        fact_ref=f"taken:{payment.ref}",
        occurred_at=payment.created,
        source="response",
    )
