"""One gift card in two baskets: everybody orders at the same moment, and it is spent once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.models import F, Sum

from core.locks import LockingQuerySet
from payments.actions import credit as accounts
from payments.actions.credit_taking import CreditWish, take_credit
from payments.errors import CreditGone
from payments.models import CreditAccount, CreditEntry, Payment
from tests.payments.credit_world import broken, card

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 8


def all_at_once(account_id: int, minor: int, order: Callable[[int], str] = lambda n: f"RACE-{n}") -> list[str]:
    """Eight baskets with one card, each in a thread and on a connection of its own."""
    start, results = threading.Barrier(BUYERS), []

    def buy(number: int) -> None:
        try:
            start.wait(timeout=10)
            with transaction.atomic():
                take_credit(
                    order_ref=order(number), currency="EUR", wishes=[CreditWish(account_id=account_id, minor=minor)]
                )
            results.append("paid")
        except CreditGone:
            results.append("refused")
        except DatabaseError as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(results)


def test_a_card_in_eight_baskets_pays_as_often_as_it_can_and_never_more() -> None:
    account = card("50.00").account

    results = all_at_once(account.pk, 2000)

    account.refresh_from_db()
    assert results == ["paid"] * 2 + ["refused"] * 6
    assert account.balance_minor == 1000
    assert Payment.objects.aggregate(s=Sum("captured_minor"))["s"] == 4000
    assert not broken("B03", "B04", "B05", "B06", "B07", "L01", "L02", "L03")


def test_the_condition_alone_keeps_the_balance_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the row lock the conditional update still refuses what is not there."""
    account = card("50.00").account
    monkeypatch.setattr(LockingQuerySet, "lock", lambda self, **options: self.order_by("pk"))

    results = all_at_once(account.pk, 2000)

    account.refresh_from_db()
    assert results.count("paid") == 2
    assert account.balance_minor == 1000
    assert not broken("B03", "B04")


def test_without_lock_and_condition_the_race_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read, compare and write, as one would without thinking, spends the card more often than it can."""
    account = card("50.00").account
    meet = threading.Barrier(BUYERS)
    monkeypatch.setattr(LockingQuerySet, "lock", lambda self, **options: self.order_by("pk"))

    def naive(row: CreditAccount, *, minor: int, cause: Any) -> bool:
        enough = CreditAccount.objects.get(pk=row.pk).balance_minor >= -minor
        meet.wait(timeout=10)
        if not enough:
            raise CreditGone
        CreditEntry.objects.create(account=row, kind=cause.kind, ref=cause.ref, amount_minor=minor)
        CreditAccount.objects.filter(pk=row.pk).update(balance_minor=row.balance_minor + minor)
        return True

    from payments.actions import credit_taking

    monkeypatch.setattr(credit_taking, "move_credit", naive)

    assert all_at_once(account.pk, 2000).count("paid") > 2
    assert "B03" in broken("B03")


def test_a_refund_booked_from_many_sides_comes_back_once() -> None:
    account = card("50.00").account
    take_credit(order_ref="MER-1", currency="EUR", wishes=[CreditWish(account_id=account.pk, minor=5000)])
    start, results = threading.Barrier(BUYERS), []
    amount = account.initial / 5

    def back() -> None:
        try:
            start.wait(timeout=10)
            accounts.give_back(account_id=account.pk, amount=amount, ref="payment:refund", order_ref="MER-1")
            results.append("done")
        except DatabaseError as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=back) for _ in range(BUYERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    account.refresh_from_db()
    assert results == ["done"] * BUYERS
    assert account.balance_minor == 1000
    assert CreditAccount.objects.filter(pk=account.pk, balance_minor=F("initial_minor") / 5).exists()
