"""The carding brake: a challenge first, then a block; a crowd counts like a queue."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.signing import make_token
from payments.actions import Asked, open_payment, opening, refresh_payment, start_payment
from payments.errors import ChallengeNeeded, TooManyAttempts
from payments.limits import Tried, wait_left
from payments.models import Payment, PaymentTransaction, SandboxCharge, VelocityLimit
from payments.providers.sandbox.choosing import choose
from payments.risk.challenge import PURPOSE, Proof, is_proven, make_challenge
from payments.risk.types import About
from tests.factories.payments import fact, order_ref, settled
from tests.races.crowd import all_at_once

EUR = Money("49.90", "EUR")
WHERE = {
    "email": "shopper@example.com",
    "market": "de",
    "language": "de",
    "return_url": "http://testserver/back/",
    "cancel_url": "http://testserver/stop/",
}
MINUTE = timedelta(minutes=1)
CROWD = 20


@pytest.fixture
def limits() -> None:
    """What RELIABILITY asks for: five in ten minutes and a challenge, fifteen in an hour and a block."""
    VelocityLimit.objects.all().delete()
    for scope in ("order", "visitor", "account"):
        VelocityLimit.objects.create(scope=scope, failures=5, minutes=10, effect="challenge", lasts_minutes=10)
        VelocityLimit.objects.create(scope=scope, failures=15, minutes=60, effect="block", lasts_minutes=60)
    VelocityLimit.objects.create(scope="card", failures=8, minutes=60, effect="block", lasts_minutes=60)


def about(order: str, email: str = "shopper@example.com") -> About:
    return About(order_ref=order, worth=EUR, email=email, address="", ship_country="DE")


def proof_for(order: str) -> Proof:
    """What a patient script sends: the right total, with a token shown a minute ago."""
    shown = Payment.objects.of_order(order).count()
    moment = int(timezone.now().timestamp()) - 60
    return Proof(token=make_token(PURPOSE, [order, shown, moment]), typed="49,90")


def attempt(order: str, *, visitor: str = "", email: str = "a@example.com", proof: Proof | None = None) -> str:
    """One scripted attempt with a stolen card, through to the provider if it is let."""
    asked = Asked(visitor=visitor, about=about(order, email), proof=proof)
    try:
        payment = open_payment(order_ref=order, amount=EUR, provider="sandbox", method="card", asked=asked)
    except DomainError as refusal:
        return refusal.code
    start_payment(payment_ref=payment.ref, **WHERE)
    choose(charge_pk=SandboxCharge.objects.get(payment_ref=payment.ref).pk, choice="decline")
    refresh_payment(payment_ref=payment.ref)
    return "reached"


@pytest.mark.django_db
def test_of_a_thousand_scripted_attempts_that_pass_no_challenge_five_reach_the_provider(limits) -> None:
    results = [attempt(order_ref(), visitor="192.0.2.1", email=f"s{n}@example.com") for n in range(1000)]
    assert results.count("reached") == SandboxCharge.objects.count() == 5
    assert set(results[5:]) == {"CHALLENGE_NEEDED"}


@pytest.mark.django_db
def test_of_a_thousand_that_pass_every_challenge_fifteen_reach_the_provider(limits) -> None:
    results = []
    for n in range(1000):
        order = order_ref()
        results.append(attempt(order, visitor="192.0.2.1", email=f"s{n}@example.com", proof=proof_for(order)))
    assert results.count("reached") == SandboxCharge.objects.count() == 15
    assert set(results[15:]) == {"TOO_MANY_ATTEMPTS"}


@pytest.mark.django_db
def test_a_member_who_changes_the_connection_is_counted_all_the_same(limits) -> None:
    results = [attempt(order_ref(), visitor=f"192.0.2.{n}", email="one@example.com") for n in range(20)]
    assert results.count("reached") == 5


@pytest.mark.django_db(transaction=True)
def test_a_crowd_of_one_visitor_gets_no_further_than_a_queue(limits) -> None:
    orders = [(order_ref(), n) for n in range(96)]

    def go(one: tuple[str, int]) -> str:
        order, n = one
        return attempt(order, visitor="192.0.2.1", email=f"s{n}@example.com", proof=proof_for(order))

    results = all_at_once(go, orders)
    assert 0 < results.count("reached") <= 15
    assert SandboxCharge.objects.count() <= 15


@pytest.mark.django_db(transaction=True)
def test_without_taking_turns_the_crowd_gets_further(limits, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: everybody looks before anybody has begun, and nobody waits for the others."""
    meet, look = threading.Barrier(CROWD), opening.check_brake

    def look_together(tried: Tried, *, is_proven: bool) -> None:
        look(tried, is_proven=is_proven)
        if connection.in_atomic_block:
            meet.wait(timeout=30)

    monkeypatch.setattr(opening, "take_turns", lambda _tried: None)
    monkeypatch.setattr(opening, "check_brake", look_together)
    orders = [(order_ref(), n) for n in range(CROWD)]

    def go(one: tuple[str, int]) -> str:
        order, n = one
        return attempt(order, visitor="192.0.2.1", email=f"s{n}@example.com", proof=proof_for(order))

    assert all_at_once(go, orders, at_once=CROWD).count("reached") > 15


@pytest.mark.django_db
def test_another_visitor_is_not_kept_waiting(limits) -> None:
    for n in range(6):
        attempt(order_ref(), visitor="192.0.2.1", email=f"s{n}@example.com")
    assert attempt(order_ref(), visitor="192.0.2.2", email="other@example.com") == "reached"


@pytest.mark.django_db
def test_a_card_that_failed_elsewhere_is_not_tried_on_this_order_again(limits) -> None:
    detail = {"card_fingerprint": "one-card"}
    first = open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    settled(first, *(fact(first, "declined", fact_ref=f"d{n}", detail=detail) for n in range(7)))
    second = open_payment(order_ref="A-2", amount=EUR, provider="sandbox", method="card")
    settled(second, fact(second, "declined", fact_ref="d8", detail=detail), fact(second, "failed", fact_ref="f"))
    with pytest.raises(TooManyAttempts):
        open_payment(order_ref="A-2", amount=EUR, provider="sandbox", method="card")
    assert open_payment(order_ref="A-3", amount=EUR, provider="sandbox", method="card").pk


@pytest.mark.django_db
def test_a_proof_opens_one_attempt_of_one_order(limits) -> None:
    for _ in range(5):
        attempt("A-1")
    proof = proof_for("A-1")
    assert attempt("A-1", proof=replace(proof, typed="49,91")) == "CHALLENGE_NEEDED"
    assert attempt("A-1", proof=replace(proof, token=f"{proof.token}x")) == "CHALLENGE_NEEDED"
    assert attempt("A-1", proof=replace(proof_for("A-2"), typed="49,90")) == "CHALLENGE_NEEDED"
    assert attempt("A-1", proof=proof) == "reached"
    assert attempt("A-1", proof=proof) == "CHALLENGE_NEEDED"


def test_the_pause_is_kept() -> None:
    quick = Proof(token=make_challenge(order_ref="A-1", attempts=5), typed="49,90")
    assert not is_proven(quick, order_ref="A-1", attempts=5, amount=EUR)
    assert not is_proven(None, order_ref="A-1", attempts=5, amount=EUR)


@pytest.mark.django_db
def test_declines_within_one_open_payment_count_towards_the_challenge(limits) -> None:
    payment = open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    settled(payment, *(fact(payment, "declined", fact_ref=f"d{n}") for n in range(5)))
    with pytest.raises(ChallengeNeeded):
        open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    assert PaymentTransaction.objects.filter(kind="declined").count() == 5


@pytest.mark.parametrize(
    ("minutes", "left"),
    [
        ([], None),
        ([1, 2], None),
        ([1, 2, 3], 59),
        # It began with the attempt that filled the hour, and lasts an hour from then.
        ([30, 40, 50], 30),
        ([59, 100, 110], 1),
        ([60, 61, 62], None),
        ([1, 2, 62], None),
    ],
)
def test_a_block_lasts_an_hour_from_the_attempt_that_filled_it(minutes: list[int], left: int | None) -> None:
    ages = [MINUTE * age for age in minutes]
    wait = wait_left(ages, failures=3, window=MINUTE * 60, lasts=MINUTE * 60)
    assert wait == (None if left is None else MINUTE * left)


@given(st.lists(st.integers(0, 200)), st.integers(1, 10), st.integers(1, 60), st.integers(1, 60))
def test_a_wait_is_never_longer_than_the_limit_lasts(ages: list[int], failures: int, window: int, lasts: int) -> None:
    spans = [MINUTE * age for age in sorted(ages)]
    wait = wait_left(spans, failures=failures, window=MINUTE * window, lasts=MINUTE * lasts)
    assert wait is None or timedelta() < wait <= MINUTE * lasts
    assert wait is None or len(ages) >= failures
