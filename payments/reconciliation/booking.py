"""Posting what only the provider could know. Each function joins the caller's transaction or opens its own."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Sum
from djmoney.money import Money

from core.money import from_minor
from payments.actions import post_to_ledger
from payments.models import Payment, StatementEntry, StatementMatch
from payments.reconciliation.items import close_agreeing
from payments.reconciliation.postings import (
    ENTRY_SOURCE,
    adjustment_lines,
    conversion_lines,
    fee_lines,
    payout_lines,
    posting_key,
)
from payments.types import LedgerLine


def post_entry(entry: StatementEntry, kind: str, lines: Sequence[LedgerLine]) -> None:
    """One posting of a row; a row that moved nothing posts nothing."""
    if not lines:
        return
    post_to_ledger(
        kind=kind,
        source_type=ENTRY_SOURCE,
        source_id=str(entry.pk),
        key=posting_key(entry.pk, kind),
        occurred_at=entry.occurred_at,
        lines=lines,
    )


def book_own_movement(entry: StatementEntry) -> StatementMatch:
    """A fee of the account or a payout: the provider's word is the whole cause."""
    with transaction.atomic():
        StatementEntry.objects.lock().get(pk=entry.pk)
        found, is_new = StatementMatch.objects.get_or_create(entry=entry, defaults={"verdict": "booked"})
        if is_new:
            if entry.kind == "payout":
                post_entry(entry, "payout", payout_lines(entry.provider, entry.amount))
                post_entry(entry, "provider_fee", fee_lines(entry.provider, entry.fee))
            else:
                post_entry(entry, "provider_fee", fee_lines(entry.provider, -entry.net))
            close_agreeing(entry=entry)
    return found


def book_conversion(entry: StatementEntry, booked: Money) -> None:
    """What the provider exchanged on the way, if it did."""
    charged = entry.charged
    if charged.currency.code == entry.currency:
        return
    lines = conversion_lines(provider=entry.provider, charged=charged, settled=entry.amount, booked=booked)
    post_entry(entry, "conversion", lines)


def book_fee_rest(entry: StatementEntry, payment: Payment) -> None:
    """The provider's books have the last word about its fee: what the facts said before is put right."""
    told = payment.transactions.filter(kind="fee", fact_ref=entry.entry_id, currency=entry.currency)
    rest = entry.fee_minor - int(told.aggregate(total=Sum("amount_minor"))["total"] or 0)
    post_entry(entry, "provider_fee", fee_lines(entry.provider, from_minor(rest, entry.currency)))


def book_adjustment(entry: StatementEntry, account: str) -> StatementMatch:
    """A movement a person has looked at, against the account they named. The caller holds the item's lock."""
    found, is_new = StatementMatch.objects.get_or_create(entry=entry, defaults={"verdict": "booked"})
    if is_new:
        post_entry(entry, "adjustment", adjustment_lines(entry.provider, entry.amount, account))
        post_entry(entry, "provider_fee", fee_lines(entry.provider, entry.fee))
    return found
