"""Keeps the shop's processes alive under one log, and ends them all in good order.

A process that stops is started again, with growing pauses when it keeps stopping. SIGTERM, Ctrl-C or the end of `make`
stop everything: the children get fifteen seconds to finish what they are doing, then they are ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from config import env

GRACE = 15.0
LONGEST_PAUSE = 30.0
# A process that has lived this long has recovered: its next failure is a new story.
SETTLED = 60.0
TICK = 0.25
LOOK = 3.0
COLOURS = {"web": 36, "worker": 35, "bulk": 35, "beat": 33, "shop": 32}


class Log:
    """One line at a time from everybody, each with the name of who said it."""

    def __init__(self, *, width: int = 6, colours: bool | None = None) -> None:
        self._width = width
        self._colours = sys.stdout.isatty() if colours is None else colours
        self._lock = threading.Lock()

    def say(self, name: str, line: str) -> None:
        prefix = f"{name:<{self._width}} |"
        if self._colours:
            prefix = f"\033[{COLOURS.get(name, 37)}m{prefix}\033[0m"
        with self._lock, suppress(BrokenPipeError):
            print(f"{prefix} {line}", flush=True)


@dataclass
class Child:
    """One process of the shop, started again whenever it ends. Those with a delay let the others start first."""

    name: str
    command: Sequence[str]
    delay: float = 0.0
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0
    reader: threading.Thread | None = field(default=None, repr=False)

    def start(self, log: Log) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own commands, no shell)
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # The database's own list of sessions then says which program each of them belongs to.
            env=env.snapshot(PYTHONUNBUFFERED="1", PGAPPNAME=self.name),
            # Its own session: Ctrl-C reaches the supervisor alone, which then stops everybody in order.
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._pass_on, args=(self.process, log), daemon=True)
        self.reader.start()

    def _pass_on(self, process: subprocess.Popen[str], log: Log) -> None:
        if process.stdout:
            for line in process.stdout:
                log.say(self.name, line.rstrip("\n"))

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def plan_restart(self, log: Log) -> None:
        """After the first failure at once, then with pauses that double."""
        now = time.monotonic()
        self.failures = 1 if now - self.started > SETTLED else self.failures + 1
        pause = 0.0 if self.failures == 1 else min(2.0 ** (self.failures - 2), LONGEST_PAUSE)
        self.due = now + pause
        code = self.process.returncode if self.process else 0
        log.say("shop", f"{self.name} ended ({_in_words(code)}); starting it again in {pause:g} s.")
        self.process = None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.is_alive:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def end(self) -> None:
        """The whole session, grandchildren included."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    def __init__(self, children: Sequence[Child], *, log: Log, tend: Callable[[], Sequence[str]]) -> None:
        self._children = children
        self._log = log
        self._tend = tend
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._orphan_of = os.getppid() if env.is_set("MAKELEVEL") else None

    def run(self, *, on_start: Callable[[], None]) -> int:
        """Until told to stop. Whatever happens, no child is left behind."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        try:
            for child in self._children:
                child.due = time.monotonic() + child.delay
                self._look_after(child, time.monotonic())
            on_start()
            self._watch()
        finally:
            self._stop_all()
        return 0

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        if self._stopping.is_set():
            self._hurry.set()
        self._stopping.set()

    def _watch(self) -> None:
        next_look = 0.0
        while not self._stopping.wait(TICK):
            now = time.monotonic()
            for child in self._children:
                self._look_after(child, now)
            if now >= next_look:
                next_look = now + LOOK
                for name in self._tend():
                    self._log.say("shop", f"{name} had died; it is running again.")
            if self._orphan_of is not None and os.getppid() != self._orphan_of:
                self._log.say("shop", "make is gone; stopping.")
                return

    def _look_after(self, child: Child, now: float) -> None:
        if child.is_alive:
            return
        if child.process is not None:
            child.plan_restart(self._log)
        elif now >= child.due:
            child.start(self._log)

    def _stop_all(self) -> None:
        self._log.say("shop", "Stopping ...")
        for child in self._children:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + GRACE
        while any(child.is_alive for child in self._children) and time.monotonic() < end and not self._hurry.is_set():
            time.sleep(TICK / 2)
        for child in self._children:
            child.end()
            if child.process is not None:
                child.process.wait()
            if child.reader is not None:
                child.reader.join(timeout=1)


def _in_words(code: int | None) -> str:
    if code is None:
        return "unknown"
    return f"signal {-code}" if code < 0 else f"code {code}"
