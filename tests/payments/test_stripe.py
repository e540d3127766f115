"""Whole payments at Stripe's stand-in, on its hosted page and in the form inside our page."""

import random

import pytest
from django.test import Client
from djmoney.money import Money

from payments.actions import (
    cancel_payment,
    capture_payment,
    open_payment,
    process_webhook,
    reconcile_undecided,
    refresh_payment,
    refund_payment,
    start_payment,
    submit_due_refunds,
)
from payments.errors import CaptureTooLarge, ProviderRefused, ProviderUnreachable
from payments.models import LedgerTxn, Payment, PaymentEvent, PaymentException, Refund
from payments.providers.registry import provider_named
from tests.factories.payments import order_ref
from tests.payments.stripe_world import at_stripe, post, stripe, told

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db


def session_of(stripe, payment: Payment) -> dict:
    return stripe.books.find(payment.provider_ref)


def test_the_hosted_page_is_asked_for_with_our_amount_key_and_pinned_version(stripe) -> None:
    payment = at_stripe(method="sepa_debit")
    session = session_of(stripe, payment)
    assert (payment.next_action["kind"], payment.next_action["url"]) == ("redirect", session["url"])
    assert (session["amount_total"], session["currency"], session["payment_method_types"]) == (
        4990,
        "eur",
        ["sepa_debit"],
    )
    assert session["metadata"]["payment_ref"] == str(payment.ref)
    assert (session["locale"], session["success_url"]) == ("de", "http://testserver/back/")
    assert stripe.books.calls[0][2] == f"{payment.ref}-start"
    assert stripe.books.versions == {"2026-10-28.endive"}


def test_paid_on_the_page_and_told_by_message(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    assert told(stripe, payment).state == "captured"
    assert payment.captured == Money("49.90", "EUR")
    assert payment.risk["risk_level"] == "normal"
    assert LedgerTxn.objects.filter(kind="fee").count() == 1
    assert not PaymentEvent.objects.filter(processed_at=None).exists()


@pytest.mark.parametrize("seed", range(6))
def test_messages_that_come_twice_and_shuffled_book_once(stripe, seed) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    refund_of = stripe.books.find(session_of(stripe, payment)["payment_intent"])
    stripe.books.create_refund({"payment_intent": refund_of["id"], "amount": 1000})
    told(stripe, payment, times=3, shuffle=random.Random(seed))
    assert (payment.state, payment.captured_minor, payment.refunded_minor) == ("partly_refunded", 4990, 1000)
    assert LedgerTxn.objects.filter(kind__in=["capture", "refund"]).count() == 2
    assert PaymentException.objects.count() == 0


def test_the_return_before_any_message_and_the_message_after(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    assert refresh_payment(payment_ref=payment.ref, source="return").state == "captured"
    assert told(stripe, payment).transactions.filter(kind="captured").count() == 1


def test_a_decline_leaves_the_page_open_and_the_next_try_pays(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref, "pm_card_insufficientFunds")
    assert told(stripe, payment).state == "action_required"
    assert payment.transactions.get(kind="declined").code == "insufficient_funds"
    stripe.books.pay_on_page(payment.provider_ref)
    assert told(stripe, payment).state == "captured"


@pytest.mark.parametrize(("accepted", "state"), [(True, "captured"), (False, "action_required")])
def test_3d_secure_decides_on_the_page(stripe, accepted, state) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref, "pm_card_threeDSecure2Required")
    assert told(stripe, payment).state == "action_required"
    stripe.books.finish_3ds(payment.provider_ref, accepted=accepted)
    assert told(stripe, payment).state == state


@pytest.mark.parametrize(("succeeds", "state"), [(True, "captured"), (False, "failed")])
def test_slow_money_waits_and_then_decides(stripe, succeeds, state) -> None:
    payment = at_stripe(method="sepa_debit")
    stripe.books.pay_on_page(payment.provider_ref)
    assert told(stripe, payment).state == "processing"
    stripe.books.finish_delayed(payment.provider_ref, succeeds=succeeds)
    assert told(stripe, payment, shuffle=random.Random(1)).state == state


def test_a_start_whose_answer_is_lost_is_repeated_with_the_same_key(stripe) -> None:
    payment = open_payment(
        order_ref=order_ref(), amount=Money("49.90", "EUR"), provider="stripe", method="card", key="once"
    )
    begin = {
        "payment_ref": payment.ref,
        "email": "shopper@example.com",
        "market": "de",
        "language": "de",
        "return_url": "http://testserver/back/",
        "cancel_url": "http://testserver/stop/",
    }
    stripe.books.lose_next_answer = True
    with pytest.raises(ProviderUnreachable):
        start_payment(**begin)
    assert Payment.objects.get(pk=payment.pk).state == "created"
    action = start_payment(**begin)
    sessions = stripe.books.of_kind("checkout.session")
    assert [session["url"] for session in sessions] == [action.url]


def test_a_refund_whose_answer_is_lost_gives_back_once(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    told(stripe, payment)
    refund = refund_payment(payment_ref=payment.ref, amount=Money("10.00", "EUR"), key="r-1", reason="broken")
    stripe.books.lose_next_answer = True
    submit_due_refunds()
    refund.refresh_from_db()
    assert refund.state == "submitted"
    Refund.objects.update(next_attempt_at="2020-01-01T00:00Z")
    submit_due_refunds()
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.state, payment.refunded_minor, payment.refunding_minor) == ("succeeded", 1000, 0)
    assert len(stripe.books.of_kind("refund")) == 1


@pytest.mark.parametrize(("succeeds", "state", "left"), [(True, "succeeded", 1000), (False, "failed", 0)])
def test_a_refund_that_takes_its_time(stripe, succeeds, state, left) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    told(stripe, payment)
    stripe.books.refund_status = "pending"
    refund = refund_payment(payment_ref=payment.ref, amount=Money("10.00", "EUR"), key="r-1", reason="broken")
    submit_due_refunds()
    refund.refresh_from_db()
    assert refund.state == "pending"
    stripe.books.finish_refund(refund.provider_ref, succeeds=succeeds)
    told(stripe, payment)
    refund.refresh_from_db()
    assert (refund.state, payment.refunded_minor, payment.refunding_minor) == (state, left, 0)
    assert PaymentException.objects.filter(kind="refund_failed").exists() is not succeeds


def test_a_refund_made_in_stripes_own_pages_is_taken_over(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    told(stripe, payment)
    stripe.books.create_refund({"payment_intent": session_of(stripe, payment)["payment_intent"], "amount": 4990})
    assert told(stripe, payment).state == "refunded"
    assert Refund.objects.get().requested_by == "stripe"


def test_a_refund_stripe_refuses_becomes_a_case(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    told(stripe, payment)
    intent = session_of(stripe, payment)["payment_intent"]
    refund = refund_payment(payment_ref=payment.ref, amount=Money("49.90", "EUR"), key="r-1", reason="broken")
    stripe.books.create_refund({"payment_intent": intent, "amount": 100})
    submit_due_refunds()
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code) == ("failed", "charge_amount_too_large")
    assert PaymentException.objects.get().kind == "refund_failed"
    assert told(stripe, payment).refunded_minor == 100


def test_canceling_closes_the_page_so_that_nothing_can_follow(stripe) -> None:
    payment = at_stripe()
    assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "canceled"
    assert session_of(stripe, payment)["status"] == "expired"


def test_canceling_too_late_tells_the_success(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "captured"


def test_slow_money_cannot_be_canceled_and_stays_undecided(stripe) -> None:
    payment = at_stripe(method="sepa_debit")
    stripe.books.pay_on_page(payment.provider_ref)
    assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "processing"


def test_an_abandoned_page_is_closed_when_its_time_is_over(stripe) -> None:
    payment = at_stripe()
    Payment.objects.update(poll_after="2020-01-01T00:00Z", expires_at="2020-01-01T00:00Z")
    assert reconcile_undecided() == 1
    payment.refresh_from_db()
    assert (payment.state, payment.failure_code) == ("canceled", "expired")


def test_held_money_is_captured_in_part_and_no_more(stripe, settings) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    assert told(stripe, payment).state == "authorized"
    with pytest.raises(CaptureTooLarge):
        capture_payment(payment_ref=payment.ref, amount=Money("49.91", "EUR"))
    captured = capture_payment(payment_ref=payment.ref, amount=Money("30.00", "EUR"))
    assert (captured.state, captured.captured) == ("captured", Money("30.00", "EUR"))
    assert told(stripe, payment, times=2).captured_minor == 3000


def test_held_money_is_let_go(stripe, settings) -> None:
    settings.PAYMENT_CAPTURE = "manual"
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    told(stripe, payment)
    assert cancel_payment(payment_ref=payment.ref, reason="out_of_stock").state == "canceled"


def test_a_dispute_finds_its_payment_and_takes_the_money_off(stripe) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    told(stripe, payment)
    dispute = stripe.books.dispute(session_of(stripe, payment)["payment_intent"])
    assert (told(stripe, payment).state, payment.disputed_minor) == ("disputed", 4990)
    dispute["status"] = "won"
    stripe.books.tell("charge.dispute.closed", dispute)
    assert (told(stripe, payment).state, payment.disputed_minor) == ("captured", 0)


def test_another_amount_at_stripe_is_held_and_never_paid(stripe) -> None:
    payment = at_stripe()
    intent = stripe.books.find(session_of(stripe, payment)["payment_intent"])
    intent["amount"] = 4989
    stripe.books.pay_on_page(payment.provider_ref)
    assert (told(stripe, payment).state, payment.captured_minor) == ("held", 0)
    assert PaymentException.objects.get().kind == "amount_mismatch"


def test_paying_one_order_with_anothers_session_is_refused(stripe) -> None:
    cheap, dear = at_stripe(Money("1.00", "EUR")), at_stripe()
    session = session_of(stripe, cheap)
    session["metadata"]["payment_ref"] = str(dear.ref)
    stripe.books.pay_on_page(cheap.provider_ref)
    told(stripe, dear)
    assert (dear.state, dear.captured_minor) == ("action_required", 0)
    assert PaymentException.objects.filter(kind="reference_mismatch", payment=dear).exists()


def test_a_message_nobody_can_place_is_kept_as_a_case(stripe) -> None:
    payment = at_stripe()
    session = {**session_of(stripe, payment), "id": "cs_test_of_others", "metadata": {}}
    stripe.books.tell("checkout.session.completed", session)
    told(stripe, payment)
    assert PaymentEvent.objects.get().state == "unmatched"
    assert PaymentException.objects.get().kind == "unmatched_event"


def test_while_stripe_is_silent_the_message_waits(stripe, settings) -> None:
    payment = at_stripe()
    stripe.books.pay_on_page(payment.provider_ref)
    address, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    assert told(stripe, payment).state == "action_required"
    waiting = PaymentEvent.objects.filter(processed_at=None)
    assert waiting.exists()
    settings.STRIPE_API_BASE = address
    waiting.update(next_attempt_at="2020-01-01T00:00Z")
    for event in waiting:
        process_webhook(event_pk=event.pk)
    payment.refresh_from_db()
    assert payment.state == "captured"


def test_a_refund_of_an_unpaid_payment_is_refused_by_stripe(stripe, settings) -> None:
    payment = at_stripe()
    with pytest.raises(ProviderRefused, match="refused"):
        provider_named("stripe").refund(payment.handle, _refund_of_nothing())
    assert Payment.objects.get(pk=payment.pk).state == "action_required"


def _refund_of_nothing():
    from uuid import uuid4

    from payments.types import RefundRequest

    return RefundRequest(uuid4(), Money("1.00", "EUR"), "none", "none")


# --- the form inside our page ---------------------------------------------------------------------------------------


@pytest.fixture
def embedded(stripe, settings):
    settings.STRIPE_MODE = "element"
    return stripe


def test_the_embedded_form_offers_one_way_and_never_stores_the_secret(embedded) -> None:
    payment = at_stripe()
    intent = embedded.books.find(payment.provider_ref)
    assert payment.next_action["kind"] == "client"
    assert intent["client_secret"] not in str(payment.next_action)
    assert provider_named("stripe").offer.methods == {"card"}


@pytest.mark.parametrize(
    ("tries", "state"),
    [
        (["pm_card_visa"], "captured"),
        (["pm_card_chargeDeclined"], "action_required"),
        (["pm_card_chargeDeclined", "pm_card_visa"], "captured"),
    ],
)
def test_the_embedded_form_is_told_by_message(embedded, tries, state) -> None:
    payment = at_stripe()
    for method in tries:
        embedded.books.confirm(payment.provider_ref, method)
    assert told(embedded, payment, times=2, shuffle=random.Random(3)).state == state


@pytest.mark.parametrize(("accepted", "state"), [(True, "captured"), (False, "action_required")])
def test_3d_secure_in_the_embedded_form(embedded, accepted, state) -> None:
    payment = at_stripe()
    embedded.books.confirm(payment.provider_ref, "pm_card_threeDSecure2Required")
    embedded.books.finish_3ds(payment.provider_ref, accepted=accepted)
    assert told(embedded, payment).state == state


def test_only_the_page_of_the_form_may_load_stripes_script(embedded) -> None:
    payment = at_stripe()
    answer = Client().get(payment.next_action["url"])
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "https://js.stripe.com" in policy
    assert "unsafe-inline" not in policy
    html = answer.content.decode()
    assert embedded.books.find(payment.provider_ref)["client_secret"] in html
    assert "no-store" in answer.headers["Cache-Control"]
    assert "js.stripe.com" not in Client().get("/healthz").headers.get("Content-Security-Policy", "")


def test_a_finished_form_leads_back_and_a_forged_address_leads_nowhere(embedded) -> None:
    payment = at_stripe()
    embedded.books.confirm(payment.provider_ref, "pm_card_visa")
    answer = Client().get(payment.next_action["url"])
    assert (answer.status_code, answer["Location"]) == (303, "http://testserver/back/")
    assert Client().get("/pay/card/forged/").status_code == 404


def test_a_webhook_is_answered_even_when_its_signature_is_checked_twice(stripe) -> None:
    payment = at_stripe()
    stripe.books.tell("product.created", {"id": "prod_1", "object": "product", "metadata": {}})
    assert stripe.deliver(post, times=2) == 2
    assert PaymentEvent.objects.get().state == "ignored"
    assert Payment.objects.get(pk=payment.pk).state == "action_required"
