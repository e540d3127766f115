"""Operators' sheets in a real browser: keys, pasting, saving in place, no scripts, both directions, and axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in
from tests.browser.pages import forgive

pytestmark = pytest.mark.browser

SKU = "KS-GK-06-IN"
PASTE = """([selector, text]) => {
  const cell = document.querySelector(selector);
  cell.focus();
  const block = new DataTransfer();
  block.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: block, bubbles: true, cancelable: true}));
}"""


def screens(visit: Visit) -> dict[str, str]:
    """The addresses of the sheets, for one product and for all."""
    page = visit.page
    page.goto(f"{visit.shop.address}/admin/catalog/product/?q={SKU}")
    link = str(page.locator("#result_list tbody th a").first.get_attribute("href"))
    found = re.search(r"product/(\d+)/", link)
    assert found
    product = f"{visit.shop.address}/admin/catalogue/products/{found[1]}/"
    every = {name: f"{product}{name}/" for name in ("variants", "missing", "options", "media", "duplicate")}
    every["what would be made"] = f"{product}missing/?v-colour=ink&v-capacity=0.6l&pattern={{n}}&status=draft&like="
    admin = f"{visit.shop.address}/admin/"
    return every | {
        "prices": f"{admin}catalogue/prices/?q={SKU}",
        "stock": f"{admin}stock/?q={SKU}",
        "bulk": f"{admin}catalogue/bulk/",
    }


def value_of(page: Page, selector: str) -> str:
    return page.locator(selector).first.input_value()


@pytest.mark.parametrize(("language", "size"), [("de", "desktop"), ("ar", "phone")])
def test_axe_finds_nothing_on_the_sheets_and_they_fit(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", "en", size=size)
    page = sign_in(visit, language)
    faults = []
    for name, address in screens(visit).items():
        page.goto(address, wait_until="load")
        faults += [f"{name}: {fault}" for fault in visit.axe()]
        if (wide := visit.overflow()) > 0:
            faults.append(f"{name}: {wide} px too wide")
        visit.look(f"workspace-{language}-{name}")
    assert not faults, "\n".join(faults)


def test_a_row_is_saved_in_place_and_a_refusal_stands_in_it(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    page.goto(screens(visit)["variants"])
    page.evaluate("window.sameDocument = true")
    row = page.locator("tbody tr", has_text=SKU)
    row.locator("[name=weight_g]").fill("521")
    row.locator("button").click()
    expect(row.locator("[data-said]")).to_have_text("Saved")
    row.locator("[name=hs_code]").fill("12")
    row.locator("button").click()
    expect(row.locator(".err")).to_contain_text("A goods code has 6 to 13 digits.")
    expect(row.locator("[name=hs_code]")).to_be_focused()
    assert page.evaluate("window.sameDocument")
    forgive(visit, 422)
    page.reload()
    assert value_of(page, f"tbody tr:has-text('{SKU}') [name=weight_g]") == "521"


def test_keys_move_between_cells_and_a_pasted_block_fills_them(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    page.goto(f"{visit.shop.address}/admin/catalogue/prices/?q=KS-GK")
    cells = page.locator("[data-sheet] tbody tr")
    first = cells.nth(0).locator("input").nth(0)
    first.focus()
    page.keyboard.press("Enter")
    expect(cells.nth(1).locator("input").nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cells.nth(1).locator("input").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(cells.nth(0).locator("input").nth(1)).to_be_focused()
    name = first.get_attribute("name")
    page.evaluate(PASTE, [f"[name='{name}']", "113.00\t114.00\r\n115.00\t116.00\r\n"])
    assert cells.nth(0).locator("input").nth(0).input_value() == "113.00"
    assert cells.nth(1).locator("input").nth(1).input_value() == "116.00"
    expect(page.locator("[data-sheet-said]")).to_have_text("4 cells were filled.")
    expect(page.locator("input.changed")).to_have_count(4)
    page.locator(".a-bar button").click()
    expect(page.locator("main [role=status] .note").first).to_contain_text("4 prices were saved.")
    assert cells.nth(1).locator("input").nth(0).input_value() == "115.00"


def test_arrow_keys_follow_the_mirrored_sheet(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit, "ar")
    page.goto(f"{visit.shop.address}/admin/catalogue/prices/?q=KS-GK")
    row = page.locator("[data-sheet] tbody tr").nth(0).locator("input")
    row.nth(0).focus()
    page.keyboard.press("ArrowLeft")
    expect(row.nth(1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row.nth(0)).to_be_focused()


def test_sheets_work_without_scripts(enter: Enter) -> None:
    visit = enter("de", "en", size="phone", scripts=False)
    page = sign_in(visit)
    places = screens(visit)
    page.goto(places["variants"])
    row = page.locator("tbody tr", has_text=SKU)
    row.locator("[name=weight_g]").fill("522")
    row.locator("button").click()
    expect(page.locator("main [role=status] .note").first).to_contain_text(f"{SKU} is saved.")
    page.goto(places["stock"])
    cell = page.locator("[data-sheet] tbody input").first
    cell.fill("41")
    page.locator(".a-bar button").click()
    expect(page.locator("main [role=alert]").first).to_contain_text("a changed count needs a reason")
    assert page.locator("[data-sheet] tbody input").first.input_value() == "41"
    page.locator("[name=reason]").fill("Counted")
    page.locator(".a-bar button").click()
    expect(page.locator("main [role=status] .note").first).to_contain_text("1 stock row was saved.")
    forgive(visit, 422)


def test_many_rows_are_changed_and_taken_back(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    page.goto(f"{visit.shop.address}/admin/catalog/product/")
    for box in page.locator("#result_list .action-select").all()[:3]:
        box.check()
    page.locator("select[name=action]").select_option("change_in_bulk")
    page.locator("button[name=index]").click()
    page.locator("[name=field]").select_option("tags")
    page.locator("form[method=get] button").last.click()
    page.locator("[name=operation]").select_option("add")
    page.locator("[name=value]").fill("spring")
    page.locator("form[method=post] button", has_text="Try it on all rows").click()
    expect(page.locator("button", has_text="Make this change")).to_be_visible(timeout=30_000)
    expect(page.locator(".kpis b").first).to_have_text("3")
    assert visit.axe() == []
    visit.look("workspace-bulk-trial")
    page.locator("button", has_text="Make this change").click()
    expect(page.locator("button", has_text="Take this change back")).to_be_visible(timeout=30_000)
    expect(page.locator("ins", has_text="spring")).to_have_count(3)
    page.locator("button", has_text="Take this change back").click()
    expect(page.locator(".kpis li", has_text="Restored").locator("b")).to_have_text("3", timeout=30_000)
    assert visit.axe() == []
