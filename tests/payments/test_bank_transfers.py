"""A transfer from its beginning to its money: started once, booked by reference, in parts, too much, late, foreign."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from core.models import AuditEntry
from markets.queries import market_by_code
from payments.actions import (
    cancel_payment,
    confirm_payout,
    open_payment,
    receive_transfer,
    refund_payment,
    refuse_payout,
    start_payment,
)
from payments.actions.refunding import submit_refund
from payments.actions.transfers import PayoutDecided, PayoutNoteMissing, remind_transfers
from payments.errors import AlreadyPaid, ProviderRefused
from payments.events import PartReceived, PaymentCaptured, TransferAwaited, TransferReminded
from payments.models import (
    BankAccount,
    BankBooking,
    BankLine,
    BankPayout,
    BankTransfer,
    MarketBankAccount,
    Payment,
    PaymentException,
)
from payments.providers.bank.references import references_in
from payments.queries import awaited_transfers, methods_for
from payments.statements.booking import LineDecided, LineNotBookable, NoteMissing, book_line, set_line_aside
from payments.statements.importing import import_statement
from payments.statements.matching import proposals_for
from payments.statements.types import StatementUnreadable
from tests.payments.bank_world import (
    IBAN,
    PAYER_IBAN,
    Move,
    arrive,
    bank_account,
    bring_in,
    camt,
    transfer,
    transfer_world,
)
from tests.payments.credit_world import broken
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on(settings) -> None:
    settings.BANK_TRANSFERS = True


@shared_world
def account() -> BankAccount:
    return transfer_world()


def of(awaited: BankTransfer) -> Payment:
    return Payment.objects.get(pk=awaited.payment_id)


def test_a_transfer_begins_once_with_account_reference_and_time(account, announced) -> None:
    awaited = transfer()
    assert references_in(awaited.reference) == (awaited.reference,)
    assert awaited.shown["iban"] == IBAN
    assert of(awaited).provider_ref == awaited.reference
    assert (of(awaited).state, of(awaited).in_parts) == ("action_required", True)
    assert timedelta(days=6, hours=23) < awaited.due_at - timezone.now() < timedelta(days=7)
    assert [type(event) for event in announced].count(TransferAwaited) == 1


def test_what_was_shown_stays_when_the_account_is_edited(account) -> None:
    awaited = transfer()
    account.holder = "Another name"
    account.save()
    awaited.refresh_from_db()
    assert awaited.shown["holder"] == "Meridian Trading"


def test_it_is_offered_where_the_market_has_an_account_only(account, settings) -> None:
    market = market_by_code("de", language="de")
    offered = {method.code: method.provider for method in methods_for(market, Money("10.00", "EUR"))}
    assert offered["customer_balance"] == "bank"
    MarketBankAccount.objects.all().delete()
    assert "customer_balance" not in {method.code for method in methods_for(market, Money("10.00", "EUR"))}


def test_without_an_account_nothing_is_started(account) -> None:
    payment = open_payment(order_ref="TST-X", amount=Money("10.00", "EUR"), provider="bank", method="customer_balance")
    MarketBankAccount.objects.all().delete()
    with pytest.raises(ProviderRefused):
        start_payment(
            payment_ref=payment.ref,
            email="shopper@example.com",
            market="de",
            language="de",
            return_url="http://testserver/back/",
            cancel_url="http://testserver/stop/",
        )
    payment.refresh_from_db()
    assert (BankTransfer.objects.count(), payment.state) == (0, "failed")


def test_a_line_with_the_reference_pays(account, announced) -> None:
    awaited = transfer("49.90")
    result = bring_in(account, [Move(amount="49.90", purpose=f"Order, ref {awaited.reference}")])
    assert (result.booked, result.statement.fresh) == (1, 1)
    assert (of(awaited).state, of(awaited).captured) == ("captured", Money("49.90", "EUR"))
    assert BankBooking.objects.get().verdict == "reference"
    assert not broken("R11", "R12", "R13", "L01", "L02", "L03", "P03", "P04", "P05")


def test_the_same_file_again_changes_nothing(account, announced) -> None:
    awaited = transfer("49.90")
    moves = [Move(amount="49.90", purpose=awaited.reference, bank_id="B-1"), Move(amount="-2.00", payer="BANK")]
    bring_in(account, moves)
    again = bring_in(account, moves)
    assert (again.booked, again.statement.fresh) == (0, 0)
    assert BankLine.objects.count() == 2
    assert sum(isinstance(event, PaymentCaptured) for event in announced) == 1


def test_a_part_waits_for_the_rest_and_says_so(account, announced) -> None:
    awaited = transfer("49.90")
    arrive(account, awaited, "20.00")
    told = [event for event in announced if isinstance(event, PartReceived)]
    assert [event.received for event in told] == [Money("20.00", "EUR")]
    assert of(awaited).captured == Money("20.00", "EUR")
    assert list(awaited_transfers()) == [awaited]
    bring_in(account, [Move(amount="29.90", purpose=awaited.reference, bank_id="B-2")])
    assert of(awaited).captured == Money("49.90", "EUR")
    assert list(awaited_transfers()) == []
    assert len([event for event in announced if isinstance(event, PartReceived)]) == 1


def test_the_rest_of_a_part_may_be_paid_another_way_and_a_whole_may_not(account) -> None:
    awaited = transfer("49.90")
    arrive(account, awaited, "20.00")
    order = of(awaited).order_ref
    assert open_payment(order_ref=order, amount=Money("29.90", "EUR"), provider="sandbox", method="card").attempt == 2
    whole = transfer("10.00")
    arrive(account, whole, "10.00")
    with pytest.raises(AlreadyPaid):
        open_payment(order_ref=of(whole).order_ref, amount=Money("1.00", "EUR"), provider="sandbox", method="card")


def test_what_is_too_much_is_a_case_of_its_own_and_the_payment_is_complete(account) -> None:
    awaited = transfer("49.90")
    arrive(account, awaited, "60.00")
    case = PaymentException.objects.get()
    assert (of(awaited).captured, of(awaited).state) == (Money("49.90", "EUR"), "captured")
    assert (case.kind, case.fact.amount_minor) == ("surplus", 1010)
    assert not broken("R11", "R12", "L03")


def test_money_after_the_end_is_late_and_not_lost(account, announced) -> None:
    awaited = transfer("49.90")
    cancel_payment(payment_ref=of(awaited).ref, reason="expired")
    assert of(awaited).state == "canceled"
    arrive(account, awaited, "49.90")
    (captured,) = [event for event in announced if isinstance(event, PaymentCaptured)]
    assert captured.late
    assert of(awaited).state == "captured"


def test_another_currency_counts_nothing_and_becomes_a_case(account) -> None:
    awaited = transfer("49.90")
    receive_transfer(payment_ref=of(awaited).ref, amount=Money("49.90", "USD"), name="line:0", source="operator")
    assert of(awaited).captured == Money("0.00", "EUR")
    assert PaymentException.objects.get().kind == "currency_mismatch"


def test_a_slip_in_the_reference_is_proposed_and_never_booked(account) -> None:
    awaited = transfer("49.90")
    wrong = awaited.reference[:-1] + str((int(awaited.reference[-1]) + 1) % 10)
    result = bring_in(account, [Move(amount="49.90", purpose=wrong)])
    assert result.booked == 0
    (proposal,) = proposals_for(BankLine.objects.get(), list(awaited_transfers()))
    assert (proposal.transfer, proposal.weight) == (awaited, 3)


def test_an_amount_is_proposed_only_where_one_transfer_misses_it(account) -> None:
    awaited = transfer("49.90")
    bring_in(account, [Move(amount="49.90", purpose="hello")])
    line = BankLine.objects.get()
    assert [one.transfer for one in proposals_for(line, list(awaited_transfers()))] == [awaited]
    transfer("49.90")
    assert proposals_for(line, list(awaited_transfers())) == ()


def test_two_references_in_one_line_are_for_a_person(account) -> None:
    first, second = transfer("10.00"), transfer("20.00")
    result = bring_in(account, [Move(amount="30.00", purpose=f"{first.reference} {second.reference}")])
    assert result.booked == 0
    found = proposals_for(BankLine.objects.get(), list(awaited_transfers()))
    assert {one.transfer for one in found} == {first, second}


def test_a_person_books_a_line_once(account) -> None:
    awaited, other = transfer("49.90"), transfer("49.90")
    bring_in(account, [Move(amount="49.90", purpose="hello")])
    line = BankLine.objects.get()
    book_line(line_id=line.pk, transfer_id=awaited.pk, note="The customer told us on the phone.")
    with pytest.raises(LineDecided):
        book_line(line_id=line.pk, transfer_id=other.pk)
    assert (of(awaited).captured.amount, of(other).captured.amount) == (Decimal("49.90"), Decimal(0))
    assert AuditEntry.objects.filter(action="payments.book_bank_line").count() == 1


def test_what_went_out_books_nothing_and_what_is_set_aside_says_why(account) -> None:
    awaited = transfer("49.90")
    bring_in(account, [Move(amount="-49.90", purpose=awaited.reference)])
    line = BankLine.objects.get()
    with pytest.raises(LineNotBookable):
        book_line(line_id=line.pk, transfer_id=awaited.pk)
    with pytest.raises(NoteMissing):
        set_line_aside(line_id=line.pk, note=" ")
    assert set_line_aside(line_id=line.pk, note="Rent").verdict == "aside"
    with pytest.raises(LineDecided):
        set_line_aside(line_id=line.pk, note="Rent")


@pytest.mark.parametrize(
    "content", [camt(Move(amount="1.00"), iban=PAYER_IBAN), camt(Move(amount="1.00", currency="USD"))]
)
def test_a_file_of_another_account_or_currency_is_refused_whole(account, content) -> None:
    with pytest.raises(StatementUnreadable):
        import_statement(account_id=account.pk, name="x.xml", content=content)
    assert BankLine.objects.count() == 0


def test_the_days_of_an_account_come_in_one_format(account) -> None:
    bring_in(account, [Move(amount="1.00")])
    with pytest.raises(StatementUnreadable):
        import_statement(account_id=account.pk, name="x.csv", content=b"date,amount,purpose\n2026-11-20,1.00,a\n")
    other_day = import_statement(
        account_id=account.pk, name="x.csv", content=b"date,amount,purpose\n2026-11-21,1.00,a\n"
    )
    assert other_day.statement.fresh == 1


def test_a_refund_is_a_transfer_to_send_and_done_when_somebody_says_so(account) -> None:
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    refund = refund_payment(payment_ref=of(awaited).ref, amount=Money("9.90", "EUR"), key=str(uuid4()), reason="Broken")
    submit_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    payout = BankPayout.objects.get()
    assert (refund.state, payout.state, payout.recipient_account) == ("pending", "waiting", PAYER_IBAN)
    confirm_payout(payout_id=payout.pk, bank_ref="OUT-1")
    refund.refresh_from_db()
    assert (refund.state, of(awaited).refunded) == ("succeeded", Money("9.90", "EUR"))
    with pytest.raises(PayoutDecided):
        confirm_payout(payout_id=payout.pk)
    assert not broken("R11", "R12", "R13", "L03")


def test_a_transfer_that_cannot_be_sent_leaves_the_money_owed(account) -> None:
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    refund = refund_payment(payment_ref=of(awaited).ref, amount=Money("9.90", "EUR"), key=str(uuid4()), reason="Broken")
    submit_refund(refund_id=refund.pk)
    payout = BankPayout.objects.get()
    with pytest.raises(PayoutNoteMissing):
        refuse_payout(payout_id=payout.pk, note=" ")
    refuse_payout(payout_id=payout.pk, note="The account is closed.")
    refund.refresh_from_db()
    assert (refund.state, of(awaited).refundable) == ("failed", Money("49.90", "EUR"))
    with pytest.raises(PayoutDecided):
        confirm_payout(payout_id=payout.pk)
    assert not broken("R13", "L03", "P04", "P05")


def test_half_of_the_time_reminds_once_and_only_who_has_sent_nothing(account, announced) -> None:
    waiting, paid = transfer("10.00"), transfer("20.00")
    arrive(account, paid, "20.00")
    assert remind_transfers() == 0
    past = timezone.now() - timedelta(days=4)
    BankTransfer.objects.update(created=past, due_at=past + timedelta(days=7))
    assert [remind_transfers(), remind_transfers()] == [1, 0]
    told = [event.payment_ref for event in announced if isinstance(event, TransferReminded)]
    assert told == [of(waiting).ref]


def test_the_page_shows_what_is_missing_and_a_code_for_euro(account, client) -> None:
    awaited = transfer("49.90")
    url = reverse("payments:bank_transfer", kwargs={"token": awaited.token})
    page = client.get(url)
    html = page.content.decode()
    assert page.status_code == 200
    assert "DE89 3704 0044 0532 0130 00" in html
    assert "data:image/svg+xml" in html
    assert "no-store" in page.headers["Cache-Control"]
    arrive(account, awaited, "49.90")
    assert "data:image/svg+xml" not in client.get(url).content.decode()
    assert client.get(reverse("payments:bank_transfer", kwargs={"token": "wrong"})).status_code == 404


@pytest.mark.parametrize("facts", [{"iban": "DE89370400440532013001"}, {"iban": IBAN, "bic": "NOBIC"}, {"iban": ""}])
def test_an_account_with_a_wrong_number_is_refused(account, facts) -> None:
    with pytest.raises(ValidationError):
        BankAccount(name="x", holder="Meridian Trading", currency="EUR", **facts).full_clean()


def test_an_account_of_another_currency_makes_no_code(account) -> None:
    account.markets.all().delete()
    pounds = bank_account(iban="", local="Sort code 00-00-00\nAccount 12345678", currency="GBP")
    assert pounds.iban == ""
    market = market_by_code("de", language="de")
    assert "customer_balance" not in {method.code for method in methods_for(market, Money("10.00", "EUR"))}
