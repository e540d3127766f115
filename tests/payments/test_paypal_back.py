"""Money that goes back at PayPal: refunds, and disputes with their ends."""

import random

import pytest
from djmoney.money import Money

from payments.actions import (
    process_inbox,
    refund_payment,
    submit_due_refunds,
)
from payments.errors import RefundTooLarge
from payments.models import PaymentEvent, PaymentException, Refund
from tests.payments.paypal_world import paid_at_paypal, paypal, told
from tests.payments.test_settling import integrity

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db


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
