"""How many orders a second two cores place and get paid, beside what this machine's database can do at all.

Printed. The measure of the machine is taken in the same run: transactions of about as many small statements, with as
many connections, on rows of their own (nothing waits) and on one row (everything waits for one lock).
"""

import os
from collections.abc import Sequence
from itertools import count
from uuid import uuid4

import pytest
from django.db import connection, transaction

from cart.models import Cart
from catalog.models import Variant
from checkout.actions import complete_checkout
from checkout.entry import Entry
from core.integrity import registered, run
from inventory.models import StockItem
from markets.types import MarketContext
from orders.models import Lifecycle, Order
from tests.bench.clients import together
from tests.factories.cart import cart_with, item_in, open_shop
from tests.factories.checkout import seen, typed
from tests.factories.orders import pay

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
CLIENTS = 2 * (os.cpu_count() or 1)
ORDERS = 40
"""Each client's."""
STATEMENTS = 60
"""Of a transaction that stands for an order's: roughly what placing one sends."""


def test_orders_placed_and_paid_per_second() -> None:
    market = open_shop()
    own = [item_in(market, stock=10_000) for _ in range(CLIENTS)]
    hot = item_in(market, stock=10_000)
    _make_counters()
    machine_apart, machine_hot = _machine(shared=False), _machine(shared=True)

    apart = _orders(market, own)
    crowded = _orders(market, [hot] * CLIENTS)

    print()
    print(f"{CLIENTS} clients, {os.cpu_count()} cores, sandbox payments, {ORDERS} orders each")
    print(f"orders of distinct products   {apart:7.1f} a second   {apart / machine_apart:6.1%} of the machine")
    print(f"orders of one hot product     {crowded:7.1f} a second   {crowded / machine_hot:6.1%} of the machine")
    print(f"the machine, rows apart       {machine_apart:7.1f} transactions of {STATEMENTS} updates a second")
    print(f"the machine, one hot row      {machine_hot:7.1f} transactions of {STATEMENTS} updates a second")
    assert Order.objects.filter(lifecycle=Lifecycle.CONFIRMED).count() == 2 * CLIENTS * ORDERS
    assert StockItem.objects.get(variant=hot).allocated == CLIENTS * ORDERS
    assert [found.check.code for found in run(registered()) if found.count and found.check.code != "Q02"] == []
    assert crowded > apart / 4, "one hot product must not stop the shop"


def _orders(market: MarketContext, items: Sequence[Variant]) -> float:
    """Orders placed and paid a second, one client per item."""
    ready = []
    for item in items:
        carts = [cart_with(market, (item, 1)) for _ in range(ORDERS)]
        page = seen(typed(market), carts[0], market)
        ready.append([(cart, Entry(**{**vars(page), "form_key": uuid4()})) for cart in carts])

    def client(number: int) -> None:
        for cart, entry in ready[number]:
            _buy(market, cart, entry)

    return CLIENTS * ORDERS / together(client, clients=CLIENTS)


def _buy(market: MarketContext, cart: Cart, entry: Entry) -> None:
    placed = complete_checkout(cart_id=cart.pk, entry=entry, market=market, user_id=None, prefix="TST")
    pay(Order.objects.get(number=placed.number))


def _make_counters() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_counter")
        cursor.execute("CREATE TABLE bench_counter (id int PRIMARY KEY, value bigint NOT NULL)")
        cursor.execute("INSERT INTO bench_counter SELECT n, 0 FROM generate_series(0, %s) n", [CLIENTS * STATEMENTS])


def _machine(*, shared: bool) -> float:
    """Transactions a second of `STATEMENTS` updates; when `shared`, one of them is of a row that all want."""

    def client(number: int) -> None:
        for turn in count():
            if turn == 3 * ORDERS:
                return
            with transaction.atomic(), connection.cursor() as cursor:
                for step in range(STATEMENTS - 1):
                    row = 1 + number * STATEMENTS + step
                    cursor.execute("UPDATE bench_counter SET value = value + 1 WHERE id = %s", [row])
                last = 0 if shared else 1 + number * STATEMENTS
                cursor.execute("UPDATE bench_counter SET value = value + 1 WHERE id = %s", [last])

    return 3 * CLIENTS * ORDERS / together(client, clients=CLIENTS)
