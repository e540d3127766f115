"""A real browser at the running demo shop. Every page it opens must be free of console errors."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from tests.browser.axe import violations
from tests.browser.demo import EVERY_SCREEN, DemoShop, artefacts, drop, start_demo
from tests.browser.windows import PATIENCE, Kind, Window, Windows

expect.set_options(timeout=PATIENCE)
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
WENT_WELL = pytest.StashKey[bool]()
LOCALES = {"de": "de-DE", "ja": "ja-JP", "ar": "ar-AE", "en": "en-US", "zh-hans": "zh-CN"}


@pytest.fixture(scope="session")
def demo(chromium: Path) -> Iterator[DemoShop]:
    """The demo shop, started once."""
    shop = start_demo()
    yield shop
    shop.stop()
    drop(shop.database)


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """Windows that tests may use after one another."""
    return Windows(browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if call.when == "call":
        item.stash[WENT_WELL] = report.passed
    return report


@dataclass
class Visit:
    """One visitor: a browser window of some size, in one market and language."""

    page: Page
    shop: DemoShop
    market: str
    language: str
    size: str
    complaints: list[str] = field(default_factory=list)

    def path(self, rest: str = "") -> str:
        """The full address below the visitor's market and language."""
        return f"{self.shop.address}/{self.market}/{self.language}/{rest}"

    def open(self, rest: str = "") -> Page:
        """Go to a page and wait until it is at rest."""
        self.page.goto(self.path(rest), wait_until="load")
        return self.page

    def product(self) -> str:
        """The address of the first product on the home page that can be bought."""
        self.open()
        return str(self.page.locator(".card h3 a").first.get_attribute("href"))

    def keep(self, name: str) -> None:
        """A picture of the whole page, for looking at."""
        file = f"{self.market}-{self.language}-{self.size}-{name}.png"
        self.page.screenshot(path=str(artefacts() / file), full_page=True)

    def look(self, name: str) -> None:
        """The same where every screen is to be looked at: SCREENSHOTS=all."""
        if EVERY_SCREEN:
            self.keep(name)

    def axe(self) -> list[str]:
        """What axe-core finds wrong by WCAG 2.2 AA, as `rule: element`.

        The window is as high as the page meanwhile: a bar that stays in sight then covers nothing by chance.
        """
        self.page.wait_for_load_state()
        size = self.page.viewport_size or {"width": 0, "height": 0}
        whole = int(self.page.evaluate("document.documentElement.scrollHeight"))
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
        try:
            return violations(self.page)
        finally:
            self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        self.page.wait_for_load_state()
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


Enter = Callable[..., Visit]


@pytest.fixture
def enter(demo: DemoShop, windows: Windows, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """Opens windows; at the end no page may have complained in its console.

    `fresh`: nobody has been in it before, so that every file is fetched.
    """
    taken: list[Window] = []
    visits: list[Visit] = []

    def come(
        market: str = "de", language: str = "de", *, size: str = "desktop", scripts: bool = True, width: int = 0,
        density: float = 1, fresh: bool = False,
    ) -> Visit:  # fmt: skip
        wide, high = SIZES[size]
        kind = Kind(LOCALES.get(language, "en-US"), width or wide, high, scripts, size == "phone", density)
        window = windows.opened(kind) if fresh else windows.take(kind)
        taken.append(window)
        visit = Visit(window.page, demo, market, language, size)
        visits.append(visit)
        window.listen(console=partial(_note, visit), error=lambda error: visit.complaints.append(str(error)))
        return visit

    yield come
    if request.node.stash.get(WENT_WELL, False):
        for window in taken:
            windows.give_back(window, demo.address)
    else:
        for number, window in enumerate(taken):
            _as_it_was_left(window, f"failed-{request.node.name}-{number}")
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    assert complaints == []


def _as_it_was_left(window: Window, name: str) -> None:
    """A picture of where a test ended that did not go well."""
    with suppress(Error):
        window.page.screenshot(path=str(artefacts() / f"{name}.png"), full_page=True)
    window.context.close()


def _note(visit: Visit, message: ConsoleMessage) -> None:
    if message.type == "error":
        visit.complaints.append(f"{message.text} at {message.location.get('url', '')}")
