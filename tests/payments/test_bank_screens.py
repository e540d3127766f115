"""Bank transfers in the admin: who may see and do what, one click on a proposal, files refused with their lines."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from djmoney.money import Money

from core.models import AuditEntry
from payments.actions import refund_payment, submit_refund
from payments.actions.bank_accounts import assign_bank_account, save_bank_account
from payments.models import BankAccount, BankBooking, BankLine, BankPayout, MarketBankAccount, Payment, TableShape
from tests.journeys.desk import Sheet
from tests.payments.bank_world import Move, arrive, bring_in, camt, transfer, transfer_world
from tests.payments.test_admin import operator
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
TABLE = "Tag;Betrag;Zweck\n20.11.2026;49,90;{}\n"


@pytest.fixture(autouse=True)
def switched_on(settings) -> None:
    settings.BANK_TRANSFERS = True


@shared_world
def account() -> BankAccount:
    return transfer_world()


def form(account: BankAccount, content: bytes, **changes: str) -> dict[str, object]:
    values = {"account": account.pk, "shape": "%Y-%m-%d", "mark": ".", "key": "key-1"}
    columns = {"booked_on": "date", "amount": "amount", "remittance": "purpose"}
    return {**values, **columns, "file": SimpleUploadedFile("statement", content), **changes}


@pytest.mark.parametrize(
    ("permissions", "sees", "does"),
    [((), 403, 403), (("view_bankline",), 200, 403), (("view_bankline", "import_bankstatement"), 200, 200)],
)
def test_the_screens_are_for_those_who_may(account, permissions, sees, does) -> None:
    browser = operator(*permissions)
    assert browser.get(reverse("admin:payments_bank")).status_code == sees
    assert browser.get(reverse("admin:payments_bank_statement")).status_code == does
    assert browser.post(reverse("admin:payments_bank_sent", args=[1])).status_code == 403


def test_one_click_on_a_proposal_books_the_line_once(account) -> None:
    awaited = transfer("49.90")
    bring_in(account, [Move(amount="49.90", purpose="hello")])
    browser, url = operator("view_bankline", "import_bankstatement"), reverse("admin:payments_bank")
    assert "No other awaited transfer is about this amount." in browser.get(url).content.decode()
    said = {"line": BankLine.objects.get().pk, "reference": awaited.reference, "choice": "book"}
    for _press in range(2):
        assert browser.post(url, said).status_code == 302
    assert Payment.objects.get(pk=awaited.payment_id).captured == Money("49.90", "EUR")
    assert BankBooking.objects.get().decided_by is not None


def test_one_click_divides_a_line_among_the_orders_it_names(account) -> None:
    first, second = transfer("20.00"), transfer("30.00")
    bring_in(account, [Move(amount="50.00", purpose=f"{first.reference} and {second.reference}")])
    browser, url = operator("view_bankline", "import_bankstatement"), reverse("admin:payments_bank")
    assert "the amount is exactly what they miss" in browser.get(url).content.decode()
    references = f"{first.reference} {second.reference}"
    said = {"line": BankLine.objects.get().pk, "reference": references, "choice": "book"}
    for _press in range(2):
        assert browser.post(url, said).status_code == 302
    assert [Payment.objects.get(pk=one.payment_id).captured_minor for one in (first, second)] == [2000, 3000]
    assert BankBooking.objects.get().decided_by is not None


def test_one_click_says_that_a_line_is_a_refund(account) -> None:
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    payment = Payment.objects.get(pk=awaited.payment_id)
    refund = refund_payment(payment_ref=payment.ref, amount=Money("9.90", "EUR"), key="r-1", reason="Broken")
    submit_refund(refund_id=refund.pk)
    bring_in(account, [Move(amount="-9.90", purpose="refund")])
    browser, url = operator("view_bankline", "import_bankstatement"), reverse("admin:payments_bank")
    assert "The same amount went to this account." in browser.get(url).content.decode()
    line, payout = BankLine.objects.get(booking__isnull=True), BankPayout.objects.get()
    for wrong in ("", "0", "999"):
        browser.post(url, {"line": line.pk, "payout": wrong, "choice": "payout"})
    assert BankBooking.objects.filter(line=line).count() == 0
    browser.post(url, {"line": line.pk, "payout": payout.pk, "choice": "payout"})
    payout.refresh_from_db()
    assert (payout.state, payout.booking.line) == ("sent", line)


def test_a_reference_nobody_has_books_nothing(account) -> None:
    bring_in(account, [Move(amount="49.90", purpose="hello")])
    browser, url = operator("view_bankline", "import_bankstatement"), reverse("admin:payments_bank")
    said = {"line": BankLine.objects.get().pk, "reference": "RF00 0000", "choice": "book"}
    assert "No transfer has this reference." in browser.post(url, said, follow=True).content.decode()
    assert BankBooking.objects.count() == 0


def test_a_statement_is_brought_in_once_per_key(account) -> None:
    awaited = transfer("49.90")
    content = camt(Move(amount="49.90", purpose=awaited.reference))
    browser = operator("view_bankline", "import_bankstatement")
    for _press in range(2):
        page = browser.post(reverse("admin:payments_bank_statement"), form(account, content), follow=True)
        assert "1 new line was stored. 1 line was booked by its reference." in page.content.decode()
    assert BankLine.objects.count() == 1


def test_the_columns_of_a_table_are_remembered(account) -> None:
    awaited = transfer("49.90")
    browser, url = operator("view_bankline", "import_bankstatement"), reverse("admin:payments_bank_statement")
    shape = {"booked_on": "Tag", "amount": "Betrag", "remittance": "Zweck", "shape": "%d.%m.%Y", "mark": ","}
    assert browser.post(url, form(account, TABLE.format(awaited.reference).encode(), **shape)).status_code == 302
    assert TableShape.objects.get().columns["amount"] == "Betrag"
    assert 'value="Betrag"' in browser.get(url).content.decode()


def test_a_refused_file_says_where_and_keeps_what_was_typed(account) -> None:
    browser, url = operator("view_bankline", "import_bankstatement"), reverse("admin:payments_bank_statement")
    page = browser.post(url, form(account, b"date,amount,purpose\n2026-11-20,x,a\n", payer=""))
    assert page.status_code == 422
    html = page.content.decode()
    assert "is not a number." in html
    assert 'value="purpose"' in html
    assert BankLine.objects.count() == 0


def test_money_to_send_is_marked_as_sent_by_whoever_may(account) -> None:
    awaited = transfer("49.90")
    arrive(account, awaited, "49.90")
    payment = Payment.objects.get(pk=awaited.payment_id)
    refund = refund_payment(payment_ref=payment.ref, amount=Money("9.90", "EUR"), key="r-1", reason="Broken")
    submit_refund(refund_id=refund.pk)
    payout = BankPayout.objects.get()
    url = reverse("admin:payments_bank_sent", args=[payout.pk])
    assert operator("view_bankline", "import_bankstatement").post(url).status_code == 403
    clerk = operator("view_bankline", "send_bankpayout", "view_bankpayout")
    for seen in ({}, {"seen": "DE02120300000000202051"}):
        assert "Look where it goes" in clerk.post(url, {"bank_ref": "O", **seen}, follow=True).content.decode()
        payout.refresh_from_db()
        assert payout.state == "waiting"
    shown = Sheet(clerk, clerk.get(reverse("admin:payments_bank"))).form(url)
    assert shown.fields["seen"] == payout.recipient_account
    assert clerk.post(url, {"bank_ref": "O", "seen": shown.fields["seen"]}).status_code == 302
    payout.refresh_from_db()
    assert (payout.state, payout.bank_ref) == ("sent", "O")


def test_ten_lines_cost_as_much_as_one(account, django_assert_max_num_queries) -> None:
    browser, url = operator("view_bankline", "import_bankstatement"), reverse("admin:payments_bank")
    for _one in range(3):
        transfer("10.00")
    bring_in(account, [Move(amount=f"{at}.00", purpose=f"hello {at}") for at in range(1, 11)])
    browser.get(url)
    with django_assert_max_num_queries(30):
        browser.get(url)


def test_changes_of_an_account_are_written_down_with_what_it_was(account) -> None:
    account.holder = "Another name"
    save_bank_account(account)
    entry = AuditEntry.objects.get(action="payments.save_bank_account")
    assert (entry.data["was"]["holder"], entry.data["is"]["holder"]) == ("Meridian Trading", "Another name")
    market = MarketBankAccount.objects.get().market
    assign_bank_account(market=market, account=account)
    assert AuditEntry.objects.filter(action="payments.assign_bank_account").count() == 1
