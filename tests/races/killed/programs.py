"""`make run`'s web and worker over a test's own database: under its supervisor, killed as the kernel kills."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from django.conf import settings
from django.db import connection, connections

from config import env
from config.launch.places import ROOT
from config.launch.ports import next_free_port
from config.launch.processes import began
from tests.browser.demo import STATE, Numbers
from tests.races.killed.steps import Step, end, hold, is_there, let_go, who_stands

PATIENCE = 300.0
PAUSE = 0.1
NAMES = {"web": "gunicorn", "worker": "celery"}
RUN = """
import argparse, sys
from config.launch import shop
from config.launch.supervisor import Log, Supervisor
options = argparse.Namespace(host="127.0.0.1", production_like=False)
children = [child for child in shop.programs(options, int(sys.argv[1])) if child.name != "beat"]
for child in children:
    child.delay = 0
log = Log(colours=False)
sys.exit(Supervisor(children, log=log, tend=list).run(on_start=lambda: log.say("shop", "open")))
"""
BY_THE_CLOCK = (
    ("core.tasks.drain_outbox", "default"),
    ("core.tasks.send_messages", "mail"),
    ("payments.tasks.run_sandbox", "money"),
    ("payments.tasks.process_inbox", "money"),
    ("payments.tasks.reconcile_undecided", "money"),
    ("payments.tasks.submit_due_refunds", "money"),
)
"""What the clock of `config.schedule` wakes the worker for; here it runs faster."""


def until(is_so: Callable[[], object], what: str, *, within: float = PATIENCE) -> None:
    """Look until it is so. Raises `AssertionError` when that takes too long."""
    end = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < end, f"It took too long until {what}."
        time.sleep(PAUSE)


@dataclass
class Programs:
    """The running shop: `address`, what its supervisor said, and a clock that wakes its worker."""

    address: str
    supervisor: subprocess.Popen[str]
    clock: Celery
    said: list[str] = field(default_factory=list)
    _rung: float = 0.0

    def listen(self) -> None:
        assert self.supervisor.stdout
        self.said.extend(line.rstrip() for line in self.supervisor.stdout)

    def ring(self) -> None:
        """It is time for everything that happens by the clock."""
        if time.monotonic() - self._rung < 0.4:
            return
        self._rung = time.monotonic()
        for task, queue in BY_THE_CLOCK:
            self.clock.send_task(task, queue=queue, retry=False, expires=5)

    def process_of(self, program: str) -> int:
        """The process that the supervisor keeps for a program; 0 while there is none."""
        mine = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children").read_text().split()
        for pid in mine:
            with suppress(OSError):
                if NAMES[program].encode() in Path(f"/proc/{pid}/cmdline").read_bytes() and began(int(pid)):
                    return int(pid)
        return 0

    def kill(self, program: str) -> None:
        """The whole program at once, without a last word."""
        process = self.process_of(program)
        assert process, f"{program} does not run"
        os.killpg(process, signal.SIGKILL)
        until(lambda: not began(process), f"{program} is dead")

    def comes_to(self, cursor: Any, step: Step) -> tuple[int, str]:
        """Who stands at the step, as soon as somebody does."""
        seen: list[tuple[int, str]] = []

        def look() -> bool:
            found = who_stands(cursor, step)
            seen.extend([found] if found else [])
            return bool(seen)

        until(look, f"somebody comes where {step.name}")
        return seen[0]

    @contextmanager
    def dies_at(self, step: Step, *, then: Callable[[], None]) -> Iterator[list[str]]:
        """Whoever comes to the step first is killed there; `then` is what happens before the world goes on.

        Yields a list that holds the name of the program once it is dead.
        """
        dead: list[str] = []
        wrong: list[BaseException] = []
        ready: list[bool] = []

        def watch() -> None:
            try:
                with connection.cursor() as cursor:
                    hold(cursor, step)
                    ready.append(True)
                    try:
                        session, program = self.comes_to(cursor, step)
                        self.kill(program)
                        end(cursor, session)
                    finally:
                        let_go(cursor, step)
                    until(lambda: not is_there(cursor, session), "its session has ended")
                then()
                dead.append(program)
            except BaseException as error:  # noqa: BLE001 (it is raised where the test waits for it)
                wrong.append(error)
            finally:
                connections.close_all()

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        until(lambda: ready or wrong, "the step is watched")
        yield dead
        watcher.join(PATIENCE)
        if wrong:
            raise wrong[0]
        assert dead, f"Nobody came where {step.name}."
        assert dead[0] in step.programs, f"{dead[0]} stood where {step.name}."

    def said_of_deaths(self) -> int:
        """How often the supervisor noticed that a program was killed."""
        return sum("ended (signal 9)" in line for line in self.said)


@contextmanager
def running(*, mail_port: int) -> Iterator[Programs]:
    """The shop's programs, until the block ends."""
    STATE.mkdir(parents=True, exist_ok=True)
    numbers = Numbers()
    port = next_free_port(8700)
    address = f"http://127.0.0.1:{port}"
    variables = _variables(address, numbers.first, mail_port)
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(port)],
        cwd=ROOT,
        env=variables,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    broker = env.broker_address("REDIS_URL", number=numbers.first + 1)
    shop = Programs(address, process, Celery("clock", broker=broker, set_as_current=False))
    Thread(target=shop.listen, daemon=True).start()
    try:
        until(lambda: _answers(address) or process.poll() is not None, "the shop opens")
        assert process.poll() is None, "\n".join(shop.said)
        yield shop
    except BaseException:
        print("\n".join(shop.said[-200:]))
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        shop.clock.close()
        numbers.give_back()


def _variables(address: str, first: int, mail_port: int) -> dict[str, str]:
    database = urlsplit(env.text("DATABASE_URL"))._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return env.snapshot(
        DJANGO_SETTINGS_MODULE="tests.races.killed.settings",
        PYTHONPATH=str(ROOT),
        DATABASE_URL=database,
        REDIS_FIRST_NUMBER=str(first),
        SECRET_KEY=settings.SECRET_KEY,
        SHOP_URL=address,
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=str(mail_port),
        MAKELEVEL="1",  # it stops by itself when the tests are gone
        WEB_WORKERS="1",
        DEBUG="no",
    )


def _answers(address: str) -> bool:
    with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 (our own)
        return True
    return False
