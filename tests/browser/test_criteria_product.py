"""The page of a product: price, promise, options, facts, reviews and the bar of phones."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.pages import KETTLE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MAIN_BUTTON = "#buy button[type=submit]"


def test_price_promise_and_duties_are_said_before_adding(enter: Enter) -> None:
    page = enter("de", "en").open(KETTLE)
    expect(page.locator(".price.t3 + .small, .price.t3 ~ .small").first).to_contain_text("tax to Germany included")
    stops = page.locator(".panel .route li")
    assert stops.count() >= 2
    assert re.search(r"\d", stops.last.inner_text())
    expect(page.locator(".panel:has(.route)")).to_contain_text("€6.90")
    safety = page.locator("details:has(dl.facts)").last
    for name in ("Manufacturer", "Responsible person", "Model", "Warning"):
        expect(safety.locator("dt", has_text=name)).to_be_visible()
    for fact in safety.locator("dd").all():
        assert fact.inner_text().strip()
    sizes = page.locator("details:has(img):has(dl.facts)")
    sizes.locator("summary").click()
    drawing = sizes.locator("img")
    expect(drawing).to_be_visible()
    assert drawing.get_attribute("alt")


def test_choosing_changes_what_is_shown_in_place_and_one_back_leaves(enter: Enter) -> None:
    visit = enter("de", "en")
    visit.open()
    page = visit.open(KETTLE)
    page.evaluate("window.sameDocument = true")
    price, picture = _price(page), _picture(page)
    assert page.locator(".opts").count() == 2
    assert page.locator(".pdp select").count() == 0

    page.locator("[name=capacity][value='0.6l']").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("capacity=0.9l"))
    expect(page.locator("[name=capacity][value='0.9l']")).to_be_focused()
    assert _price(page) != price
    page.locator("[name=colour][value=bone]").check()
    page.wait_for_url(re.compile("colour=bone"))
    assert _picture(page) != picture
    expect(page.locator("[name=colour][value=bone]")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text(_price(page))
    assert page.evaluate("window.sameDocument")
    page.go_back()
    page.wait_for_url(visit.path())


def test_a_sold_out_choice_stays_choosable_and_says_so(enter: Enter) -> None:
    visit = enter("de", "en")
    page = visit.open(KETTLE)
    sold_out = page.locator("label.opt.out").first
    expect(sold_out).to_contain_text("sold out")
    box = sold_out.locator("input")
    name, value = box.get_attribute("name"), box.get_attribute("value")
    expect(box).to_be_enabled()
    sold_out.click()
    page.wait_for_url(re.compile(f"{name}={value}"))
    expect(page.locator(f"[name={name}][value='{value}']")).to_be_checked()
    expect(page.locator("#notify")).to_contain_text("sold out")
    expect(page.locator("#notify button[type=button]")).to_have_attribute("aria-disabled", "true")
    expect(page.locator(MAIN_BUTTON)).to_have_count(0)
    expect(page.locator("buy-bar")).to_have_count(0)
    page.locator("#notify [name=email]").fill("buyer@example.com")
    page.locator("#notify button[type=submit]").click()
    expect(page.locator("main [role=status] .note")).to_be_visible()


def test_reviews_can_be_read_in_one_language_and_say_when_they_are_translated(enter: Enter) -> None:
    page = enter("de", "en").open(KETTLE)
    reviews = page.locator("#reviews .review")
    everything = reviews.count()
    link = page.locator("#reviews .chip[href*='de']", has_text="Deutsch")
    promised = int(re.sub(r"\D", "", link.inner_text()))
    link.click()
    page.wait_for_load_state()
    assert page.locator("#reviews .review").count() == promised < everything
    expect(page.locator("#reviews .chip[aria-current]")).to_contain_text("Deutsch")
    for review in page.locator("#reviews .review").all():
        original = review.locator("details")
        if original.count():
            original.locator("summary").click()
            expect(original.locator("[lang=de]")).to_be_visible()
        else:
            expect(review.locator("p[lang=de]")).to_be_visible()


def test_the_bar_of_phones_shows_only_while_the_main_button_is_away(enter: Enter) -> None:
    page = enter("de", "en", size="phone").open(KETTLE)
    bar = page.locator(".buybar")
    button = page.locator(MAIN_BUTTON).first
    button.scroll_into_view_if_needed()
    expect(bar).to_be_hidden()
    page.locator("#reviews").scroll_into_view_if_needed()
    expect(bar).to_be_visible()
    page.locator("header .search input").focus()
    page.locator("#reviews").scroll_into_view_if_needed()
    expect(bar).to_be_hidden()
    page.locator("header .search input").blur()
    expect(bar).to_be_visible()
    page.locator(".foot").scroll_into_view_if_needed()
    expect(bar).to_be_hidden()
    page.locator("#reviews").scroll_into_view_if_needed()
    bar.locator("button").click()
    expect(page.locator("dialog.sheet[open]")).to_be_visible()


def _price(page: Page) -> str:
    return page.locator(".price.t3").inner_text().strip()


def _picture(page: Page) -> str:
    return str(page.locator("#view-1 img").get_attribute("src"))
