"""The ledger balances, whoever writes."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from djmoney.money import Money

from payments.actions import post_to_ledger
from payments.errors import LedgerUnbalanced
from payments.models import LedgerAccount, LedgerEntry, LedgerTxn
from payments.types import LedgerLine

pytestmark = pytest.mark.django_db


def line(code: str, amount: str, currency: str = "EUR") -> LedgerLine:
    return LedgerLine("shop", "main", code, Money(amount, currency))


def post(*lines: LedgerLine, key: str = "k") -> LedgerTxn:
    return post_to_ledger(
        kind="test",
        source_type="test",
        source_id="1",
        key=key,
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        lines=lines,
    )


def test_a_balanced_posting_is_written_once_per_key() -> None:
    lines = (
        line("bank", "10.00"),
        line("revenue", "-10.00"),
        line("bank", "500", "JPY"),
        line("revenue", "-500", "JPY"),
    )
    assert post(*lines).pk == post(*lines).pk
    assert (LedgerTxn.objects.count(), LedgerEntry.objects.count(), LedgerAccount.objects.count()) == (1, 4, 4)


@pytest.mark.parametrize(
    "lines",
    [
        (line("bank", "10.00"), line("revenue", "-9.99")),
        (line("bank", "10.00"), line("revenue", "-10.00", "USD")),
        (line("bank", "10.00"),),
        (),
    ],
)
def test_an_unbalanced_posting_is_refused(lines) -> None:
    with pytest.raises(LedgerUnbalanced):
        post(*lines)
    assert LedgerTxn.objects.count() == 0


def entry(txn: LedgerTxn, code: str, minor: int, *, currency: str = "EUR", of: str = "") -> LedgerEntry:
    account, _ = LedgerAccount.objects.get_or_create(
        owner_kind="shop", owner_id="main", code=code, currency=of or currency
    )
    return LedgerEntry(txn=txn, account=account, amount_minor=minor, currency=currency)


def raw() -> LedgerTxn:
    return LedgerTxn.objects.create(
        kind="raw", source_type="t", source_id="1", idempotency_key="raw", occurred_at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def write(*sides: tuple[str, int, str]) -> None:
    """As somebody would who does not go through our action."""
    with transaction.atomic():
        txn = raw()
        LedgerEntry.objects.bulk_create(entry(txn, code, minor, currency=currency) for code, minor, currency in sides)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_unbalanced_transaction_at_commit() -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        write(("bank", 10, "EUR"), ("revenue", -9, "EUR"))
    assert LedgerTxn.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_currencies_that_balance_only_together() -> None:
    with pytest.raises(IntegrityError, match="does not balance"):
        write(("bank", 10, "EUR"), ("revenue", -10, "USD"))


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_transaction_with_one_side_or_none() -> None:
    with pytest.raises(IntegrityError, match="fewer than two"), transaction.atomic():
        raw()


def test_the_database_refuses_an_entry_on_an_account_of_another_currency() -> None:
    with transaction.atomic():
        misplaced = entry(raw(), "bank", 10, currency="EUR", of="USD")
        with pytest.raises(IntegrityError, match="another currency"), transaction.atomic():
            misplaced.save()
        transaction.set_rollback(True)


def test_postings_can_neither_be_changed_nor_deleted() -> None:
    post(line("bank", "10.00"), line("revenue", "-10.00"))
    for sql in (
        "UPDATE payments_ledgerentry SET amount_minor = 1",
        "DELETE FROM payments_ledgerentry",
        "UPDATE payments_ledgertxn SET kind = 'other'",
        "DELETE FROM payments_ledgertxn",
    ):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert LedgerEntry.objects.count() == 2
