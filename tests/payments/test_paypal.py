"""Whole payments at PayPal's stand-in: approved there, taken by us, given back, disputed."""

import random
import threading

import pytest
from django.db import connections
from djmoney.money import Money

from payments.actions import (
    cancel_payment,
    capture_payment,
    open_payment,
    process_inbox,
    process_webhook,
    reconcile_undecided,
    refresh_payment,
    refund_payment,
    start_payment,
    submit_due_refunds,
)
from payments.errors import CaptureTooLarge, MethodNotOffered, ProviderUnreachable, RefundTooLarge
from payments.models import LedgerTxn, Payment, PaymentEvent, PaymentException, Refund
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


def test_money_under_review_cannot_be_canceled(paypal) -> None:
    payment = at_paypal()
    paypal.books.capture_status = "PENDING"
    paypal.books.approve(payment.provider_ref)
    told(paypal, payment)
    assert cancel_payment(payment_ref=payment.ref, reason="order_expired").state == "processing"


# --- held first -----------------------------------------------------------------------------------------------------


@pytest.fixture
def by_hand(paypal, settings):
    settings.PAYMENT_CAPTURE = "manual"
    return paypal


def test_held_money_is_taken_in_parts_until_nothing_is_left(by_hand) -> None:
    payment = paid_at_paypal(by_hand)
    assert (payment.state, payment.authorized_minor, payment.captured_minor) == ("authorized", 4990, 0)
    capture_payment(payment_ref=payment.ref, amount=Money("30.00", "EUR"))
    with pytest.raises(CaptureTooLarge):
        capture_payment(payment_ref=payment.ref, amount=Money("19.91", "EUR"))
    assert capture_payment(payment_ref=payment.ref).captured_minor == 4990
    assert [one["final_capture"] for one in by_hand.books.captures_of(payment.provider_ref)] == [False, True]
    assert told(by_hand, payment, times=2, shuffle=random.Random(3)).captured_minor == 4990
    assert LedgerTxn.objects.filter(kind="capture").count() == 2
    assert integrity() == []


def test_a_capture_whose_answer_is_lost_takes_once(by_hand) -> None:
    payment = paid_at_paypal(by_hand)
    by_hand.books.lose_next_answer = True
    with pytest.raises(ProviderUnreachable):
        capture_payment(payment_ref=payment.ref, amount=Money("30.00", "EUR"))
    assert capture_payment(payment_ref=payment.ref, amount=Money("30.00", "EUR")).captured_minor == 3000
    assert len(by_hand.books.captures_of(payment.provider_ref)) == 1


def test_held_money_is_let_go(by_hand) -> None:
    payment = paid_at_paypal(by_hand)
    assert cancel_payment(payment_ref=payment.ref, reason="out_of_stock").state == "canceled"
    assert by_hand.books.payments(order_of(by_hand, payment))["authorizations"][0]["status"] == "VOIDED"
    assert told(by_hand, payment).failure_code == "out_of_stock"


def test_money_let_go_in_paypals_own_pages_is_heard_of(by_hand) -> None:
    payment = paid_at_paypal(by_hand)
    by_hand.books.void(by_hand.books.payments(order_of(by_hand, payment))["authorizations"][0]["id"])
    assert told(by_hand, payment).state == "canceled"


def test_all_of_several_captures_is_given_back_as_one_refund(by_hand) -> None:
    payment = paid_at_paypal(by_hand)
    capture_payment(payment_ref=payment.ref, amount=Money("30.00", "EUR"))
    capture_payment(payment_ref=payment.ref)
    refund_payment(payment_ref=payment.ref, amount=Money("49.90", "EUR"), key="all", reason="returned")
    submit_due_refunds()
    assert told(by_hand, payment, times=2).state == "refunded"
    assert [one["amount"]["value"] for one in by_hand.books.refunds_of(payment.provider_ref)] == ["30.00", "19.90"]
    assert (Refund.objects.get().state, PaymentException.objects.count()) == ("succeeded", 0)
    assert integrity() == []


def test_a_refund_over_two_captures_of_which_one_answer_is_lost_is_finished(by_hand) -> None:
    payment = paid_at_paypal(by_hand)
    capture_payment(payment_ref=payment.ref, amount=Money("30.00", "EUR"))
    capture_payment(payment_ref=payment.ref)
    refund_payment(payment_ref=payment.ref, amount=Money("49.90", "EUR"), key="all", reason="returned")
    by_hand.books.lose_next_answer = True
    submit_due_refunds()
    assert Refund.objects.get().state == "submitted"
    assert told(by_hand, payment).refunded_minor == 0
    Refund.objects.update(next_attempt_at="2020-01-01T00:00Z")
    submit_due_refunds()
    assert told(by_hand, payment).state == "refunded"
    assert len(by_hand.books.refunds_of(payment.provider_ref)) == 2
    assert Refund.objects.get().state == "succeeded"
    assert integrity() == []


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


# --- refunds --------------------------------------------------------------------------------------------------------


def test_parts_are_given_back_until_nothing_is_left_and_no_more(paypal, balances) -> None:
    payment = paid_at_paypal(paypal)
    for number, amount in enumerate(["10.00", "0.01", "39.89"]):
        refund_payment(payment_ref=payment.ref, amount=Money(amount, "EUR"), key=f"r{number}", reason="broken")
        submit_due_refunds()
    with pytest.raises(RefundTooLarge):
        refund_payment(payment_ref=payment.ref, amount=Money("0.01", "EUR"), key="more", reason="broken")
    assert told(paypal, payment, times=2, shuffle=random.Random(2)).state == "refunded"
    assert set(Refund.objects.values_list("state", flat=True)) == {"succeeded"}
    assert balances() == {"psp_clearing EUR": -150, "psp_fees EUR": 150}
    assert integrity() == []


def test_a_refund_whose_answer_is_lost_gives_back_once(paypal) -> None:
    payment = paid_at_paypal(paypal)
    refund = refund_payment(payment_ref=payment.ref, amount=Money("10.00", "EUR"), key="r-1", reason="broken")
    paypal.books.lose_next_answer = True
    submit_due_refunds()
    refund.refresh_from_db()
    assert refund.state == "submitted"
    Refund.objects.update(next_attempt_at="2020-01-01T00:00Z")
    submit_due_refunds()
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.state, payment.refunded_minor, payment.refunding_minor) == ("succeeded", 1000, 0)
    assert len(paypal.books.refunds_of(payment.provider_ref)) == 1


@pytest.mark.parametrize(("succeeds", "state", "left"), [(True, "succeeded", 1000), (False, "failed", 0)])
def test_a_refund_that_takes_its_time(paypal, succeeds, state, left) -> None:
    payment = paid_at_paypal(paypal)
    paypal.books.refund_status = "PENDING"
    refund = refund_payment(payment_ref=payment.ref, amount=Money("10.00", "EUR"), key="r-1", reason="broken")
    submit_due_refunds()
    refund.refresh_from_db()
    assert refund.state == "pending"
    paypal.books.finish_refund(paypal.books.refunds_of(payment.provider_ref)[0], succeeds=succeeds)
    told(paypal, payment)
    refund.refresh_from_db()
    assert (refund.state, payment.refunded_minor, payment.refunding_minor) == (state, left, 0)
    assert PaymentException.objects.filter(kind="refund_failed").exists() is not succeeds


def test_a_refund_made_in_paypals_own_pages_is_taken_over(paypal) -> None:
    payment = paid_at_paypal(paypal)
    paypal.books.refund_capture(paypal.books.captures_of(payment.provider_ref)[0]["id"], {})
    assert told(paypal, payment).state == "refunded"
    assert Refund.objects.get().requested_by == "paypal"


def test_more_than_is_left_at_paypal_is_refused_and_becomes_a_case(paypal) -> None:
    payment = paid_at_paypal(paypal)
    refund = refund_payment(payment_ref=payment.ref, amount=Money("49.90", "EUR"), key="r-1", reason="broken")
    capture = paypal.books.captures_of(payment.provider_ref)[0]
    paypal.books.refund_capture(capture["id"], {"amount": {"currency_code": "EUR", "value": "1.00"}})
    submit_due_refunds()
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code) == ("failed", "refund_amount_exceeded")
    assert PaymentException.objects.get().kind == "refund_failed"
    assert told(paypal, payment).refunded_minor == 100


# --- disputes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "state", "disputed"),
    [
        ("RESOLVED_SELLER_FAVOUR", "captured", 0),
        ("CANCELED_BY_BUYER", "captured", 0),
        ("RESOLVED_WITH_PAYOUT", "captured", 0),
        ("RESOLVED_BUYER_FAVOUR", "disputed", 4990),
        ("NONE", "disputed", 4990),
    ],
)
def test_a_dispute_takes_the_money_off_and_its_end_decides(paypal, outcome, state, disputed) -> None:
    payment = paid_at_paypal(paypal)
    dispute = paypal.books.dispute(paypal.books.captures_of(payment.provider_ref)[0])
    assert (told(paypal, payment).state, payment.disputed_minor) == ("disputed", 4990)
    paypal.books.resolve(dispute, outcome)
    assert (told(paypal, payment, times=3).state, payment.disputed_minor) == (state, disputed)
    assert PaymentException.objects.count() == 0
    assert integrity() == []


def test_of_a_dispute_lost_in_part_the_rest_comes_back(paypal) -> None:
    payment = paid_at_paypal(paypal)
    dispute = paypal.books.dispute(paypal.books.captures_of(payment.provider_ref)[0])
    told(paypal, payment)
    paypal.books.resolve(dispute, "RESOLVED_BUYER_FAVOUR", amount_refunded={"currency_code": "EUR", "value": "20.00"})
    assert told(paypal, payment).disputed_minor == 2000


def test_an_account_that_may_not_see_disputes_is_a_case_and_not_silence(paypal) -> None:
    payment = paid_at_paypal(paypal)
    paypal.books.may_see_disputes = False
    paypal.books.dispute(paypal.books.captures_of(payment.provider_ref)[0])
    told(paypal, payment)
    event = PaymentEvent.objects.get(kind="CUSTOMER.DISPUTE.CREATED")
    assert "permission_denied" in event.last_error
    PaymentEvent.objects.filter(pk=event.pk).update(attempts=7, next_attempt_at="2020-01-01T00:00Z")
    process_inbox()
    assert PaymentException.objects.get().kind == "silent_provider"


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
