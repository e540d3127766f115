"""A parcel that customs hold, and what stands behind it, as its customer and the operators see it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from inventory.carriers.sandbox.numbers import number_of
from tests.browser.buying import buy
from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in

pytestmark = pytest.mark.browser
CARRIER = "Sandbox Express"
SINCE = timedelta(hours=25)
"""A step of the sandbox is an hour: after twenty-four of them customs ask for a paper."""
WORKERS = """
# Only parcels with a label of the sandbox are asked of it: this one is made to be.
from core.outbox import drain
from inventory.models import CarrierAccount, TrackedParcel
from inventory.tasks import ask_carriers, process_carrier_inbox
from orders.models import ParcelException
for _ in range(200):
    drain(limit=500)
    followed = TrackedParcel.objects.filter(account=None, tracking_no__startswith="SX")
    followed.update(account=CarrierAccount.objects.get(code="sandbox"))
    ask_carriers()
    process_carrier_inbox()
    if ParcelException.objects.filter(order__number="{number}").exists():
        break
"""
SCREENS = {
    "alerts": "stock/alerts/",
    "proposals": "buying/proposals/",
    "purchases": "buying/orders/",
    "without": "stock/without/",
    "labels": "labels/",
    "parcels": "parcels/",
}


def is_in_order(visit: Visit, name: str) -> None:
    """A picture for looking at, nothing wider than the window, nothing against WCAG 2.2 AA."""
    visit.look(f"logistics-{name}")
    assert visit.overflow() <= 0, name
    assert visit.axe() == [], name


def send(office: Visit, page: Page, number: str, country: str) -> None:
    """Every parcel leaves with a number that began to travel a day ago."""
    order = f"{office.shop.address}/admin/orders/{number}/"
    for position in range(1, 4):
        page.goto(order)
        form = page.locator("form[action$='/ship/']").first
        if not form.count():
            return
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        since = datetime.now(UTC) - SINCE
        tracking = number_of(origin="JP", country=country, since=since, key=f"{number}-{position}", story="C")
        form.locator("[name=carrier]").fill(CARRIER)
        form.locator("[name=tracking_no]").fill(tracking)
        form.locator("button[type=submit]").click()
        page.wait_for_load_state()


@pytest.mark.parametrize(
    ("market", "language", "customers", "operators"),
    [("de", "de", "phone", "desktop"), ("ae", "ar", "desktop", "phone")],
)
def test_a_parcel_that_customs_hold(enter: Enter, market: str, language: str, customers: str, operators: str) -> None:
    guest, office = enter(market, language, size=customers), enter(market, language, size=operators)
    number, address = buy(guest)
    page, admin = sign_in(office, language), f"{office.shop.address}/admin/"
    page.goto(f"{admin}orders/{number}/")
    is_in_order(office, "order")
    page.locator("a[href$='/label/']").first.click()
    page.wait_for_url(re.compile(r"/label/$"))
    is_in_order(office, "label")
    send(office, page, number, market.upper())
    office.shop.do(WORKERS.format(number=number))

    guest.page.goto(address)
    expect(guest.page.locator("ol.route li.here").first).to_be_visible()
    assert guest.page.locator("[aria-labelledby=parcel-1] ol.route > li").count() == 5
    is_in_order(guest, "order-page")
    for name, rest in SCREENS.items():
        page.goto(f"{admin}{rest}")
        is_in_order(office, name)
    page.locator("tr", has_text=number).locator("th a").first.click()
    page.wait_for_url(re.compile(r"/parcels/\d+/$"))
    is_in_order(office, "parcel")
    page.goto(f"{admin}{SCREENS['purchases']}")
    page.locator("main table a").first.click()
    page.wait_for_url(re.compile(r"/orders/PO-\d+/$"))
    is_in_order(office, "purchase")
