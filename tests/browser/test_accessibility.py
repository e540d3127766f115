"""Every kind of page, in both directions and three scripts: axe, width, targets, focus, and what is delivered."""

import gzip
from collections import Counter
from collections.abc import Iterator
from typing import Any

import html5lib
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SIZES, Enter
from tests.browser.pages import KETTLE, LANGUAGES, addresses, focus_is_hidden, go, small_targets

pytestmark = pytest.mark.browser

AXE_AT = {"en": "desktop", "ar": "phone"}
"""Every rule in both directions, on the wide pages of the one and the narrow pages of the other."""
MOST_HTML = 30 * 1024
CHOSEN = "c/kitchen/?colour=ink&colour=clay&material=stoneware"
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form", "popovertarget")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_a_narrow_phone_and_every_target_can_be_hit(enter: Enter, language: str) -> None:
    visit = enter(LANGUAGES[language], language, size="phone", width=320)
    faults = []
    for name, address in addresses(visit).items():
        page = go(visit, address)
        if (wide := visit.overflow()) > 0:
            faults.append(f"{name}: {wide} px too wide")
        faults += [f"{name}: too small: {target}" for target in small_targets(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", AXE_AT)
def test_axe_finds_nothing_on_any_page(enter: Enter, language: str) -> None:
    visit = enter(LANGUAGES[language], language, size=AXE_AT[language])
    faults = []
    for name, address in addresses(visit).items():
        page = go(visit, address)
        faults += [f"{name}: {fault}" for fault in visit.axe()]
        for width, height in sorted(SIZES.values(), key=lambda one: one == SIZES[visit.size]):
            page.set_viewport_size({"width": width, "height": height})
            if (wide := visit.overflow()) > 0:
                faults.append(f"{name} at {width}: {wide} px too wide")
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing_in_rarer_states(enter: Enter) -> None:
    visit = enter("de", "en", size="phone", width=320)
    faults = []
    for rest in ("cart/", "search/?q=zzqqxx", "search/?q=ketle", KETTLE + "?capacity=1.2l", CHOSEN, "account/login/"):
        page = visit.open(rest)
        faults += [f"{rest}: {fault}" for fault in [*visit.axe(), *small_targets(page)]]
        if (wide := visit.overflow()) > 0:
            faults.append(f"{rest}: {wide} px too wide")
    visit.open().locator("[popovertarget=menu]").click()
    faults += [f"open menu: {fault}" for fault in visit.axe()]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("market", "language", "direction"), [("de", "en", "ltr"), ("sa", "ar", "rtl")])
def test_every_page_is_valid_small_and_strictly_guarded(
    enter: Enter, market: str, language: str, direction: str
) -> None:
    visit = enter(market, language)
    faults = []
    for name, address in addresses(visit).items():
        answer = visit.page.request.get(address)
        body = answer.body()
        faults += [f"{name}: {fault}" for fault in [*_policy_faults(answer.headers), *_markup_faults(body)]]
        if (size := len(gzip.compress(body))) > MOST_HTML:
            faults.append(f"{name}: {size} bytes compressed")
        assert f'lang="{language}" dir="{direction}"'.encode() in body
    assert not faults, "\n".join(faults)


def test_the_first_tab_stop_leads_to_the_content_and_no_stop_is_covered(enter: Enter) -> None:
    visit = enter("de", "en")
    faults = []
    for name, address in addresses(visit).items():
        page = go(visit, address)
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.matches('.skip') && !!document.activeElement.offsetHeight"):
            faults.append(f"{name}: the first stop is no skip link")
        page.keyboard.press("Enter")
        if page.evaluate("document.activeElement.id") != "main":
            faults.append(f"{name}: the skip link does not lead to the content")
        faults += [f"{name}: covered: {what}" for what in _covered_stops(page, 30)]
    assert not faults, "\n".join(faults)


def test_the_measures_find_planted_faults(enter: Enter) -> None:
    visit = enter("de", "en", size="phone")
    page = visit.open("pages/returns/")
    assert (visit.axe(), visit.overflow(), small_targets(page)) == ([], 0, [])
    page.evaluate("""() => document.querySelector('main').insertAdjacentHTML('afterbegin',
      '<div><input size="150" type="text"><button class="planted"></button></div>')""")
    assert any(fault.startswith("button-name") for fault in visit.axe())
    assert visit.overflow() > 0
    assert any("planted" in target for target in small_targets(page))
    assert len(list(_markup_faults(b"<!doctype html><p id=a><p id=a style=x><a href=x><a>"))) >= 3
    assert list(_policy_faults({"content-security-policy": "default-src 'self'; style-src 'unsafe-inline'"}))


def _covered_stops(page: Page, most: int) -> Iterator[str]:
    """The stops after the present one that something covers, until the foot of the page."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = focus_is_hidden(page)
        if stop is None or stop["inFoot"]:
            return
        if not stop["seen"]:
            yield stop["what"]


def _policy_faults(headers: dict[str, str]) -> Iterator[str]:
    policy = headers.get("content-security-policy", "")
    if "default-src 'self'" not in policy or "unsafe" in policy or "*" in policy:
        yield f"policy {policy!r}"


def _markup_faults(body: bytes) -> Iterator[str]:
    """What the HTML parser stumbles over, twice-used and missing ids, and anything inline."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Any = parser.parse(body, transport_encoding="utf-8")
    yield from (f"{code} {details} at {place}" for place, code, details in parser.errors)
    elements = list(tree.iter())
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    yield from (f"id {name} is used {count} times" for name, count in ids.items() if count > 1)
    for element in elements:
        for attribute in REFERENCES:
            yield from (
                f"{attribute} names {one}, which is not there"
                for one in (element.get(attribute) or "").split()
                if one not in ids
            )
        yield from (
            f"inline {name} on {element.tag}" for name in element.attrib if name == "style" or name.startswith("on")
        )
        if element.tag == "style" or (element.tag == "script" and not _is_outside(element)):
            yield f"inline {element.tag}"


def _is_outside(script: Any) -> bool:
    return bool(script.get("src")) or script.get("type") == "application/ld+json"
