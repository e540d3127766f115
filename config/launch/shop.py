"""`make run`: prepare everything, then keep web, worker and beat running and say where the shop is."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress

from config import env
from config.launch.commands import PATIENCE, own_secret
from config.launch.demo import announcement, sign_in
from config.launch.embedded import Servers
from config.launch.places import ROOT, place_of
from config.launch.ports import DEFAULT_PORT, NoPort, next_free_port
from config.launch.running import AlreadyRunning, Record
from config.launch.supervisor import Child, Log, Supervisor

PYTHON = sys.executable
READY_SECONDS = 60
# The doors open first; who works behind them loads just after.
BACKSTAGE = 3.0
# Production's settings on one's own machine: no TLS, no proxy, and the demo shop to look at.
REHEARSAL = {
    "HTTPS": "no",
    "TRUSTED_PROXY_COUNT": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "SANDBOX_PAYMENTS": "yes",
    "SANDBOX_CARRIER": "yes",
    "DEMO_ALLOWED": "yes",
    "STAFF_SECOND_FACTOR": "no",
}


def up(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    record = Record(ROOT / "var")
    servers = Servers(place_of(ROOT))
    try:
        with record.hold():
            servers.use()
            _announce(options)
            return _run(options, record, servers)
    except (AlreadyRunning, NoPort) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    finally:
        servers.leave()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run the shop: web, worker and beat.")
    parser.add_argument("--host", default=env.text("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=env.number("PORT", default=DEFAULT_PORT))
    parser.add_argument("--production-like", action="store_true", help="the production settings, without TLS")
    parser.add_argument("--empty", action="store_true", help="do not fill an empty shop with the demo")
    return parser.parse_args(arguments)


def _announce(options: argparse.Namespace) -> None:
    if options.production_like:
        env.overrule({"DJANGO_SETTINGS_MODULE": "config.settings.prod"})
        env.announce(REHEARSAL)
    env.announce({"SECRET_KEY": own_secret(), "SERVE_MEDIA": "yes", **announcement()})


def _run(options: argparse.Namespace, record: Record, servers: Servers) -> int:
    log = Log()
    port = next_free_port(options.port, host=options.host)
    address = f"http://{_spoken(options.host)}:{port}/"
    env.announce({"SHOP_URL": address.rstrip("/")})
    if not _prepare(seed=not options.empty):
        print("The shop could not be prepared; the lines above say why.", file=sys.stderr)
        return 1
    if port != options.port:
        log.say("shop", f"Port {options.port} is taken; using {port}.")
    children = programs(options, port)

    def tend() -> list[str]:
        record.write(address=address, processes=[child.process.pid for child in children if child.process])
        return servers.tend()

    def welcome() -> None:
        if _answers(f"http://{_reachable(options.host)}:{port}/healthz", children[0]):
            _welcome(log, address)

    greeter = threading.Thread(target=welcome, daemon=True)
    return Supervisor(children, log=log, tend=tend).run(on_start=greeter.start)


def programs(options: argparse.Namespace, port: int) -> list[Child]:
    """What the supervisor keeps running. Asks `options` for `host` and `production_like`."""
    return [*_web(options, port), *_workers(production_like=options.production_like), _beat()]


def _prepare(*, seed: bool) -> bool:
    """In a process of its own, so that the supervisor stays small."""
    words = [PYTHON, "-m", "config.launch.prepare", *(["--seed"] if seed else [])]
    return subprocess.run(words, cwd=ROOT, env=env.snapshot(**PATIENCE), check=False).returncode == 0  # noqa: S603 (ourselves)


def _web(options: argparse.Namespace, port: int) -> list[Child]:
    workers = max(3, os.cpu_count() or 1) if options.production_like else 2
    host = f"[{options.host}]" if ":" in options.host else options.host
    words = (
        *("--bind", f"{host}:{port}", "--workers", str(env.number("WEB_WORKERS", default=workers))),
        *("--worker-class", "gthread", "--threads", "4", "--timeout", "30", "--graceful-timeout", "10"),
        *("--no-control-socket", "--log-level", "warning", "--chdir", str(ROOT)),
        # Loaded once and forked; while developing, loaded again whenever the code changes.
        "--reload" if env.flag("DEBUG", default=False) and not options.production_like else "--preload",
    )
    return [Child("web", [PYTHON, "-m", "gunicorn", "config.wsgi", *words])]


def _workers(*, production_like: bool) -> list[Child]:
    """One small worker at home; in production's shape, bulk work has a worker of its own and never delays money."""
    if not production_like:
        return [_worker("worker", "money,mail,default,bulk", "--pool", "threads", "--concurrency", "4")]
    return [
        _worker("worker", "money,mail,default", "--concurrency", "2"),
        _worker("bulk", "bulk", "--concurrency", "1"),
    ]


def _worker(name: str, queues: str, *more: str) -> Child:
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "warning", "--hostname", f"{name}@%h")
    return Child(name, [*_celery("worker"), "--queues", queues, *quiet, *more], delay=BACKSTAGE)


def _beat() -> Child:
    return Child("beat", [*_celery("beat"), "--loglevel", "warning", "--pidfile", ""], delay=BACKSTAGE)


def _celery(role: str) -> list[str]:
    # Whoever runs the shop as root knows it; the queue carries JSON only, which is what the warning is about.
    quiet = ("-W", "ignore:You're running the worker")
    return [PYTHON, *quiet, "-m", "celery", "--quiet", "--app", "config", "--workdir", str(ROOT), role]


def _spoken(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1", "::"} else host  # noqa: S104 (compared with)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 (compared with)


def _answers(address: str, web: Child) -> bool:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and web.is_alive:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310 (our own)
            return True
        time.sleep(0.2)
    return False


def _welcome(log: Log, address: str) -> None:
    who = sign_in()
    log.say("shop", "")
    log.say("shop", f"The shop is open:  {address}")
    log.say("shop", f"The admin:         {address}admin/")
    log.say("shop", f"Demo sign-in:      {who.email}   password: {who.password}")
    log.say("shop", "Ctrl-C stops everything.")
    log.say("shop", "")
