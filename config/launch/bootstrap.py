"""Makes the checkout's own environment with nothing but the standard library, then starts over inside it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config import env
from config.launch.places import ROOT

RUNTIME = "runtime.txt"
DEV = "dev.txt"
INSTALLER = "installer.txt"
# These build and check the shop; everything else gets by with what the shop runs on.
DEV_COMMANDS = {"test", "verify", "bench", "format", "lock"}

NO_VENV_SENTENCE = (
    "This Python ({python}) cannot make virtual environments. "
    "On Debian or Ubuntu: apt-get install python3-venv; then try again."
)
NO_INSTALL_SENTENCE = "The requirements could not be installed; the lines above say why. Is the network there?"
NO_WRITE_SENTENCE = "This account may not write to {folder}; run as its owner, or clone the project anew."


class SetupTrouble(RuntimeError):
    """The environment cannot be made; the message is one sentence for the person at the terminal."""


def launch(arguments: Sequence[str]) -> int:
    """What `manage.py` does: make sure of the environment, step into it, run the command."""
    try:
        if env.flag("NO_VENV", default=False):
            return _run(arguments)
        env.keep_compiled(ROOT / "var" / "cache" / "bytecode")
        environment = Environment(ROOT)
        lock = DEV if arguments and arguments[0] in DEV_COMMANDS else RUNTIME
        environment.prepare(lock)
        if not environment.is_ours():
            environment.step_in(arguments)
        return _run(arguments)
    except SetupTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


def _run(arguments: Sequence[str]) -> int:
    from config.launch.commands import run  # noqa: PLC0415 (needs the environment made above)

    return run(arguments)


class Environment:
    """The `.venv` of a checkout, and the stamp that says which lock file is installed in it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self._stamp = self.folder / "installed.json"

    def is_ours(self) -> bool:
        """Is this process already running inside it?"""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def step_in(self, arguments: Sequence[str]) -> None:
        os.execv(self.python, [str(self.python), str(self._root / "manage.py"), *arguments])  # noqa: S606 (ourselves)

    def is_current(self, lock: str) -> bool:
        """Installed already? The development lock contains the runtime one at the same versions."""
        if not self.python.exists() or not self._stamp.exists():
            return False
        return self._read_stamp() in {self._digest(name) for name in {lock, DEV}}

    def prepare(self, lock: str) -> None:
        """Make it and install the lock, unless that is done; one process at a time."""
        if self.is_current(lock):
            return
        with self._turn():
            if self.is_current(lock):
                return
            self._make()
            self._stamp.unlink(missing_ok=True)
            print("Installing the requirements (only this once, until they change) ...", flush=True)
            self._install(lock)
            self._stamp.write_text(json.dumps({"sha256": self._digest(lock), "lock": lock}))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        folder = self._root / "var"
        try:
            folder.mkdir(exist_ok=True)
            turn = (folder / "setup.turn").open("w")
        except PermissionError:
            raise SetupTrouble(NO_WRITE_SENTENCE.format(folder=self._root)) from None
        with turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        if self._works():
            return
        print("Making the environment in .venv ...", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        made = _call(sys.executable, "-m", "venv", str(self.folder), quiet=True)
        if not made or not self._works():
            shutil.rmtree(self.folder, ignore_errors=True)
            raise SetupTrouble(NO_VENV_SENTENCE.format(python=sys.executable))

    def _works(self) -> bool:
        return self.python.exists() and _call(str(self.python), "-c", "import pip", quiet=True)

    def _install(self, lock: str) -> None:
        """By uv when it can be had, because it is several times faster; by plain pip when anything about it fails."""
        if not (self._install_by_uv(lock) or self._install_by_pip(lock)):
            raise SetupTrouble(NO_INSTALL_SENTENCE)

    def _install_by_uv(self, lock: str) -> bool:
        if env.flag("NO_UV", default=False) or not self._install_by_pip(INSTALLER, quiet=True):
            return False
        uv = self.folder / "bin" / "uv"
        words = ("pip", "install", "--quiet", "--system-certs", "--require-hashes")
        return _call(
            *(str(uv), *words, "--python", str(self.python), "-r", str(self._lock(lock))),
            quiet=True,
            changes=_uv_environment(self._root),
        )

    def _install_by_pip(self, lock: str, *, quiet: bool = False) -> bool:
        words = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
        return _call(str(self.python), *words, "-r", str(self._lock(lock)), quiet=quiet)

    def _lock(self, name: str) -> Path:
        return self._root / "requirements" / name

    def _digest(self, lock: str) -> str:
        return hashlib.sha256(self._lock(lock).read_bytes()).hexdigest()

    def _read_stamp(self) -> str:
        try:
            return str(json.loads(self._stamp.read_text())["sha256"])
        except (ValueError, KeyError, TypeError):
            return ""


def _uv_environment(root: Path) -> dict[str, str]:
    """An account without a home it may write to keeps the cache with the checkout."""
    changes: dict[str, str] = {}
    home = Path(env.text("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK):
        changes["UV_CACHE_DIR"] = str(root / "var" / "cache" / "uv")
    return changes


def _call(*words: str, quiet: bool, changes: dict[str, str] | None = None) -> bool:
    """Did it succeed? When quiet, what it says is dropped, because another way will be tried."""
    output = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(words, stdout=output, stderr=output, env=env.snapshot(**changes or {}), check=False)  # noqa: S603 (our own words, no shell)
    except OSError:
        return False
    return done.returncode == 0
