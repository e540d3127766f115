"""Taking rows out of a provider's books into ours: each once, whoever brought it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from core.http import refuse_open_transaction
from core.money import from_minor, to_minor
from payments.errors import ProviderRefused, ProviderUnreachable
from payments.models import StatementEntry, StatementRead
from payments.providers.registry import provider_named
from payments.reconciliation.items import open_item
from payments.types import ProviderEntry

AT_ONCE = 500


def read_books(*, provider: str, begin: datetime, end: datetime) -> StatementRead:
    """Ask a provider for its rows of this span and keep those we do not have. A silent provider is tried again.

    Call it with no transaction open. Raises `UnknownProvider`.
    """
    refuse_open_transaction()
    asked = provider_named(provider)
    read = StatementRead.objects.create(provider=provider, source=StatementRead.Source.ASKED, begin=begin, end=end)
    try:
        for batch in _batches(asked.list_transactions(begin, end)):
            keep_entries(read=read, entries=batch)
    except (ProviderUnreachable, ProviderRefused) as trouble:
        read.refusal = f"{trouble.code} {getattr(trouble, 'reason', '')}".strip()[:300]
    return finish_read(read)


def finish_read(read: StatementRead) -> StatementRead:
    """Write down what came of it; a refused reading stays unfinished."""
    read.fresh = read.entries.count()
    read.finished = None if read.refusal else timezone.now()
    read.save(update_fields=["refusal", "fresh", "seen", "finished"])
    return read


def _batches(entries: Iterable[ProviderEntry]) -> Iterator[list[ProviderEntry]]:
    rest = iter(entries)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch


def keep_entries(*, read: StatementRead, entries: Sequence[ProviderEntry]) -> None:
    """Store rows we do not have. A row that is known stays as it was first told; one told differently is an item."""
    with transaction.atomic():
        StatementEntry.objects.bulk_create((_row(read, entry) for entry in entries), ignore_conflicts=True)
        known = {
            row.entry_id: row
            for row in StatementEntry.objects.filter(
                provider=read.provider, entry_id__in=[entry.entry_id for entry in entries]
            )
        }
        for entry in entries:
            _compare(known[entry.entry_id], entry)
        read.seen += len(entries)


def _row(read: StatementRead, entry: ProviderEntry) -> StatementEntry:
    return StatementEntry(
        read=read,
        provider=read.provider,
        entry_id=entry.entry_id,
        kind=entry.kind,
        currency=entry.currency,
        amount_minor=to_minor(entry.amount),
        fee_minor=to_minor(entry.fee),
        net_minor=to_minor(entry.net),
        charged_minor=to_minor(entry.charged) if entry.charged is not None else None,
        charged_currency=entry.charged.currency.code if entry.charged is not None else "",
        exchange_rate=entry.exchange_rate,
        provider_ref=entry.provider_ref,
        fact_ref=entry.fact_ref,
        payment_ref=entry.payment_ref,
        order_ref=entry.order_ref[:40],
        payout_id=entry.payout_id,
        occurred_at=entry.created,
        available_on=entry.available_on,
    )


def _compare(known: StatementEntry, entry: ProviderEntry) -> None:
    told = (entry.currency, to_minor(entry.net))
    if (known.currency, known.net_minor) != told:
        open_item(
            kind="amount_differs",
            subject=f"changed:{known.provider}:{known.entry_id}:{told[1]} {told[0]}",
            entry=known,
            difference=entry.net - known.net if entry.currency == known.currency else None,
            detail={"first": _said(known.net_minor, known.currency), "now": _said(told[1], told[0])},
        )
    if entry.payout_id and not known.payout_id:
        StatementEntry.objects.filter(pk=known.pk, payout_id="").update(payout_id=entry.payout_id)


def _said(minor: int, currency: str) -> str:
    return f"{from_minor(minor, currency).amount} {currency}"
