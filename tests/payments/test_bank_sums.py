"""How an account adds up: balances and gaps, lines that pay several orders, and money that went back."""

from datetime import date
from uuid import uuid4

import pytest
from djmoney.money import Money

from core.models import AuditEntry
from payments.actions import confirm_payout, receive_transfer, refund_payment
from payments.actions.refunding import submit_refund
from payments.models import (
    BankAccount,
    BankBalance,
    BankBooking,
    BankLine,
    BankPayout,
    BankShare,
    BankTransfer,
    Payment,
    PaymentException,
    Refund,
)
from payments.providers.bank.references import payout_reference, printed
from payments.statements import several
from payments.statements.balances import files_after_gaps, missing_statements
from payments.statements.booking import book_waiting_lines
from payments.statements.deciding import LineDecided, LineNotBookable
from payments.statements.importing import import_statement
from payments.statements.outgoing import book_payout_line, payout_proposals_for, payouts_that_may_show
from payments.statements.several import NotDivisible, book_line_to_several, untold_shares
from payments.statements.types import StatementUnreadable
from tests.payments.bank_world import PAYER_IBAN, Balances, Move, arrive, bring_in, camt, transfer, transfer_world
from tests.payments.credit_world import broken
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
MT940 = """:20:STARTUMS
:25:{account}
:28C:00325/001
:60F:C261120EUR1100,00
:61:2611211121CR10,00NTRFNONREF
:86:hello
:62F:C261121EUR1110,00
-
"""


@pytest.fixture(autouse=True)
def switched_on(settings) -> None:
    settings.BANK_TRANSFERS = True


@shared_world
def account() -> BankAccount:
    return transfer_world()


def of(awaited: BankTransfer) -> Payment:
    return Payment.objects.get(pk=awaited.payment_id)


def statement(account: BankAccount, number: str, day: str, opening: str, closing: str, *moves: Move) -> None:
    balances = Balances(number=number, opening=opening, closing=closing, day=day)
    import_statement(account_id=account.pk, name=f"{number}.xml", content=camt(*moves, balances=balances))


def payout(account: BankAccount, amount: str = "9.90") -> BankPayout:
    """A refund that waits for somebody to send it."""
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    refund = refund_payment(payment_ref=of(awaited).ref, amount=Money(amount, "EUR"), key=str(uuid4()), reason="Broken")
    submit_refund(refund_id=refund.pk)
    return BankPayout.objects.get(refund_ref=refund.ref)


def sent(row: BankPayout) -> tuple[str, str]:
    """What the payout and its refund say."""
    row.refresh_from_db()
    return row.state, Refund.objects.get(ref=row.refund_ref).state


# balances


def test_a_statement_whose_lines_do_not_make_its_balance_is_refused_whole(account) -> None:
    with pytest.raises(StatementUnreadable, match=r"1010\.00 EUR.*1020\.00 EUR"):
        statement(account, "1", "2026-11-20", "1000.00", "1020.00", Move(amount="10.00"))
    assert (BankLine.objects.count(), BankBalance.objects.count()) == (0, 0)


def test_statements_that_follow_one_another_leave_no_gap(account) -> None:
    statement(account, "323", "2026-11-19", "990.00", "1000.00", Move(amount="10.00", day="2026-11-19"))
    statement(account, "324", "2026-11-20", "1000.00", "998.00", Move(amount="-2.00"))
    statement(account, "324", "2026-11-20", "1000.00", "998.00", Move(amount="-2.00"))
    assert BankBalance.objects.count() == 2
    assert missing_statements() == ()


def test_a_missing_statement_is_seen_and_is_not_missed_once_it_came(account) -> None:
    statement(account, "323", "2026-11-18", "990.00", "1000.00", Move(amount="10.00", day="2026-11-18"))
    statement(account, "325", "2026-11-20", "1005.00", "1000.00", Move(amount="-5.00"))
    (gap,) = missing_statements()
    assert (gap.ended_number, gap.began_number, gap.ended_on) == ("323", "325", date(2026, 11, 18))
    assert (gap.ended_with, gap.began_with) == (Money("1000.00", "EUR"), Money("1005.00", "EUR"))
    assert [row.name for row in files_after_gaps()] == ["325.xml"]
    statement(account, "324", "2026-11-19", "1000.00", "1005.00", Move(amount="5.00", day="2026-11-19"))
    assert missing_statements() == ()


def test_a_number_that_is_left_out_is_seen_although_the_balances_agree(account) -> None:
    statement(account, "7", "2026-11-18", "1000.00", "1000.00")
    statement(account, "9", "2026-11-20", "1000.00", "1000.00")
    (gap,) = missing_statements()
    assert (gap.ended_number, gap.began_number) == ("7", "9")


def test_numbers_begin_anew_with_the_year(account) -> None:
    statement(account, "1", "2026-01-02", "1000.00", "1000.00")
    statement(account, "365", "2025-12-31", "1000.00", "1000.00")
    assert missing_statements() == ()


def test_mt940_tells_number_and_balances(account) -> None:
    content = MT940.format(account=account.iban).encode()
    import_statement(account_id=account.pk, name="a.sta", content=content)
    row = BankBalance.objects.get()
    assert (row.number, row.opened_on, row.closed_on) == ("000000325/001", date(2026, 11, 20), date(2026, 11, 21))
    assert (row.opening, row.closing) == (Money("1100.00", "EUR"), Money("1110.00", "EUR"))
    with pytest.raises(StatementUnreadable):
        import_statement(account_id=account.pk, name="b.sta", content=content.replace(b"R10,00", b"R11,00"))


# one line, several orders


def line_of(account: BankAccount, amount: str, purpose: str) -> BankLine:
    bring_in(account, [Move(amount=amount, purpose=purpose)])
    return BankLine.objects.get(booking__isnull=True)


def test_one_line_pays_several_orders_to_the_cent(account) -> None:
    first, second = transfer("20.00"), transfer("30.00")
    line = line_of(account, "50.00", f"{first.reference} {second.reference}")
    booking = book_line_to_several(line_id=line.pk, transfer_ids=[first.pk, second.pk])
    assert booking.verdict == "several"
    assert (of(first).captured, of(second).captured) == (Money("20.00", "EUR"), Money("30.00", "EUR"))
    assert AuditEntry.objects.get(action="payments.divide_bank_line").data["orders"] == {
        of(first).order_ref: "20.00",
        of(second).order_ref: "30.00",
    }
    with pytest.raises(LineDecided):
        book_line_to_several(line_id=line.pk, transfer_ids=[second.pk, first.pk])
    assert not broken("R11", "R12", "R14", "R15", "L03", "P05")


def test_what_is_more_is_of_the_last_order_and_a_case(account) -> None:
    first, second = transfer("20.00"), transfer("30.00")
    line = line_of(account, "55.00", "two orders")
    book_line_to_several(line_id=line.pk, transfer_ids=[first.pk, second.pk])
    assert of(second).captured == Money("30.00", "EUR")
    assert PaymentException.objects.get(kind="surplus").fact.amount_minor == 500
    assert not broken("R12", "R14", "R15")


def test_what_is_less_is_a_part_of_the_last_order(account) -> None:
    first, second = transfer("20.00"), transfer("30.00")
    line = line_of(account, "45.00", "two orders")
    book_line_to_several(line_id=line.pk, transfer_ids=[second.pk, first.pk])
    assert (of(first).captured, of(second).captured) == (Money("15.00", "EUR"), Money("30.00", "EUR"))


@pytest.mark.parametrize("amount", ["20.00", "19.00"])
def test_an_order_that_would_get_nothing_is_left_out_by_a_person(account, amount) -> None:
    first, second = transfer("20.00"), transfer("30.00")
    line = line_of(account, amount, "two orders")
    with pytest.raises(NotDivisible):
        book_line_to_several(line_id=line.pk, transfer_ids=[first.pk, second.pk])
    with pytest.raises(NotDivisible):
        book_line_to_several(line_id=line.pk, transfer_ids=[first.pk, first.pk])
    assert BankBooking.objects.count() == BankShare.objects.count() == 0


def test_shares_that_nobody_told_are_told_by_the_clock_once(account, monkeypatch) -> None:
    first, second = transfer("20.00"), transfer("30.00")
    line = line_of(account, "50.00", "two orders")

    def dies(**told: object) -> Payment:
        if told["payment_ref"] == of(second).ref:
            raise KeyboardInterrupt
        return receive_transfer(**told)

    monkeypatch.setattr(several, "receive_transfer", dies)
    with pytest.raises(KeyboardInterrupt):
        book_line_to_several(line_id=line.pk, transfer_ids=[first.pk, second.pk])
    assert [share.payment for share in untold_shares()] == [of(second)]
    monkeypatch.undo()
    assert [book_waiting_lines(), book_waiting_lines()] == [1, 0]
    assert (of(first).captured, of(second).captured) == (Money("20.00", "EUR"), Money("30.00", "EUR"))
    assert not broken("R12", "R14", "R15")


def test_an_import_that_was_cut_short_is_finished_by_the_clock(account, monkeypatch) -> None:
    awaited = transfer("20.00")
    monkeypatch.setattr("payments.statements.importing.book_matches", lambda **_told: 0)
    bring_in(account, [Move(amount="20.00", purpose=awaited.reference)])
    assert of(awaited).captured == Money("0.00", "EUR")
    assert [book_waiting_lines(), book_waiting_lines()] == [1, 0]
    assert of(awaited).captured == Money("20.00", "EUR")


# money that went back


def test_a_statement_that_shows_a_refund_marks_it_as_sent(account) -> None:
    row = payout(account)
    result = bring_in(account, [Move(amount="-9.90", purpose=f"Refund {printed(payout_reference(row.pk))}")])
    assert result.booked == 1
    assert sent(row) == ("sent", "succeeded")
    assert BankBooking.objects.get(payout=row).verdict == "reference"
    assert not broken("R11", "R12", "R13", "R16", "L03")


def test_what_a_person_had_sent_is_seen_on_the_statement_and_done_once(account) -> None:
    row = payout(account)
    confirm_payout(payout_id=row.pk, bank_ref="OUT-1")
    assert bring_in(account, [Move(amount="-9.90", purpose=payout_reference(row.pk))]).booked == 1
    assert (row.booking.verdict, sent(row)) == ("reference", ("sent", "succeeded"))
    assert of(row.transfer).refunded == Money("9.90", "EUR")
    again = bring_in(account, [Move(amount="-9.90", purpose=payout_reference(row.pk), bank_id="twice")])
    assert again.booked == 0


@pytest.mark.parametrize("amount", ["-9.91", "9.90"])
def test_another_sum_or_the_other_way_is_not_that_refund(account, amount) -> None:
    row = payout(account)
    assert bring_in(account, [Move(amount=amount, purpose=payout_reference(row.pk))]).booked == 0
    with pytest.raises(LineNotBookable):
        book_payout_line(line_id=BankLine.objects.get(booking__isnull=True).pk, payout_id=row.pk)
    assert sent(row) == ("waiting", "pending")


def test_a_refund_without_its_reference_is_proposed_and_booked_by_a_person(account) -> None:
    row, other = payout(account), payout(account)
    bring_in(account, [Move(amount="-9.90", purpose="refund", payer_account=PAYER_IBAN)])
    line = BankLine.objects.get(booking__isnull=True)
    assert [one.payout for one in payout_proposals_for(line, payouts_that_may_show())] == [row, other]
    book_payout_line(line_id=line.pk, payout_id=other.pk)
    assert (sent(row)[0], sent(other)) == ("waiting", ("sent", "succeeded"))
    with pytest.raises(LineDecided):
        book_payout_line(line_id=line.pk, payout_id=row.pk)
    assert sent(row)[0] == "waiting"


def test_every_check_of_bank_lines_finds_what_it_is_for(account) -> None:
    first, second = transfer("20.00"), transfer("30.00")
    line = line_of(account, "50.00", "two orders")
    other = line_of_other(account)
    BankBooking.objects.create(line=line, verdict="several")
    BankBooking.objects.create(line=other, verdict="person", payment=of(first))
    receive_transfer(payment_ref=of(second).ref, amount=Money("1.00", "EUR"), name="line:0", source="poll")
    assert set(broken("R11", "R12", "R14")) == {"R11", "R12", "R14"}


def line_of_other(account: BankAccount) -> BankLine:
    bring_in(account, [Move(amount="7.00", purpose="other")])
    return BankLine.objects.get(amount_minor=700)
