"""The page of a product: price, promise, options, facts, reviews and the bar of phones."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.pages import KETTLE

pytestmark = pytest.mark.browser

MOST_FIRST_VIEW = 250 * 1024
MOST_SHELF = 1024 * 1024
TRANSFERRED = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .reduce((sum, one) => sum + one.transferSize, 0)"""
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


def test_the_first_view_on_a_sharp_phone_is_light_and_not_blurred(enter: Enter) -> None:
    page = enter("de", "en", size="phone", density=3, fresh=True).open(KETTLE)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(TRANSFERRED) <= MOST_FIRST_VIEW
    width, shown = page.locator("#view-1 img").evaluate("one => [one.naturalWidth, one.clientWidth]")
    chosen = page.locator("#view-1 img").evaluate("one => one.currentSrc")
    real = page.evaluate("async url => (await createImageBitmap(await (await fetch(url)).blob())).width", chosen)
    assert width
    assert real >= 2 * shown


def test_a_shelf_looked_through_to_its_end_stays_light(enter: Enter) -> None:
    page = enter("de", "en", size="phone", density=3, fresh=True).open("c/kitchen/")
    for card in page.locator(".card").all():
        card.scroll_into_view_if_needed()
    page.wait_for_function("[...document.querySelectorAll('.card img')].every((one) => one.complete)")
    assert page.locator(".card img").count() > 12
    assert page.evaluate(TRANSFERRED) <= MOST_SHELF


def test_pictures_open_large_by_keyboard_and_give_the_focus_back(enter: Enter) -> None:
    page = enter("de", "en").open(KETTLE)
    first = page.locator("#view-1 .enlarge")
    first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.zoom[open]")
    expect(dialog).to_be_visible()
    large = dialog.locator("img")
    before = large.get_attribute("src")
    assert large.get_attribute("alt")
    page.keyboard.press("PageDown")
    assert large.get_attribute("src") != before
    page.keyboard.press("PageUp")
    assert large.get_attribute("src") == before
    pan = dialog.locator(".zoom-pan")
    page.wait_for_function("document.querySelector('.zoom-pan img').complete")
    page.keyboard.press("-")
    assert pan.evaluate("one => one.scrollHeight <= one.clientHeight")
    page.keyboard.press("+")
    assert pan.evaluate("one => one.scrollHeight > one.clientHeight")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.zoom")).to_have_count(0)
    expect(first).to_be_focused()


def test_the_large_view_has_nothing_for_axe_to_complain_about(enter: Enter) -> None:
    visit = enter("ae", "ar", size="phone")
    page = visit.open("p/" + visit.product().rstrip("/").rpartition("/")[2] + "/")
    page.locator(".enlarge").first.click()
    expect(page.locator("dialog.zoom[open]")).to_be_visible()
    assert visit.axe() == []
    assert visit.overflow() <= 0


def test_without_scripts_a_picture_leads_to_its_large_file(enter: Enter) -> None:
    page = enter("de", "en", scripts=False).open(KETTLE)
    address = page.locator("#view-1 .enlarge").get_attribute("href")
    answer = page.request.get(page.url.split("/de/en/")[0] + str(address))
    assert answer.headers["content-type"].startswith("image/")


def test_what_is_sold_out_is_written_out(enter: Enter) -> None:
    page = enter("de", "en").open(KETTLE)
    option = page.locator("fieldset:has(label.opt.out)").first
    expect(option.get_by_text("Sold out:")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_heart_keeps_a_product(enter: Enter, scripts: bool) -> None:
    visit = enter("de", "en", size="phone", scripts=scripts)
    page = visit.open(KETTLE)
    name = page.locator("h1").inner_text()
    page.locator(".pdp button.heart").click()
    if scripts:
        expect(page.locator(".pdp button.heart")).to_have_attribute("aria-pressed", "true")
    else:
        expect(page.locator("main [role=status]")).to_contain_text("favourites")
    page = visit.open("favourites/")
    expect(page.locator(".card h3 a", has_text=name)).to_be_visible()
    assert page.locator("#share-url").input_value().startswith("http")


def test_products_are_compared_without_scripts(enter: Enter) -> None:
    page = enter("de", "en", scripts=False).open(KETTLE)
    page.locator("compare-link a").click()
    expect(page.locator("table.compare th[scope=col]")).to_have_count(1)
    page.locator(".chips .chip").first.click()
    expect(page.locator("table.compare th[scope=col]")).to_have_count(2)
    expect(page.locator("tr.differs").first).to_contain_text("differs")


def test_what_was_looked_at_stands_on_the_next_product(enter: Enter) -> None:
    visit = enter("de", "en")
    page = visit.open(KETTLE)
    name = page.locator("h1").inner_text()
    page.goto(visit.product() if visit.product().startswith("http") else visit.shop.address + visit.product())
    if page.locator("h1").inner_text() == name:
        page.goto(visit.shop.address + str(page.locator(".card h3 a").first.get_attribute("href")))
    expect(page.locator("seen-products .card h3 a", has_text=name)).to_be_visible()


def _price(page: Page) -> str:
    return page.locator(".price.t3").inner_text().strip()


def _picture(page: Page) -> str:
    return str(page.locator("#view-1 img").get_attribute("src"))
