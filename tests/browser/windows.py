"""Browser windows that tests use one after the other: each finds it empty, but for the files a browser keeps.

Opening a window costs half a second, and its first page fetches every style, script and picture again. A window is
given on only after a test that went well, and only when everything the test left in it is gone.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Error, Page, ViewportSize

PATIENCE = 15_000
FIRST_PAGES = 60_000
"""Milliseconds. A shop that has only just started puts its pages together for the first time."""
NOTHING = "about:blank"
KEPT_FOR_SITES = "cookies,indexeddb,local_storage,service_workers,cache_storage"


@dataclass(frozen=True)
class Kind:
    """What cannot be changed about a window once it is open."""

    locale: str
    width: int
    height: int
    scripts: bool
    touch: bool
    density: float


@dataclass
class Window:
    """A page in a profile of its own."""

    kind: Kind
    context: BrowserContext
    page: Page
    control: CDPSession
    ears: dict[str, Callable[..., None]] = field(default_factory=dict)

    def listen(self, *, console: Callable[[ConsoleMessage], None], error: Callable[[Error], None]) -> None:
        """Hear what its pages complain of, until it is given back."""
        self.ears = {"console": console, "pageerror": error}
        self.page.on("console", console)
        self.page.on("pageerror", error)

    def _stop_listening(self) -> None:
        for event, heard in self.ears.items():
            self.page.remove_listener(event, heard)
        self.ears = {}

    def forget(self, address: str) -> bool:
        """Forget whoever looked into it; false when a page of elsewhere hides what the shop keeps in this tab."""
        if not self.page.url.startswith(address):
            return False
        self._stop_listening()
        for other in self.context.pages:
            if other != self.page:
                other.close()
        self.page.evaluate("sessionStorage.clear()")
        self.page.goto(NOTHING)
        self.control.send("Page.resetNavigationHistory")
        self.control.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": KEPT_FOR_SITES})
        self.context.clear_cookies()
        self.context.clear_permissions()
        self.page.set_viewport_size(ViewportSize(width=self.kind.width, height=self.kind.height))
        return True


@dataclass
class Windows:
    """Those of one browser that nobody uses at the moment."""

    browser: Browser
    free: dict[Kind, list[Window]] = field(default_factory=lambda: defaultdict(list))

    def take(self, kind: Kind) -> Window:
        """One that nobody else has until it is given back."""
        waiting = self.free[kind]
        window = waiting.pop() if waiting else self.opened(kind)
        window.context.set_default_timeout(PATIENCE)
        window.page.set_default_timeout(PATIENCE)
        window.page.set_default_navigation_timeout(FIRST_PAGES)
        return window

    def opened(self, kind: Kind) -> Window:
        """A new one, with nothing in it at all."""
        context = self.browser.new_context(
            viewport={"width": kind.width, "height": kind.height},
            locale=kind.locale,
            java_script_enabled=kind.scripts,
            reduced_motion="reduce",
            has_touch=kind.touch,
            device_scale_factor=kind.density,
        )
        page = context.new_page()
        return Window(kind, context, page, context.new_cdp_session(page))

    def give_back(self, window: Window, address: str) -> None:
        """For the next test, or, if it cannot be emptied, for nobody."""
        try:
            is_empty = window.forget(address)
        except Error:
            is_empty = False
        if is_empty:
            self.free[window.kind].append(window)
        else:
            window.context.close()
