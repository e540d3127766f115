"""What CI runs, in the order in which trouble shows soonest. Every check is run, so one visit tells all."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import env
from config.launch.embedded import Servers
from config.launch.places import ROOT, TEST, place_of

PYTHON = sys.executable
WORKERS = "2"
LOCKS = ("runtime", "installer", "dev")
TEMPLATE_FOLDERS = ("templates",)


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]


def verify(arguments: Sequence[str]) -> int:
    """`make check`: everything but the tests."""
    servers = _test_servers()
    try:
        failed = _run_all(_checks())
    finally:
        servers.leave(keep_running=True)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def test(arguments: Sequence[str]) -> int:
    """`make test`: the checks, then every test on the embedded servers. Ends with pytest's own summary."""
    servers = _test_servers()
    try:
        with _preparing():
            failed = _run_all(_checks())
            # Tests that empty the database come last of all; only when single tests are handed out do they stay there.
            passed = _pytest("-n", WORKERS, "--dist", "load", *arguments, failed=failed)
    finally:
        servers.leave()
    return 0 if passed and not failed else 1


@contextmanager
def _preparing() -> Iterator[None]:
    """Beside the checks, which use one core, and the first tests: the databases of the tests.

    A test that needs one of them before waits. What goes wrong there the tests will tell.
    """
    environment = env.snapshot(DJANGO_SETTINGS_MODULE="config.settings.test")
    process = subprocess.Popen([PYTHON, "-m", "tests.prepare"], cwd=ROOT, env=environment)  # noqa: S603 (ourselves)
    try:
        yield
        process.wait()
    finally:
        process.terminate()


def bench(arguments: Sequence[str]) -> int:
    """`make bench`: the measurements, alone on the machine."""
    servers = _test_servers()
    try:
        return 0 if _pytest("-m", "bench", "-s", *arguments, failed=()) else 1
    finally:
        servers.leave()


def bench_catalogue(arguments: Sequence[str]) -> int:
    """`make bench-catalogue`: pages over growing catalogues, written to docs/performance.md."""
    servers = _test_servers()
    try:
        words = (PYTHON, "-m", "tests.bench.catalogue", *arguments)
        return subprocess.run(words, cwd=ROOT, check=False).returncode  # noqa: S603 (ourselves)
    finally:
        servers.leave()


def format_code(arguments: Sequence[str]) -> int:
    steps = (
        Check("order and shape of Python", _tool("ruff", "check", "--fix-only", "--quiet", ".")),
        Check("shape of Python", _tool("ruff", "format", "--quiet", ".")),
        Check("shape of templates", _tool("djade", "--target-version", "5.2", *_templates())),
    )
    for step in steps:
        # djade answers 1 when it has changed something.
        subprocess.run(step.command, cwd=ROOT, check=False)  # noqa: S603 (our own tools, no shell)
    return 0


def lock(arguments: Sequence[str]) -> int:
    """`make lock`: keeps the pinned versions unless `--upgrade` is said."""
    for name in LOCKS:
        words = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes")
        command = _tool("uv", *words, "--no-header", *arguments, f"{name}.in", "-o", f"{name}.txt")
        done = subprocess.run(  # noqa: S603 (our own tool, no shell)
            command, cwd=ROOT / "requirements", env=env.snapshot(UV_SYSTEM_CERTS="1"), check=False
        )
        if done.returncode:
            return done.returncode
    return 0


def _checks() -> list[Check]:
    templates = _templates()
    manage = (PYTHON, "manage.py")
    return [
        Check("lint", _tool("ruff", "check", ".")),
        Check("format", _tool("ruff", "format", "--check", ".")),
        Check("template format", _tool("djade", "--check", "--target-version", "5.2", *templates)),
        Check("template lint", _tool("djlint", "--lint", "--quiet", *templates)),
        Check("import contracts", _tool("lint-imports", "--cache-dir", "var/cache/imports")),
        Check("system check", (*manage, "check", "--fail-level", "WARNING")),
        Check("migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Check("translations", (PYTHON, "-m", "config.launch.messages")),
        Check("types", _tool("mypy", ".")),
    ]


def _run_all(checks: Sequence[Check]) -> list[str]:
    return [check.name for check in checks if not _passes(check)]


def _passes(check: Check) -> bool:
    """Quiet when all is well; otherwise everything the tool said."""
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 (our own tools, no shell)
        check.command,
        cwd=ROOT,
        env=env.snapshot(DJANGO_SETTINGS_MODULE="config.settings.test"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    print(f"{'ok    ' if not done.returncode else 'FAILED'}  {check.name} ({seconds:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return not done.returncode


def _pytest(*words: str, failed: Sequence[str]) -> bool:
    environment = env.snapshot(FAILED_CHECKS=",".join(failed), DJANGO_SETTINGS_MODULE="config.settings.test")
    done = subprocess.run([PYTHON, "-m", "pytest", *words], cwd=ROOT, env=environment, check=False)  # noqa: S603 (ourselves)
    return done.returncode == 0


def _test_servers() -> Servers:
    servers = Servers(place_of(ROOT, TEST))
    servers.use()
    return servers


def _tool(name: str, *words: str) -> tuple[str, ...]:
    """A tool of the environment, by its place: the checkout may have been moved or its path may hold spaces."""
    return (str(Path(PYTHON).parent / name), *words)


def _templates() -> list[str]:
    return [
        str(path.relative_to(ROOT)) for folder in TEMPLATE_FOLDERS for path in sorted((ROOT / folder).rglob("*.html"))
    ]
