"""Lists of products: counts, filters, chips, coming back, going on, and what a card offers."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter

pytestmark = pytest.mark.browser

CATEGORY = "c/kitchen/"
PAGE_SIZE = 24


def test_filters_change_the_count_keep_every_value_and_can_be_taken_back_singly(enter: Enter) -> None:
    page = enter("de", "en").open(CATEGORY)
    count = page.locator("#result-count")
    everything = _number(count)
    assert _top(count) < _top(page.locator(".grid .card").first)
    values = page.locator("#filters li")
    assert values.locator(".n").count() == values.count()
    offered = {facet: page.locator(f"#filters [name={facet}]").count() for facet in ("colour", "material", "offer")}
    assert all(re.fullmatch(r"\d+", one) for one in values.locator(".n").all_text_contents())

    ink, clay = (page.locator(f"[name=colour][value={one}]") for one in ("ink", "clay"))
    single = _choose(page, ink)
    assert single < everything
    expect(page.locator("#announcer")).to_contain_text(f"{single} ")
    wider = _choose(page, clay)
    assert single < wider
    page.locator("[data-facet=material] > summary").click()
    narrower = _choose(page, page.locator("[name=material][value=stoneware]"))
    assert narrower < wider

    assert {facet: page.locator(f"#filters [name={facet}]").count() for facet in offered} == offered
    for value in values.all():
        box, is_nothing = value.locator("input"), value.locator(".n").text_content() == "0"
        assert box.is_disabled() == (is_nothing and not box.is_checked()), value.text_content()
    assert page.locator("#filters :disabled").count() > 0

    chips = page.locator("main .chips a.chip[data-swap]")
    expect(chips).to_have_count(3)
    expect(ink).to_be_checked()
    chips.first.click()
    expect(chips).to_have_count(2)
    assert _query(page) in ({"colour": ["clay"], "material": ["stoneware"]}, {"colour": ["ink", "clay"]})
    assert page.locator("#filters input[type=checkbox]:checked").count() == 2


def test_reload_sharing_and_back_bring_back_what_was_chosen(enter: Enter) -> None:
    visit = enter("de", "en")
    page = visit.open(CATEGORY)
    _choose(page, page.locator("[name=colour][value=ink]"))
    page.locator("#sort").select_option("price")
    page.wait_for_url(re.compile("sort=price"))
    expect(page.locator("product-listing")).not_to_have_class(re.compile("busy"))
    shown = _names(page)
    page.reload()
    assert _names(page) == shown
    other = enter("de", "en").page
    other.goto(page.url)
    assert _names(other) == shown
    expect(other.locator("#sort")).to_have_value("price")
    expect(other.locator("[name=colour][value=ink]")).to_be_checked()

    last = page.locator(".grid .card h3 a").last
    last.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    assert place > 100
    last.click()
    page.wait_for_url(re.compile("/p/"))
    page.go_back()
    page.wait_for_url(re.compile("sort=price"))
    page.wait_for_function("place => Math.abs(scrollY - place) < 40", arg=place)
    assert _names(page) == shown
    page.go_back()
    page.wait_for_url(lambda url: "sort=price" not in url)
    expect(page.locator("#sort")).to_have_value("featured")
    expect(page.locator("[name=colour][value=ink]")).to_be_checked()


def test_more_products_are_a_real_page_and_the_count_seen_is_right(enter: Enter) -> None:
    visit = enter("de", "en")
    page = visit.open("search/")
    total = _number(page.locator("#result-count"))
    assert _seen(page) == (PAGE_SIZE, total)
    onward = page.locator("a[rel~=next]")
    assert page.request.get(visit.shop.address + str(onward.get_attribute("href"))).status == 200
    onward.click()
    page.wait_for_url(re.compile("page=2"))
    assert _seen(page) == (2 * PAGE_SIZE, total)
    page.locator("a[rel~=next]").click()
    page.wait_for_url(re.compile("page=3"))
    assert _seen(page) == (total, total)
    expect(page.locator("a[rel~=next]")).to_have_count(0)
    expect(page.locator("a[rel~=prev]")).to_be_visible()


def test_a_reduced_card_says_from_what_and_by_how_much(enter: Enter) -> None:
    page = enter("de", "en").open("search/?offer=sale")
    cards = page.locator("main .grid .card:has(.now)")
    assert cards.count() > 0
    for card in cards.all():
        now = _amount(card.locator(".price .now"))
        was = _amount(card.locator(".price s"))
        lowest = _amount(card.locator(".unit").first)
        percent = _number(card.locator(".t-sale"))
        assert now < lowest <= was
        assert percent in {int((lowest - now) * 100 / lowest), round((lowest - now) * 100 / lowest)}


def test_a_card_adds_at_once_or_opens_the_choice(enter: Enter) -> None:
    page = enter("de", "en").open("search/")
    choice = page.locator(".grid .card:not(:has(button.add)) a.add").first
    assert "/p/" in str(choice.get_attribute("href"))
    at_once = page.locator(".grid .card:has(button.add)").first
    name = at_once.locator("h3").inner_text()
    at_once.locator("button.add").click()
    drawer = page.locator("dialog.sheet[open]")
    expect(drawer).to_contain_text(name)
    expect(page.locator("cart-badge .count")).to_have_text("1")


def test_on_a_phone_filters_open_as_a_sheet_and_focus_comes_back(enter: Enter) -> None:
    page = enter("de", "en", size="phone").open(CATEGORY)
    everything = _number(page.locator("#result-count"))
    opener = page.locator("[data-sheet]")
    opener.click()
    sheet = page.locator("dialog.sheet[open]")
    expect(sheet).to_have_attribute("aria-label", re.compile("."))
    sheet.locator("[name=colour][value=ink]").check()
    page.wait_for_url(re.compile("colour=ink"))
    sheet.locator("button[type=submit]").click()
    expect(sheet).to_have_count(0)
    expect(page.locator("[data-sheet]")).to_be_focused()
    assert _number(page.locator("#result-count")) < everything


def _choose(page: Page, box: Locator) -> int:
    """Tick a value and wait for the list; returns the new count."""
    name, value = box.get_attribute("name"), box.get_attribute("value")
    box.check()
    page.wait_for_url(re.compile(f"{name}={value}"))
    return _number(page.locator("#result-count"))


def _names(page: Page) -> list[str]:
    return page.locator(".grid .card h3").all_inner_texts()


def _query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def _seen(page: Page) -> tuple[int, int]:
    bar = page.locator(".pager progress")
    said = [int(one) for one in re.findall(r"\d+", page.locator(".pager p").inner_text())]
    shown = int(str(bar.get_attribute("value"))), int(str(bar.get_attribute("max")))
    assert tuple(said) == shown
    return shown


def _top(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["y"]


def _number(place: Locator) -> int:
    found = re.search(r"\d+", place.inner_text())
    assert found
    return int(found[0])


def _amount(place: Locator) -> int:
    """An amount of the page in cents."""
    found = re.search(r"(\d+)\.(\d\d)", place.inner_text())
    assert found, place.inner_text()
    return int(found[1]) * 100 + int(found[2])
