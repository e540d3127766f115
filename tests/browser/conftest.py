"""A real browser at the running demo shop. Every page it opens must be free of console errors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.demo import DemoShop, artefacts, drop, start_demo

AXE = Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"phone": (390, 844), "desktop": (1440, 900)}
LOCALES = {"de": "de-DE", "ja": "ja-JP", "ar": "ar-AE", "en": "en-US", "zh-hans": "zh-CN"}


@pytest.fixture(scope="session")
def demo(chromium: Path) -> Iterator[DemoShop]:
    """The demo shop, started once."""
    shop = start_demo()
    yield shop
    shop.stop()
    drop(shop.database)


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

    def axe(self) -> list[str]:
        """What axe-core finds wrong by WCAG 2.2 AA, as `rule: element`.

        The window is as high as the page meanwhile: a bar that stays in sight then covers nothing by chance.
        """
        size = self.page.viewport_size or {"width": 0, "height": 0}
        whole = int(self.page.evaluate("document.documentElement.scrollHeight"))
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], whole)})
        try:
            return self._axe()
        finally:
            self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def _axe(self) -> list[str]:
        if not self.page.evaluate("!!window.axe"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = self.page.evaluate("tags => axe.run({runOnly: tags})", RULES)
        return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


Enter = Callable[..., Visit]


@pytest.fixture
def enter(demo: DemoShop, browser: Browser) -> Iterator[Enter]:
    """Opens windows; at the end no page may have complained in its console."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def come(
        market: str = "de", language: str = "de", *, size: str = "desktop", scripts: bool = True, width: int = 0,
        density: float = 1,
    ) -> Visit:  # fmt: skip
        wide, high = SIZES[size]
        context = browser.new_context(
            viewport={"width": width or wide, "height": high},
            locale=LOCALES.get(language, "en-US"),
            java_script_enabled=scripts,
            reduced_motion="reduce",
            has_touch=size == "phone",
            device_scale_factor=density,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page, demo, market, language, size)
        visits.append(visit)
        page.on("console", lambda message: _note(visit, message))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield come
    for context in contexts:
        context.close()
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    assert complaints == []


def _note(visit: Visit, message: ConsoleMessage) -> None:
    if message.type == "error":
        visit.complaints.append(f"{message.text} at {message.location.get('url', '')}")
