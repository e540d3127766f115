"""The warehouse floor on a phone without scripts: a round, a missing piece, a box by scanner, a label, a list."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.buying import buy
from tests.browser.conftest import Enter, Visit
from tests.browser.demo import artefacts
from tests.browser.operator import sign_in
from tests.browser.pages import SMALL_TARGETS

pytestmark = pytest.mark.browser
PLACE = "LEJ"
AXE_AT = {("ar", "phone"), ("de", "desktop")}
OTHER = "4006381333931"
"""A code of nothing in the shop."""


def is_shown(visit: Visit, name: str) -> None:
    """A picture for looking at, nothing wider than the window, nothing too small for a thumb.

    What is wrong is complained of at the end, so that one walk tells everything.
    """
    visit.look(f"floor-{name}")
    if visit.overflow() > 0:
        visit.complaints.append(f"{name}: wider than the window")
    visit.complaints += [f"{name}: {small}" for small in visit.page.evaluate(SMALL_TARGETS)]


def is_in_order(visit: Visit, name: str) -> None:
    """The same, and nothing against WCAG 2.2 AA, which is measured by a script, once in each direction."""
    is_shown(visit, name)
    if (visit.language, visit.size) in AXE_AT:
        visit.complaints += [f"{name}: {broken}" for broken in visit.axe()]


def scan(page: Page, code: str) -> None:
    """As a scanner does it: the field has the focus already, the code is typed, Enter is pressed."""
    expect(page.locator("#id_code")).to_be_focused()
    page.keyboard.type(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def said(page: Page) -> str:
    return page.locator("main > [role=status]").inner_text()


def printed(visit: Visit, address: str, name: str) -> None:
    """A PDF, kept for looking at."""
    answer = visit.page.context.request.get(visit.shop.address + address)
    assert answer.body().startswith(b"%PDF")
    (artefacts() / f"floor-{name}.pdf").write_bytes(answer.body())


def chosen(page: Page, numbers: list[str]) -> None:
    """Tick the parcels of these orders and put them into one wave."""
    for number in numbers:
        page.locator("tr[data-row]", has_text=number).locator("input[type=checkbox]").check()


def walk(office: Visit, numbers: list[str]) -> tuple[str, str]:
    """A round for these orders on which the last piece is not there; returns its number and the article."""
    page, shop = office.page, office.shop.address
    page.goto(f"{shop}/admin/floor/{PLACE}/pick/")
    chosen(page, numbers)
    is_shown(office, "plan")
    page.locator("form:has([name=parcel]) button:not([name])").click()
    page.wait_for_url(re.compile(r"/waves/PW-\d+/$"))
    wave = page.url.rstrip("/").rpartition("/")[2]
    is_shown(office, "wave")
    page.locator("form[action$='/start/'] button").click()
    page.wait_for_url(re.compile(r"/pick/$"))
    sku = page.locator("p.muted bdi").first.inner_text()
    scan(page, OTHER)
    assert OTHER in said(page)
    expect(page.locator("audio")).to_have_count(1)
    is_shown(office, "wrong")
    scan(page, sku)
    page.locator(".f-count").last.fill("0")
    is_shown(office, "pick")
    page.locator("button[value=missing]").click()
    page.wait_for_url(re.compile(rf"/waves/{wave}/$"))
    is_shown(office, "short-wave")
    return wave, sku


def pack(office: Visit, tote: str, sku: str) -> str:
    """Check, close and label the box of a tote, and make its packing slip; returns the parcel's address."""
    page = office.page
    page.goto(f"{office.shop.address}/admin/floor/{PLACE}/pack/")
    is_shown(office, "table")
    scan(page, tote)
    page.wait_for_url(re.compile(r"/parcels/\d+/$"))
    is_shown(office, "pack")
    scan(page, OTHER)
    assert OTHER in said(page)
    scan(page, sku)
    is_shown(office, "full")
    page.locator("#box-weight_g").fill("900")
    page.locator("form[action$='/close/'] button").click()
    page.wait_for_load_state()
    is_shown(office, "way")
    page.locator("form[action$='/label/'] button").first.click()
    page.wait_for_load_state()
    is_shown(office, "ready")
    address = page.url
    form = page.locator("form[action$='/paper/']").first
    told = {
        name: form.locator(f"[name={name}]").get_attribute("value") or "" for name in ("csrfmiddlewaretoken", "kind")
    }
    path = form.get_attribute("action") or ""
    slip = page.context.request.post(office.shop.address + path, form=told, headers={"Referer": address})
    assert slip.body().startswith(b"%PDF")
    return address


def hand_over(office: Visit) -> str:
    """Everything that waits for the first carrier leaves; returns the path of the list."""
    page, shop = office.page, office.shop.address
    page.goto(f"{shop}/admin/floor/{PLACE}/handover/")
    is_shown(office, "handovers")
    page.locator("form:has([name=carrier]) button").first.click()
    page.wait_for_url(re.compile(r"/lists/HO-\d+/$"))
    is_shown(office, "handover")
    expect(page.locator(".t-ok").first).to_be_visible()
    return page.url.removeprefix(shop)


def test_from_the_shelf_to_the_drivers_list_with_a_piece_missing(enter: Enter) -> None:
    guest, office = enter("de", "de"), enter("de", "de", size="phone", scripts=False)
    numbers = [buy(guest)[0], buy(guest)[0]]
    page, shop = sign_in(office, "de"), office.shop.address
    page.goto(f"{shop}/admin/floor/")
    is_shown(office, "home")
    wave, sku = walk(office, numbers)
    parcel = pack(office, f"{wave}/1", sku)
    listed = hand_over(office)
    page.goto(parcel)
    is_shown(office, "gone")

    page.goto(f"{shop}/admin/floor/missing/")
    is_shown(office, "shorts")
    page.locator("tr[data-row] a").first.click()
    is_shown(office, "short")
    page.locator("form[action$='/found/'] button").click()
    page.wait_for_load_state()
    for language in ("de", "ja", "ar"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": shop}])
        printed(office, f"/admin/floor/waves/{wave}/list/", f"pick-list-{language}")
        printed(office, f"{listed}paper/", f"drivers-list-{language}")


@pytest.mark.parametrize(("language", "size"), [("ar", "phone"), ("ja", "phone"), ("ar", "desktop"), ("de", "desktop")])
def test_every_screen_holds_in_other_scripts_and_sizes(enter: Enter, language: str, size: str) -> None:
    guest, office = enter("de", "de"), enter("de", language, size=size)
    number, _address = buy(guest)
    page, shop = sign_in(office, language), office.shop.address
    page.goto(f"{shop}/admin/floor/{PLACE}/pick/")
    chosen(page, [number])
    is_in_order(office, "plan")
    page.locator("form:has([name=parcel]) button:not([name])").click()
    page.wait_for_url(re.compile(r"/waves/PW-\d+/$"))
    is_in_order(office, "wave")
    page.locator("form[action$='/start/'] button").click()
    page.wait_for_url(re.compile(r"/pick/$"))
    sku = page.locator("p.muted bdi").first.inner_text()
    is_in_order(office, "pick")
    scan(page, sku)
    page.locator("main a[href*='/floor/parcels/']").first.click()
    page.wait_for_url(re.compile(r"/parcels/\d+/$"))
    scan(page, OTHER)
    is_in_order(office, "pack")
    for name, address in (("home", ""), ("table", f"{PLACE}/pack/"), ("handovers", f"{PLACE}/handover/")):
        page.goto(f"{shop}/admin/floor/{address}")
        is_in_order(office, name)
