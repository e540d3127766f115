"""The credit of an exchange: the worth of what comes back, on its way into the order of what is sent instead.

Nobody can spend it: there is no code, and no person it belongs to. It is put in and taken in one transaction; only
when the new order is refunded does something lie on it again, until `empty_exchange` sends it back where it came from.
"""

from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.locks import lock_timeout
from core.money import Money, to_minor
from payments.actions.credit import Cause, move_credit
from payments.actions.ledger import post_to_ledger
from payments.credit.postings import advance_lines
from payments.models import CreditAccount, CreditKind

Source = Literal["refunded", "advanced"]
"""Goods that came back have been refunded into it, or it is lent until they do."""
ADVANCE_SOURCE = "exchange_advance"


def fund_exchange(*, exchange_ref: UUID, amount: Money, why: Source, order_ref: str) -> CreditAccount:
    """Put `amount` in, once per exchange. Joins the caller's transaction."""
    source = source_of(exchange_ref)
    with transaction.atomic(), lock_timeout():
        found = CreditAccount.objects.lock().filter(source=source).first()
        if found is not None:
            return found
        account = CreditAccount.objects.create(kind=CreditKind.EXCHANGE, currency=amount.currency.code, source=source)
        cause = Cause(kind="issue", ref=source, why=why, order_ref=order_ref)
        move_credit(account, minor=to_minor(amount), cause=cause)
    return account


def settle_advance(*, exchange_ref: UUID, amount: Money, key: str) -> None:
    """Goods worth `amount` came back for what was lent, once per `key`. Joins the caller's transaction."""
    if to_minor(amount) <= 0:
        return
    post_to_ledger(
        kind="exchange_settled",
        source_type=ADVANCE_SOURCE,
        source_id=str(exchange_ref),
        key=f"{ADVANCE_SOURCE}:{key}",
        occurred_at=timezone.now(),
        lines=advance_lines(amount),
    )


def empty_exchange(*, exchange_ref: UUID, minor: int, why: Source, order_ref: str) -> int:
    """Take off at most `minor` of what the new order's refunds have put on it again; returns how much it was.

    Each call takes what is there now, so that calling again takes nothing twice. Joins the caller's transaction.
    """
    with transaction.atomic(), lock_timeout():
        account = CreditAccount.objects.lock().filter(source=source_of(exchange_ref)).first()
        taken = min(minor, account.balance_minor) if account is not None else 0
        if account is None or taken <= 0:
            return 0
        ref = f"{account.source}:{account.entries.filter(kind='cancel').count() + 1}"
        cause = Cause(kind="cancel", ref=ref, why=why, order_ref=order_ref)
        move_credit(account, minor=-taken, cause=cause)
    return taken


def source_of(exchange_ref: UUID) -> str:
    """How the account of an exchange is found."""
    return f"exchange:{exchange_ref}"
