"""A guest buys in German, Japanese and Arabic, on a phone and on a desktop, and once with scripts switched off."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.buying import ADDRESSES
from tests.browser.conftest import Enter, Visit

pytestmark = pytest.mark.browser

SHOPS = [("de", "de"), ("jp", "ja"), ("ae", "ar")]


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize(("market", "language"), SHOPS)
def test_a_guest_buys(enter: Enter, market: str, language: str, size: str) -> None:
    visit = enter(market, language, size=size)
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    visit.keep("product")
    page.locator("form .btn[type=submit], .buy .btn").first.click()
    drawer = page.locator("dialog.sheet[open]")
    expect(drawer).to_be_visible()
    visit.keep("drawer")
    visit.open("cart/")
    visit.keep("cart")
    visit.open("checkout/")
    fill_in(page, market)
    visit.keep("checkout")
    place(page)
    visit.keep("pay")
    order = succeed(visit)
    visit.keep("order")
    assert re.search(r"MER-\d{8}", page.locator("main").inner_text())
    page.reload()
    assert page.url.split("?")[0] == order.split("?")[0]


def test_a_guest_buys_with_scripts_switched_off(enter: Enter) -> None:
    visit = enter("de", "de", size="phone", scripts=False)
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    page.locator(".buy .btn").first.click()
    assert page.url.rstrip("/").endswith("/cart")
    visit.open("checkout/")
    fill_in(page, "de")
    pay(visit)
    visit.keep("order-without-scripts")
    assert re.search(r"MER-\d{8}", page.locator("main").inner_text())


def test_a_declined_payment_keeps_everything_and_another_try_succeeds(enter: Enter) -> None:
    visit = enter("de", "de")
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    page.locator(".buy .btn").first.click()
    expect(page.locator("dialog.sheet[open]")).to_be_visible()
    visit.open("checkout/")
    fill_in(page, "de")
    place(page)
    page.locator("button[name=choice][value=decline]").click()
    page.wait_for_url(re.compile(r"/(retry|pay)"))
    visit.keep("declined")
    page.locator("main form button[type=submit], main form .btn").last.click()
    page.wait_for_url(re.compile(r"/sandbox/pay/"))
    page.locator("button[name=choice][value=succeed]").click()
    page.wait_for_url(re.compile(r"/orders/MER-"))


def test_a_payment_that_stays_pending_ends_by_itself(enter: Enter) -> None:
    visit = enter("de", "de")
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    page.locator(".buy .btn").first.click()
    expect(page.locator("dialog.sheet[open]")).to_be_visible()
    visit.open("checkout/")
    fill_in(page, "de")
    place(page)
    page.locator("button[name=choice][value=pending_succeed]").click()
    page.wait_for_url(re.compile(r"/orders/MER-|/return/"))
    visit.keep("pending")
    expect(page.locator("[data-settled]").first).to_be_attached(timeout=40_000)


def fill_in(page: Page, market: str) -> None:
    """Type the contact and the address the way the market's form asks for it."""
    page.locator("[name=email]").fill("buyer@example.com")
    for name, value in ADDRESSES[market].items():
        field = page.locator(f"form [name={name}]:visible").first
        if field.evaluate("element => element.tagName") == "SELECT":
            option = field.locator("option", has_text=value).first
            field.select_option(option.get_attribute("value"))
        else:
            field.fill(value)
    page.locator("[name=payment][value=card]").check()


def place(page: Page) -> None:
    """Press the order button and arrive at the test payment page."""
    page.locator("form#checkout button[name=action][value=place]:visible").last.click()
    page.wait_for_url(re.compile(r"/sandbox/pay/"))


def succeed(visit: Visit) -> str:
    """Let the test payment succeed; returns the order's address."""
    visit.page.locator("button[name=choice][value=succeed]").click()
    visit.page.wait_for_url(re.compile(r"/orders/MER-"))
    return visit.page.url


def pay(visit: Visit) -> str:
    """Order and let the test payment succeed; returns the order's address."""
    place(visit.page)
    return succeed(visit)
