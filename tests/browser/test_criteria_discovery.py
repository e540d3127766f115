"""What is sold out, what a kilogram costs, sizes, films, picked reviews, and the file of a picture a browser takes."""

import base64
import re
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import expect

from catalog.renditions import FORMATS, Copy, Format, written
from catalog.types import Picture, PictureSource
from tests.browser.conftest import Enter

pytestmark = pytest.mark.browser

SOLD_OUT = "p/seki-petty-knife/"
SOCKS = "p/journey-socks-set-of-2/"
ROBE = "p/waffle-bathrobe/"
ROBE_SKU = "BD-WR-S-WH"
FILMED = "p/hada-dripper-and-cup/"
FORGET = """unknown => new Promise((done) => {
  const source = document.querySelector(`source[type='${unknown}']`);
  if (!source) return done();
  document.querySelector('img').addEventListener('load', done, { once: true });
  source.remove();
})"""
"""Make the browser not know a type of pictures: its source goes, and the next one is read."""
PER = re.compile(r"\d[.,]\d\d\s?\S* / (1 )?(kg|100 g)")


def test_a_sold_out_card_offers_notification_and_leads_to_where_it_is_asked_for(enter: Enter) -> None:
    page = enter("de", "en").open("search/?q=petty+knife")
    card = page.locator(f".card:has(a[href$='{SOLD_OUT}'])").first
    expect(card.locator("button.add")).to_have_count(0)
    way = card.locator("a.add")
    expect(way).to_contain_text("Tell me when it is back")
    way.click()
    page.wait_for_url(re.compile("#notify$"))
    expect(page.locator("#notify")).to_be_in_viewport()
    expect(page.locator("#notify")).to_contain_text("sold out")
    expect(page.locator("#buy")).to_have_count(0)
    page.locator("#notify [name=email]").fill("buyer@example.com")
    page.locator("#notify button[type=submit]").click()
    expect(page.locator("main [role=status] .note")).to_be_visible()


def test_goods_by_weight_say_what_a_kilogram_costs_on_card_and_page(enter: Enter) -> None:
    page = enter("de", "en").open("c/candles/")
    cards = page.locator("main .grid .card")
    assert cards.count() > 0
    for card in cards.all():
        assert PER.search(card.locator(".unit").last.inner_text()), card.inner_text()
    cards.first.locator("h3 a").click()
    page.wait_for_url(re.compile("/p/"))
    assert PER.search(page.locator(".pdp .unit").last.inner_text())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_size_guide_is_a_sheet_for_the_keyboard_with_a_choice_of_units(enter: Enter, scripts: bool) -> None:
    page = enter("us", "en", scripts=scripts).open(SOCKS)
    opener, sheet = page.locator("[popovertarget=size-guide]").first, page.locator("#size-guide")
    expect(sheet).to_be_hidden()
    opener.focus()
    page.keyboard.press("Enter")
    expect(sheet).to_be_visible()
    expect(page.get_by_role("dialog", name="Size guide")).to_be_visible()
    assert sheet.evaluate("it => it.contains(document.activeElement)")
    inches = sheet.get_by_role("radio", name="Inches")
    expect(inches).to_be_checked()
    cell = sheet.locator("tbody tr").first
    before = cell.inner_text()
    inches.focus()
    page.keyboard.press("ArrowLeft")
    expect(sheet.get_by_role("radio", name="Centimetres")).to_be_checked()
    assert cell.inner_text() != before
    expect(sheet).to_contain_text("How to measure")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.parametrize(("market", "language"), [("de", "de"), ("ae", "ar"), ("jp", "ja")])
def test_the_size_guide_fits_a_phone_and_has_no_barriers(enter: Enter, market: str, language: str) -> None:
    visit = enter(market, language, size="phone")
    page = visit.open(f"search/?q={ROBE_SKU}")
    page.locator("main .card h3 a").first.click()
    page.wait_for_url(re.compile("/p/"))
    page.locator("[popovertarget=size-guide]").first.click()
    expect(page.locator("#size-guide")).to_be_visible()
    assert page.locator("#size-guide thead th.own").count() > 0
    assert visit.overflow() <= 0
    assert language == "ja" or visit.axe() == []  # from left to right as in German
    visit.look("size-guide")


def test_a_sold_out_size_says_so(enter: Enter) -> None:
    page = enter("de", "en").open(f"{ROBE}?colour=white&size=xl")
    expect(page.locator("#notify")).to_contain_text("sold out")
    expect(page.locator("label.opt.out:has([value=xl])")).to_contain_text("sold out")


def test_a_film_plays_with_words_to_read_along(enter: Enter) -> None:
    page = enter("de", "en").open(FILMED)
    film = page.locator("video")
    assert film.get_attribute("preload") == "none"
    assert film.get_attribute("aria-label")
    assert film.locator("track[srclang=en][default]").count() == 1
    assert film.locator("track").count() == 8
    page.locator(".thumbs a.film").click()
    played = film.evaluate(
        """it => new Promise((done, fail) => {
             it.muted = true;
             it.addEventListener('error', () => fail(new Error('no film')));
             const about = () => [it.duration, it.videoWidth, it.videoHeight];
             it.addEventListener('timeupdate', () => it.currentTime > 0 && done(about()));
             it.play();
           })"""
    )
    assert played == [6, 480, 600]
    words = film.evaluate(
        """it => new Promise((done) => {
             const track = it.querySelector('track[default]');
             const told = () => done([...track.track.cues].map((cue) => cue.text));
             track.track.mode = 'showing';
             track.readyState === 2 ? told() : track.addEventListener('load', told);
           })"""
    )
    assert len(words) == 3
    assert all(words)


def test_picked_reviews_are_on_the_first_page_and_on_a_shelf(enter: Enter) -> None:
    page = enter("de", "en").open()
    quote = page.locator(".quote:has(details)").first
    quote.locator("summary").click()
    original = quote.locator("details p")
    expect(original).to_be_visible()
    assert original.get_attribute("lang") not in {None, "en"}
    page = enter("de", "en").open("c/kitchen/")
    assert page.locator("#testimonials").count() == 1
    assert "/p/" in str(page.locator(".quote a").first.get_attribute("href"))


def test_a_browser_takes_avif_then_webp_then_jpeg(enter: Enter) -> None:
    page = enter("de", "en").open()
    page.goto("about:blank")
    picture = Image.new("RGB", (64, 80), (47, 82, 70))
    files = {form: f"{_address(picture, form)} 64w" for form in FORMATS}
    sources = tuple(PictureSource(f"image/{form}", files[form]) for form in ("avif", "webp"))
    shown = Picture("data:,", files["jpeg"], 64, 80, "A kettle", sources)
    page.set_content(render_to_string("components/picture.html", {"picture": shown, "sizes": "64px", "first": True}))
    taken = []
    for unknown in (None, "image/avif", "image/webp"):
        page.evaluate(FORGET, unknown)
        page.wait_for_function("(one => one.complete && one.naturalWidth)(document.querySelector('img'))")
        taken.append(page.evaluate("document.querySelector('img').currentSrc.split(';')[0]"))
    assert taken == ["data:image/avif", "data:image/webp", "data:image/jpeg"]


def _address(picture: Image.Image, form: Format) -> str:
    data = written(picture, Copy(f"picture.{form}", form, picture.width, picture.height))
    assert Image.open(BytesIO(data)).size == picture.size
    return f"data:image/{form};base64,{base64.b64encode(data).decode()}"
