"""What holds on every screen, and search: language, suggestion of a market, no scripts, cookies, finding things."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.pages import KETTLE, fill_cart

pytestmark = pytest.mark.browser

NEEDED_COOKIES = {"sessionid", "csrftoken", "cart", "ship_to", "django_language", "messages", "stay"}
NEEDED_KEYS = {"htmx-current-path-for-history", "seen", "compared"}
MOST_SUGGESTIONS = {"phone": 8, "desktop": 10}
WORDS_FOR_RETURNS = {"en": "returns", "de": "Rückgabe", "ar": "الإرجاع", "zh-hans": "退货"}


def test_another_language_keeps_the_product_and_the_cart(enter: Enter) -> None:
    visit = enter("de", "en")
    page = visit.page
    fill_cart(visit)
    page.locator("dialog [data-close]").click()
    variant = page.locator("#buy [name=variant]").input_value()
    page.locator(".tools a.market").click()
    page.locator("#choose-language").select_option("ar")
    page.locator("#choose-language").locator("xpath=ancestor::form").locator("button").click()
    page.wait_for_url(re.compile(r"/de/ar/p/"))
    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("#buy [name=variant]").input_value() == variant
    expect(page.locator("cart-badge .count")).to_be_visible()


def test_a_better_market_is_suggested_once_and_never_forced(enter: Enter) -> None:
    visit = enter("fr", "fr")
    page = visit.page
    answer = page.goto(visit.path())
    assert answer
    assert answer.status == 200
    assert answer.request.redirected_from is None
    assert page.url == visit.path()
    hint = page.locator("market-suggestion")
    expect(hint.locator("a, button")).to_have_count(2)
    hint.locator("button").click()
    expect(hint).to_have_count(0)
    for rest in ("", "cart/"):
        visit.open(rest)
        expect(page.locator("market-suggestion")).to_have_count(0)


def test_without_scripts_one_can_search_filter_sort_choose_and_change(enter: Enter) -> None:
    visit = enter("de", "en", scripts=False)
    page = visit.open()
    page.locator("header [name=q]").fill("tea")
    page.locator("header .search button").click()
    all_found = _number(page.locator("#result-count").inner_text())
    box = page.locator("#filters input[type=checkbox]:not([disabled])").first
    name, value = box.get_attribute("name"), box.get_attribute("value")
    box.check()
    page.locator("#filters button[type=submit]").click()
    assert f"{name}={value}" in page.url
    assert "q=tea" in page.url
    assert _number(page.locator("#result-count").inner_text()) <= all_found
    page.locator("#sort").select_option("price")
    page.locator("#sort ~ noscript button, .bar button").first.click()
    assert "sort=price" in page.url

    visit.open(KETTLE)
    price = page.locator(".pdp .price").first.inner_text()
    page.locator("[name=capacity][value='0.9l']").check()
    page.locator("form[data-options] button").click()
    assert "capacity=0.9l" in page.url
    assert page.locator(".pdp .price").first.inner_text() != price
    page.locator(".buy button.btn").click()
    total = page.locator(".ticket .total dd").first.inner_text()
    page.locator("[name=quantity]").fill("2")
    page.locator("form[data-cart] noscript button, form[data-cart] .btn").first.click()
    assert page.locator(".ticket .total dd").first.inner_text() != total
    visit.open("orders/find/")
    expect(page.locator("main form [name=number]")).to_be_visible()


def test_only_what_is_needed_is_stored(enter: Enter) -> None:
    visit = enter("de", "de", fresh=True)
    fill_cart(visit)
    visit.open("checkout/")
    assert {cookie.get("name") for cookie in visit.page.context.cookies()} <= NEEDED_COOKIES
    assert visit.page.evaluate("Object.keys(localStorage)") == []
    assert set(visit.page.evaluate("Object.keys(sessionStorage)")) <= NEEDED_KEYS


@pytest.mark.parametrize("size", MOST_SUGGESTIONS)
def test_suggestions_are_few_and_obey_the_keyboard(enter: Enter, size: str) -> None:
    visit = enter("de", "en", size=size)
    page = visit.open()
    field = page.locator("#q")
    field.click()
    field.press_sequentially("ke")
    rows = page.locator("#q-suggestions [role=option]")
    expect(rows.first).to_be_visible()
    assert 0 < rows.count() <= MOST_SUGGESTIONS[size]
    expect(page.locator("#announcer")).to_contain_text(str(rows.count()))
    field.press("ArrowDown")
    first = field.get_attribute("aria-activedescendant")
    field.press("ArrowDown")
    second = field.get_attribute("aria-activedescendant")
    assert first
    assert second
    assert first != second
    expect(page.locator(f"[id='{second}']")).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(rows.first).to_be_hidden()
    expect(field).to_have_value("ke")
    field.press_sequentially("t")
    expect(rows.first).to_be_visible()
    field.press("ArrowDown")
    chosen = page.locator(f"[id='{field.get_attribute('aria-activedescendant')}']")
    target = urlsplit(str(chosen.get_attribute("href"))).path
    field.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == target)


def test_a_misspelt_search_says_what_it_shows_and_an_empty_one_leads_on(enter: Enter) -> None:
    visit = enter("de", "en")
    page = visit.open("search/?q=ketle")
    expect(page.locator("main h1")).to_contain_text("ketle")
    expect(page.locator("main h1 + p strong")).to_have_text("kettle")
    assert page.locator("main .card").count() > 0
    visit.open("search/?q=zzqqxx")
    assert page.locator("main .card").count() == page.locator("[aria-labelledby=others-buy] .card").count()
    assert page.locator("main .chip[href*='/c/']").count() >= 5
    expect(page.locator("main a[href*='/pages/contact/']")).to_be_visible()
    visit.open("search/")
    assert page.locator("main .card").count() == 24


@pytest.mark.parametrize("language", WORDS_FOR_RETURNS)
def test_a_search_for_returns_finds_the_policy(enter: Enter, language: str) -> None:
    visit = enter("de", language)
    page = visit.open(f"search/?q={WORDS_FOR_RETURNS[language]}")
    expect(page.locator("main .chips a[href$='/pages/returns/']")).to_be_visible()


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    assert found, text
    return int(found[0])
