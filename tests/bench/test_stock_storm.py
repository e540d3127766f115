"""How many carts of three lines a second are held and promised over 24 stock rows, beside one row of this database.

Printed. The limit is taken in the same run: transactions of one guarded update of one row that all clients want, which
is the most any shop can sell of one thing on this machine, and the same on rows of their own, where nothing waits.
"""

import os
import random
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum

from core.integrity import Check, registered, run
from inventory.actions import convert_hold, hold_stock
from inventory.models import Allocation, StockItem
from inventory.types import Demand
from markets.models import Market
from tests.bench.clients import together
from tests.factories.inventory import a_variant, a_warehouse, stocked
from tests.factories.markets import small_world

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
CLIENTS = 2 * (os.cpu_count() or 1)
CARTS = 150
"""Each client's."""
UPDATES = 1_500
"""Each client's, of the bare row."""
PLENTY = 1_000_000
STOCK_CHECKS = {"S01", "S02", "S03", "S10", "S11"}


def test_carts_held_and_promised_per_second_beside_the_single_row_limit() -> None:
    variants = _shelves()
    _make_rows()
    one_row, rows_apart = _bare(shared=True), _bare(shared=False)

    spread = _carts(variants, lines=3, name="S")
    single = _carts(variants, lines=1, name="A")
    hot = _carts(variants[:1], lines=1, name="H")

    print()
    print(f"{CLIENTS} clients, {os.cpu_count()} cores, {CARTS} carts each, held and promised: two transactions a cart")
    print(f"bare row that all want          {one_row:8.0f} guarded updates a second: the single-row limit")
    print(f"bare rows, one each             {rows_apart:8.0f} guarded updates a second")
    share = 3 * spread / one_row
    print(f"carts of 3 lines over 24 rows   {spread:8.1f} carts a second   {share:7.2%} of the limit, in lines")
    print(f"carts of 1 line over 24 rows    {single:8.1f} carts a second   {single / one_row:7.2%} of the limit")
    print(f"carts of 1 line, one hot thing  {hot:8.1f} carts a second   {hot / one_row:7.2%} of the limit")
    print(f"movements a second, 3 lines     {6 * spread:8.0f} written with the counters")
    assert [found.check.code for found in run(_checks()) if found.count] == []
    assert not StockItem.objects.filter(on_hand__lt=F("allocated") + F("reserved")).exists()
    promised = Allocation.objects.aggregate(pieces=Sum("quantity"))["pieces"]
    assert promised == CLIENTS * CARTS * (3 + 1 + 1)
    assert hot > single / 6, "one hot thing must not stop the shop"


def _shelves() -> list[int]:
    """Eight things in three warehouses: 24 rows."""
    small_world("de")
    market = Market.objects.get(code="de")
    places = [a_warehouse(code, market=market, position=at) for at, code in enumerate(("LEJ", "HAM", "MUC"))]
    variants = [a_variant() for _ in range(8)]
    for place in places:
        for variant in variants:
            stocked(variant, PLENTY, warehouse=place)
    assert StockItem.objects.count() == 24
    return [variant.pk for variant in variants]


def _carts(variants: list[int], *, lines: int, name: str) -> float:
    """Carts a second: each is held, then promised to an order."""

    def client(number: int) -> None:
        dice = random.Random(number)
        for turn in range(CARTS):
            demands = [
                Demand(line_ref=str(line), variant_id=variant, quantity=1)
                for line, variant in enumerate(dice.sample(variants, lines), start=1)
            ]
            owner = uuid4()
            hold_stock(owner=owner, demands=demands, market_code="de")
            convert_hold(owner=owner, order_ref=f"{name}-{number}-{turn}")

    return CLIENTS * CARTS / together(client, clients=CLIENTS)


def _make_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_row")
        cursor.execute("CREATE TABLE bench_row (id int PRIMARY KEY, left_over bigint NOT NULL)")
        cursor.execute("INSERT INTO bench_row SELECT n, %s FROM generate_series(0, %s) n", [PLENTY * 1_000, CLIENTS])


def _bare(*, shared: bool) -> float:
    """Committed updates a second that check what they take, of one row or of one row each."""

    def client(number: int) -> None:
        row = 0 if shared else 1 + number
        for _turn in range(UPDATES):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE bench_row SET left_over = left_over - 1 WHERE id = %s AND left_over >= 1", [row])

    return CLIENTS * UPDATES / together(client, clients=CLIENTS)


def _checks() -> list[Check]:
    return [check for check in registered() if check.code in STOCK_CHECKS]
