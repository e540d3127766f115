"""What every test stands on: the embedded servers, a database of its own, a cache of its own, and no network.

`.venv/bin/pytest tests/anything` needs nothing started beforehand. The servers stay up between runs, because starting
is what takes time; `manage.py stop-test-servers` stops them, and `make test` does so at its end.
"""

from __future__ import annotations

import gc
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from config import env
from config.launch.embedded import Servers
from config.launch.messages import compile_messages
from config.launch.places import ROOT, TEST, place_of
from tests import emptying, isolation
from tests.databases import TestDatabase, end_what_was_left_open

NO_CHROMIUM = (
    "No Chromium was found. Install one (on Debian: apt-get install chromium), or name its program in CHROMIUM, "
    "or leave the browser tests out with BROWSER=skip."
)
SERVERS = Servers(place_of(ROOT, TEST))


def pytest_configure(config: pytest.Config) -> None:
    isolation.refuse_the_network()
    isolation.separate_cache_keys()
    # The browser's driver keeps an event loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if _is_controller(config):
        SERVERS.use()
        compile_messages(ROOT)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _is_controller(config):
        SERVERS.leave(keep_running=True)


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage, again and again, is a tenth of a test's work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those that empty the database come last, also after pytest has put together what shares a browser."""
    items.sort(key=_empties_the_database)
    if env.text("BROWSER", "").lower() != "skip":
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("browser")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    failed = env.words("FAILED_CHECKS")
    if failed:
        terminalreporter.section("checks that failed before the tests", red=True)
        for name in failed:
            terminalreporter.line(f"FAILED {name} (its complaints are further up)")


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A copy of a migrated database per process: migrations run only when they have changed."""
    with django_db_blocker.unblock():
        database = TestDatabase(worker=_worker(request.config), rebuild=request.config.getvalue("create_db"))
        database.make()
    emptying.empty_quickly()
    yield
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture
def run_outbox() -> Callable[[], int]:
    """Deliver everything that was announced, as a worker would; a handler that fails fails the test."""
    from core import outbox
    from core.models import OutboxMessage

    def deliver() -> int:
        delivered = outbox.drain(limit=10_000)
        failed = OutboxMessage.objects.exclude(last_error="").values_list("handler", "last_error")
        assert not list(failed), list(failed)
        return delivered

    return deliver


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Nothing cached by one test is seen by the next."""
    from catalog.listing import index

    isolation.next_test()
    index.forget()


@pytest.fixture(scope="module", autouse=True)
def world_of_module(request: pytest.FixtureRequest) -> Iterator[object]:
    """What the tests of this module share, if it says so (`tests.shared_world`)."""
    from tests import shared_world

    build = shared_world.builder_of(request.module.__name__)
    if build is None:
        yield None
        return
    if any(item.path == request.path and _empties_the_database(item) for item in request.session.items):
        pytest.fail("Tests that empty the database cannot share a world.", pytrace=False)
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    around = ExitStack()
    with blocker.unblock():
        made = around.enter_context(shared_world.built(build))
    yield made
    with blocker.unblock():
        around.close()


@pytest.fixture(autouse=True)
def alone_in_the_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nobody of a test that used several connections is still at work when its tables are emptied."""
    yield
    if _empties_the_database(request.node):
        left = end_what_was_left_open()
        if left:
            warnings.warn(f"{request.node.name} left transactions open: {left}", stacklevel=1)


@pytest.fixture(scope="session")
def chromium() -> Path:
    for name in (env.text("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return Path(found)
    pytest.fail(NO_CHROMIUM, pytrace=False)


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: Path) -> dict[str, object]:
    """The system's Chromium; root may not use its sandbox, and containers have little shared memory."""
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": str(chromium), "args": arguments, "headless": True}


def _empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return marker is not None and bool(marker.kwargs.get("transaction"))


def _is_controller(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")


def _worker(config: pytest.Config) -> str:
    return config.workerinput["workerid"] if hasattr(config, "workerinput") else "main"
