"""Many shoppers at once, each with a database connection of its own, a bounded number of them at a time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
R = TypeVar("R")
AT_ONCE = 12


def all_at_once(act: Callable[[T], R], shoppers: Sequence[T], *, at_once: int = AT_ONCE) -> list[R]:
    """What each shopper got. They start together, and as many as there are threads act at any moment."""
    start = Barrier(at_once)

    def run(part: Sequence[T]) -> list[R]:
        start.wait(timeout=30)
        try:
            return [act(shopper) for shopper in part]
        finally:
            connection.close()

    parts = [shoppers[index::at_once] for index in range(at_once)]
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        return [result for results in pool.map(run, parts) for result in results]
