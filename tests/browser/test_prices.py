"""Prices in a real browser: planned, previewed, agreed to by a second person, applied; explained and proven."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in

pytestmark = pytest.mark.browser

SKU = "KS-GK-06-IN"
SCREENS = {
    "plans": "price-plans/",
    "explain": f"prices/explain/?sku={SKU}&market=de&quantity=3",
    "proof": f"prices/proof/?sku={SKU}&market=de",
    "rules": "prices/rules/",
    "rule": "prices/rules/de/",
    "figures": "prices/figures/",
    "sheet": "prices/?q=KS-GK&market=de",
}


def place(visit: Visit, name: str) -> str:
    return f"{visit.shop.address}/admin/catalogue/{SCREENS[name]}"


def reduced_sku(page: Page, visit: Visit) -> str:
    """The SKU of something that is in a sale in Germany."""
    page.goto(f"{visit.shop.address}/admin/catalog/publishedprice/?reduced__exact=1")
    words = page.locator("#result_list tbody tr").first.inner_text()
    found = re.search(r"[A-Z0-9]+(?:-[A-Z0-9]+)+", words)
    assert found
    return found[0]


@pytest.mark.parametrize(("language", "size"), [("de", "desktop"), ("ar", "desktop"), ("ar", "phone")])
def test_axe_finds_nothing_on_the_screens_about_prices_and_they_fit(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", "en", size=size)
    page = sign_in(visit, language)
    faults = []
    for name in SCREENS:
        page.goto(place(visit, name), wait_until="load")
        if (language, size) != ("ar", "desktop"):  # mirrored on the phone, and wide from left to right
            faults += [f"{name}: {fault}" for fault in visit.axe()]
        if (wide := visit.overflow()) > 0:
            faults.append(f"{name}: {wide} px too wide")
        visit.look(f"prices-{language}-{name}")
    assert not faults, "\n".join(faults)


def test_prices_are_planned_previewed_asked_for_and_dropped(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    page.goto(place(visit, "plans"))
    page.locator("main [name=q]").fill("KS-GK")
    page.locator("button", has_text="Choose these variants").click()
    page.locator("[name=price_list]").select_option(index=1)
    page.locator("[name=value]").fill("-40")
    page.locator("[name=note]").fill("Season ends")
    page.locator("button", has_text="Show the preview").click()
    expect(page.locator("button", has_text="Ask a second person")).to_be_visible(timeout=60_000)
    expect(page.locator("tbody tr").first).to_contain_text(re.compile("−(39|40|41)"))
    assert visit.axe() == []
    visit.look("prices-preview")
    page.locator("button", has_text="Ask a second person").click()
    expect(page.locator("main")).to_contain_text("Somebody else has to decide about them.")
    expect(page.locator("button[value=approve]")).to_have_count(0)
    assert visit.axe() == []
    page.locator("button", has_text="Drop it").click()
    expect(page.locator("h1 + .tag")).to_have_text("dropped")


def test_a_small_change_is_made_and_the_old_prices_are_restored(enter: Enter) -> None:
    visit = enter("de", "en", size="phone", scripts=False)
    page = sign_in(visit)
    page.goto(place(visit, "plans"))
    page.locator("main [name=q]").fill(SKU)
    page.locator("button", has_text="Choose these variants").click()
    page.locator("[name=price_list]").select_option(index=1)
    page.locator("[name=value]").fill("-2")
    page.locator("[name=rounding]").select_option("none")
    page.locator("button", has_text="Show the preview").click()
    expect(page.locator("button", has_text="Make this change")).to_be_visible(timeout=60_000)
    page.locator("button", has_text="Make this change").click()
    expect(page.locator("button", has_text="Restore the old prices")).to_be_visible(timeout=60_000)
    page.locator("button", has_text="Restore the old prices").click()
    expect(page.locator("h1 + .tag")).to_have_text("taken back", timeout=60_000)
    assert visit.overflow() <= 0


def test_a_badge_is_explained_and_proven(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    sku = reduced_sku(page, visit)
    page.goto(f"{visit.shop.address}/admin/catalogue/prices/explain/?sku={sku}&market=de")
    expect(page.locator("main")).to_contain_text("Lowest price that applies.")
    page.locator("main .p-head a", has_text="Proof of reductions").click()
    expect(page.locator("h2#verdict")).to_have_text("The announced reduction is right.")
    expect(page.locator(".price-curve path")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("98/6/EC")
    expect(page.locator("tbody tr", has_text="the lowest").first).to_be_visible()
    assert visit.axe() == []
    visit.look("prices-proof")
    with page.expect_download() as download:
        page.locator("a", has_text="Download as CSV").click()
    assert download.value.suggested_filename.startswith("price-proof-de-")
