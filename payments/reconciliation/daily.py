"""The daily work: read every provider's books, match what is new, say what is missing."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from core.http import refuse_open_transaction
from payments.models import StatementRead
from payments.providers.registry import enabled_providers
from payments.reconciliation.matching import match_waiting
from payments.reconciliation.missing import check_payouts, find_missing
from payments.reconciliation.reading import read_books
from payments.reconciliation.turns import turn

logger = logging.getLogger(__name__)
FIRST_TIME = timedelta(days=30)
OVERLAP = timedelta(days=2)
"""Rows may appear late under an earlier time, so the end of the last reading is read again."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What one run did. `busy`: somebody else was at it, nothing was done."""

    fresh: int = 0
    matched: int = 0
    missing: int = 0
    refused: tuple[str, ...] = ()
    busy: bool = False


def reconcile_books(*, now: datetime | None = None) -> Tally:
    """Read, match, and name what is missing, for every enabled provider. Safe to repeat; one run at a time.

    Yesterday and the days that are still open are read again each time. Call it with no transaction open.
    """
    refuse_open_transaction()
    end = now or timezone.now()
    with turn("reconcile_books") as is_ours:
        if not is_ours:
            return Tally(busy=True)
        reads = [_read(name, end) for name, provider in enabled_providers().items() if provider.offer.has_books]
        matched = match_waiting()
        check_payouts()
        return Tally(
            fresh=sum(read.fresh for read in reads),
            matched=matched,
            missing=find_missing(now=end),
            refused=tuple(read.provider for read in reads if read.refusal),
        )


def _read(provider: str, end: datetime) -> StatementRead:
    read = read_books(provider=provider, begin=begin_of(provider, end), end=end)
    if read.refusal:
        logger.warning("books of %s were not read: %s", provider, read.refusal)
    return read


def begin_of(provider: str, end: datetime) -> datetime:
    """From the start of yesterday, or from where the last complete reading ended, whichever is earlier."""
    day = end.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = day - timedelta(days=1)
    last: datetime | None = StatementRead.objects.filter(
        provider=provider, source=StatementRead.Source.ASKED, finished__isnull=False
    ).aggregate(last=Max("end"))["last"]
    return min(yesterday, last - OVERLAP) if last is not None else day - FIRST_TIME
