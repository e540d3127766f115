"""Sixteen orders are invoiced at once: their numbers have no gap and no repeat. And what another counter would do."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from core.integrity import registered, run
from orders.actions import documents
from orders.actions.documents import issue_invoice
from orders.models import Document, Order
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 16


@pytest.fixture
def orders() -> list[Order]:
    market = open_shop()
    item = item_in(market, stock=AT_ONCE)
    return [paid_order(market, (item, 1)) for _ in range(AT_ONCE)]


def issue(order: Order) -> int:
    """Every fourth one comes to nothing at its end, as when the connection is lost, and is tried again."""
    if order.pk % 4 == 0:
        with transaction.atomic():
            issue_invoice(number=order.number)
            transaction.set_rollback(True)
    document = issue_invoice(number=order.number)
    return document.sequence if document else 0


def violations() -> int:
    return sum(found.count for found in run(registered()) if found.check.code == "T03")


def test_numbers_have_no_gap_and_no_repeat(orders: list[Order]) -> None:
    assert sorted(all_at_once(issue, orders, at_once=AT_ONCE)) == list(range(1, AT_ONCE + 1))
    assert Document.objects.count() == AT_ONCE
    assert violations() == 0


def test_one_order_asked_for_by_many_has_one_invoice(orders: list[Order]) -> None:
    assert set(all_at_once(issue, [orders[0]] * AT_ONCE, at_once=AT_ONCE)) == {1}
    assert Document.objects.count() == 1


@pytest.fixture
def database_sequence(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """What databases offer for numbering: quick, and not given back when a transaction comes to nothing."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE IF EXISTS tests_plain_numbers")
        cursor.execute("CREATE SEQUENCE tests_plain_numbers")

    def take(series: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('tests_plain_numbers')")
            return int(cursor.fetchone()[0])

    monkeypatch.setattr(documents, "take_number", take)
    return take


def test_with_a_plain_sequence_there_are_gaps(orders: list[Order], database_sequence: Callable[[str], int]) -> None:
    taken = all_at_once(issue, orders, at_once=AT_ONCE)

    assert max(taken) > AT_ONCE
    assert violations() > 0
