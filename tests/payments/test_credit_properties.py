"""Whatever happens to gift cards and store credit, entries, balance and ledger agree, and nothing is below zero."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import from_minor
from payments.actions import expire_credit
from payments.actions.credit import block_credit, cancel_cards, give_back, unblock_credit, withdraw_credit
from payments.actions.credit_taking import CreditWish, take_credit
from payments.credit.planning import Purse, plan_shares
from payments.errors import CreditGone
from payments.models import CreditAccount, CreditEntry
from tests.payments.credit_world import broken, card, credit

STEPS = ("issue", "credit", "spend", "refund", "expire", "cancel", "block", "unblock", "withdraw")


def do(step: str, which: int, minor: int, count: int) -> None:
    """One step on one of the accounts, with an amount that may not fit. A refusal is a fine answer."""
    rows = list(CreditAccount.objects.order_by("pk"))
    row = rows[which % len(rows)] if rows else None
    try:
        with transaction.atomic():
            if step == "issue":
                card(str(from_minor(minor, "EUR").amount))
            elif step == "credit":
                credit(str(from_minor(minor, "EUR").amount), email=f"guest{which}@example.com")
            elif row is not None:
                ON_ACCOUNT[step](row, minor, count)
    except CreditGone:
        pass


def spend(row: CreditAccount, minor: int, count: int) -> None:
    take_credit(order_ref=f"P-{count}", currency="EUR", wishes=[CreditWish(account_id=row.pk, minor=minor)])


def refund(row: CreditAccount, minor: int, count: int) -> None:
    """As much as fits of what the first order took."""
    spent = CreditEntry.objects.filter(account=row, kind="spend").first()
    if spent is None:
        return
    back = CreditEntry.objects.filter(kind="refund", ref__startswith=f"{spent.ref}:")
    part = min(minor, -spent.amount_minor - sum(back.values_list("amount_minor", flat=True)))
    if part > 0:
        give_back(account_id=row.pk, amount=from_minor(part, "EUR"), ref=f"{spent.ref}:{count}", order_ref="P")


def expire(row: CreditAccount, _minor: int, _count: int) -> None:
    if row.kind == "gift_card":
        CreditAccount.objects.filter(pk=row.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
        expire_credit()


def withdraw(row: CreditAccount, _minor: int, _count: int) -> None:
    if row.state in ("active", "blocked"):
        withdraw_credit(account_id=row.pk, reason="x")


ON_ACCOUNT = {
    "spend": spend,
    "refund": refund,
    "expire": expire,
    "cancel": lambda row, _minor, count: cancel_cards(account_ids=[row.pk], why="refunded", ref=f"C{count}"),
    "block": lambda row, _minor, _count: block_credit(account_id=row.pk, reason="x"),
    "unblock": lambda row, _minor, _count: unblock_credit(account_id=row.pk, reason="x"),
    "withdraw": withdraw,
}


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.integers(1, 9_000)), min_size=3, max_size=14)
)
def test_any_sequence_keeps_entries_balances_and_the_ledger_together(steps) -> None:
    with transaction.atomic():
        for count, (step, which, minor) in enumerate(steps):
            do(step, which, minor, count)
        assert not broken("B03", "B04", "B05", "B06", "B08", "L01", "L02")
        transaction.set_rollback(True)


@given(
    balances=st.lists(st.integers(0, 50_000), max_size=5),
    total=st.integers(0, 100_000),
    most=st.integers(-10, 100_000),
    step=st.sampled_from([1, 5, 10]),
)
def test_a_plan_never_takes_more_than_there_is_is_due_or_is_allowed(balances, total, most, step) -> None:
    purses = [Purse(account_id=n, balance=balance) for n, balance in enumerate(balances)]

    shares = plan_shares(purses, total=total, most=most, step=step)

    taken = sum(share.minor for share in shares)
    assert all(0 <= share.minor <= share.balance for share in shares)
    assert taken <= max(0, min(total, most, sum(balances)))
    assert taken == total or taken == 0 or (total - taken) % step == 0
    if step == 1:
        assert taken == max(0, min(total, most, sum(balances)))
