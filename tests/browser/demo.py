"""The demo shop as one would run it: its own database, web processes, worker and beat, for a whole test session."""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import redis
from psycopg2 import sql

from config import env
from config.launch.places import ROOT, TEST, place_of
from config.launch.ports import next_free_port
from tests.databases import TEMPLATE, migrations_digest

EMAIL, PASSWORD = "operator@meridian.example", "browser-tests-only"
STATE = ROOT / "var" / "test" / "demo"
SEEDED, COPIED = "portolan_demo_", "browser_"
INGREDIENTS = ("requirements/runtime.txt", "*/migrations/*.py", "content/demo/**/*", "markets/data/*.json")
DELIVERED = ("requirements/runtime.txt", "config/settings/*.py", "static/**/*")
"""What static files are collected from, and how."""
COPY = "CREATE DATABASE {} TEMPLATE {} STRATEGY = FILE_COPY"
START_SECONDS = 180
EVERY_SCREEN = env.text("SCREENSHOTS", "") == "all"
"""Whether a picture of every screen is kept, for looking at."""
NUMBERS = range(2, 16, 2)
"""The first of each pair of numbered databases that a running shop may have to itself; the tests have 0 and 1."""


@dataclass
class DemoShop:
    """A running shop and where it is."""

    address: str
    database: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    numbers: "Numbers | None" = None
    variables: dict[str, str] = field(default_factory=dict)

    def do(self, code: str) -> None:
        """Run some lines inside the shop, such as what its clock would do next. Raises `RuntimeError`."""
        words = [sys.executable, "-m", "django", "shell", "--verbosity", "0", "--command", code]
        done = subprocess.run(words, cwd=ROOT, env=self.variables, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{code}\n{done.stdout}\n{done.stderr}")

    @contextmanager
    def changed(self, statement: str, values: Sequence[object]) -> Iterator[None]:
        """Inside, one column of one row is another: `UPDATE table SET column = new WHERE id = %s`."""
        found = re.fullmatch(r"UPDATE (\w+) SET (\w+) = (\d+) WHERE id = %s", statement)
        assert found, "one column of one row, by its id"
        table, column = sql.Identifier(found[1]), sql.Identifier(found[2])
        put = sql.SQL("UPDATE {} SET {} = %s WHERE id = %s").format(table, column)
        line = psycopg2.connect(place_of(ROOT, TEST).database_url.replace("/portolan?", f"/{self.database}?"))
        line.autocommit = True
        try:
            with line.cursor() as cursor:
                cursor.execute(sql.SQL("SELECT {} FROM {} WHERE id = %s").format(column, table), values)
                before = cursor.fetchone()
                assert before, "no such row"
                cursor.execute(put, [found[3], *values])
                try:
                    yield
                finally:
                    cursor.execute(put, [before[0], *values])
        finally:
            line.close()

    def stop(self) -> None:
        """End everything that was started, at once: nobody will ask for what it is doing."""
        for process in self.processes:
            process.send_signal(signal.SIGQUIT)
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.numbers is not None:
            self.numbers.give_back()


class Numbers:
    """A pair of numbered databases on the test server that no other shop uses meanwhile, empty at first.

    A queue that two shops share would hand the work of one to the workers of the other.
    """

    def __init__(self) -> None:
        for first in NUMBERS:
            handle = (STATE / f"numbers-{first}").open("w")
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.close()
                continue
            self.first, self._file = first, handle
            self._empty()
            return
        raise RuntimeError("Too many shops run on the test server already.")

    def _empty(self) -> None:
        for number in (self.first, self.first + 1):
            with redis.Redis(unix_socket_path=str(place_of(ROOT, TEST).valkey_socket), db=number) as server:
                server.flushdb()

    @property
    def handle(self) -> int:
        """Whoever inherits it keeps the pair."""
        return self._file.fileno()

    def give_back(self) -> None:
        self._file.close()


def seed_demo() -> None:
    """The shop that is copied. Seeding happens only when words, pictures or migrations have changed."""
    seeded = f"{SEEDED}{_digest()}"
    with _turn():
        _make_seeded(seeded)
        _collect_static(seeded)


def start_demo() -> DemoShop:
    """The seeded shop, copied and running."""
    seeded = f"{SEEDED}{_digest()}"
    with _turn():
        _make_seeded(seeded)
        name = f"{COPIED}{os.getpid()}"
        _copy(seeded, name)
    port = next_free_port(8600)
    shop = DemoShop(f"http://127.0.0.1:{port}", name)
    shop.numbers = Numbers()
    variables = _variables(name, shop.address) | {"REDIS_FIRST_NUMBER": str(shop.numbers.first)}
    shop.variables = variables
    log = (STATE / "shop.log").open("ab")
    for command in (_web(port), _worker()):
        words = [sys.executable, "-m", *command]
        mine = (shop.numbers.handle,)  # locked until the last of them has ended, even when we are killed
        shop.processes.append(subprocess.Popen(words, cwd=ROOT, env=variables, stdout=log, stderr=log, pass_fds=mine))
    _wait_for(f"{shop.address}/readyz", shop)
    return shop


@contextmanager
def seeded_copy(name: str) -> Iterator[dict[str, str]]:
    """A copy of the seeded shop that nobody serves, while the block runs; yields the variables to work on it with."""
    seeded = f"{SEEDED}{_digest()}"
    with _turn():
        _make_seeded(seeded)
        drop(name)
        with _server() as run:
            run(sql.SQL(COPY).format(sql.Identifier(name), sql.Identifier(seeded)))
    try:
        yield _variables(name, "http://127.0.0.1")
    finally:
        drop(name)


def drop(name: str) -> None:
    """Remove a database of ours."""
    with _server() as run:
        run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _web(port: int) -> list[str]:
    return ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread",
            "--threads", "4", "--no-control-socket", "--log-level", "warning"]  # fmt: skip


def _worker() -> list[str]:
    queues = "money,mail,default,bulk"
    return ["celery", "-A", "config", "worker", "-B", "--pool", "threads", "--concurrency", "2", "-Q", queues,
            "--loglevel", "WARNING", "--schedule", str(STATE / "beat")]  # fmt: skip


def _make_seeded(seeded: str) -> None:
    with _server() as run:
        names = [row[0] for row in run(sql.SQL("SELECT datname FROM pg_database"))]
    if seeded in names and (STATE / "media").is_dir():
        return
    for old in names:
        if old.startswith(SEEDED) or (old.startswith(COPIED) and not _is_alive(int(old.removeprefix(COPIED)))):
            drop(old)
    shutil.rmtree(STATE / "media", ignore_errors=True)
    unfinished, migrated = f"{seeded}_new", TEMPLATE + migrations_digest()
    is_migrated = migrated in names  # the other tests' databases are copies of it
    with _server() as run:
        source = sql.Identifier(migrated if is_migrated else "template1")
        run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(unfinished), source))
    variables = _variables(unfinished, "http://127.0.0.1")
    for command in (
        *(() if is_migrated else ("migrate --verbosity 0",)),
        "load_reference --verbosity 0",
        "seed_demo --without orders --verbosity 0",
    ):
        manage(command, variables)
    with _server() as run:
        names_now = sql.Identifier(unfinished), sql.Identifier(seeded)
        run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names_now))


def _is_alive(process: int) -> bool:
    """Whether the process that a copy was made for may still be running it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _copy(seeded: str, name: str) -> None:
    drop(name)
    with _server() as run:
        run(sql.SQL(COPY).format(sql.Identifier(name), sql.Identifier(seeded)))
    _collect_static(name)


def _collect_static(database: str) -> None:
    """Only when something was changed: compressing takes as long as starting the shop."""
    collected, digest = STATE / "collected", _digest(DELIVERED)
    if (STATE / "static").is_dir() and collected.is_file() and collected.read_text("ascii") == digest:
        return
    manage("collectstatic --noinput --verbosity 0", _variables(database, "http://127.0.0.1"))
    collected.write_text(digest, "ascii")


def manage(command: str, variables: dict[str, str]) -> str:
    """What a command says. Raises `RuntimeError` with it when the command fails."""
    words = [sys.executable, "-m", "django", *command.split()]
    done = subprocess.run(words, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _variables(database: str, address: str) -> dict[str, str]:
    place = place_of(ROOT, TEST)
    return env.snapshot(
        DJANGO_SETTINGS_MODULE="config.settings.dev",
        PYTHONPATH=str(ROOT),
        DATABASE_URL=place.database_url.replace("/portolan?", f"/{database}?"),
        REDIS_URL=place.redis_url,
        STATE_DIR=str(STATE),
        SHOP_URL=address,
        SECRET_KEY="browser-tests-only-and-nowhere-else",
        DEMO_EMAIL=EMAIL,
        DEMO_PASSWORD=PASSWORD,
        SERVE_MEDIA="yes",
        SANDBOX_DELAY_SECONDS="1",
        DB_STATEMENT_TIMEOUT="10min",
        DB_IDLE_TIMEOUT="10min",
    )


def _wait_for(url: str, shop: DemoShop) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if any(process.poll() is not None for process in shop.processes):
            break
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    shop.stop()
    raise RuntimeError(f"The demo shop did not start; see {STATE / 'shop.log'}")


def _digest(ingredients: Sequence[str] = INGREDIENTS) -> str:
    digest = hashlib.sha256()
    for pattern in ingredients:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _turn() -> Iterator[None]:
    """One process at a time seeds."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "turn").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _server() -> Iterator["Run"]:
    place = place_of(ROOT, TEST)
    line = psycopg2.connect(place.database_url.replace("/portolan?", "/postgres?"))
    line.autocommit = True
    try:
        yield Run(line)
    finally:
        line.close()


class Run:
    """Runs one statement on the test server."""

    def __init__(self, line: psycopg2.extensions.connection) -> None:
        self._line = line

    def __call__(self, statement: sql.Composable) -> list[tuple[str, ...]]:
        with self._line.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []


def artefacts() -> Path:
    """Where screenshots are kept for looking at."""
    folder = ROOT / "var" / "test" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
