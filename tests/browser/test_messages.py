"""Guests are equal: on a phone they choose how they are told, correct their address and have their links mailed.

And operators look at every message, in every direction of writing, and put words of their own below them.
"""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.buying import buy
from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in

pytestmark = pytest.mark.browser
PARCELS = "[name=parcels]"


def bought(visit: Visit) -> Page:
    """The page of an order that was just paid."""
    _number, address = buy(visit, email=f"{uuid4().hex}@example.com")  # nobody who has chosen anything yet
    visit.page.goto(address)
    return visit.page


def is_in_order(visit: Visit, name: str, *, axe: bool = True) -> None:
    """A picture for looking at, nothing wider than the window, nothing against WCAG 2.2 AA."""
    visit.look(f"messages-{name}")
    assert visit.overflow() <= 0
    assert not axe or visit.axe() == []


@pytest.mark.parametrize(("market", "language", "size"), [("de", "de", "phone"), ("ae", "ar", "desktop")])
def test_a_guest_chooses_how_to_be_told(enter: Enter, market: str, language: str, size: str) -> None:
    visit = enter(market, language, size=size)
    page = bought(visit)
    form = page.locator("form[action$='/messages/']")
    expect(form.locator(PARCELS)).to_be_checked()
    form.locator(PARCELS).uncheck()
    if form.locator("[name=sms]").count():
        form.locator("[name=sms]").check()
    form.locator("button").click()
    page.wait_for_load_state()
    expect(page.locator(f"form[action$='/messages/'] {PARCELS}")).not_to_be_checked()
    is_in_order(visit, "order")


@pytest.mark.parametrize(("market", "language", "size"), [("de", "de", "phone"), ("ae", "ar", "desktop")])
def test_a_guest_corrects_the_address(enter: Enter, market: str, language: str, size: str) -> None:
    visit = enter(market, language, size=size)
    page = bought(visit)
    page.locator("a[href$='/address/']").first.click()
    page.wait_for_url(re.compile(r"/address/$"))
    page.locator("[name=street]").fill("")
    page.locator("form.panel button[type=submit]").click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    visit.complaints.clear()  # a refused form is answered with 422, which a browser notes
    is_in_order(visit, "address-refused")
    page.locator("[name=street]").fill("Nebenweg 7")
    page.locator("form.panel button[type=submit]").click()
    page.wait_for_url(re.compile(r"/orders/MER-\d+/[^/]+/$"))
    assert "Nebenweg 7" in page.locator("main").inner_text()
    is_in_order(visit, "address-corrected")


@pytest.mark.parametrize(("language", "size"), [("de", "phone"), ("ar", "desktop")])
def test_links_are_mailed_and_the_answer_tells_nothing(enter: Enter, language: str, size: str) -> None:
    visit = enter("de" if language == "de" else "ae", language, size=size)
    page = visit.open("orders/links/")
    is_in_order(visit, "links")
    page.locator("[name=email]").fill("nobody-ordered@example.com")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[role=status]").first).to_be_visible()
    assert "nobody-ordered" not in page.locator("main").inner_text()
    is_in_order(visit, "links-asked")


@pytest.mark.parametrize(("language", "size"), [("de", "desktop"), ("ar", "desktop"), ("de", "phone")])
def test_operators_look_at_messages_and_add_words(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", "de", size=size)
    page = sign_in(visit, language)
    page.goto(f"{visit.shop.address}/admin/messages/?kind=order_shipped&language={language}")
    expect(page.frame_locator("iframe.mail-frame").locator("h1")).to_be_visible()
    words = page.locator("[name=signature-text]")
    words.fill(f"Meridian {size}\nwww.example.com")
    words.locator("xpath=ancestor::form").locator("button").click()
    page.wait_for_load_state()
    expect(page.frame_locator("iframe.mail-frame").locator("footer")).to_contain_text(f"Meridian {size}")
    is_in_order(visit, "preview", axe=size == "desktop")
