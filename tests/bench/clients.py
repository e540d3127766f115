"""Clients of a measurement: processes with a connection each, that begin together."""

import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from django.db import connection, connections


def together(client: Callable[[int], None], *, clients: int) -> float:
    """Seconds until every client has finished its work. Each gets its number."""
    connections.close_all()
    context = get_context("fork")
    start = context.Barrier(clients + 1)
    started = [context.Process(target=_run, args=(client, number, start)) for number in range(clients)]
    for one in started:
        one.start()
    start.wait(timeout=60)
    began = time.perf_counter()
    for one in started:
        one.join()
    took = time.perf_counter() - began
    assert [one.exitcode for one in started] == [0] * clients
    return took


def _run(client: Callable[[int], None], number: int, start: Barrier) -> None:
    connection.ensure_connection()
    start.wait(timeout=60)
    client(number)
    connections.close_all()
