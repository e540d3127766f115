"""A set, a pre-sale and a download in a real browser: seen, bought, fetched; on a phone, in German and in Arabic."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.test_purchase import fill_in, pay

pytestmark = pytest.mark.browser

SET, AHEAD, BOOK = "MER-SET-POUR", "KS-GK-09-WE", "PG-BN-PDF"
NAMES = {
    "de": {SET: "Set für den ersten Aufguss", AHEAD: "Kesen Winterkessel", BOOK: "Brühnotizen"},
    "ar": {SET: "طقم القهوة المقطّرة الأولى", AHEAD: "إبريق كيسن الشتوي", BOOK: "ملاحظات التحضير"},
}


def find(visit: Visit, sku: str) -> Page:
    """The product page, found by its SKU."""
    page = visit.open(f"search/?q={sku}")
    page.locator("main .card h3 a").first.click()
    expect(page.locator("h1").first).to_contain_text(NAMES[visit.language][sku])
    return page


def sound(visit: Visit, name: str) -> None:
    """Looked at, nothing too wide, nothing axe complains about."""
    visit.look(name)
    assert visit.overflow() <= 0
    assert visit.axe() == []


def add(visit: Visit) -> None:
    visit.page.locator(".buy .btn").first.click()
    expect(visit.page.locator("dialog.sheet[open]")).to_be_visible()


@pytest.mark.parametrize(("market", "language"), [("de", "de"), ("ae", "ar")])
def test_a_set_says_what_is_in_it_from_the_page_to_the_order(enter: Enter, market: str, language: str) -> None:
    visit = enter(market, language, size="phone")
    page = find(visit, SET)
    expect(page.locator(".set li").nth(2)).to_be_visible()
    sound(visit, "set")
    add(visit)
    visit.open("cart/")
    assert page.locator(".in-set li").count() == 3
    sound(visit, "set-cart")
    visit.open("checkout/")
    fill_in(page, market)
    pay(visit)
    assert page.locator(".in-set li").count() == 3
    sound(visit, "set-order")


@pytest.mark.parametrize(("market", "language"), [("de", "de"), ("ae", "ar")])
def test_a_pre_sale_says_its_day_everywhere(enter: Enter, market: str, language: str) -> None:
    visit = enter(market, language, size="phone")
    visit.open(f"search/?q={AHEAD}")
    visit.look("presale-card")
    page = find(visit, AHEAD)
    day = page.locator("main time").first.inner_text()
    sound(visit, "presale")
    add(visit)
    visit.open("cart/")
    expect(page.locator("main")).to_contain_text(day)
    sound(visit, "presale-cart")
    visit.open("checkout/")
    expect(page.locator("main")).to_contain_text(day)
    fill_in(page, market)
    visit.look("presale-checkout")
    pay(visit)
    expect(page.locator("main")).to_contain_text(day)
    sound(visit, "presale-order")


def test_a_download_is_bought_agreed_to_and_fetched(enter: Enter) -> None:
    visit = enter("de", "de", size="phone")
    page = find(visit, BOOK)
    sound(visit, "download")
    add(visit)
    visit.open("checkout/")
    expect(page.locator("input[name=delivery]")).to_have_count(0)
    sound(visit, "download-checkout")
    fill_in(page, "de")
    pay(visit)
    for _ in range(60):
        if page.locator("#downloads").count():
            break
        page.reload()
    sound(visit, "download-asks")
    assert page.locator("#downloads a").count() == 0
    page.locator("#downloads input[name=agree]").check()
    page.locator("#downloads button[type=submit]").click()
    link = page.locator("#downloads a").first
    expect(link).to_be_visible()
    sound(visit, "download-open")
    with page.expect_download() as waiting:
        link.click()
    assert waiting.value.suggested_filename == "brewing-notes.pdf"
    page.reload()
    assert re.search(r"\b4\b", page.locator("#downloads li").first.inner_text())


def test_the_word_can_be_given_at_the_checkout_and_without_scripts(enter: Enter) -> None:
    visit = enter("de", "de", size="phone", scripts=False)
    page = find(visit, BOOK)
    page.locator(".buy .btn").first.click()
    visit.open("checkout/")
    page.locator("input[name=download_consent]").check()
    fill_in(page, "de")
    pay(visit)
    for _ in range(60):
        if page.locator("#downloads a").count():
            break
        page.reload()
    assert page.locator("#downloads a").count() == 1
    assert page.locator("#downloads input[name=agree]").count() == 0
