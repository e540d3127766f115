"""How many holds a second two cores take, beside what one row of this database can do at all. Printed."""

import os
import time
import uuid
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connection, connections

from core.integrity import registered, run
from inventory.actions import hold_stock
from inventory.models import StockItem
from inventory.types import Demand
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import two_places

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
CLIENTS = 4 * (os.cpu_count() or 1)
HOLDS = 100
"""Each client's."""


def test_holds_per_second_beside_one_row_of_the_database() -> None:
    places = two_places()
    own = [stocked(a_variant(), 10_000, warehouse=places.leipzig).variant_id for _ in range(CLIENTS)]
    hot = stocked(a_variant(), 10_000, warehouse=places.leipzig)
    _make_counter()

    machine = _machine()
    apart, crowded = _holds(own), _holds([hot.variant_id] * CLIENTS)

    print()
    print(f"{CLIENTS} clients, {os.cpu_count()} cores, {HOLDS} holds each")
    print(f"one row, one update each      {machine:8.1f} transactions a second")
    print(f"holds of distinct variants    {apart:8.1f} a second")
    print(f"holds of one hot variant      {crowded:8.1f} a second   {crowded / machine:6.1%} of one row")
    hot.refresh_from_db()
    assert hot.reserved == CLIENTS * HOLDS
    assert sum(StockItem.objects.values_list("reserved", flat=True)) == 2 * CLIENTS * HOLDS
    assert [found.check.code for found in run(registered()) if found.count and found.check.code != "Q02"] == []


def _holds(variants: Sequence[int]) -> float:
    def client(number: int) -> None:
        for _ in range(HOLDS):
            demand = Demand(line_ref="1", variant_id=variants[number], quantity=1)
            hold_stock(owner=uuid.uuid4(), demands=[demand], market_code="de")

    return CLIENTS * HOLDS / _together(client)


def _make_counter() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_row")
        cursor.execute("CREATE TABLE bench_row (id int PRIMARY KEY, value bigint NOT NULL)")
        cursor.execute("INSERT INTO bench_row VALUES (1, 0)")


def _machine() -> float:
    """Transactions a second that update one row and commit: nothing that counts on one row can be faster."""

    def client(_number: int) -> None:
        with connection.cursor() as cursor:
            for _ in range(HOLDS):
                cursor.execute("UPDATE bench_row SET value = value + 1 WHERE id = 1")

    return CLIENTS * HOLDS / _together(client)


def _together(client: Callable[[int], None]) -> float:
    """Seconds until every client has finished; each is a process with a connection of its own."""
    connections.close_all()
    context = get_context("fork")
    start = context.Barrier(CLIENTS + 1)
    clients = [context.Process(target=_client, args=(client, number, start)) for number in range(CLIENTS)]
    for one in clients:
        one.start()
    start.wait(timeout=60)
    began = time.perf_counter()
    for one in clients:
        one.join()
    took = time.perf_counter() - began
    assert [one.exitcode for one in clients] == [0] * CLIENTS
    return took


def _client(client: Callable[[int], None], number: int, start: Barrier) -> None:
    connection.ensure_connection()
    start.wait(timeout=60)
    client(number)
    connections.close_all()
