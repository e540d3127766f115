"""Filters for everybody: on a phone, from right to left, by keyboard alone, and without scripts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter, Visit

pytestmark = pytest.mark.browser

CATEGORY = "c/kitchen/"


@pytest.mark.parametrize(("market", "language", "size"), [("de", "en", "desktop"), ("sa", "ar", "phone")])
def test_without_scripts_filters_are_a_form(enter: Enter, market: str, language: str, size: str) -> None:
    visit = enter(market, language, size=size, scripts=False)
    page = _category(visit)
    everything = _total(page)
    if size == "phone":
        page.locator(".mfilter a[href='#filters']").click()
    _tick(page, "colour")
    _tick(page, "material")
    page.locator("#filters button[type=submit]").click()
    page.wait_for_url(re.compile("colour=.*material=|material=.*colour="))
    assert 0 < _total(page) < everything
    chips = page.locator("main .chips a.chip[rel=nofollow]")
    expect(chips).to_have_count(2)
    chips.last.click()
    expect(page.locator("main .chips a.chip[rel=nofollow]")).to_have_count(1)
    assert visit.overflow() <= 0


def test_without_scripts_a_range_is_typed_and_an_order_chosen(enter: Enter) -> None:
    page = _category(enter("de", "en", scripts=False))
    everything = _total(page)
    page.locator("#price-max").fill("40")
    page.locator("#sort").select_option("price")
    page.locator("#filters button[type=submit]").click()
    page.wait_for_url(re.compile("price_max=40"))
    assert 0 < _total(page) < everything
    amounts = [float(found) for found in re.findall(r"€(\d+\.\d\d)", " ".join(_prices(page)))]
    assert amounts == sorted(amounts)
    assert max(amounts) <= 40


def test_without_scripts_a_card_puts_its_product_into_the_cart(enter: Enter) -> None:
    visit = enter("de", "en", scripts=False)
    page = visit.open("search/?availability=in-stock")
    card = page.locator(".grid .card:has(button.add)").first
    name = card.locator("h3").inner_text()
    card.locator("button.add").click()
    page.goto(visit.path("cart/"))
    expect(page.locator("main")).to_contain_text(name)


@pytest.mark.parametrize(("market", "language"), [("de", "en"), ("sa", "ar")])
def test_by_keyboard_alone_a_value_is_chosen_and_taken_back(enter: Enter, market: str, language: str) -> None:
    page = _category(enter(market, language))
    everything = _total(page)
    box = page.locator("#filters [name=colour]:not(:disabled)").first
    name = str(box.get_attribute("value"))
    _tab_to(page, f"#filters [name=colour][value={name}]")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(f"colour={name}"))
    expect(page.locator("#announcer")).not_to_be_empty()
    expect(page.locator(f"#filters [name=colour][value={name}]")).to_be_focused()
    assert _total(page) < everything
    _tab_to(page, "main .chips a.chip[data-swap]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "colour=" not in url)
    assert _total(page) == everything


def test_by_keyboard_a_filter_unfolds_and_a_range_is_sent_with_enter(enter: Enter) -> None:
    page = _category(enter("de", "en"))
    _tab_to(page, "[data-facet=price] > summary")
    price = page.locator("[data-facet=price]")
    was_open = price.get_attribute("open") is not None
    page.keyboard.press("Enter")
    assert (price.get_attribute("open") is not None) != was_open
    if was_open:
        page.keyboard.press("Enter")
    _tab_to(page, "#price-max")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("price_max=40"))
    expect(page.locator("main .chips a.chip[data-swap]")).to_have_count(1)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_phone_the_sheet_of_filters_fits_and_axe_finds_nothing(enter: Enter, language: str) -> None:
    visit = enter("sa" if language == "ar" else "de", language, size="phone")
    page = _category(visit)
    page.locator("[data-sheet]").click()
    sheet = page.locator("dialog.sheet[open]")
    expect(sheet).to_be_visible()
    sheet.locator("details").evaluate_all("facets => facets.forEach(facet => { facet.open = true })")
    assert visit.axe() == []
    assert visit.overflow() <= 0
    _tick(page, "colour")
    page.wait_for_url(re.compile("colour="))
    assert visit.axe() == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-sheet]")).to_be_focused()


def test_from_right_to_left_counts_stand_at_the_far_end(enter: Enter) -> None:
    visit = enter("sa", "ar")
    page = _category(visit)
    row = page.locator("#filters li:visible").first
    box, count = row.locator("input").bounding_box(), row.locator(".n").bounding_box()
    assert box
    assert count
    assert count["x"] < box["x"]
    assert visit.axe() == []


def _category(visit: Visit) -> Page:
    """The first category that has filters by colour."""
    page = visit.open()
    address = str(page.locator(".nav .mega .label a").first.get_attribute("href"))
    page.goto(visit.shop.address + (f"/{visit.market}/en/{CATEGORY}" if visit.language == "en" else address))
    return page


def _tick(page: Page, name: str) -> None:
    """Tick the first value of a filter that would find something, unfolding what hides it."""
    box = page.locator(f"[name={name}]:not(:disabled)").first
    facet = page.locator(f"details.facet:has([name={name}])")
    if facet.get_attribute("open") is None:
        facet.locator("> summary").click()
    box.check()


def _tab_to(page: Page, selector: str, most: int = 150) -> Locator:
    """Press Tab until the element has focus, as somebody without a pointer would."""
    page.evaluate("document.activeElement?.blur()")
    page.locator("#main").focus()
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return page.locator(selector)
    raise AssertionError(f"{selector} was not reached with {most} presses of Tab")


def _prices(page: Page) -> list[str]:
    return [card.locator(".price .now, .price bdi").first.inner_text() for card in page.locator(".grid .card").all()]


def _total(page: Page) -> int:
    digits = page.locator("#result-count").inner_text().translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    found = re.search(r"\d+", digits)
    assert found
    return int(found[0])


def test_an_address_brings_back_what_was_chosen(enter: Enter) -> None:
    visit = enter("sa", "ar", size="phone")
    page = _category(visit)
    everything = _total(page)
    page.locator("[data-sheet]").click()
    _tick(page, "colour")
    page.wait_for_url(re.compile("colour="))
    other = enter("sa", "ar", size="phone", scripts=False).page
    other.goto(page.url)
    assert _total(other) == _total(page) < everything
    chosen = parse_qs(urlsplit(page.url).query)["colour"]
    assert other.locator("#filters [name=colour]:checked").count() == len(chosen)
