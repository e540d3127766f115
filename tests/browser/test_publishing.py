"""Publishing in a real browser: markets of a product, planned changes, previews, details; both directions, and axe."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in
from tests.browser.test_catalog_workspace import SKU

pytestmark = pytest.mark.browser


def product_of(visit: Visit) -> str:
    """The address of the screens of one product."""
    page = visit.page
    page.goto(f"{visit.shop.address}/admin/catalog/product/?q={SKU}")
    link = str(page.locator("#result_list tbody th a").first.get_attribute("href"))
    found = re.search(r"product/(\d+)/", link)
    assert found
    return f"{visit.shop.address}/admin/catalogue/products/{found[1]}/"


def screens(visit: Visit) -> dict[str, str]:
    """Every screen for publishing."""
    product, admin = product_of(visit), f"{visit.shop.address}/admin/catalogue/"
    page = visit.page
    page.goto(f"{admin}attributes/")
    detail = str(page.locator("tbody th a").first.get_attribute("href"))
    return {
        "markets": f"{product}markets/",
        "market": f"{product}markets/de/",
        "plan": f"{product}plan/",
        "preview": f"{product}preview/",
        "planned": f"{admin}planned/",
        "details": f"{admin}attributes/",
        "detail": f"{visit.shop.address}{detail}",
        "new detail": f"{admin}attributes/new/",
    }


def in_days(days: int) -> str:
    """A moment as a browser's field for date and time takes it."""
    return (timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(("language", "size"), [("de", "desktop"), ("ar", "phone")])
def test_axe_finds_nothing_on_the_screens_and_they_fit(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", "en", size=size)
    page = sign_in(visit, language)
    faults = []
    for name, address in screens(visit).items():
        page.goto(address, wait_until="load")
        faults += [f"{name}: {fault}" for fault in visit.axe()]
        if (wide := visit.overflow()) > 0:
            faults.append(f"{name}: {wide} px too wide")
        visit.look(f"publishing-{language}-{name}")
    assert not faults, "\n".join(faults)


def test_a_planned_change_is_moved_and_canceled(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    product = product_of(visit)
    page.goto(f"{product}plan/")
    page.locator("[name=status]").select_option("draft")
    page.locator("[name=due_at]").fill(in_days(20))
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("h1")).to_have_text("What happens when")
    expect(page.locator("main")).to_contain_text("Take off sale")
    visit.look("publishing-agenda")
    page.get_by_role("link", name="Move or cancel").first.click()
    page.locator("[name=due_at]").fill(in_days(21))
    page.get_by_role("button", name="Move it there").click()
    expect(page.locator("[role=status]")).to_contain_text("It happens at the new moment.")
    page.get_by_role("link", name="Move or cancel").first.click()
    page.get_by_role("button", name="Cancel this change").click()
    expect(page.locator("[role=status]")).to_contain_text("will not happen")


@pytest.mark.parametrize(("language", "size"), [("de", "phone"), ("en", "desktop")])
def test_a_preview_is_sent_to_somebody_without_an_account(enter: Enter, language: str, size: str) -> None:
    operator = enter("de", "en")
    page = sign_in(operator)
    page.goto(f"{product_of(operator)}preview/")
    page.locator("[name=place]").select_option(f"de/{language}")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#f-link").input_value()
    guest = enter("de", language, size=size)
    guest.page.goto(link, wait_until="load")
    expect(guest.page.locator("aside.note")).to_be_visible()
    expect(guest.page.locator("cart-form")).to_have_count(0)
    assert not guest.axe()
    assert guest.overflow() <= 0
    guest.look("publishing-preview")
    choice = guest.page.locator("form[data-options] label.opt:not(.out):has(input:not(:checked))").first
    if choice.count():
        choice.click()
        expect(guest.page.locator("aside.note")).to_be_visible()
        assert "/preview/" in guest.page.url
