"""Opening markets and trying rules in a real browser: bars, lists of what is missing, both directions, and axe."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in

pytestmark = pytest.mark.browser

TRIED = "day=2026-11-22&market=br&country=BR&buyer=consumer&abroad=on&value=100&currency=EUR&flags=vape"


def screens(visit: Visit) -> dict[str, str]:
    admin = f"{visit.shop.address}/admin/"
    return {
        "markets": f"{admin}market-opening/",
        "open market": f"{admin}market-opening/de/",
        "closed market": f"{admin}market-opening/at/",
        "first step": f"{admin}market-opening/new/",
        "languages": f"{admin}market-opening/at/languages/",
        "policies": f"{admin}market-opening/at/policies/",
        "prices": f"{admin}market-opening/at/prices/",
        "close": f"{admin}market-opening/de/close/",
        "rates": f"{admin}markets/exchangerate/write-down/",
        "rules": f"{admin}markets/compliancerule/try/",
        "tried": f"{admin}markets/compliancerule/try/?{TRIED}",
    }


@pytest.mark.parametrize(("language", "size"), [("de", "desktop"), ("ar", "phone")])
def test_axe_finds_nothing_on_the_screens_of_markets_and_they_fit(enter: Enter, language: str, size: str) -> None:
    visit = enter("de", "en", size=size)
    page = sign_in(visit, language)
    faults = []
    for name, address in screens(visit).items():
        answer = page.goto(address, wait_until="load")
        if answer is None or answer.status != 200:
            faults.append(f"{name}: {answer.status if answer else 'no answer'}")
            continue
        faults += [f"{name}: {fault}" for fault in visit.axe()]
        if (wide := visit.overflow()) > 0:
            faults.append(f"{name}: {wide} px too wide")
        visit.look(f"markets-{language}-{name.replace(' ', '-')}")
    assert not faults, "\n".join(faults)


def test_a_market_below_its_bar_says_what_is_missing_and_where_it_is_put_right(enter: Enter) -> None:
    visit = enter("de", "en")
    page = sign_in(visit)
    page.goto(screens(visit)["closed market"])
    expect(page.locator(".note.warn").first).to_contain_text("The market cannot open.")
    expect(page.get_by_role("link", name="Open the market")).to_have_count(0)
    link = page.locator(".mk-low .mk-lacks a").first
    expect(link).to_be_visible()
    link.click()
    expect(page.locator("h1").first).to_be_visible()


def test_a_described_purchase_shows_the_rules_that_fit(enter: Enter) -> None:
    visit = enter("de", "en")
    page: Page = sign_in(visit)
    page.goto(screens(visit)["tried"])
    expect(page.locator(".mk-rules")).to_contain_text("br-cpf")
    expect(page.locator(".mk-rules")).to_contain_text("Electronic cigarettes may not be sent there.")
    expect(page.locator(".mk-rules li", has_text="br-cpf")).to_contain_text("the goods cross a customs border")
