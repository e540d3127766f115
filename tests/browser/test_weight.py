"""What a page weighs on the wire, and that nothing jumps while it arrives."""

import gzip
import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Enter
from tests.browser.pages import KETTLE

pytestmark = pytest.mark.browser

MOST_SCRIPTS = 15 * 1024
MOST_STYLES = 12 * 1024
MOST_PICTURE = 120 * 1024
MOST_SHIFT = 0.05
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 300);
})"""


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_pages_are_light_and_do_not_jump(enter: Enter, size: str) -> None:
    visit = enter("de", "en", size=size)
    for rest in ("", "c/kitchen/", KETTLE):
        page = visit.open(rest)
        assert page.evaluate(SHIFT) < MOST_SHIFT, rest
        assert _weight(page, r"\.js$") < MOST_SCRIPTS, rest
        assert _weight(page, r"\.css$") < MOST_STYLES, rest
        first = page.locator("img[fetchpriority=high]").first
        answer = page.request.get(str(first.evaluate("one => one.currentSrc")))
        assert len(answer.body()) < MOST_PICTURE, rest
        assert page.locator("main img:not([width]), main img:not([height]), main img:not([alt])").count() == 0


def _weight(page: Page, name: str) -> int:
    """What all files of that name weigh, compressed."""
    addresses = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    wanted = {address for address in addresses if re.search(name, address)}
    assert wanted
    return sum(len(gzip.compress(page.request.get(address).body())) for address in wanted)
