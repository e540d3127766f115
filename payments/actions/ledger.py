"""Posting to the double-entry ledger."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.money import to_minor
from payments.errors import LedgerUnbalanced
from payments.models import LedgerAccount, LedgerEntry, LedgerTxn
from payments.types import LedgerLine


def post_to_ledger(
    *, kind: str, source_type: str, source_id: str, key: str, occurred_at: datetime, lines: Sequence[LedgerLine]
) -> LedgerTxn:
    """Post one balanced movement once per `key`, in the running transaction.

    Raises `LedgerUnbalanced` when the lines do not sum to nothing per currency; the database says the
    same at commit, whoever writes.
    """
    _check_balance(lines)
    with transaction.atomic():
        txn, is_new = LedgerTxn.objects.get_or_create(
            idempotency_key=key,
            defaults={"kind": kind, "source_type": source_type, "source_id": source_id, "occurred_at": occurred_at},
        )
        if is_new:
            LedgerEntry.objects.bulk_create(
                LedgerEntry(
                    txn=txn,
                    account=_account(line),
                    amount_minor=to_minor(line.amount),
                    currency=line.amount.currency.code,
                )
                for line in lines
            )
    return txn


def _check_balance(lines: Sequence[LedgerLine]) -> None:
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.amount.currency.code] += to_minor(line.amount)
    if len(lines) < 2 or any(sums.values()):
        raise LedgerUnbalanced(f"A ledger posting of {len(lines)} lines does not balance: {dict(sums)}.")


def _account(line: LedgerLine) -> LedgerAccount:
    account, _ = LedgerAccount.objects.get_or_create(
        owner_kind=line.owner_kind, owner_id=line.owner_id, code=line.code, currency=line.amount.currency.code
    )
    return account
