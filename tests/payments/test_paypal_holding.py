"""Money held at PayPal first: taken in parts, let go, given back over several captures."""

import random

import pytest
from djmoney.money import Money

from payments.actions import (
    cancel_payment,
    capture_payment,
    refund_payment,
    submit_due_refunds,
)
from payments.errors import CaptureTooLarge, ProviderUnreachable
from payments.models import LedgerTxn, PaymentException, Refund
from tests.payments.paypal_world import order_of, paid_at_paypal, paypal, told
from tests.payments.test_settling import integrity

__all__ = ["paypal"]
pytestmark = pytest.mark.django_db


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
