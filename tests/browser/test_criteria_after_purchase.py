"""After the purchase, and before another market: accounts, withdrawal, what cannot come along."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.pages import fill_cart, forgive
from tests.browser.test_purchase import fill_in, pay

pytestmark = pytest.mark.browser


def add(visit: Visit, *, scripts: bool) -> None:
    """Put the product of this page into the cart, and wait until it is there."""
    visit.page.locator(".buy .btn").first.click()
    if scripts:
        expect(visit.page.locator("dialog.sheet[open]")).to_be_visible()
    else:
        visit.page.wait_for_url(re.compile(r"/cart/"))


def cents(text: str) -> int:
    found = re.search(r"([\d.,]+)[.,](\d\d)", text)
    assert found, text
    return int(re.sub(r"\D", "", found[1])) * 100 + int(found[2])


def sums(page: Page, rows: str) -> bool:
    """Whether the parts of an opened breakdown sum to its last row."""
    shown = [cents(one) for one in page.locator(f"{rows} dd").all_inner_texts()]
    return len(shown) >= 3 and sum(shown[:-1]) == shown[-1]


@pytest.mark.parametrize("scripts", [True, False])
def test_what_cannot_come_along_is_listed_before_another_market_is_chosen(enter: Enter, scripts: bool) -> None:
    visit = enter("de", "en", scripts=scripts)
    page = visit.page
    address = visit.product()
    page.goto(visit.shop.address + address)
    name = page.locator("h1").inner_text()
    variant = page.locator("#buy [name=variant]").get_attribute("value")
    add(visit, scripts=scripts)
    visit.open("cart/")
    expect(page.locator("main li.line")).to_have_count(1)
    # One that weighs more than any carrier of the market takes: as an operator would have entered it.
    with visit.shop.changed("UPDATE catalog_variant SET weight_g = 900000 WHERE id = %s", [variant]):
        visit.open("choose/")
        page.locator(".places a.bold[href*='market=jp']").click()
        behind = page.locator("section[aria-labelledby=left-behind]")
        expect(behind).to_contain_text(name)
        assert visit.axe() == [] if scripts else True
        page.locator("form[action$='/cart/switch/'] button").click()
        page.wait_for_url(re.compile(r"/jp/en/"))
        visit.market = "jp"
        visit.open("cart/")
        expect(page.locator("main details.acc .line")).to_contain_text(name)
        expect(page.locator("main .side li.line")).to_have_count(0)


def test_the_parts_of_a_price_sum_to_it_on_product_cart_and_checkout(enter: Enter) -> None:
    visit = enter("de", "en")
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    price = cents(page.locator(".pdp .price").first.inner_text())
    page.locator("details.acc:has(dl.ticket) summary").first.click()
    assert sums(page, ".pdp details.acc dl.ticket")
    assert cents(page.locator(".pdp dl.ticket .total dd").inner_text()) == price
    add(visit, scripts=True)
    for rest, place in (("cart/", "main aside details.flat"), ("checkout/", "#order-summary details.flat")):
        visit.open(rest)
        page.locator(f"{place} summary").click()
        assert sums(page, f"{place} dl.ticket"), rest
        total = page.locator("main aside .ticket .total dd").first.inner_text()
        assert cents(page.locator(f"{place} .total dd").inner_text()) == cents(total)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_confirmation_offers_an_account_and_a_weak_password_gets_a_sentence(enter: Enter, scripts: bool) -> None:
    visit = enter("de", "en", scripts=scripts)
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    add(visit, scripts=scripts)
    visit.open("checkout/")
    fill_in(page, "de")
    # A code goes to one address once in a while only, so each of the two buys under their own.
    page.locator("[name=email]").fill(f"buyer-{'with' if scripts else 'without'}-scripts@example.com")
    order = pay(visit)
    form = page.locator("form[action$='/account/']")
    expect(form.locator("[name=password]")).to_have_attribute("autocomplete", "new-password")
    form.locator("[name=password]").fill("short")
    form.locator("button").click()
    expect(page.locator(".errors")).to_be_visible()
    assert page.title().startswith("Error:")
    page.locator("form[action$='/account/'] [name=password]").fill("a long enough phrase of mine")
    page.locator("form[action$='/account/'] button").click()
    expect(page.locator("main h1")).to_have_text("Enter the code")
    page.goto(order)
    assert re.search(r"MER-\d{8}", page.locator("main").inner_text())
    forgive(visit, 422)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_guest_withdraws_in_two_steps_without_signing_in(enter: Enter, scripts: bool) -> None:
    visit = enter("de", "en", size="phone", scripts=scripts)
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    add(visit, scripts=scripts)
    visit.open("checkout/")
    fill_in(page, "de")
    pay(visit)
    page.locator("main a", has_text="Withdraw from contract here").click()
    expect(page.locator("[name=email]")).to_have_value("buyer@example.com")
    expect(page.locator("[name=line]")).to_be_checked()
    if scripts:
        assert visit.axe() == []
        assert visit.overflow() <= 0
    page.locator("main button", has_text="Confirm withdrawal").click()
    expect(page.locator("main h1")).to_have_text("Withdrawal received")
    expect(page.locator("main dl.facts")).to_contain_text("Europe/Berlin")
    if scripts:
        assert visit.axe() == []


def test_the_function_stands_in_the_foot_of_every_page_and_takes_a_guests_word(enter: Enter) -> None:
    visit = enter("de", "de")
    page = visit.open("pages/returns/")
    assert page.locator("a[href$='/withdraw/']").count() == 2
    page.locator("footer a[href$='/withdraw/']").click()
    page.locator("[name=name]").fill("M. Muster")
    page.locator("[name=order]").fill("MER-00000000")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".errors a")).to_have_count(1)
    page.locator("[name=email]").fill("buyer@example.com")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/withdraw/.+/"))
    expect(page.locator("main dl.facts")).to_contain_text("MER-00000000")
    forgive(visit, 422)


def test_another_country_of_the_market_is_computed_anew_and_said(enter: Enter) -> None:
    visit = enter("ch", "de")
    fill_cart(visit)
    page = visit.open("checkout/")
    page.locator("#checkout [name=city]").fill("Zürich")
    page.locator("#checkout [name=country]").select_option("LI")
    expect(page.locator("[data-destination]")).to_contain_text("Liechtenstein")
    expect(page.locator("#checkout [name=city]")).to_have_value("Zürich")
