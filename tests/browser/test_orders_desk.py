"""The orders desk in a real browser: by keys alone, without scripts, on a phone, mirrored."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.buying import buy
from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in

pytestmark = pytest.mark.browser


def rows(page: Page) -> Locator:
    return page.locator("tr[data-row]")


def focused_row(page: Page) -> int:
    """Which row the keyboard is on, from 0; -1 for none."""
    return int(
        page.evaluate(
            "[...document.querySelectorAll('tr[data-row]')].findIndex(row => row.contains(document.activeElement))"
        )
    )


def ticked(page: Page) -> int:
    return page.locator("tr[data-row] input:checked").count()


def is_in_order(visit: Visit, name: str) -> None:
    """A picture for looking at, nothing wider than the window, nothing against WCAG 2.2 AA."""
    visit.look(f"desk-{name}")
    assert visit.overflow() <= 0
    assert visit.axe() == []


def test_an_operator_works_through_the_list_by_keys_alone(enter: Enter) -> None:
    guest, office = enter("de", "de"), enter("de", "de")
    number = [buy(guest)[0], buy(guest)[0]][-1]
    page, press = sign_in(office), office.page.keyboard.press
    page.goto(f"{office.shop.address}/admin/orders/")
    count = rows(page).count()
    assert count >= 2

    press("j")
    assert focused_row(page) == 0
    assert page.evaluate("document.activeElement.matches(':focus-visible')")
    press("j")
    assert focused_row(page) == 1
    press("k")
    assert focused_row(page) == 0
    press("x")
    assert ticked(page) == 1
    press("a")
    assert ticked(page) == count
    press("a")
    assert ticked(page) == 0

    press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    office.look("desk-keys")
    press("j")
    press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    assert focused_row(page) == 0
    press("Enter")
    page.wait_for_url(re.compile(rf"/admin/orders/{number}/$"))
    press("n")
    assert page.url.endswith("#timeline")
    press("g")
    press("r")
    page.wait_for_url(re.compile(r"/admin/returns/$"))
    press("g")
    press("k")
    page.wait_for_url(re.compile(r"/admin/catalogue/categories/$"))


def test_keys_leave_typing_alone_and_can_be_switched_off(enter: Enter) -> None:
    office = enter("de", "de")
    page, press = sign_in(office, anew=True), office.page.keyboard.press
    page.goto(f"{office.shop.address}/admin/orders/")

    press("f")
    page.keyboard.type("gjx?a")
    assert page.locator("#id_q").input_value() == "gjx?a"
    expect(page.locator("dialog#keys")).to_be_hidden()
    page.locator("h1").click()
    press("?")
    page.locator("dialog#keys form[action$='/keys/'] button").click()
    page.wait_for_load_state()
    expect(page.locator("body")).to_have_attribute("data-keys", "off")
    press("?")
    expect(page.locator("dialog#keys")).to_be_hidden()


@pytest.mark.parametrize(("language", "size"), [("de", "phone"), ("ar", "desktop")])
def test_orders_are_filtered_tagged_and_kept_as_a_view_without_scripts(enter: Enter, language: str, size: str) -> None:
    guest, office = enter("de", "de"), enter("de", language, size=size, scripts=False)
    number, _address = buy(guest)
    page = sign_in(office, language)
    word = f"Gift {language}"
    page.goto(f"{office.shop.address}/admin/orders/?q={number}")
    assert rows(page).count() == 1
    office.look("desk-list")
    page.locator("tr[data-row] input[type=checkbox]").check()
    page.locator("#bulk details summary").first.click()
    page.locator("#bulk [name=deed]").select_option("tag")
    page.locator("#bulk [name=new_tag]").fill(word)
    page.locator("#bulk button:not([formaction])").click()
    page.wait_for_url(re.compile(r"/admin/orders/bulk/\d+/$"))
    office.look("desk-draft")
    page.locator("button[value=start]").click()
    expect(page.locator("button[value=undo]")).to_be_visible(timeout=30_000)
    office.look("desk-done")

    page.goto(f"{office.shop.address}/admin/orders/?q={number}")
    expect(rows(page)).to_contain_text(word)
    page.locator("details:has([name=name]) > summary").click()
    page.locator("#view-name").fill(f"View {language}")
    page.locator("form[action$='/views/'] button").first.click()
    expect(page.locator("nav.views [aria-current]")).to_contain_text(f"View {language}")


@pytest.mark.parametrize(("language", "size"), [("ar", "phone"), ("ja", "desktop")])
def test_every_screen_of_the_desk_is_in_order(enter: Enter, language: str, size: str) -> None:
    guest, office = enter("de", "de"), enter("de", language, size=size)
    number, _address = buy(guest)
    page = sign_in(office, language)
    for name, path in {
        "list": "orders/", "runs": "orders/bulk/", "exports": "orders/export/", "order": f"orders/{number}/",
        "keys": "keys/", "home": "",
    }.items():  # fmt: skip
        page.goto(f"{office.shop.address}/admin/{path}")
        is_in_order(office, name)
