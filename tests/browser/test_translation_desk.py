"""The translation desk in a browser: phone, right to left, keyboard, without scripts, and no accessibility fault."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in
from tests.browser.pages import forgive

pytestmark = pytest.mark.browser

PAGES = ("", "?language=de", "?language=ar&standing=a", "completeness/", "files/", "glossary/")
KEY = "catalog.product"


def operate(visit: Visit, rest: str = "") -> Page:
    """Sign in as the demo shop's operator, in the visit's language, and open a page of the desk."""
    sign_in(visit, visit.language)
    return go(visit, rest)


def go(visit: Visit, rest: str) -> Page:
    visit.page.goto(f"{visit.shop.address}/admin/translations/{rest}", wait_until="load")
    return visit.page


def first_product(visit: Visit) -> str:
    """The desk's address of some product that has a name and a description."""
    link = go(visit, f"?model={KEY}&field=description").locator(".tr-table tbody th a").first
    address = str(link.get_attribute("href"))
    return address.partition("/admin/translations/")[2].partition("?")[0]


@pytest.mark.parametrize(("language", "size"), [("de", "desktop"), ("ar", "phone")])
def test_every_page_of_the_desk_is_accessible_and_fits(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", language, size=size)
    operate(visit)
    faults = []
    for rest in (*PAGES, f"{first_product(visit)}?languages=de&languages=ar&languages=zh-hans"):
        go(visit, rest)
        faults += [f"{rest}: {fault}" for fault in visit.axe()]
        if (wide := visit.overflow()) > 0:
            faults.append(f"{rest}: {wide} px too wide")
    assert not faults, "\n".join(faults)


def test_a_translator_works_by_keyboard_alone(enter: Enter) -> None:
    visit = enter("de", "en")
    operate(visit)
    address = f"{first_product(visit)}?languages=ar"
    page = go(visit, address)
    name = page.locator("[name='words.name.ar']")
    assert name.evaluate("box => getComputedStyle(box).direction") == "rtl"
    assert name.evaluate("box => box.lang") == "ar"
    name.focus()
    page.keyboard.press("End")
    page.keyboard.type(" ٢")
    page.keyboard.press("Control+s")
    expect(page.locator("[role=status] .note")).to_contain_text("1 text is saved.")
    expect(page.locator("[name='words.name.ar']")).to_have_value(re.compile("٢$"))
    expect(page.locator("#name .tag").first).to_have_text("Draft")
    page.locator("[name='right.name.ar']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+s")
    expect(page.locator("#name .tag").first).to_have_text("Approved")
    page.keyboard.press("Alt+n")
    page.wait_for_url(lambda url: address not in url)


def test_a_counter_tells_when_a_title_gets_too_long_for_search_engines(enter: Enter) -> None:
    visit = enter("de", "en")
    operate(visit)
    page = go(visit, f"{first_product(visit)}?languages=de")
    box = page.locator("[name='words.meta_title.de']")
    counter = page.locator("#about-meta_title-de [data-count]")
    box.fill("x" * 60)
    expect(counter).to_contain_text("60")
    expect(counter).not_to_have_class(re.compile("c-bad"))
    box.fill("x" * 61)
    expect(counter).to_have_class(re.compile("c-bad"))


def test_without_scripts_texts_are_saved_refused_and_approved(enter: Enter) -> None:
    visit = enter("de", "en", size="phone", scripts=False)
    operate(visit)
    page = go(visit, f"{first_product(visit)}?languages=fr")
    stored = page.locator("[name='words.description.fr']").input_value()
    broken = f"{stored}<p><b>gras</b></p>"
    page.locator("[name='words.description.fr']").fill(broken)
    page.locator("[name=do][value=approve_next]").click()
    expect(page.locator("#refusal")).to_contain_text("<b>")
    expect(page.locator("[name='words.description.fr']")).to_have_value(broken)
    assert page.title().startswith("Error:")
    page.locator("[name=do][value=save]").click()
    forgive(visit, 422)
    expect(page.locator("#description .tag").first).to_have_text("Draft")
    expect(page.locator("#description .c-bad").first).to_contain_text("<b>")
