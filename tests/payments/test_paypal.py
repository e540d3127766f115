"""Whole payments at PayPal's stand-in: approved there, taken by us, given back, disputed."""

import random
import threading

import pytest
from django.db import connections
from djmoney.money import Money

from payments.actions import (
    cancel_payment,
    open_payment,
    process_inbox,
    process_webhook,
    reconcile_undecided,
    refresh_payment,
    refund_payment,
    start_payment,
    submit_due_refunds,
)
from payments.errors import MethodNotOffered, ProviderUnreachable
from payments.models import LedgerTxn, Payment, PaymentEvent, PaymentException
from tests.factories.payments import order_ref
from tests.payments.paypal_world import at_paypal, order_of, paid_at_paypal, paypal, post, told
from tests.payments.test_settling import integrity

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db
BEGIN = {
    "email": "shopper@example.com",
    "market": "de",
    "language": "de",
    "return_url": "http://testserver/back/",
    "cancel_url": "http://testserver/stop/",
}


def test_an_order_is_made_with_our_amount_names_and_key(paypal) -> None:
    payment = at_paypal()
    order = order_of(paypal, payment)
    unit = order["purchase_units"][0]
    assert unit["amount"] == {"currency_code": "EUR", "value": "49.90"}
    assert (unit["custom_id"], order["intent"]) == (str(payment.ref), "CAPTURE")
    assert unit["invoice_id"].startswith(f"{payment.order_ref}-")
    assert paypal.books.made("POST", "/v2/checkout/orders")[0][2] == f"{payment.ref}-start"
    assert payment.next_action == {"kind": "redirect", "url": f"{paypal.url}/checkoutnow?token={payment.provider_ref}"}
    context = paypal.books.returns[payment.provider_ref]
    assert (context["locale"], context["return_url"], context["user_action"]) == (
        "de-DE",
        "http://testserver/back/",
        "PAY_NOW",
    )


def test_coming_back_takes_the_money_once_and_books_what_paypal_kept(paypal, balances) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    assert refresh_payment(payment_ref=payment.ref, source="return").state == "captured"
    assert refresh_payment(payment_ref=payment.ref, source="return").captured_minor == 4990
    assert balances() == {"psp_clearing EUR": 4840, "customer_receivable EUR": -4990, "psp_fees EUR": 150}
    assert len(paypal.books.made("POST", "/capture")) == 1
    assert integrity() == []


def test_a_shopper_who_does_not_come_back_is_charged_when_paypal_tells(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    assert told(paypal, payment).state == "captured"
    assert payment.risk == {"seller_protection": "ELIGIBLE"}
    assert not PaymentEvent.objects.filter(processed_at=None).exists()


def test_without_any_message_the_poll_takes_the_money(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    Payment.objects.update(poll_after="2020-01-01T00:00Z")
    assert reconcile_undecided() == 1
    assert Payment.objects.get(pk=payment.pk).state == "captured"


@pytest.mark.parametrize("seed", range(6))
def test_messages_that_come_twenty_times_and_shuffled_book_once(paypal, seed) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    refresh_payment(payment_ref=payment.ref, source="return")
    capture = paypal.books.captures_of(payment.provider_ref)[0]
    paypal.books.refund_capture(capture["id"], {"amount": {"currency_code": "EUR", "value": "10.00"}})
    told(paypal, payment, times=20, shuffle=random.Random(seed))
    assert (payment.state, payment.captured_minor, payment.refunded_minor) == ("partly_refunded", 4990, 1000)
    assert LedgerTxn.objects.filter(kind__in=["capture", "refund"]).count() == 2
    assert PaymentException.objects.count() == 0
    assert integrity() == []


def test_messages_before_the_return_book_once(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    told(paypal, payment, times=3)
    assert refresh_payment(payment_ref=payment.ref, source="return").captured_minor == 4990
    assert told(paypal, payment).transactions.filter(kind="captured").count() == 1
    assert LedgerTxn.objects.filter(kind="capture").count() == 1


@pytest.mark.django_db(transaction=True)
def test_return_message_and_poll_at_the_same_moment_take_once(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.deliver(post)
    start = threading.Barrier(4)

    def come(act) -> None:
        try:
            start.wait(timeout=10)
            act()
        finally:
            connections.close_all()

    doors = [
        lambda: refresh_payment(payment_ref=payment.ref, source="return"),
        lambda: refresh_payment(payment_ref=payment.ref),
        process_inbox,
        process_inbox,
    ]
    threads = [threading.Thread(target=come, args=[door]) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    payment.refresh_from_db()
    assert (payment.state, payment.captured_minor) == ("captured", 4990)
    assert len(paypal.books.captures_of(payment.provider_ref)) == 1
    assert LedgerTxn.objects.filter(kind="capture").count() == 1


def test_a_payer_who_turns_back_has_an_open_payment_and_may_pay_again(paypal) -> None:
    payment = at_paypal()
    assert refresh_payment(payment_ref=payment.ref, source="return").state == "action_required"
    paypal.books.approve(payment.provider_ref)
    assert told(paypal, payment).state == "captured"


@pytest.mark.parametrize("issue", ["INSTRUMENT_DECLINED", "PAYER_CANNOT_PAY", "TRANSACTION_REFUSED"])
def test_a_decline_ends_the_attempt_and_another_one_pays_the_same_order(paypal, issue) -> None:
    payment = at_paypal(order="A-1")
    paypal.books.approve(payment.provider_ref)
    paypal.books.decline_with = issue
    assert refresh_payment(payment_ref=payment.ref, source="return").failure_code == issue.lower()
    assert told(paypal, payment).state == "failed"
    paypal.books.decline_with = ""
    assert told(paypal, payment).state == "failed"
    assert paypal.books.captures_of(payment.provider_ref) == []
    again = at_paypal(order="A-1")
    paypal.books.approve(again.provider_ref)
    assert (told(paypal, again).state, again.attempt) == ("captured", 2)


def test_what_the_payer_must_still_do_leaves_the_payment_open(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.books.decline_with = "PAYER_ACTION_REQUIRED"
    assert refresh_payment(payment_ref=payment.ref).state == "action_required"


@pytest.mark.parametrize(("accepted", "state", "code"), [(True, "captured", ""), (False, "failed", "pending_review")])
def test_money_under_review_is_waited_for(paypal, accepted, state, code, balances) -> None:
    payment = at_paypal()
    paypal.books.capture_status = "PENDING"
    paypal.books.approve(payment.provider_ref)
    assert told(paypal, payment).state == "processing"
    assert balances() == {}
    paypal.books.finish_review(payment.provider_ref, accepted=accepted)
    assert (told(paypal, payment, shuffle=random.Random(1)).state, payment.failure_code) == (state, code)
    assert integrity() == []


def test_an_account_that_may_not_see_disputes_takes_money_all_the_same(paypal) -> None:
    payment = at_paypal()
    paypal.books.may_see_disputes = False
    paypal.books.capture_status = "PENDING"
    paypal.books.approve(payment.provider_ref)
    told(paypal, payment)
    paypal.books.finish_review(payment.provider_ref, accepted=True)
    assert told(paypal, payment).state == "captured"


def test_money_under_review_cannot_be_canceled(paypal) -> None:
    payment = at_paypal()
    paypal.books.capture_status = "PENDING"
    paypal.books.approve(payment.provider_ref)
    told(paypal, payment)
    assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "processing"


# --- closing --------------------------------------------------------------------------------------------------------


def test_what_was_closed_is_never_taken_even_when_the_shopper_approves_later(paypal) -> None:
    payment = at_paypal()
    assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "canceled"
    paypal.books.approve(payment.provider_ref)
    assert told(paypal, payment).state == "canceled"
    assert refresh_payment(payment_ref=payment.ref).captured_minor == 0
    assert paypal.books.made("POST", "/capture") == []


def test_closing_too_late_tells_the_success(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.books.capture_order(payment.provider_ref)
    assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "captured"


def test_an_order_nobody_approved_is_closed_when_its_time_is_over(paypal) -> None:
    payment = at_paypal()
    paypal.books.forget(payment.provider_ref)
    Payment.objects.update(poll_after="2020-01-01T00:00Z", expires_at="2020-01-01T00:00Z")
    assert reconcile_undecided() == 1
    payment.refresh_from_db()
    assert (payment.state, payment.failure_code) == ("canceled", "expired")
    assert PaymentException.objects.count() == 0


def test_an_order_paypal_does_not_know_though_it_should_is_a_case(paypal) -> None:
    payment = at_paypal()
    paypal.books.forget(payment.provider_ref)
    Payment.objects.update(poll_after="2020-01-01T00:00Z")
    reconcile_undecided()
    assert PaymentException.objects.get().kind == "silent_provider"
    assert Payment.objects.get().state == "action_required"


def test_another_attempt_closes_the_one_before(paypal) -> None:
    first = at_paypal(order="A-1")
    second = at_paypal(order="A-1")
    first.refresh_from_db()
    paypal.books.approve(first.provider_ref)
    paypal.books.approve(second.provider_ref)
    told(paypal, first)
    assert (first.state, first.failure_code) == ("canceled", "superseded")
    assert Payment.objects.get(pk=second.pk).state == "captured"
    assert len(paypal.books.made("POST", "/capture")) == 1


@pytest.mark.django_db(transaction=True)
def test_closing_while_the_money_is_being_taken_is_a_late_success_and_never_lost(paypal, announced, balances) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)

    def close() -> None:
        try:
            assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "canceled"
        finally:
            connections.close_all()

    paypal.books.meanwhile = close
    assert refresh_payment(payment_ref=payment.ref, source="return").state == "captured"
    captured = announced[-1]
    assert (type(captured).__name__, captured.late) == ("PaymentCaptured", True)
    assert balances()["customer_receivable EUR"] == -4990
    assert integrity() == []


# --- answers that are lost ------------------------------------------------------------------------------------------


def test_a_start_whose_answer_is_lost_is_repeated_with_the_same_key(paypal) -> None:
    payment = open_payment(
        order_ref=order_ref(), amount=Money("49.90", "EUR"), provider="paypal", method="paypal", key="once"
    )
    paypal.books.lose_next_answer = True
    with pytest.raises(ProviderUnreachable):
        start_payment(payment_ref=payment.ref, **BEGIN)
    assert Payment.objects.get(pk=payment.pk).state == "created"
    action = start_payment(payment_ref=payment.ref, **BEGIN)
    assert [f"{paypal.url}/checkoutnow?token={name}" for name in paypal.books.orders] == [action.url]


def test_money_whose_taking_was_not_answered_is_found_and_taken_once(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.books.lose_next_answer = True
    with pytest.raises(ProviderUnreachable):
        refresh_payment(payment_ref=payment.ref, source="return")
    assert told(paypal, payment, times=2).captured_minor == 4990
    assert len(paypal.books.captures_of(payment.provider_ref)) == 1


def test_while_paypal_is_silent_the_message_waits(paypal) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.deliver(post)
    paypal.books.fail_next_with = [500]
    process_inbox()
    waiting = PaymentEvent.objects.filter(processed_at=None)
    assert waiting.count() == 1
    waiting.update(next_attempt_at="2020-01-01T00:00Z")
    process_webhook(event_pk=waiting.get().pk)
    assert Payment.objects.get(pk=payment.pk).state == "captured"


# --- money that does not fit ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tamper",
    [
        lambda order: order["purchase_units"][0]["amount"].update(value="0.01"),
        lambda order: order["purchase_units"][0]["amount"].update(currency_code="USD"),
        lambda order: order["purchase_units"][0].update(custom_id="another"),
        lambda order: order.update(intent="AUTHORIZE"),
    ],
)
def test_an_order_that_is_not_what_we_asked_for_is_not_taken(paypal, tamper, caplog) -> None:
    payment = at_paypal()
    tamper(order_of(paypal, payment))
    paypal.books.approve(payment.provider_ref)
    paypal.books.messages.clear()
    assert refresh_payment(payment_ref=payment.ref).failure_code == "order_changed"
    assert paypal.books.made("POST", "/capture") == paypal.books.made("POST", "/authorize") == []
    assert "is not what we asked for" in caplog.text


@pytest.mark.parametrize(("amount", "kind"), [
    ({"currency_code": "EUR", "value": "49.89"}, "amount_mismatch"),
    ({"currency_code": "USD", "value": "49.90"}, "currency_mismatch"),
])  # fmt: skip
def test_another_sum_taken_at_paypal_is_held_and_never_paid(paypal, amount, kind) -> None:
    payment = at_paypal()
    paypal.books.approve(payment.provider_ref)
    paypal.books.capture_order(payment.provider_ref)
    paypal.books.captures_of(payment.provider_ref)[0]["amount"] = amount
    assert (told(paypal, payment).state, payment.captured_minor) == ("held", 0)
    assert PaymentException.objects.get().kind == kind


def test_paying_one_order_with_anothers_is_refused(paypal) -> None:
    cheap, dear = at_paypal(Money("1.00", "EUR")), at_paypal()
    order_of(paypal, cheap)["purchase_units"][0]["custom_id"] = str(dear.ref)
    paypal.books.approve(cheap.provider_ref)
    told(paypal, dear)
    assert (dear.state, dear.captured_minor) == ("action_required", 0)
    assert PaymentException.objects.filter(kind="reference_mismatch", payment=dear).exists()


@pytest.mark.parametrize("amount", [Money("10.50", "HUF"), Money("5.00", "AED"), Money("5.00", "BRL")])
def test_what_paypal_cannot_charge_exactly_is_not_offered(paypal, amount) -> None:
    with pytest.raises(MethodNotOffered):
        open_payment(order_ref="A-1", amount=amount, provider="paypal", method="paypal")
    assert paypal.books.calls == []


@pytest.mark.parametrize("amount", [Money("4990", "HUF"), Money("1500", "JPY"), Money("1000", "TWD")])
def test_currencies_without_decimals_are_paid_whole(paypal, amount) -> None:
    payment = paid_at_paypal(paypal, amount)
    assert order_of(paypal, payment)["purchase_units"][0]["amount"]["value"] == str(int(amount.amount))
    assert (payment.state, payment.captured) == ("captured", amount)
    refund_payment(payment_ref=payment.ref, amount=amount, key="all", reason="returned")
    submit_due_refunds()
    assert told(paypal, payment).state == "refunded"
