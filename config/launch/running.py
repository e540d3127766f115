"""One shop per checkout: who runs it now, and what a killed supervisor left behind."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from config.launch.processes import began

PATIENCE = 6.0
PAUSE = 0.25


class AlreadyRunning(RuntimeError):
    """The shop of this checkout runs already; the message says where."""


class Record:
    """`var/up.json`, under a lock for as long as the shop runs; the kernel gives the lock back whatever happens."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "up.json"
        self._turn = folder / "up.turn"
        self._written: list[int] | None = None

    @contextmanager
    def hold(self) -> Iterator[None]:
        self._turn.parent.mkdir(exist_ok=True)
        with self._turn.open("w") as turn:
            self._take(turn)
            end_left_behind(self._read().get("children", []))
            yield
            self._path.unlink(missing_ok=True)

    def write(self, *, address: str, processes: Sequence[int]) -> None:
        if list(processes) == self._written:
            return
        self._written = list(processes)
        children = [{"pid": pid, "since": began(pid)} for pid in processes]
        content = {"pid": os.getpid(), "parent": os.getppid(), "address": address, "children": children}
        unfinished = self._path.with_suffix(".new")
        unfinished.write_text(json.dumps(content))
        unfinished.replace(self._path)

    def _take(self, turn: IO[str]) -> None:
        """A shop whose `make` has been killed is about to stop by itself, so a little patience is worth it."""
        end = time.monotonic() + 3
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                known = self._read()
                if known.get("parent") and not began(known["parent"]):
                    end = max(end, time.monotonic() + 1)
            if time.monotonic() > end:
                raise AlreadyRunning(
                    f"The shop of this checkout runs already (process {known.get('pid', 'unknown')}), "
                    f"at {known.get('address', 'an address it is about to print')}."
                )
            time.sleep(PAUSE)

    def _read(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._path.read_text()))
        except (FileNotFoundError, ValueError):
            return {}


def end_left_behind(children: Sequence[dict[str, Any]]) -> None:
    """End what a killed supervisor left running: gently, then not. Numbers reused by strangers are left alone."""
    ours = [child["pid"] for child in children if child["since"] and began(child["pid"]) == child["since"]]
    for process in ours:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and any(began(process) for process in ours):
        time.sleep(PAUSE)
    for process in ours:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process, signal.SIGKILL)
