"""`manage.py bench-catalogue`: the same pages over growing catalogues, written to docs/performance.md."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2 import sql

from config import env
from config.launch.places import ROOT
from tests.bench.catalogue.report import Run, report

SIZES = "1000,10000,100000"
PAGE = ROOT / "docs" / "performance.md"
TIMEOUTS = {"DB_STATEMENT_TIMEOUT": "30min", "DB_IDLE_TIMEOUT": "30min", "DB_LOCK_TIMEOUT": "10min"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py bench-catalogue", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of products, smallest first (%(default)s)")
    parser.add_argument("--print", action="store_true", help="print the report instead of writing it")
    asked = parser.parse_args(arguments)
    runs = []
    with _database("template") as template:
        for words in ("migrate", "collectstatic --noinput"):
            _python(template, "-m", "django", *words.split(), "--verbosity", "0")
        for size in (int(part) for part in asked.sizes.split(",")):
            with _database(str(size), template=template) as name:
                said = _python(name, "-m", "tests.bench.catalogue.run", str(size))
                runs.append(Run(size, json.loads(said.splitlines()[-1])))
    text = report(runs)
    print(text)
    if not asked.print:
        PAGE.write_text(text)
    return 0


@contextmanager
def _database(suffix: str, *, template: str = "template1") -> Iterator[str]:
    """A database of ours alone, dropped afterwards whatever happens."""
    name = f"portolan_bench_{os.getpid()}_{suffix}"
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    _on_server(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))
    try:
        yield name
    finally:
        _on_server(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))


def _on_server(statement: sql.Composable) -> None:
    line = psycopg2.connect(_address("postgres"))
    line.autocommit = True
    try:
        with line.cursor() as cursor:
            cursor.execute(statement)
    finally:
        line.close()


def _address(name: str) -> str:
    return env.text("DATABASE_URL").replace("/portolan?", f"/{name}?")


def _python(database: str, *words: str) -> str:
    variables = env.snapshot(
        **TIMEOUTS,
        DATABASE_URL=_address(database),
        DJANGO_SETTINGS_MODULE="config.settings.dev",
        BENCH_KEYS=f"bench-{database}",
        STATE_DIR=str(ROOT / "var" / "test" / "bench"),
        SECRET_KEY="only-for-measuring",
        PYTHONPATH=str(ROOT),
    )
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
