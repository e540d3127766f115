"""`settle_payment`: one writer, any order, any number of times."""

import itertools

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from djmoney.money import Money

from core.events import Event
from core.integrity import registered, run
from payments.actions import accept_case, dismiss_case, settle_payment
from payments.errors import CaseClosed, UnknownPayment
from payments.models import LedgerTxn, Payment, PaymentException, PaymentTransaction
from tests.factories.payments import PaymentFactory, fact, settled

pytestmark = pytest.mark.django_db


def names(announced: list[Event]) -> list[str]:
    return [type(event).__name__ for event in announced if type(event).__name__ != "PaymentReported"]


def integrity() -> list[str]:
    mine = [check for check in registered() if check.code[0] in "PL" and "payments_" in check.sql]
    assert len(mine) >= 11
    return [found.check.code for found in run(mine) if found.count]


def test_a_capture_is_booked_and_announced_once_however_often_it_is_reported(announced, balances) -> None:
    payment = PaymentFactory.create()
    for source in ("response", "webhook", "poll", "webhook"):
        payment = settle_payment(payment_ref=payment.ref, fact=fact(payment, "captured", source=source))
    assert (payment.state, payment.captured) == ("captured", Money("49.90", "EUR"))
    assert names(announced) == ["PaymentCaptured"]
    assert balances() == {"psp_clearing EUR": 4990, "customer_receivable EUR": -4990}
    assert integrity() == []


def test_the_report_is_announced_before_anything_else_so_that_orders_lock_first(announced) -> None:
    settled(payment := PaymentFactory(), fact(payment, "captured"))
    assert type(announced[0]).__name__ == "PaymentReported"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_every_order_of_four_reports_ends_refunded_with_the_same_books(order, balances) -> None:
    payment = PaymentFactory.create()
    told = [
        fact(payment, "processing"),
        fact(payment, "failed", code="timeout"),
        fact(payment, "captured"),
        fact(payment, "refunded", fact_ref="r1"),
    ]
    payment = settled(payment, *(told[index] for index in order))
    assert (payment.state, payment.captured_minor, payment.refunded_minor) == ("refunded", 4990, 4990)
    assert balances() == {}
    assert LedgerTxn.objects.count() == 2
    assert PaymentException.objects.count() == 0
    assert integrity() == []


def test_a_failure_after_success_is_kept_and_ignored(announced) -> None:
    payment = settled(payment := PaymentFactory(), fact(payment, "captured"), fact(payment, "failed", code="late"))
    assert payment.state == "captured"
    assert names(announced) == ["PaymentCaptured"]
    assert payment.transactions.filter(kind="failed").exists()


@pytest.mark.parametrize("end", ["failed", "canceled"])
def test_money_after_the_end_is_announced_as_late(end, announced) -> None:
    payment = settled(payment := PaymentFactory(), fact(payment, end, code="expired"), fact(payment, "captured"))
    assert payment.state == "captured"
    captured = announced[-1]
    assert (type(captured).__name__, captured.late, captured.amount) == ("PaymentCaptured", True, Money("49.90", "EUR"))


@pytest.mark.parametrize(
    ("amount", "kind"),
    [
        (Money("49.89", "EUR"), "amount_mismatch"),
        (Money("4990", "JPY"), "currency_mismatch"),
        (Money("49.90", "USD"), "currency_mismatch"),
        (Money("4.99", "KWD"), "currency_mismatch"),
    ],
)
def test_money_that_does_not_fit_is_held_for_a_person_and_not_paid(amount, kind, announced, balances) -> None:
    payment = settled(payment := PaymentFactory(), fact(payment, "captured", amount))
    assert (payment.state, payment.captured_minor) == ("held", 0)
    assert balances() == {}
    case = PaymentException.objects.get()
    assert (case.kind, case.state, case.payment) == (kind, "open", payment)
    assert names(announced) == ["PaymentHeld"]
    settled(payment, fact(payment, "captured", amount))
    assert PaymentException.objects.count() == 1
    assert integrity() == []


def test_a_report_named_after_another_payment_of_the_provider_is_held() -> None:
    cheap = PaymentFactory(provider_ref="sbx_1", amount_minor=100)
    dear = PaymentFactory.create(provider_ref="sbx_2")
    dear = settled(dear, fact(dear, "captured", provider_ref=cheap.provider_ref))
    assert (dear.state, PaymentException.objects.get().kind) == ("held", "reference_mismatch")


def test_a_second_capture_is_excess_and_changes_no_books(balances) -> None:
    payment = settled(
        payment := PaymentFactory(), fact(payment, "captured"), fact(payment, "captured", fact_ref="again")
    )
    assert payment.captured_minor == 4990
    assert balances()["psp_clearing EUR"] == 4990
    assert PaymentException.objects.get().kind == "excess"


def test_an_operator_accepts_a_wrong_amount_and_it_is_booked_as_it_came(balances, announced) -> None:
    payment = settled(payment := PaymentFactory(), fact(payment, "captured", Money("51.00", "EUR")))
    case = accept_case(case_id=PaymentException.objects.get().pk, note="Seen on the statement.", actor_id=None)
    payment.refresh_from_db()
    assert (payment.state, payment.captured, case.state) == ("captured", Money("51.00", "EUR"), "accepted")
    assert balances()["psp_clearing EUR"] == 5100
    assert "PaymentCaptured" in names(announced)
    with pytest.raises(CaseClosed):
        accept_case(case_id=case.pk, note="", actor_id=None)
    assert integrity() == []


def test_a_case_of_another_currency_cannot_be_accepted_only_dismissed() -> None:
    settled(payment := PaymentFactory(), fact(payment, "captured", Money("49.90", "USD")))
    case = PaymentException.objects.get()
    with pytest.raises(CaseClosed):
        accept_case(case_id=case.pk, note="", actor_id=None)
    assert dismiss_case(case_id=case.pk, note="Returned by hand.", actor_id=None).state == "dismissed"
    assert integrity() == []


def test_a_dispute_takes_money_off_and_winning_brings_it_back(balances, announced) -> None:
    payment = settled(payment := PaymentFactory(), fact(payment, "captured"), fact(payment, "disputed"))
    assert (payment.state, payment.disputed_minor) == ("disputed", 4990)
    assert balances() == {"customer_receivable EUR": -4990, "chargebacks EUR": 4990}
    payment = settled(payment, fact(payment, "dispute_reversed"))
    assert (payment.state, balances()["psp_clearing EUR"]) == ("captured", 4990)
    assert names(announced) == ["PaymentCaptured", "PaymentDisputed", "DisputeOpened", "DisputeWon"]
    assert integrity() == []


def test_the_providers_fee_is_posted_beside_the_capture(balances) -> None:
    settled(payment := PaymentFactory(), fact(payment, "captured"), fact(payment, "fee", Money("0.75", "EUR")))
    assert balances() == {"psp_clearing EUR": 4915, "customer_receivable EUR": -4990, "psp_fees EUR": 75}
    assert integrity() == []


def test_an_unknown_payment_is_refused() -> None:
    payment = PaymentFactory.build()
    with pytest.raises(UnknownPayment):
        settle_payment(payment_ref=payment.ref, fact=fact(payment, "captured"))
    assert PaymentTransaction.objects.count() == 0


def test_facts_can_neither_be_changed_nor_deleted() -> None:
    settled(payment := PaymentFactory(), fact(payment, "captured"))
    for sql in ("UPDATE payments_paymenttransaction SET amount_minor = 1", "DELETE FROM payments_paymenttransaction"):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize(
    "columns",
    [
        {"captured_minor": 4991},
        {"captured_minor": 4990, "refunded_minor": 4991},
        {"captured_minor": 4990, "refunded_minor": 3000, "refunding_minor": 1991},
        {"refunded_minor": -1},
        {"amount_minor": 0},
    ],
)
def test_the_database_refuses_impossible_sums(columns) -> None:
    payment = PaymentFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**columns)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("UPDATE payments_payment SET captured_minor = 0", "P05"),
        ("UPDATE payments_payment SET amount_minor = 1, captured_minor = 1, authorized_minor = 4990", "P05"),
        (
            "INSERT INTO payments_refund (ref, payment_id, key, currency, amount_minor, state, provider_ref, reason,"
            " requested_by, failure_code, attempts, next_attempt_at, created, updated)"
            " SELECT gen_random_uuid(), id, 'planted', 'EUR', 5, 'succeeded', '', '', '', '', 0, now(), now(), now()"
            " FROM payments_payment",
            "P08",
        ),
        ("UPDATE payments_payment SET refunding_minor = 7", "P11"),
    ],
)
def test_a_planted_fault_is_found(fault, code) -> None:
    settled(payment := PaymentFactory(), fact(payment, "captured"))
    assert integrity() == []
    with connection.cursor() as cursor:
        cursor.execute(fault)
    assert code in integrity()
