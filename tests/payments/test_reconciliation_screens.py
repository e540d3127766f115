"""The books in the admin: who may see and do what, that files are refused with their lines, and what a page asks."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from core.models import AuditEntry
from payments.models import ReconciliationItem, StatementEntry
from payments.reconciliation.daily import reconcile_books
from payments.types import ProviderEntry
from tests.factories.payments import paid
from tests.payments.test_admin import operator
from tests.payments.test_reconciliation import row, told

pytestmark = pytest.mark.django_db
STRIPE_FILE = (
    "automatic_payout_id,balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,"
    "reporting_category,source_id,payment_intent_id,customer_facing_amount,customer_facing_currency\n"
    "po_1,txn_1,2026-11-20 10:00:00,2026-11-22 00:00:00,eur,49.90,0.98,48.92,charge,ch_1,pi_1,49.90,eur\n"
)


@pytest.fixture
def item() -> ReconciliationItem:
    told(row(kind="adjustment", amount=Money("-5.00", "EUR"), fee=Money("0.00", "EUR")))
    return ReconciliationItem.objects.get()


def seeing() -> Client:
    return operator("view_statemententry", "view_reconciliationitem", "view_statementread", "view_proofrun")


def doing() -> Client:
    return operator(
        "view_statemententry", "view_reconciliationitem", "view_statementread", "view_proofrun", "reconcile_payments"
    )


def file(content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("payouts.csv", content.encode(), content_type="text/csv")


def form(content: str, **changes: str) -> dict[str, object]:
    values = {"provider": "stripe", "report": "known", "shape": "%Y-%m-%d", "mark": ".", "key": "key-1"}
    return {**values, "file": file(content), **changes}


def test_the_books_page_shows_days_in_green_and_with_their_difference() -> None:
    paid()
    reconcile_books()
    page = seeing().get(reverse("admin:payments_books"))
    html = page.content.decode()
    assert page.status_code == 200
    assert "Every day agrees." in html
    told(row())
    html = seeing_again().get(reverse("admin:payments_books")).content.decode()
    assert "1 day differs." in html
    assert "1 row to look at" in html


def seeing_again() -> Client:
    return operator("view_statemententry", "view_reconciliationitem")


@pytest.mark.parametrize(
    "browser",
    [Client, lambda: operator("reconcile_payments", is_staff=False), lambda: operator("view_payment")],
    ids=["nobody", "shopper", "wrong operator"],
)
def test_others_neither_see_nor_do(browser, item) -> None:
    client = browser()
    for name in ("admin:payments_books", "admin:payments_books_file"):
        assert client.get(reverse(name)).status_code in (302, 403)
    address = reverse("admin:payments_reconciliationitem_explain", args=[item.pk])
    assert client.post(address, {"note": "mine"}).status_code in (302, 403)
    item.refresh_from_db()
    assert item.state == "open"


def test_who_only_sees_is_not_offered_what_they_may_not_do(item) -> None:
    html = seeing().get(reverse("admin:payments_books")).content.decode()
    assert reverse("admin:payments_books_file") not in html
    assert operator("view_statemententry").post(reverse("admin:payments_books")).status_code == 403


def test_a_difference_is_explained_and_booked_from_its_page(item) -> None:
    browser = doing()
    address = reverse("admin:payments_reconciliationitem_change", args=[item.pk])
    html = browser.get(address).content.decode()
    assert "Find out at the provider what the movement is" in html
    assert reverse("admin:payments_reconciliationitem_book", args=[item.pk]) in html
    answer = browser.post(
        reverse("admin:payments_reconciliationitem_book", args=[item.pk]),
        {"account": "psp_fees", "note": "A yearly fee."},
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.state, item.resolution, item.note) == ("resolved", "booked", "A yearly fee.")
    assert AuditEntry.objects.get(action="payments.book_difference").actor_label.startswith("op")
    again = browser.post(reverse("admin:payments_reconciliationitem_explain", args=[item.pk]), {"note": "again"})
    assert again.status_code == 422
    assert "This difference is resolved already." in again.content.decode()


def test_trying_again_in_vain_says_so(item) -> None:
    answer = doing().post(reverse("admin:payments_reconciliationitem_retry", args=[item.pk]))
    assert answer.status_code == 422
    assert "It still differs." in answer.content.decode()


def test_a_file_is_brought_in_once() -> None:
    browser = doing()
    for _time in range(2):
        assert browser.post(reverse("admin:payments_books_file"), form(STRIPE_FILE)).status_code == 302
    entry = StatementEntry.objects.get()
    assert (entry.provider, entry.net, entry.payout_id) == ("stripe", Money("48.92", "EUR"), "po_1")
    assert AuditEntry.objects.filter(action="payments.import_statement").count() == 1


def test_a_refused_file_says_which_lines_and_keeps_what_was_typed() -> None:
    content = STRIPE_FILE + "po_1,txn_2,yesterday,,eur,10.00,0.10,9.90,charge,ch_2,pi_2,,\n"
    answer = doing().post(
        reverse("admin:payments_books_file"), form(content, report="known", mark=",", reference="Our reference")
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing of it was stored." in html
    assert '<th scope="row" class="end">3</th><td><bdi>created_utc</bdi></td>' in html
    assert 'value="Our reference"' in html
    assert StatementEntry.objects.count() == 0


def test_the_books_page_asks_the_same_for_one_row_as_for_many(django_assert_max_num_queries) -> None:
    browser = seeing()
    address = reverse("admin:payments_books")
    told(row())
    browser.get(address)
    with django_assert_max_num_queries(60) as one:
        browser.get(address)
    rows: list[ProviderEntry] = [row(f"row-{number}", created=timezone.now()) for number in range(2, 22)]
    told(*rows)
    with django_assert_max_num_queries(60) as many:
        browser.get(address)
    assert len(many.captured_queries) == len(one.captured_queries)


@pytest.mark.parametrize("name", ["statemententry", "statementread", "reconciliationitem", "proofrun"])
def test_lists_are_shown_and_nothing_is_added_there(name, item) -> None:
    browser = operator(f"view_{name}", f"add_{name}", f"change_{name}", f"delete_{name}")
    assert browser.get(reverse(f"admin:payments_{name}_changelist")).status_code == 200
    assert browser.get(reverse(f"admin:payments_{name}_add")).status_code == 403


def test_a_row_of_the_provider_shows_its_match_and_its_differences(item) -> None:
    browser = operator("view_statemententry", "view_statementmatch", "view_reconciliationitem")
    html = browser.get(reverse("admin:payments_statemententry_change", args=[item.entry_id])).content.decode()
    assert "row-1" in html
