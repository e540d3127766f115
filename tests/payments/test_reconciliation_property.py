"""Whatever a provider does, and however its rows reach us: the books equal its sums, and nothing is lost or doubled."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from djmoney.money import Money
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import integrity
from core.money import from_minor, to_minor
from payments.actions import process_inbox, refund_payment, submit_refund
from payments.models import LedgerEntry, Payment, ReconciliationItem, SandboxWebhook, StatementMatch, StatementRead
from payments.providers.registry import provider_named
from payments.providers.sandbox import delivery
from payments.reconciliation.matching import match_waiting
from payments.reconciliation.missing import check_payouts
from payments.reconciliation.reading import keep_entries
from payments.types import ProviderEntry
from tests.examples import examples
from tests.factories.payments import choose_at_sandbox, started

pytestmark = pytest.mark.django_db
AMOUNTS = st.integers(min_value=1, max_value=99_999)


@dataclass
class Purchase:
    """One payment: how much, what is given back, and whether we ever hear of it."""

    minor: int
    currency: str
    back: list[int] = field(default_factory=list)
    is_told: bool = True


PURCHASES = st.lists(
    st.builds(
        Purchase,
        minor=AMOUNTS,
        currency=st.sampled_from(["EUR", "JPY", "KWD"]),
        back=st.lists(AMOUNTS, max_size=2),
        is_told=st.booleans(),
    ),
    min_size=1,
    max_size=4,
)


def bought(purchase: Purchase) -> None:
    minor = purchase.minor * (10 if purchase.currency == "KWD" else 1)  # what providers can charge
    payment = started(from_minor(minor, purchase.currency))
    choose_at_sandbox(payment, "succeed")
    if not purchase.is_told:
        SandboxWebhook.objects.filter(delivered_at=None).delete()
        return
    delivery.deliver_due()
    process_inbox()
    payment = Payment.objects.get(pk=payment.pk)
    for number, back in enumerate(purchase.back):
        wanted = min(back, payment.refundable_minor)
        if wanted > 0:
            amount = from_minor(wanted, purchase.currency)
            refund = refund_payment(payment_ref=payment.ref, amount=amount, key=f"{payment.pk}-{number}", reason="x")
            submit_refund(refund_id=refund.pk)
            payment = Payment.objects.get(pk=payment.pk)


def costs(kind: str, minor: int, number: int) -> ProviderEntry:
    """A fee of the account or a payout, which only the provider's books know."""
    amount, nothing = Money("0.01", "EUR") * -minor, Money("0.00", "EUR")
    return ProviderEntry(
        entry_id=f"{kind}-{number}",
        kind=kind,
        amount=amount,
        fee=nothing,
        net=amount,
        created=timezone.now(),
    )


def at_providers() -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for entry in LedgerEntry.objects.filter(account__code="psp_clearing"):
        sums[entry.currency] += entry.amount_minor
    return {currency: minor for currency, minor in sums.items() if minor}


def told_by_provider(entries: list[ProviderEntry]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.currency] += to_minor(entry.net)
    return {currency: minor for currency, minor in sums.items() if minor}


@settings(max_examples=examples(12, at_night=100), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    purchases=PURCHASES,
    fees=st.lists(AMOUNTS, max_size=2),
    payouts=st.lists(AMOUNTS, max_size=2),
    seed=st.integers(min_value=0, max_value=2**32),
    cut=st.integers(min_value=1, max_value=5),
)
def test_books_equal_the_providers_sums_whatever_happens(purchases, fees, payouts, seed, cut) -> None:
    with alone():
        for purchase in purchases:
            bought(purchase)
        span = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)
        entries = list(provider_named("sandbox").list_transactions(*span))
        entries += [costs("fee", minor, number) for number, minor in enumerate(fees)]
        entries += [costs("payout", minor, number) for number, minor in enumerate(payouts)]
        arriving = [*entries, *entries[: len(entries) // 2]]
        random.Random(seed).shuffle(arriving)
        for start in range(0, len(arriving), cut):
            read = StatementRead.objects.create(provider="sandbox", source="asked")
            keep_entries(read=read, entries=arriving[start : start + cut])
            match_waiting()
        check_payouts()
        assert at_providers() == told_by_provider(entries)
        assert StatementMatch.objects.count() == len(entries)
        assert ReconciliationItem.objects.count() == 0
        assert set(Payment.objects.values_list("state", flat=True)) <= {"captured", "partly_refunded", "refunded"}
        checks = [check for check in integrity.registered() if check.code[0] in "LR"]
        assert [found.check.code for found in integrity.run(checks) if found.count] == []


class alone:  # noqa: N801 (read as a word where it is used)
    """One example in a transaction of its own, which is taken back."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block._from_testcase = True  # as Django's own test cases mark theirs
        self.block.__enter__()

    def __exit__(self, *trouble: object) -> None:
        connection.set_rollback(True)
        self.block.__exit__(None, None, None)
