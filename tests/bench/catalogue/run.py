"""One size, in a database of its own: `make` it and derive it as workers would, `measure` what shoppers see of it, or
the `screens` of operators; numbers as JSON.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable

import django
from django.conf import settings

from config import env

DRAIN = "from tests.bench.catalogue.run import drain; drain()"
WORDS = ("de",)
"""The catalogue has words in English and German; documents for seven more languages would say the same again."""
BATCH = 1000


def drain() -> None:
    """What a worker of the shop does, in larger batches."""
    _prepare()
    from catalog.actions.derived import drain_dirty

    drain_dirty(limit=10**9, batch=BATCH)


def _prepare() -> None:
    settings.CACHES["default"]["KEY_PREFIX"] = env.text("BENCH_KEYS")
    settings.MODELTRANS_AVAILABLE_LANGUAGES = WORDS
    django.setup()


def make(how_many: int) -> dict[str, float]:
    """Seconds to write the catalogue and to derive it."""
    # Only now, because models need the settings.
    from django.db import connection

    from catalog.actions.derived import mark_dirty
    from tests.bench.catalogue.making import make_catalogue

    began = time.perf_counter()
    make_catalogue(how_many)
    made = time.perf_counter()
    mark_dirty(product_ids=range(1, how_many + 1))
    workers = [subprocess.Popen([sys.executable, "-c", DRAIN]) for _ in range(os.cpu_count() or 1)]
    if any(worker.wait() for worker in workers):
        raise SystemExit("deriving failed")
    derived = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{how_many}: made in {made - began:.0f} s, derived in {derived - made:.0f} s", file=sys.stderr)
    return {"made": made - began, "derived": derived - made}


def main(step: str, how_many: int) -> None:
    _prepare()
    from tests.bench.catalogue.measuring import measure
    from tests.bench.catalogue.screens import screens

    steps: dict[str, Callable[[], object]] = {
        "make": lambda: make(how_many), "measure": lambda: measure(how_many), "screens": screens
    }  # fmt: skip
    print(json.dumps(steps[step]()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
