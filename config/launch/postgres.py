"""The embedded PostgreSQL: made once, started with patience, stopped cleanly."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from config.launch.places import Place
from config.launch.processes import program
from config.launch.programs import ServerTrouble, postgres_programs, run_as

PORT = "5432"
USER = "portolan"
DATABASE = "portolan"

# The same in docker-compose.yml: text sorts by code point and upper- and lower-cases by Unicode, wherever it runs.
LOCALE = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # What a catalogue of 100,000 products is searched by fits; memory is taken only as it is used.
    "shared_buffers": "512MB",
    "max_connections": "120",
    # A shop's tables are in memory or on flash: reading here and there costs hardly more than reading on.
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
}
# Tests throw their databases away, so nothing waits for the disk.
FORGETFUL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",
    "max_wal_size": "2GB",
}
# After `kill -9` the children of the dead server need a moment to go before a new one may start.
TRIES = 40
PAUSE = 0.5


class Postgres:
    def __init__(self, place: Place, *, durable: bool) -> None:
        self._place = place
        self._cluster = place.state / "postgres"
        self._made = place.state / "log" / "postgres.made"
        self._settings = SETTINGS if durable else SETTINGS | FORGETFUL_SETTINGS

    def is_running(self) -> bool:
        return self._is_up() == 0

    def start(self) -> None:
        if not self._cluster.exists():
            self._make_cluster()
        self._refuse_other_versions()
        for _ in range(TRIES):
            if self.is_running() or self._try_start():
                break
            self._forget_stranger()
            time.sleep(PAUSE)
        else:
            raise ServerTrouble(f"The embedded PostgreSQL does not start; the end of its log says:\n{self._log_end()}")
        self._make_database()

    def stop(self) -> None:
        if self._cluster.exists():
            self._run("pg_ctl", "-D", self._cluster, "-m", "fast", "-w", "-t", "20", "stop")

    def _is_up(self) -> int:
        """0 answers, 1 is starting up, 2 is silent: a process id alone proves nothing after a crash."""
        if not self._cluster.exists() or not (self._place.sockets / f".s.PGSQL.{PORT}").exists():
            return 2
        return self._run("pg_isready", "-q", "-h", self._place.sockets, "-p", PORT, "-U", USER, "-t", "2").returncode

    def _try_start(self) -> bool:
        options = {**self._settings, "unix_socket_directories": str(self._place.sockets), "port": PORT}
        spelled = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        log = self._place.state / "log" / "postgres.log"
        done = self._run("pg_ctl", "-D", self._cluster, "-l", log, "-w", "-t", "60", "-o", spelled, "start")
        return done.returncode == 0

    def _make_cluster(self) -> None:
        """Made beside its place and moved there when complete, so a start that was cut off leaves no half of it."""
        unfinished = self._cluster.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self._place.account.demoted:
            shutil.chown(unfinished, self._place.account.uid, self._place.account.gid)
        done = self._run(
            "initdb", "-D", unfinished, "-U", USER, "--auth-local=trust", "--auth-host=reject", "--no-sync", *LOCALE
        )
        if done.returncode:
            raise ServerTrouble(f"The embedded PostgreSQL could not be set up:\n{done.stdout.strip()}")
        unfinished.rename(self._cluster)

    def _make_database(self) -> None:
        if self._made.exists():
            return
        done = self._run("createdb", "-h", self._place.sockets, "-p", PORT, "-U", USER, DATABASE)
        if done.returncode and "already exists" not in done.stdout:
            raise ServerTrouble(f"The database could not be made:\n{done.stdout.strip()}")
        self._made.touch()

    def _refuse_other_versions(self) -> None:
        made_by = (self._cluster / "PG_VERSION").read_text().strip()
        ours = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if made_by != ours:
            raise ServerTrouble(
                f"The data under {self._cluster} was made by PostgreSQL {made_by}, but this is PostgreSQL {ours}; "
                "dump it with the older one, or remove the folder to begin anew."
            )

    def _forget_stranger(self) -> None:
        """A lock file whose process id now belongs to some other program would keep PostgreSQL from starting."""
        lock = self._cluster / "postmaster.pid"
        try:
            number = lock.read_text().split("\n", 1)[0].strip()
        except FileNotFoundError:
            return
        named = program(int(number)) if number.isdigit() else ""
        if named and "postgres" not in named:
            lock.unlink(missing_ok=True)

    def _run(self, name: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return run_as(self._place, [postgres_programs(self._place) / name, *words])

    def _log_end(self) -> str:
        log = self._place.state / "log" / "postgres.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else "(no log)"
