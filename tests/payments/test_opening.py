"""The row first, the provider second, and never two charges for one order."""

import pytest
from django.db import IntegrityError, transaction
from djmoney.money import Money

from core.http import NetworkInTransaction
from payments.actions import Asked, open_payment, refresh_payment, start_payment
from payments.errors import (
    AlreadyPaid,
    ChallengeNeeded,
    MethodNotOffered,
    NothingToPay,
    PaymentKeyReused,
    TooManyAttempts,
    UnknownProvider,
)
from payments.models import Payment, SandboxCharge, VelocityLimit
from payments.providers.sandbox.choosing import choose
from tests.factories.payments import PaymentFactory, choose_at_sandbox, fact, order_ref, paid, settled, started

pytestmark = pytest.mark.django_db

EUR = Money("49.90", "EUR")
START = {
    "email": "shopper@example.com",
    "market": "de",
    "language": "de",
    "return_url": "http://testserver/back/",
    "cancel_url": "http://testserver/stop/",
}


def test_the_row_is_there_before_the_provider_hears_of_it() -> None:
    payment = open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    assert Payment.objects.get().ref == payment.ref
    assert SandboxCharge.objects.count() == 0


def test_starting_twice_begins_once_and_leads_to_the_same_page() -> None:
    payment = open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    first = start_payment(payment_ref=payment.ref, **START)
    again = start_payment(payment_ref=payment.ref, **START)
    assert (first.kind, first.url) == (again.kind, again.url)
    assert SandboxCharge.objects.count() == 1


def test_a_start_that_was_not_written_down_is_repeated_with_the_same_effect() -> None:
    payment = started()
    url = payment.next_action["url"]
    Payment.objects.filter(pk=payment.pk).update(state="created", provider_ref="", next_action={})
    assert start_payment(payment_ref=payment.ref, **START).url == url
    assert SandboxCharge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_provider_is_called_while_a_transaction_is_open() -> None:
    payment = open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    with pytest.raises(NetworkInTransaction), transaction.atomic():
        start_payment(payment_ref=payment.ref, **START)
    with pytest.raises(NetworkInTransaction), transaction.atomic():
        open_payment(order_ref="A-2", amount=EUR, provider="sandbox", method="card")
    assert SandboxCharge.objects.count() == 0
    assert Payment.objects.count() == 1


def test_the_same_key_opens_once_and_another_wish_under_it_is_refused() -> None:
    wish = {"order_ref": "A-1", "amount": EUR, "provider": "sandbox", "method": "card", "key": "k"}
    assert open_payment(**wish).pk == open_payment(**wish).pk
    with pytest.raises(PaymentKeyReused):
        open_payment(**wish | {"amount": Money("0.01", "EUR")})
    assert Payment.objects.get().amount == EUR


def test_another_attempt_closes_the_one_before_at_its_provider() -> None:
    first = started(order="A-1")
    second = started(order="A-1", method="klarna")
    first.refresh_from_db()
    assert (first.state, first.failure_code, second.attempt) == ("canceled", "superseded", 2)
    assert SandboxCharge.objects.get(payment_ref=first.ref).state == "canceled"


def test_a_paid_order_is_not_paid_again() -> None:
    paid(order="A-1")
    with pytest.raises(AlreadyPaid):
        open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    assert Payment.objects.count() == 1


def test_money_that_came_while_another_attempt_was_wanted_is_found_first() -> None:
    payment = started(order="A-1")
    choose_at_sandbox(payment, "succeed")
    with pytest.raises(AlreadyPaid):
        open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    payment.refresh_from_db()
    assert payment.state == "captured"


def test_the_database_refuses_two_open_payments_of_one_order() -> None:
    PaymentFactory(order_ref="A-1", attempt=1)
    with pytest.raises(IntegrityError, match="payment_one_undecided"), transaction.atomic():
        PaymentFactory(order_ref="A-1", attempt=2, idempotency_key="other")


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"amount": Money("0", "EUR")}, NothingToPay),
        ({"amount": Money("-1", "EUR")}, NothingToPay),
        ({"method": "apple_pay"}, MethodNotOffered),
        ({"provider": "unheard_of"}, UnknownProvider),
    ],
)
def test_what_cannot_be_paid_is_refused_and_leaves_nothing(wish, refusal) -> None:
    with pytest.raises(refusal):
        open_payment(**{"order_ref": "A-1", "amount": EUR, "provider": "sandbox", "method": "card"} | wish)
    assert Payment.objects.count() == 0


def fail(order: str, visitor: str = "") -> None:
    payment = open_payment(order_ref=order, amount=EUR, provider="sandbox", method="card", asked=Asked(visitor=visitor))
    start_payment(payment_ref=payment.ref, **START)
    choose(charge_pk=SandboxCharge.objects.get(payment_ref=payment.ref).pk, choice="decline")
    refresh_payment(payment_ref=payment.ref)


def test_after_five_failures_the_next_try_needs_a_challenge() -> None:
    for _ in range(5):
        fail("A-1")
    with pytest.raises(ChallengeNeeded):
        open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    assert open_payment(order_ref="A-2", amount=EUR, provider="sandbox", method="card").pk


def test_a_block_of_five_failures_waits() -> None:
    VelocityLimit.objects.update(effect="block")
    for _ in range(5):
        fail("A-1")
    with pytest.raises(TooManyAttempts) as refusal:
        open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    assert 0 < refusal.value.wait.total_seconds() <= 3600
    assert open_payment(order_ref="A-2", amount=EUR, provider="sandbox", method="card").pk


def test_failures_are_counted_per_visitor_across_orders_and_no_session_is_stored() -> None:
    for _ in range(5):
        fail(order_ref(), visitor="session-of-somebody")
    with pytest.raises(ChallengeNeeded):
        open_payment(
            order_ref="A-9",
            amount=EUR,
            provider="sandbox",
            method="card",
            asked=Asked(visitor="session-of-somebody"),
        )
    assert not Payment.objects.filter(visitor__contains="session").exists()


def test_the_limit_is_a_row_an_operator_can_change() -> None:
    VelocityLimit.objects.update(failures=1, effect="block")
    fail("A-1")
    with pytest.raises(TooManyAttempts):
        open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
    VelocityLimit.objects.update(active=False)
    assert open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card").pk


def test_declines_inside_an_open_payment_count_too() -> None:
    VelocityLimit.objects.update(failures=2, effect="block")
    payment = PaymentFactory(order_ref="A-1")
    settled(payment, fact(payment, "declined", fact_ref="1"), fact(payment, "declined", fact_ref="2"))
    with pytest.raises(TooManyAttempts):
        open_payment(order_ref="A-1", amount=EUR, provider="sandbox", method="card")
