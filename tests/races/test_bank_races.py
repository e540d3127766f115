"""One statement brought in twice at the same moment, and two parts that come at once. And what happens unlocked."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from uuid import uuid4

import pytest
from django.db import IntegrityError
from djmoney.money import Money

from core.locks import LockingQuerySet
from core.models import AuditEntry
from payments.actions import arriving, confirm_payout, receive_transfer, refund_payment, transfers
from payments.actions.refunding import submit_refund
from payments.actions.transfers import PayoutDecided
from payments.models import (
    BankBooking,
    BankLine,
    BankPayout,
    BankShare,
    LedgerTxn,
    Payment,
    PaymentException,
)
from payments.providers.bank.references import payout_reference
from payments.statements.deciding import LineDecided
from payments.statements.several import book_line_to_several
from tests.payments.bank_world import Move, arrive, bring_in, transfer, transfer_world
from tests.payments.credit_world import broken
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = 4


@pytest.fixture(autouse=True)
def switched_on(settings) -> None:
    settings.BANK_TRANSFERS = True


def test_one_statement_brought_in_by_four_clerks_is_booked_once() -> None:
    account = transfer_world()
    awaited = [transfer("10.00") for _ in range(3)]
    moves = [Move(amount="10.00", purpose=one.reference, bank_id=one.reference) for one in awaited]
    results = all_at_once(lambda _clerk: bring_in(account, moves), range(CLERKS), at_once=CLERKS)
    assert sum(result.statement.fresh for result in results) == 3
    assert sum(result.booked for result in results) == 3
    assert (BankLine.objects.count(), BankBooking.objects.count()) == (3, 3)
    assert LedgerTxn.objects.filter(kind="capture").count() == 3
    assert {payment.captured_minor for payment in Payment.objects.all()} == {1000}
    assert not broken("R11", "R12", "L01", "L02", "L03", "P05")


def _both_halves_and_more(payment: Payment) -> None:
    def arrive(part: int) -> None:
        receive_transfer(payment_ref=payment.ref, amount=Money("6.00", "EUR"), name=f"line:{part}", source="operator")

    all_at_once(arrive, range(CLERKS), at_once=CLERKS)


def test_parts_that_come_at_once_are_counted_to_the_cent() -> None:
    transfer_world()
    payment = transfer("10.00").payment
    _both_halves_and_more(payment)
    payment.refresh_from_db()
    assert payment.captured_minor == 1000
    assert sum(case.fact.amount_minor for case in PaymentException.objects.filter(kind="surplus")) == 1400
    assert not broken("L01", "L02", "L03", "P04", "P05")


def test_control_without_the_lock_parts_are_cut_wrong(monkeypatch) -> None:
    """Everybody asks what is due before anybody has said what came."""
    transfer_world()
    payment = transfer("10.00").payment
    together = Barrier(CLERKS)
    cut = arriving._facts

    def slowly(*said):
        facts = cut(*said)
        with suppress(BrokenBarrierError):
            together.wait(timeout=2)
        return facts

    monkeypatch.setattr(LockingQuerySet, "lock", lambda self, **_options: self.order_by("pk"))
    monkeypatch.setattr(arriving, "_facts", slowly)
    try:
        _both_halves_and_more(payment)
    except IntegrityError:  # a check of the database is what stops it
        return
    payment.refresh_from_db()
    whole = payment.captured_minor == 1000
    surplus = sum(case.fact.amount_minor for case in PaymentException.objects.filter(kind="surplus"))
    assert not (whole and surplus == 1400)


def _waiting_payout() -> BankPayout:
    """Money that somebody has to send back, and an account that knows it."""
    account = transfer_world()
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    ref = awaited.payment.ref
    refund = refund_payment(payment_ref=ref, amount=Money("9.90", "EUR"), key=str(uuid4()), reason="Broken")
    submit_refund(refund_id=refund.pk)
    return BankPayout.objects.select_related("transfer__account").get(refund_ref=refund.ref)


def _said_by_people_and_statements(payout: BankPayout) -> None:
    move = Move(amount="-9.90", purpose=payout_reference(payout.pk))

    def say(how: str) -> None:
        if how == "person":
            with suppress(PayoutDecided):
                confirm_payout(payout_id=payout.pk)
        else:
            bring_in(payout.transfer.account, [move])

    all_at_once(say, ["person", "statement"] * (CLERKS // 2), at_once=CLERKS)


def test_a_refund_that_people_and_statements_report_at_once_is_sent_once() -> None:
    payout = _waiting_payout()
    _said_by_people_and_statements(payout)
    payout.refresh_from_db()
    assert (payout.state, payout.booking.verdict) == ("sent", "reference")
    assert AuditEntry.objects.filter(action="payments.decide_bank_payout").count() == 1
    assert Payment.objects.get().refunded_minor == 990
    assert not broken("R11", "R12", "R13", "R16", "L01", "L03")


def test_control_without_the_lock_a_refund_is_marked_as_sent_again(monkeypatch) -> None:
    payout = _waiting_payout()
    together = Barrier(CLERKS)
    mark = transfers._mark

    def slowly(*said, **more):
        with suppress(BrokenBarrierError):
            together.wait(timeout=2)
        mark(*said, **more)

    monkeypatch.setattr(LockingQuerySet, "lock", lambda self, **_options: self.order_by("pk"))
    monkeypatch.setattr(transfers, "_mark", slowly)
    with suppress(Exception):
        _said_by_people_and_statements(payout)
    assert AuditEntry.objects.filter(action="payments.decide_bank_payout").count() > 1


def test_a_line_that_four_clerks_divide_at_once_is_divided_once() -> None:
    account = transfer_world()
    first, second = transfer("20.00"), transfer("30.00")
    bring_in(account, [Move(amount="50.00", purpose="two orders")])
    line = BankLine.objects.get()

    def divide(clerk: int) -> bool:
        ids = [first.pk, second.pk] if clerk % 2 else [second.pk, first.pk]
        try:
            book_line_to_several(line_id=line.pk, transfer_ids=ids)
        except LineDecided:
            return False
        return True

    assert sum(all_at_once(divide, range(CLERKS), at_once=CLERKS)) == 1
    assert sorted(Payment.objects.values_list("captured_minor", flat=True)) == [2000, 3000]
    assert BankShare.objects.count() == 2
    assert not broken("R12", "R14", "R15", "L01", "L02", "L03", "P05")
