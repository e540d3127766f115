"""The carding brake: how often an order, a visitor, a member or a card may fail. Counts by the database's clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from payments.errors import ChallengeNeeded, TooManyAttempts
from payments.models import Payment, PaymentTransaction, VelocityLimit
from payments.models.payment import BEFORE_MONEY

FAILURES = ("declined", "failed")
UNDER_WAY = timedelta(minutes=2)
"""An attempt elsewhere whose end nobody knows counts as failed for so long: many at once are no way round."""
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Who wants to pay what: digests, empty where not known."""

    order_ref: str
    visitor: str = ""
    account: str = ""


class Failure(NamedTuple):
    """One failed attempt."""

    age: timedelta
    order_ref: str
    visitor: str
    account: str
    card: str


def check_brake(tried: Tried, *, is_proven: bool) -> None:
    """Raises `TooManyAttempts` where a block holds, `ChallengeNeeded` where a challenge was not passed."""
    limits = list(VelocityLimit.objects.filter(active=True))
    if not limits:
        return
    failures = _failures(tried, limits)
    waits = [(limit, _wait(limit, tried, failures)) for limit in limits]
    blocked = [wait for limit, wait in waits if wait is not None and limit.effect == VelocityLimit.Effect.BLOCK]
    if blocked:
        raise TooManyAttempts(max(blocked))
    if not is_proven and any(wait is not None for _limit, wait in waits):
        raise ChallengeNeeded


def needs_challenge(tried: Tried) -> bool:
    """Whether the next attempt has to be preceded by a challenge, for the page that asks for it."""
    try:
        check_brake(tried, is_proven=False)
    except ChallengeNeeded:
        return True
    except TooManyAttempts:
        return False
    return False


def take_turns(tried: Tried) -> None:
    """Inside a transaction: attempts of one visitor or member are opened one after the other, so that each counts."""
    with connection.cursor() as cursor:
        for name in sorted(filter(None, (tried.visitor, tried.account))):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"payments.brake:{name}"])


def wait_left(ages: Sequence[timedelta], *, failures: int, window: timedelta, lasts: timedelta) -> timedelta | None:
    """How long a limit still holds; None when it does not. Pure.

    `ages` of the failed attempts, youngest first. It holds from the attempt that filled the window.
    """
    for first in range(len(ages) - failures + 1):
        filled = ages[first]
        if filled < lasts and ages[first + failures - 1] - filled < window:
            return lasts - filled
    return None


def _wait(limit: VelocityLimit, tried: Tried, failures: Sequence[Failure]) -> timedelta | None:
    ages = [failure.age for failure in failures if _belongs(failure, limit.scope, tried, failures)]
    return wait_left(
        ages,
        failures=limit.failures,
        window=timedelta(minutes=limit.minutes),
        lasts=timedelta(minutes=limit.lasts_minutes),
    )


def _belongs(failure: Failure, scope: str, tried: Tried, failures: Sequence[Failure]) -> bool:
    match scope:
        case VelocityLimit.Scope.ORDER:
            return failure.order_ref == tried.order_ref
        case VelocityLimit.Scope.VISITOR:
            return bool(tried.visitor) and failure.visitor == tried.visitor
        case VelocityLimit.Scope.ACCOUNT:
            return bool(tried.account) and failure.account == tried.account
        case VelocityLimit.Scope.CARD:
            return bool(failure.card) and failure.card in _cards(tried.order_ref, failures)
    return False


def _cards(order_ref: str, failures: Iterable[Failure]) -> frozenset[str]:
    return frozenset(failure.card for failure in failures if failure.order_ref == order_ref and failure.card)


def _failures(tried: Tried, limits: Iterable[VelocityLimit]) -> list[Failure]:
    """Everything that counts for any of the limits, youngest first: what failed, and what is under way elsewhere.

    What is under way is read first: an attempt that fails between the two readings would be in neither otherwise.
    """
    under_way = _under_way(tried)
    reach = timedelta(minutes=max(limit.minutes + limit.lasts_minutes for limit in limits))
    mine = Q(payment__order_ref=tried.order_ref)
    if tried.visitor:
        mine |= Q(payment__visitor=tried.visitor)
    if tried.account:
        mine |= Q(payment__account=tried.account)
    failed = PaymentTransaction.objects.filter(kind__in=FAILURES, recorded_at__gt=Now() - reach)
    cards = list(
        failed.filter(payment__order_ref=tried.order_ref).exclude(card="").values_list("card", flat=True)[:MOST]
    )
    rows = (
        failed.filter(mine | Q(card__in=cards) if cards else mine)
        .annotate(age=_since("recorded_at"))
        .order_by("age")
        .values_list("age", "payment__order_ref", "payment__visitor", "payment__account", "card")[:MOST]
    )
    return sorted([*(Failure(*row) for row in rows), *under_way], key=lambda failure: failure.age)


def _under_way(tried: Tried) -> list[Failure]:
    who = Q(pk__in=[])
    if tried.visitor:
        who |= Q(visitor=tried.visitor)
    if tried.account:
        who |= Q(account=tried.account)
    rows = (
        Payment.objects.filter(who, state__in=BEFORE_MONEY, created__gt=Now() - UNDER_WAY)
        .exclude(order_ref=tried.order_ref)
        .annotate(age=_since("created"))
        .values_list("age", "order_ref", "visitor", "account")[:MOST]
    )
    return [Failure(*row, card="") for row in rows]


def _since(field: str) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(Now() - F(field), output_field=DurationField())
