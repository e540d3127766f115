"""One statement brought in twice at the same moment, and two parts that come at once. And what happens unlocked."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from djmoney.money import Money

from core.locks import LockingQuerySet
from payments.actions import arriving, receive_transfer
from payments.models import BankBooking, BankLine, LedgerTxn, Payment, PaymentException
from tests.payments.bank_world import Move, bring_in, transfer, transfer_world
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
    except Exception:  # noqa: BLE001 (a check of the database may be what stops it)
        return
    payment.refresh_from_db()
    whole = payment.captured_minor == 1000
    surplus = sum(case.fact.amount_minor for case in PaymentException.objects.filter(kind="surplus"))
    assert not (whole and surplus == 1400)
