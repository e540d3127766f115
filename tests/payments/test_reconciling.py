"""Asking the provider ourselves: the door that is left when messages and returns are lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.actions import reconcile_undecided
from payments.models import Payment, PaymentException, SandboxCharge, SandboxMovement, SandboxWebhook
from tests.factories.payments import PaymentFactory, choose_at_sandbox, paid, started

pytestmark = pytest.mark.django_db


def due(**changes: object) -> None:
    Payment.objects.update(poll_after=timezone.now() - timedelta(minutes=1), **changes)


def test_fifty_payments_whose_every_message_was_lost_are_all_found() -> None:
    payments = [started() for _ in range(50)]
    for payment in payments:
        choose_at_sandbox(payment, "succeed")
    SandboxWebhook.objects.all().delete()
    due()
    reconcile_undecided()
    assert set(Payment.objects.values_list("state", flat=True)) == {"captured"}


def test_a_payment_is_asked_about_less_and_less_often() -> None:
    payment = started()
    waits = []
    for _ in range(4):
        due()
        assert reconcile_undecided() == 1
        payment.refresh_from_db()
        waits.append(round((payment.poll_after - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 5, 10]
    assert reconcile_undecided() == 0


def test_a_payment_nobody_started_is_closed_after_half_an_hour() -> None:
    payment = PaymentFactory()
    due()
    reconcile_undecided()
    payment.refresh_from_db()
    assert payment.state == "created"
    due(created=timezone.now() - timedelta(minutes=31))
    reconcile_undecided()
    payment.refresh_from_db()
    assert (payment.state, payment.failure_code) == ("canceled", "never_started")


def test_a_page_whose_time_is_over_is_closed_at_the_provider() -> None:
    payment = started()
    due(expires_at=timezone.now() - timedelta(minutes=1))
    reconcile_undecided()
    payment.refresh_from_db()
    assert (payment.state, payment.failure_code, SandboxCharge.objects.get().state) == (
        "canceled",
        "expired",
        "canceled",
    )


def test_money_on_its_way_is_waited_for_even_after_the_page_has_closed() -> None:
    payment = started()
    choose_at_sandbox(payment, "pending_succeed")
    due(expires_at=timezone.now() - timedelta(minutes=1))
    reconcile_undecided()
    payment.refresh_from_db()
    assert payment.state == "processing"


def test_a_provider_that_no_longer_knows_the_payment_makes_it_a_case_and_stops_nobody() -> None:
    lost, other = started(), started()
    choose_at_sandbox(other, "succeed")
    SandboxWebhook.objects.filter(charge__payment_ref=lost.ref).delete()
    SandboxCharge.objects.filter(payment_ref=lost.ref).delete()
    due()
    assert reconcile_undecided() == 2
    other.refresh_from_db()
    assert other.state == "captured"
    case = PaymentException.objects.get()
    assert (case.kind, case.payment_id) == ("silent_provider", lost.pk)


def test_a_decided_payment_is_left_alone() -> None:
    paid()
    SandboxMovement.objects.all().delete()
    due()
    assert reconcile_undecided() == 0
