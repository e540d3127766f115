"""One size, in a database of its own: make it, derive it as workers would, measure, print the numbers as JSON."""

import json
import os
import subprocess
import sys
import time

import django
from django.conf import settings

from config import env

DRAIN = (
    "import django; django.setup()\n"
    "from catalog.actions.derived import drain_dirty; drain_dirty(limit=10**9, batch=1000)"
)


def main(how_many: int) -> None:
    settings.CACHES["default"]["KEY_PREFIX"] = env.text("BENCH_KEYS")
    django.setup()
    # Only now, because models need the settings.
    from django.db import connection

    from catalog.actions.derived import mark_dirty
    from tests.bench.catalogue.making import make_catalogue
    from tests.bench.catalogue.measuring import measure

    began = time.perf_counter()
    make_catalogue(how_many)
    made = time.perf_counter()
    mark_dirty(product_ids=range(1, how_many + 1))
    workers = [
        subprocess.Popen([sys.executable, "-c", DRAIN], env=os.environ | {"DJANGO_SETTINGS_MODULE": _settings()})
        for _ in range(os.cpu_count() or 1)
    ]
    if any(worker.wait() for worker in workers):
        raise SystemExit("deriving failed")
    derived = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{how_many}: made in {made - began:.0f} s, derived in {derived - made:.0f} s", file=sys.stderr)
    print(json.dumps({"made": made - began, "derived": derived - made, "pages": measure(how_many)}))


def _settings() -> str:
    return os.environ["DJANGO_SETTINGS_MODULE"]


if __name__ == "__main__":
    main(int(sys.argv[1]))
