"""What should be in a provider's books and is not, and payouts that are not the sum of their rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils import timezone
from djmoney.money import Money

from core.money import from_minor
from payments.models import LedgerTxn, PaymentTransaction, ReconciliationItem, StatementEntry, StatementRead
from payments.postings import FACT_SOURCE
from payments.providers.registry import enabled_providers
from payments.reconciliation.items import close_agreeing, open_item

MISSING_AFTER = timedelta(days=3)
"""So long a provider may take until a movement appears in its books."""
CHECKED_FOR = timedelta(days=60)
"""So long a payout may learn of rows of its own."""
MONEY_KINDS = ("captured", "refunded", "disputed", "dispute_reversed")
INWARD = frozenset({"captured", "dispute_reversed"})


def find_missing(*, now: datetime | None = None) -> int:
    """Open an item for every booked movement that its provider does not show; returns how many are new.

    Only where the provider's books of those days were really read: what was not read is not missing.
    """
    latest = (now or timezone.now()) - MISSING_AFTER
    keeping = [name for name, provider in enabled_providers().items() if provider.offer.has_books]
    found = list(_unseen(keeping, latest)[:500])
    for fact in found:
        open_item(
            kind="missing_there",
            subject=f"fact:{fact.pk}",
            fact=fact,
            difference=_signed(fact),
            detail={"fact": fact.kind, "reference": fact.fact_ref},
        )
    return len(found)


def _unseen(keeping: Iterable[str], latest: datetime) -> "QuerySet[PaymentTransaction]":
    read = StatementRead.objects.filter(
        provider=OuterRef("payment__provider"),
        finished__isnull=False,
        begin__lte=OuterRef("occurred_at"),
        end__gte=OuterRef("occurred_at") + MISSING_AFTER,
    )
    booked = LedgerTxn.objects.filter(source_type=FACT_SOURCE, source_id=OuterRef("written_pk"))
    return (
        PaymentTransaction.objects.filter(
            kind__in=MONEY_KINDS, payment__provider__in=keeping, match=None, occurred_at__lte=latest
        )
        .annotate(written_pk=Cast("pk", CharField()))
        .filter(Exists(read), Exists(booked))
        .exclude(Exists(ReconciliationItem.objects.filter(fact=OuterRef("pk"))))
        .select_related("payment")
        .order_by("pk")
    )


def _signed(fact: PaymentTransaction) -> Money:
    minor = fact.amount_minor if fact.kind in INWARD else -fact.amount_minor
    return from_minor(-minor, fact.currency)


def check_payouts() -> int:
    """Compare payouts with the rows they are said to consist of; returns how many differ.

    Only payouts whose rows we can have in full: the books were read from days before.
    """
    begun = dict(
        StatementRead.objects.filter(finished__isnull=False, begin__isnull=False)
        .values_list("provider")
        .annotate(begin=Min("begin"))
    )
    return sum(_check_provider(provider, begin) for provider, begin in begun.items())


def _check_provider(provider: str, begin: datetime) -> int:
    rows = StatementEntry.objects.filter(provider=provider).exclude(payout_id="")
    since = max(begin + MISSING_AFTER, timezone.now() - CHECKED_FOR)
    payouts = list(rows.filter(kind="payout", occurred_at__gte=since))
    parts = {
        (name, currency): whole
        for name, currency, whole in rows.filter(payout_id__in={payout.payout_id for payout in payouts})
        .exclude(kind="payout")
        .values_list("payout_id", "currency")
        .annotate(whole=Sum("net_minor"))
    }
    differing = 0
    for payout in payouts:
        whole = parts.get((payout.payout_id, payout.currency))
        if whole is None:
            continue
        if whole + payout.amount_minor == 0:
            close_agreeing(kind="payout_differs", entry=payout)
            continue
        differing += 1
        open_item(
            kind="payout_differs",
            subject=f"payout:{payout.pk}",
            entry=payout,
            difference=from_minor(payout.amount_minor + whole, payout.currency),
            detail={"payout": payout.payout_id, "rows": str(from_minor(whole, payout.currency).amount)},
        )
    return differing
