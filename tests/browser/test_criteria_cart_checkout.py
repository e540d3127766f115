"""The cart, the checkout and the order page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.pages import FEW_LEFT, KETTLE, fill_cart, forgive
from tests.browser.test_purchase import fill_in, pay

pytestmark = pytest.mark.browser

SCOLDING = ("invalid", "please", "required", "oops")
METHODS = {
    ("de", "de"): ["paypal", "card", "klarna", "sepa_debit", "customer_balance"],
    ("sa", "ar"): ["mada", "card"],
}
BUTTON_WORDS = {("de", "de"): "Zahlungspflichtig bestellen", ("gb", "en"): "Order with obligation to pay"}
BRITISH = {
    "name": "A. Sample",
    "street": "1 Old Street",
    "city": "London",
    "postal_code": "ec1y-8sy",
    "phone": "020-7946 0018",
}


def test_adding_opens_a_named_sheet_and_focus_goes_in_and_back(enter: Enter) -> None:
    page = enter("de", "en").open(KETTLE)
    button = page.locator(".buy button[type=submit]")
    button.click()
    sheet = page.locator("dialog.sheet[open]")
    expect(sheet.locator("#drawer-title")).to_be_focused()
    expect(sheet).to_have_attribute("aria-labelledby", "drawer-title")
    expect(sheet.locator(".line")).to_contain_text("Kesen")
    expect(sheet).to_contain_text("free tracked delivery")
    expect(sheet.locator(".row.between .num")).to_have_text(re.compile(r"€\d"))
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(button).to_be_focused()


def test_too_many_become_the_most_there_are_and_the_total_follows(enter: Enter) -> None:
    visit = enter("de", "en")
    fill_cart(visit, FEW_LEFT)
    page = visit.open("cart/")
    page.evaluate("window.sameDocument = true")
    before = _total(page)
    assert _adds_up(page)
    quantity = page.locator("li.line [name=quantity]")
    most = int(str(quantity.get_attribute("data-max")))
    quantity.fill("999")
    quantity.press("Tab")
    expect(page.locator("li.line .note")).to_be_visible()
    expect(quantity).to_have_value(str(most))
    assert _total(page) > before
    assert _adds_up(page)
    expect(page.locator("#announcer")).not_to_be_empty()
    page.locator("li.line [data-step='-1']").click()
    expect(page.locator("li.line .note")).to_have_count(0)
    expect(quantity).to_have_value(str(most - 1))
    expect(page.locator("cart-badge .count")).to_have_text(str(most - 1))
    assert page.evaluate("window.sameDocument")


def test_nothing_stands_between_the_cart_and_the_payment_and_the_total_is_always_there(enter: Enter) -> None:
    visit = enter("de", "de", size="phone")
    fill_cart(visit)
    page = visit.open("cart/")
    total = page.locator(".ticket .total dd").first.inner_text()
    page.locator("main .side a.btn-wide").click()
    page.wait_for_url(re.compile("/checkout/"))
    assert page.locator("input[type=password]").count() == 0
    expect(page.locator("#order-folded summary.wrap")).to_contain_text(total)
    pay_button = page.locator("button[name=action][value=place]:visible").last
    expect(pay_button).to_contain_text(total)
    expect(pay_button).to_contain_text(BUTTON_WORDS["de", "de"])
    for choice in page.locator("#delivery .choice").all():
        assert re.search(r"\d", choice.locator("strong").inner_text())
        assert choice.locator(".num").inner_text().strip()
    page.locator("#order-folded summary.wrap").click()
    assert page.locator("#order-folded .ticket dd").count() >= 3
    express = page.locator("[name=delivery]").last
    express.check()
    expect(page.locator("#order-folded summary.wrap strong")).not_to_have_text(total)
    dearer = page.locator("#order-folded summary.wrap strong").inner_text()
    expect(page.locator("button[name=action][value=place]:visible").last).to_contain_text(dearer)
    expect(page.locator("#announcer")).to_contain_text(dearer)


def test_every_field_is_named_and_can_be_filled_by_the_browser(enter: Enter) -> None:
    visit = enter("gb", "en")
    fill_cart(visit)
    page = visit.open("checkout/")
    for field in page.locator("#checkout .input:visible").all():
        name = field.get_attribute("name")
        assert field.get_attribute("autocomplete"), name
        expect(page.locator(f"label[for='{field.get_attribute('id')}']")).to_be_visible()
    modes = {name: page.locator(f"#checkout [name={name}]").get_attribute("inputmode") for name in ("email", "phone")}
    assert modes == {"email": "email", "phone": "tel"}
    hint = page.locator("#checkout [name=phone]").get_attribute("aria-describedby")
    expect(page.locator(f"[id='{hint}']")).to_be_visible()
    expect(page.locator("[name=billing_same]")).to_be_checked()
    assert page.locator("#step-delivery ~ .form .input").first.get_attribute("name") == "country"


def test_spaces_hyphens_and_small_letters_are_welcome(enter: Enter) -> None:
    visit = enter("gb", "en")
    fill_cart(visit)
    page = visit.open("checkout/")
    page.locator("[name=email]").fill(" Buyer@Example.com ")
    for name, value in BRITISH.items():
        page.locator(f"#checkout [name={name}]").fill(value)
    page.locator("[name=payment][value=card]").check()
    order = pay(visit)
    page.goto(order)
    expect(page.locator("address").first).to_contain_text("EC1Y 8SY")


def test_mistakes_are_listed_linked_and_lose_nothing(enter: Enter) -> None:
    visit = enter("de", "en")
    fill_cart(visit)
    page = visit.open("checkout/")
    page.locator("#checkout [name=city]").fill("Leipzig")
    page.locator("#checkout [name=postal_code]").fill("43")
    page.locator("button[name=action][value=place]:visible").last.click()
    expect(page).to_have_title(re.compile("^Error:"))
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    links = summary.locator("a")
    assert links.count() >= 4
    for link in links.all():
        field = str(link.get_attribute("href")).removeprefix("#")
        said = link.inner_text().strip()
        assert not any(word in said.lower() for word in SCOLDING), said
        expect(page.locator(f"[id='{field}-error']")).to_contain_text(said)
    links.first.click()
    expect(page.locator(str(links.first.get_attribute("href")))).to_be_focused()
    expect(page.locator("#checkout [name=city]")).to_have_value("Leipzig")
    expect(page.locator("#checkout [name=postal_code]")).to_have_value("43")
    assert visit.axe() == []
    forgive(visit, 422)


@pytest.mark.parametrize(("market", "language"), METHODS)
def test_the_ways_to_pay_are_those_of_the_market_in_its_order(enter: Enter, market: str, language: str) -> None:
    visit = enter(market, language)
    fill_cart(visit)
    page = visit.open("checkout/")
    offered = page.locator("[name=payment]").evaluate_all("all => all.map(one => one.value)")
    assert offered == METHODS[market, language]


def test_a_total_that_moved_stops_before_the_payment(enter: Enter) -> None:
    visit = enter("de", "en")
    fill_cart(visit)
    page = visit.open("checkout/")
    fill_in(page, "de")
    other = page.context.new_page()
    other.goto(visit.path("cart/"))
    other.locator("li.line [data-step='1']").click()
    expect(other.locator("li.line [name=quantity]")).to_have_value("2")
    expect(other.locator("cart-badge .count")).to_have_text("2")
    other.close()
    page.locator("button[name=action][value=place]:visible").last.click()
    page.wait_for_load_state()
    assert "/checkout/" in page.url
    expect(page.locator("main .note.warn, main .note.bad, main .errors").first).to_be_visible()
    expect(page.locator("#checkout [name=city]")).to_have_value("Leipzig")
    forgive(visit, 409)


def test_a_paid_order_stays_open_to_its_buyer_and_to_nobody_else(enter: Enter) -> None:
    visit = enter("de", "en")
    fill_cart(visit)
    page = visit.open("checkout/")
    fill_in(page, "de")
    order = pay(visit)
    number = _order_number(page)
    expect(page.locator("main .route").first).to_be_visible()
    expect(page.locator("main .order-line").first).to_be_visible()
    expect(page.locator("main address").first).to_contain_text("Leipzig")
    expect(page.locator("main a[href*='returns']").first).to_be_visible()
    assert visit.overflow() <= 0
    assert visit.axe() == []
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state()
    visit.open("checkout/")
    assert page.locator("button[name=action][value=place]").count() == 0

    stranger = enter("de", "en", size="phone")
    again = stranger.page
    again.goto(order)
    assert _order_number(again) == number
    _find(stranger, number, "somebody@example.com")
    wrong_email = again.locator("main [role=alert]").inner_text()
    _find(stranger, "MER-99999999", "buyer@example.com")
    assert again.locator("main [role=alert]").inner_text() == wrong_email
    forgive(stranger, 404)
    _find(stranger, number.lower(), "Buyer@example.com")
    again.wait_for_url(re.compile(r"/orders/MER-"))
    assert _order_number(again) == number


def _find(visit: Visit, number: str, email: str) -> None:
    page = visit.open("orders/find/")
    page.locator("main [name=number]").fill(number)
    page.locator("main [name=email]").fill(email)
    page.locator("main form button").click()
    page.wait_for_load_state()


def _order_number(page: Page) -> str:
    found = re.search(r"MER-\d{8}", page.locator("main").inner_text())
    assert found
    return found[0]


def _cents(text: str) -> int:
    found = re.search(r"([\d,]+)\.(\d\d)", text)
    return int(found[1].replace(",", "")) * 100 + int(found[2]) if found else 0


def _total(page: Page) -> int:
    return _cents(page.locator(".ticket .total dd").first.inner_text())


def _adds_up(page: Page) -> bool:
    rows = [_cents(one) for one in page.locator(".ticket div:not(.total) dd").all_inner_texts()]
    return len(rows) >= 2 and sum(rows) == _total(page)
