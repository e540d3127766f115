"""Returns in a real browser: from the order's page on a phone to the refund, and what the pages look like elsewhere."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.buying import buy
from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in

pytestmark = pytest.mark.browser
ADDRESS = "Lagerweg 1\n04315 Leipzig"


def send_and_deliver(page: Page, shop: str, number: str) -> None:
    """An operator hands over every parcel of the order and marks it as delivered."""
    for deed in ("ship", "deliver"):
        while True:
            page.goto(f"{shop}/admin/orders/{number}/")
            form = page.locator(f"form[action$='/{deed}/']").first
            if not form.count():
                break
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            carrier = form.locator("[name=carrier]")
            if carrier.count():
                carrier.fill("DHL")
            form.locator("button[type=submit]").click()
            page.wait_for_load_state()


def is_in_order(visit: Visit, name: str) -> None:
    """A picture for looking at, nothing wider than the window, nothing against WCAG 2.2 AA."""
    visit.look(f"returns-{name}")
    assert visit.overflow() <= 0
    assert visit.axe() == []


def choose(visit: Visit, address: str, reason: str) -> None:
    """The first screen, for one unit of the first line."""
    visit.page.goto(f"{address}returns/")
    visit.page.locator("select.ret-count").first.select_option("1")
    visit.page.locator("#return-reason").select_option(reason)


def test_a_german_guest_returns_on_a_phone_and_is_paid_back(enter: Enter) -> None:
    guest, office = enter("de", "de", size="phone"), enter("de", "de")
    number, address = buy(guest)
    desk = sign_in(office, "de")
    send_and_deliver(desk, guest.shop.address, number)

    guest.page.goto(address)
    is_in_order(guest, "order")
    guest.page.locator("main a[href$='/returns/']").first.click()
    choose(guest, address, "damaged")
    is_in_order(guest, "1-choose")
    guest.page.locator("button[value=check]").click()
    guest.page.locator("#return-note").fill("Der Deckel ist gesprungen.")
    is_in_order(guest, "2-send")
    back = guest.page.locator(".ticket .total dd").inner_text()
    guest.page.locator("button[value=send]").click()
    guest.page.wait_for_url(re.compile(r"/returns/[A-Z0-9-]+/$"))
    is_in_order(guest, "3-asked")
    found = re.search(r"/returns/([A-Z0-9-]+)/$", guest.page.url)
    assert found
    follow, screen = guest.page.url, f"{guest.shop.address}/admin/returns/{found[1]}/"

    desk.goto(f"{guest.shop.address}/admin/returns/?view=waiting")
    office.look("returns-desk-list")
    desk.goto(screen)
    is_in_order(office, "desk-1")
    desk.locator("form[action$='/approve/'] [name=address]").fill(ADDRESS)
    desk.locator("form[action$='/approve/'] button[type=submit]").click()
    guest.page.goto(follow)
    is_in_order(guest, "4-agreed")
    expect(guest.page.locator("address")).to_contain_text("Lagerweg 1")
    guest.page.locator("#tracking").fill("JJD 4711")
    guest.page.locator("button[value=sent]").click()

    desk.goto(screen)
    desk.locator("form[action$='/receive/'] input.a-qty").first.fill("1")
    desk.locator("form[action$='/receive/'] button[type=submit]").click()
    unit = desk.locator("form[action*='/inspect/']").first
    unit.locator("[name=condition]").select_option("faulty")
    unit.locator("[name=fate]").select_option("write_off")
    unit.locator("[name=note]").fill("Deckel gesprungen")
    is_in_order(office, "desk-2")
    unit.locator("button[type=submit]").click()
    settle = desk.locator("form[action$='/settle/']")
    settle.locator("[name=reason]").fill("Ihre Rücksendung")
    is_in_order(office, "desk-3")
    settle.locator("button[value=preview]").click()
    is_in_order(office, "desk-4-preview")
    desk.locator("button[value=confirm]").click()
    expect(desk.locator("main")).to_contain_text(found[1])

    guest.page.goto(follow)
    is_in_order(guest, "5-done")
    expect(guest.page.locator("main")).to_contain_text(back)


def test_a_guest_in_arabic_sees_the_same_mirrored_and_asks_a_question(enter: Enter) -> None:
    guest, office = enter("ae", "ar", size="phone"), enter("ae", "ar")
    number, address = buy(guest)
    desk = sign_in(office, "en")
    send_and_deliver(desk, guest.shop.address, number)

    choose(guest, address, "too_small")
    is_in_order(guest, "1-choose")
    guest.page.locator("button[value=check]").click()
    is_in_order(guest, "2-send")
    guest.page.locator("button[value=send]").click()
    guest.page.wait_for_url(re.compile(r"/returns/[A-Z0-9-]+/$"))
    is_in_order(guest, "3-asked")
    guest.page.goto(f"{address}questions/")
    guest.page.locator("#ask-category").select_option("fault")
    guest.page.locator("#ask-subject").fill("الغطاء مكسور")
    guest.page.locator("#ask-body").fill("ماذا أفعل؟")
    is_in_order(guest, "6-ask")
    guest.page.locator("main form button[type=submit]").click()
    guest.page.wait_for_url(re.compile(r"/questions/[A-Z0-9-]+/$"))
    is_in_order(guest, "7-talk")
    ticket = guest.page.url.rstrip("/").rpartition("/")[2]
    desk.goto(f"{guest.shop.address}/admin/questions/{ticket}/")
    is_in_order(office, "desk-ticket")
    desk.locator("[name=body]").fill("نرسل لك غطاءً جديدًا.")
    desk.locator("form[action$='/answer/'] button[type=submit]").click()
    guest.page.reload()
    expect(guest.page.locator(".ret-ours")).to_contain_text("غطاء")
    wide = enter("ae", "ar")
    wide.page.goto(f"{address}returns/")
    is_in_order(wide, "1-choose")
