"""Two beats at once: the providers are asked once, each row is booked once. And what happens without the turn."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from django.utils import timezone

from core.integrity import registered, run
from payments.models import LedgerTxn, StatementMatch, StatementRead
from payments.providers.sandbox.books import entries
from payments.providers.sandbox.provider import SandboxProvider
from payments.reconciliation import daily
from payments.reconciliation.daily import Tally, reconcile_books
from payments.reconciliation.matching import match_waiting
from payments.reconciliation.reading import keep_entries
from tests.factories.payments import paid
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
BEATS = 4


def sound() -> list[str]:
    checks = [check for check in registered() if check.code[0] in "LR"]
    return [finding.check.code for finding in run(checks) if finding.count]


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Everybody who asks the provider waits until all do, or for a moment."""
    asked: list[int] = []
    together = Barrier(BEATS)
    books = SandboxProvider.list_transactions

    def ask(self, begin, end):
        asked.append(1)
        with suppress(BrokenBarrierError):  # fewer came
            together.wait(timeout=1)
        return books(self, begin, end)

    monkeypatch.setattr(SandboxProvider, "list_transactions", ask)
    return asked


def test_beats_at_once_ask_once_and_book_once(slowly) -> None:
    for _number in range(3):
        paid()
    tallies = all_at_once(lambda _beat: reconcile_books(), range(BEATS), at_once=BEATS)
    assert sorted(tally.busy for tally in tallies) == [False, True, True, True]
    assert (len(slowly), StatementRead.objects.count(), StatementMatch.objects.count()) == (1, 1, 3)
    assert sound() == []


def test_control_without_the_turn_every_beat_asks(slowly, monkeypatch) -> None:
    @contextmanager
    def nobody_waits(_name: str) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(daily, "turn", nobody_waits)
    for _number in range(3):
        paid()
    tallies: list[Tally] = all_at_once(lambda _beat: reconcile_books(), range(BEATS), at_once=BEATS)
    assert [tally.busy for tally in tallies] == [False] * BEATS
    assert len(slowly) == BEATS
    # The database holds what the turn only makes cheap: every row is there and booked once all the same.
    assert StatementMatch.objects.count() == 3
    assert sound() == []


def test_the_same_rows_matched_at_once_are_booked_once() -> None:
    for _number in range(3):
        paid()
    before = LedgerTxn.objects.count()
    read = StatementRead.objects.create(provider="sandbox", source="asked")
    now = timezone.now()
    keep_entries(read=read, entries=list(entries(now - timedelta(hours=1), now + timedelta(hours=1))))
    all_at_once(lambda _beat: match_waiting(), range(BEATS), at_once=BEATS)
    assert (StatementMatch.objects.count(), LedgerTxn.objects.count()) == (3, before)
    assert sound() == []
