"""How many carts of three lines a second are held and promised over 24 stock rows, beside one row of this database.

Printed. The limit is taken in the same run: transactions of one guarded update of one row that all clients want, which
is the most any shop can sell of one thing on this machine, and the same on rows of their own, where nothing waits.
Last comes everything of the storm at once: carts, parcels, transfers, deliveries and the sweeper.
"""

import os
import random
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum

from core.integrity import run
from inventory.actions import convert_hold, hold_stock
from inventory.models import Allocation, StockItem, StockMovement
from tests.bench.clients import together
from tests.races.storm import Role, Storm, a_storm, cart, keep_house, send, shop, stock_checks, transfer

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
CLIENTS = 2 * (os.cpu_count() or 1)
CARTS = 150
"""Each client's."""
UPDATES = 1_500
"""Each client's, of the bare row."""
PLENTY = 1_000_000
MIX: tuple[Role, ...] = (*[shop] * 10, *[send] * 3, *[transfer] * 2, keep_house)
"""What a client does in turn."""


def test_carts_held_and_promised_per_second_beside_the_single_row_limit() -> None:
    storm = a_storm(each=PLENTY)
    _make_rows()
    one_row, rows_apart = _bare(shared=True), _bare(shared=False)

    spread = _carts(storm, lines=3, name="S")
    single = _carts(storm, lines=1, name="A")
    hot = _carts(replace(storm, variants=storm.variants[:1]), lines=1, name="H")
    orders = Allocation.objects.values("order_ref").distinct().count()
    reserved = StockItem.objects.aggregate(pieces=Sum("reserved"))["pieces"]
    deeds, moves = _everything(storm)

    print()
    print(f"{CLIENTS} clients, {os.cpu_count()} cores, {CARTS} carts each, held and promised: two transactions a cart")
    print(f"bare row that all want          {one_row:8.0f} guarded updates a second: the single-row limit")
    print(f"bare rows, one each             {rows_apart:8.0f} guarded updates a second")
    share = 3 * spread / one_row
    print(f"carts of 3 lines over 24 rows   {spread:8.1f} carts a second   {share:7.2%} of the limit, in lines")
    print(f"carts of 1 line over 24 rows    {single:8.1f} carts a second   {single / one_row:7.2%} of the limit")
    print(f"carts of 1 line, one hot thing  {hot:8.1f} carts a second   {hot / one_row:7.2%} of the limit")
    print(f"everything at once, 24 rows     {deeds:8.1f} deeds a second   {moves:7.0f} movements of stock a second")
    assert [found.check.code for found in run(stock_checks()) if found.count] == []
    assert not StockItem.objects.filter(on_hand__lt=F("allocated") + F("reserved")).exists()
    assert (orders, reserved) == (3 * CLIENTS * CARTS, 0)
    assert hot > single / 6, "one hot thing must not stop the shop"


def _carts(storm: Storm, *, lines: int, name: str) -> float:
    """Carts a second: each is held, then promised to an order."""

    def client(number: int) -> None:
        dice = random.Random(number)
        for turn in range(CARTS):
            owner = uuid4()
            hold_stock(owner=owner, demands=cart(storm, dice, lines=lines), market_code="de")
            convert_hold(owner=owner, order_ref=f"{name}-{number}-{turn}")

    return CLIENTS * CARTS / together(client, clients=CLIENTS)


def _everything(storm: Storm) -> tuple[float, float]:
    """Deeds a second of clients that shop, send, move and keep house in turn, and the movements they write."""

    def client(number: int) -> None:
        for turn in range(CARTS):
            MIX[turn % len(MIX)](storm, number * CARTS + turn)

    before = StockMovement.objects.count()
    took = together(client, clients=CLIENTS)
    return CLIENTS * CARTS / took, (StockMovement.objects.count() - before) / took


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
