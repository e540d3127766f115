"""The category tree and the media library in a real browser: mouse, keys, no scripts, a film that plays, and axe."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in
from tests.factories.films import CAPTIONS, webm

pytestmark = pytest.mark.browser

TREE = "/admin/catalogue/categories/"
MEDIA = "/admin/catalogue/media/"
PLAYED = """async (video) => {
  video.muted = true;
  await video.play();
  await new Promise((resolve) => { video.ontimeupdate = () => { if (video.currentTime > 0) resolve(); }; });
  const track = video.textTracks[0];
  return { width: video.videoWidth, tracks: video.textTracks.length, mode: track.mode, cues: track.cues?.length ?? 0 };
}"""


def tops(page: Page) -> list[str]:
    """The names at the top of the tree, in order."""
    return page.locator("[data-tree] > ul > li > [data-line] [data-name]").all_inner_texts()


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-line]", has=page.locator("[data-name]", has_text=re.compile(f"^{re.escape(name)}$")))


def told(page: Page) -> Locator:
    return page.locator("main [role=status] .note").first


def first_film(visit: Visit, name: str) -> str:
    """A film in the library; its address."""
    page = visit.page
    page.goto(f"{visit.shop.address}{MEDIA}")
    page.locator("#f-files").set_input_files([{"name": name, "mimeType": "video/webm", "buffer": webm()}])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#captions")).to_be_visible()
    return page.url


@pytest.mark.parametrize(("language", "size"), [("de", "desktop"), ("ar", "phone")])
def test_axe_finds_nothing_and_everything_fits(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", "en", size=size)
    page = sign_in(visit, language)
    places = {
        "tree": TREE,
        "folded": f"{TREE}?open=",
        "search": f"{TREE}?q=e",
        "media": MEDIA,
        "none": f"{MEDIA}?q=zzz",
    }
    page.goto(f"{visit.shop.address}{TREE}")
    places["category"] = str(page.locator("[data-tree] ul ul [data-name]").first.get_attribute("href"))
    page.goto(f"{visit.shop.address}{MEDIA}")
    places["picture"] = str(page.locator(".ml-tile a").last.get_attribute("href")) + "?find=kettle"
    faults = []
    for name, address in places.items():
        page.goto(f"{visit.shop.address}{address}", wait_until="load")
        faults += [f"{name}: {fault}" for fault in visit.axe()]
        if (wide := visit.overflow()) > 0:
            faults.append(f"{name}: {wide} px too wide")
        visit.look(f"tree-media-{language}-{name}")
    assert not faults, "\n".join(faults)


def test_a_row_is_dragged_with_the_mouse_and_moved_back_with_keys(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    page.goto(f"{visit.shop.address}{TREE}")
    before = tops(page)
    first, second = before[:2]
    page.get_by_role("link", name="Fold all", exact=True).click()
    row(page, second).drag_to(row(page, first), target_position={"x": 200, "y": 3})
    expect(told(page)).to_contain_text(f"“{second}” has its new place. No address changes.")
    assert tops(page) == [second, first, *before[2:]]
    expect(row(page, second).locator("[data-name]")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(told(page)).to_contain_text("has its new place")
    assert tops(page) == before
    row(page, second).drag_to(row(page, first))
    expect(told(page)).to_contain_text(f"“{second}” is moved. Its address and those below it stay as they are.")
    assert tops(page) == [first, *before[2:]]
    if row(page, second).count() == 0:
        row(page, first).locator("[data-toggle]").click()
    row(page, second).locator("[data-name]").focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(told(page)).to_contain_text("is moved")
    assert tops(page) == before


def test_branches_unfold_in_place(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    page.goto(f"{visit.shop.address}{TREE}?open=")
    page.evaluate("window.sameDocument = true")
    toggle = page.locator("[data-tree] [data-toggle]").first
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-tree] ul ul li").first).to_be_visible()
    toggle.click()
    expect(page.locator("[data-tree] ul ul li").first).to_be_hidden()
    assert page.evaluate("window.sameDocument")


def test_the_tree_is_kept_without_scripts_on_a_phone(enter: Enter) -> None:
    visit = enter("de", "en", size="phone", scripts=False)
    page = sign_in(visit)
    page.goto(f"{visit.shop.address}{TREE}?open=")
    before = tops(page)
    page.locator("[data-tree] [data-name]").first.click()
    page.get_by_role("button", name="Down", exact=True).click()
    expect(told(page)).to_contain_text("has its new place")
    page.get_by_role("button", name="Up", exact=True).click()
    page.locator("[name=slug-de]").fill("ganz-neu")
    page.locator("[name=name-fr]").fill("Tout nouveau")
    page.get_by_role("button", name="Save names and addresses").click()
    expect(told(page)).to_contain_text("Saved. 1 address changes; the old one leads to the new.")
    assert page.locator("[name=name-fr]").input_value() == "Tout nouveau"
    page.locator("#f-new-name").fill("Test shelf")
    page.get_by_role("button", name="Make it").click()
    expect(told(page)).to_contain_text("“Test shelf” is made.")
    page.get_by_role("button", name="Delete this category").click()
    expect(told(page)).to_contain_text("“Test shelf” is deleted.")
    page.goto(f"{visit.shop.address}{TREE}?open=")
    assert tops(page) == before


def test_a_film_with_captions_plays_on_the_product_page(enter: Enter) -> None:
    visit = enter("de", "de")
    page = sign_in(visit)
    film = first_film(visit, "pouring.webm")
    page.locator("#f-language").select_option("de")
    page.locator("#f-captions").set_input_files([{"name": "de.vtt", "mimeType": "text/vtt", "buffer": CAPTIONS}])
    page.get_by_role("button", name="Save the captions").click()
    expect(told(page)).to_contain_text("The captions are saved.")
    page.locator("#f-find").fill("KS-GK-06-IN")
    page.locator("#assign").get_by_role("button", name="Find").click()
    page.locator("[name=product]").first.check()
    page.get_by_role("button", name="Show it there").click()
    expect(told(page)).to_contain_text("1 product shows it from now on.")
    assert visit.axe() == []
    assert page.locator(".ml-view video").evaluate(PLAYED)["width"] == 160
    visit.look("tree-media-film")
    page.goto(f"{visit.shop.address}/de/en/p/kesen-gooseneck-kettle/")
    shown = page.locator("video").first.evaluate(PLAYED)
    assert (shown["width"], shown["tracks"]) == (160, 1)
    page.goto(page.locator("link[hreflang=de-DE], link[hreflang=de]").first.get_attribute("href") or "")
    shown = page.locator("video").first.evaluate(PLAYED)
    assert (shown["width"], shown["mode"], shown["cues"]) == (160, "showing", 1)
    visit.look("tree-media-film-on-product")
    page.goto(film)
    page.locator("#uses ~ *, .hits").get_by_role("button", name="Take away").last.click()
    expect(told(page)).to_contain_text("does not show it any more")
