"""Buying at the sandbox, over HTTP: its page, its signed messages, the return, and the poller."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from djmoney.money import Money

from payments.actions import process_inbox, reconcile_undecided, refresh_payment
from payments.models import Payment, PaymentEvent, SandboxCharge, SandboxWebhook
from payments.tasks import run_sandbox
from tests.factories.payments import charge_of, started

pytestmark = pytest.mark.django_db


def press(payment: Payment, choice: str) -> object:
    """Press a button as a browser would, with its CSRF token."""
    browser = Client(enforce_csrf_checks=True)
    url = payment.next_action["url"]
    shown = browser.get(url)
    assert shown.status_code == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.content.decode())
    assert token is not None
    return browser.post(url, {"choice": choice, "csrfmiddlewaretoken": token[1]})


def told(payment: Payment) -> Payment:
    """Let the world go on until the shop has heard and acted."""
    run_sandbox()
    process_inbox()
    payment.refresh_from_db()
    return payment


def test_a_payment_that_succeeds_is_known_by_its_message_alone() -> None:
    payment = started()
    answer = press(payment, "succeed")
    assert (answer.status_code, answer["Location"]) == (303, "http://testserver/back/")
    assert told(payment).state == "captured"
    assert payment.captured == Money("49.90", "EUR")


def test_a_payment_that_succeeds_is_known_by_the_return_alone() -> None:
    payment = started()
    press(payment, "succeed")
    assert refresh_payment(payment_ref=payment.ref, source="return").state == "captured"
    assert told(payment).transactions.filter(kind="captured").count() == 1


def test_a_payment_whose_messages_are_lost_is_found_by_asking() -> None:
    payment = started()
    press(payment, "succeed")
    SandboxWebhook.objects.all().delete()
    Payment.objects.filter(pk=payment.pk).update(poll_after="2020-01-01T00:00Z")
    assert reconcile_undecided() == 1
    payment.refresh_from_db()
    assert payment.state == "captured"


def test_a_declined_payment_fails_and_its_page_is_finished() -> None:
    payment = started()
    press(payment, "decline")
    assert (told(payment).state, payment.failure_code) == ("failed", "card_declined")
    page = Client().get(reverse("payments:sandbox_pay", kwargs={"token": charge_of(payment).token}))
    assert 'name="choice"' not in page.content.decode()


@pytest.mark.parametrize(("choice", "state"), [("confirm_yes", "captured"), ("confirm_no", "failed")])
def test_confirmation_is_asked_for_on_a_second_page(choice, state) -> None:
    payment = started()
    first = press(payment, "confirm")
    assert first["Location"] == payment.next_action["url"]
    assert told(payment).state == "action_required"
    press(payment, choice)
    assert told(payment).state == state


@pytest.mark.parametrize(("choice", "state"), [("pending_succeed", "captured"), ("pending_fail", "failed")])
def test_a_pending_payment_ends_by_a_later_message(choice, state, settings) -> None:
    settings.SANDBOX_DELAY_SECONDS = 3600
    payment = started()
    press(payment, choice)
    assert told(payment).state == "processing"
    SandboxCharge.objects.update(due_at="2020-01-01T00:00Z")
    assert told(payment).state == state


def test_the_page_says_that_it_is_a_test_and_shows_what_is_paid() -> None:
    payment = started(Money("1234.50", "EUR"))
    html = Client().get(payment.next_action["url"]).content.decode()
    assert payment.order_ref in html
    assert "1.234,50" in html
    assert "noindex" in html


def test_a_choice_after_the_end_changes_nothing() -> None:
    payment = started()
    press(payment, "succeed")
    answer = Client().post(payment.next_action["url"], {"choice": "decline"})
    assert answer.status_code == 303
    assert charge_of(payment).state == "succeeded"


def test_nobody_finds_the_page_without_its_token_or_with_the_sandbox_off(settings) -> None:
    payment = started()
    assert Client().get("/sandbox/pay/1/").status_code == 404
    settings.SANDBOX_PAYMENTS = False
    assert Client().get(payment.next_action["url"]).status_code == 404


def test_a_message_that_was_not_taken_is_sent_again() -> None:
    payment = started()
    press(payment, "succeed")
    SandboxWebhook.objects.update(delivered_at=None, attempts=3)
    run_sandbox()
    assert SandboxWebhook.objects.filter(delivered_at=None).count() == 0
    assert PaymentEvent.objects.count() == SandboxWebhook.objects.count()
