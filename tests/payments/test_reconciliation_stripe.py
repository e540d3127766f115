"""Stripe's books: its rows translated, read page by page from the stand-in, and matched."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from djmoney.money import Money

from core import integrity
from payments.actions import refund_payment, submit_due_refunds
from payments.models import ReconciliationItem, StatementEntry, StatementRead
from payments.providers.registry import provider_named
from payments.providers.stripe.entries import entry_of
from payments.reconciliation.daily import reconcile_books
from payments.reconciliation.missing import check_payouts
from tests.payments.stripe_world import at_stripe, stripe, told

__all__ = ["stripe"]
pytestmark = pytest.mark.django_db
TXN = {
    "id": "txn_1",
    "object": "balance_transaction",
    "amount": 4990,
    "available_on": 1558569600,
    "created": 1557995177,
    "currency": "eur",
    "exchange_rate": None,
    "fee": 98,
    "net": 4892,
    "reporting_category": "charge",
    "source": {"id": "ch_1", "object": "charge", "amount": 4990, "currency": "eur", "payment_intent": "pi_1"},
    "type": "charge",
}


def test_a_charge_is_known_by_its_payment_intent() -> None:
    entry = entry_of(TXN)
    assert (entry.kind, entry.entry_id, entry.fact_ref, entry.provider_ref) == ("charge", "txn_1", "pi_1", "pi_1")
    assert (entry.amount, entry.fee, entry.net) == (
        Money("49.90", "EUR"),
        Money("0.98", "EUR"),
        Money("48.92", "EUR"),
    )
    assert entry.created == datetime(2019, 5, 16, 8, 26, 17, tzinfo=UTC)
    assert entry.charged is None


def test_what_was_converted_says_what_the_shopper_paid_and_at_which_price() -> None:
    source = {**TXN["source"], "amount": 5500, "amount_captured": 5000, "currency": "usd"}  # type: ignore[dict-item]
    entry = entry_of({**TXN, "source": source, "exchange_rate": 0.998})
    assert (entry.charged, entry.exchange_rate) == (Money("50.00", "USD"), Decimal("0.998"))


@pytest.mark.parametrize(
    ("category", "kind", "source", "expected"),
    [
        ("refund", "refund", "re_1", "refund"),
        ("refund_failure", "refund_failure", "re_1", "adjustment"),
        ("dispute", "adjustment", "dp_1", "dispute"),
        ("dispute_reversal", "adjustment", "dp_1", "dispute"),
        ("", "adjustment", "dp_1", "dispute"),
        ("fee", "stripe_fee", None, "fee"),
        ("payout", "payout", "po_1", "payout"),
        ("payout_reversal", "payout_cancel", "po_1", "payout"),
        ("other_adjustment", "adjustment", None, "adjustment"),
        ("", "payment", "py_1", "charge"),
    ],
)
def test_every_kind_of_row_has_its_place(category, kind, source, expected) -> None:
    entry = entry_of({**TXN, "reporting_category": category, "type": kind, "source": source})
    assert entry.kind == expected
    assert entry.payout_id == ("po_1" if expected == "payout" else "")


def test_books_are_read_to_their_last_page(stripe) -> None:
    for amount in range(1, 231):
        stripe.books.pay_out(amount)
    begin, end = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    entries = list(provider_named("stripe").list_transactions(begin, end))
    assert sorted(entry.net.amount * -100 for entry in entries) == list(range(1, 231))
    assert list(provider_named("stripe").list_transactions(end, end)) == []


def test_a_stripe_day_with_a_lost_message_and_a_refund_made_there_agrees(stripe) -> None:
    payment, lost = at_stripe(), at_stripe()
    for one in (payment, lost):
        stripe.books.pay_on_page(one.provider_ref)
    stripe.books.messages = stripe.books.messages[:3]
    payment = told(stripe, payment)
    refund_payment(payment_ref=payment.ref, amount=Money("9.90", "EUR"), key="r-1", reason="broken")
    submit_due_refunds()
    stripe.books.pay_out(3000)
    reconcile_books(now=timezone.now() + timedelta(minutes=1))
    for one in (payment, lost):
        one.refresh_from_db()
    assert (payment.state, lost.state) == ("partly_refunded", "captured")
    assert (StatementEntry.objects.count(), ReconciliationItem.objects.count()) == (4, 0)
    checks = [check for check in integrity.registered() if check.code[0] in "LR"]
    assert [found.check.code for found in integrity.run(checks) if found.count] == []


def test_an_automatic_payout_names_its_rows_and_is_their_sum(stripe) -> None:
    for _purchase in range(2):
        stripe.books.pay_on_page(at_stripe().provider_ref)
    payout = stripe.books.pay_everything_out()
    reconcile_books(now=timezone.now() + timedelta(minutes=1))
    assert set(StatementEntry.objects.values_list("payout_id", flat=True)) == {payout["source"]}
    assert (StatementEntry.objects.count(), ReconciliationItem.objects.count()) == (3, 0)
    StatementRead.objects.update(begin=timezone.now() - timedelta(days=9))
    assert check_payouts() == 0


def test_a_silent_stripe_is_written_down_and_asked_again(stripe) -> None:
    stripe.server.shutdown()
    stripe.server.server_close()
    tally = reconcile_books()
    assert tally.refused == ("stripe",)
