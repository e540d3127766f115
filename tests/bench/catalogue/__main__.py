"""`manage.py bench-catalogue`: the same pages over growing catalogues, and the operators' screens over the largest,
written to docs/performance.md.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import psycopg2
from psycopg2 import sql

from config import env
from config.launch.places import ROOT
from tests.bench.catalogue.report import Run, quietest, report

SIZES = "1000,10000,100000"
PAGE = ROOT / "docs" / "performance.md"
ELSE = "# Performance of everything else"
"""From this heading on the page is written by hand and kept."""
TURNS = 3
KEPT = ROOT / "var" / "test" / "bench" / "kept.json"
TIMEOUTS = {"DB_STATEMENT_TIMEOUT": "30min", "DB_IDLE_TIMEOUT": "30min", "DB_LOCK_TIMEOUT": "10min"}


class Catalogue(NamedTuple):
    """A catalogue of `size` products in a database, and what making it took."""

    size: int
    database: str
    numbers: dict[str, Any]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py bench-catalogue", description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="numbers of products, smallest first (%(default)s)")
    parser.add_argument("--print", action="store_true", help="print the report instead of writing it")
    parser.add_argument("--keep", action="store_true", help="leave the catalogues for another measurement")
    parser.add_argument("--again", action="store_true", help="measure the catalogues that --keep left, then drop them")
    asked = parser.parse_args(arguments)
    sizes = [int(part) for part in asked.sizes.split(",")]
    with ExitStack() as databases:
        made = _kept(databases) if asked.again else _made(databases, sizes)
        runs = _measured(made)
        screens = _said(made[-1].database, "screens", str(made[-1].size))
        if asked.keep:
            _keep(made)
            databases.pop_all()
    text = report(runs, screens)
    print(text)
    if not asked.print:
        _heading, found, rest = PAGE.read_text().partition(ELSE)
        PAGE.write_text(f"{text}\n{found}{rest}" if found else text)
    return 0


def _made(databases: ExitStack, sizes: Sequence[int]) -> list[Catalogue]:
    """A catalogue of every size, in a database of its own."""
    with _database("template") as template:
        for words in ("migrate", "collectstatic --noinput"):
            _python(template, "-m", "django", *words.split(), "--verbosity", "0")
        names = [_created(str(size), template=template) for size in sizes]
        for name in names:
            databases.callback(_drop, name)
    return [Catalogue(size, name, _said(name, "make", str(size))) for size, name in zip(sizes, names, strict=True)]


def _kept(databases: ExitStack) -> list[Catalogue]:
    """The catalogues of an earlier run, brought to the tables of today."""
    if not KEPT.exists():
        raise SystemExit("No catalogues were kept; run bench-catalogue --keep first.")
    kept = [Catalogue(*row) for row in json.loads(KEPT.read_text())]
    for one in kept:
        databases.callback(_drop, one.database)
        _python(one.database, "-m", "django", "migrate", "--verbosity", "0")
    databases.callback(KEPT.unlink)
    return kept


def _keep(made: Sequence[Catalogue]) -> None:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(made))


def _measured(made: Sequence[Catalogue]) -> list[Run]:
    """All sizes in turns, so that a busy moment of the machine is no size's alone."""
    turns = [[_said(one.database, "measure", str(one.size)) for one in made] for _ in range(TURNS)]
    return [
        Run(one.size, {**one.numbers, "pages": quietest([turn[at] for turn in turns])}) for at, one in enumerate(made)
    ]


def _said(database: str, *words: str) -> dict[str, Any]:
    """The numbers on the last line that a process of its own prints."""
    numbers: dict[str, Any] = json.loads(_python(database, "-m", "tests.bench.catalogue.run", *words).splitlines()[-1])
    return numbers


@contextmanager
def _database(suffix: str) -> Iterator[str]:
    """A database of ours alone, dropped afterwards whatever happens."""
    name = _created(suffix)
    try:
        yield name
    finally:
        _drop(name)


def _created(suffix: str, *, template: str = "template1") -> str:
    name = f"portolan_bench_{os.getpid()}_{suffix}"
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    _on_server(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))
    return name


def _drop(name: str) -> None:
    _on_server(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(name=sql.Identifier(name)))


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
