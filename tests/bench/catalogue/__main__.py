"""`manage.py bench-catalogue`: the same pages over growing catalogues, written to docs/performance.md."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg2
from psycopg2 import sql

from config import env
from config.launch.places import ROOT
from tests.bench.catalogue.report import Run, quietest, report

SIZES = "1000,10000,100000"
PAGE = ROOT / "docs" / "performance.md"
TURNS = 3
TIMEOUTS = {"DB_STATEMENT_TIMEOUT": "30min", "DB_IDLE_TIMEOUT": "30min", "DB_LOCK_TIMEOUT": "10min"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py bench-catalogue", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of products, smallest first (%(default)s)")
    parser.add_argument("--print", action="store_true", help="print the report instead of writing it")
    asked = parser.parse_args(arguments)
    sizes = [int(part) for part in asked.sizes.split(",")]
    with ExitStack() as databases:
        template = databases.enter_context(_database("template"))
        for words in ("migrate", "collectstatic --noinput"):
            _python(template, "-m", "django", *words.split(), "--verbosity", "0")
        names = [databases.enter_context(_database(str(size), template=template)) for size in sizes]
        runs = _measured(sizes, names)
    text = report(runs)
    print(text)
    if not asked.print:
        PAGE.write_text(text)
    return 0


def _measured(sizes: Sequence[int], names: Sequence[str]) -> list[Run]:
    """Every size made first, then measured in turns, so that a busy moment of the machine is no size's alone."""
    made = [_said(name, "make", str(size)) for size, name in zip(sizes, names, strict=True)]
    turns = [[_said(name, "measure", str(size)) for size, name in zip(sizes, names, strict=True)] for _ in range(TURNS)]
    return [Run(size, {**made[at], "pages": quietest([turn[at] for turn in turns])}) for at, size in enumerate(sizes)]


def _said(database: str, *words: str) -> dict[str, Any]:
    """The numbers on the last line that a process of its own prints."""
    numbers: dict[str, Any] = json.loads(_python(database, "-m", "tests.bench.catalogue.run", *words).splitlines()[-1])
    return numbers


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
