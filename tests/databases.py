"""A database per test process, copied from one that is migrated whenever the migrations have changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.core.management import call_command
from django.db import connection

from config.launch.places import ROOT
from config.launch.processes import began

OURS = re.compile(r"test_portolan_(\d+)_\w+")
TEMPLATE = "portolan_template_"


class TestDatabase:
    __test__ = False

    def __init__(self, *, worker: str, rebuild: bool) -> None:
        self._settings = connection.settings_dict
        self._template = TEMPLATE + migrations_digest()
        self._name = f"test_portolan_{os.getpid()}_{worker}"
        self._rebuild = rebuild and worker in {"main", "gw0"}
        self._original = self._settings["NAME"]

    def migrate(self) -> None:
        """Only what databases are copied from."""
        with _turn(), self._server() as run:
            self._make_template(run)

    def make(self) -> None:
        with _turn(), self._server() as run:
            self._make_template(run)
            run(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}" STRATEGY = FILE_COPY')
        connection.close()
        self._settings["NAME"] = self._name

    def drop(self) -> None:
        connection.close()
        with self._server() as run:
            run(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)')
        self._settings["NAME"] = self._original

    def _make_template(self, run: Run) -> None:
        existing = {name for (name,) in run("SELECT datname FROM pg_database")}
        self._tidy(run, existing)
        if self._rebuild or self._template not in existing:
            self._migrate_template(run)

    def _migrate_template(self, run: Run) -> None:
        """Migrated under another name first: a run that was cut off leaves nothing that looks complete."""
        unfinished = f"{self._template}_new"
        for name in (unfinished, self._template):
            run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        run(f'CREATE DATABASE "{unfinished}"')
        connection.close()
        self._settings["NAME"] = unfinished
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        run(f'ALTER DATABASE "{unfinished}" RENAME TO "{self._template}"')

    def _tidy(self, run: Run, existing: set[str]) -> None:
        """Drop what killed runs left behind, and templates of older migrations."""
        for name in existing:
            process = OURS.fullmatch(name)
            left_behind = process is not None and not began(int(process[1]))
            outdated = name.startswith(TEMPLATE) and not name.startswith(self._template)
            if left_behind or outdated:
                run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def _server(self) -> Iterator[Run]:
        line = psycopg2.connect(
            dbname="postgres",
            user=self._settings["USER"] or None,
            password=self._settings["PASSWORD"] or None,
            host=self._settings["HOST"] or None,
            port=self._settings["PORT"] or None,
        )
        line.autocommit = True
        try:
            yield Run(line)
        finally:
            line.close()


def end_what_was_left_open(*, patience: float = 10.0) -> list[str]:
    """Wait until nobody else is in a transaction on this test's database; then end who still is. What they were doing.

    Emptying the tables needs all of them to itself. Sessions of killed processes take a moment to be noticed, longer
    on a busy machine than the three seconds anybody waits for a lock.
    """
    until = time.monotonic() + patience
    while others := _others_at_work():
        if time.monotonic() > until:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [[pid for pid, _ in others]])
            return [query for _, query in others]
        time.sleep(0.02)
    return []


def _others_at_work() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT pid, state || ': ' || query FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL"
        )
        return cursor.fetchall()


class Run:
    """Runs one statement on the server's own database."""

    def __init__(self, line: psycopg2.extensions.connection) -> None:
        self._line = line

    def __call__(self, statement: str) -> list[tuple[str, ...]]:
        with self._line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def migrations_digest() -> str:
    digest = hashlib.sha256((ROOT / "requirements" / "runtime.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _turn() -> Iterator[None]:
    """Copying needs the template to itself."""
    folder = ROOT / "var" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
