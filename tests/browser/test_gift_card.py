"""A gift card on a German phone: given by an operator, read from the mail, spent with a card, refunded to the cent."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Visit
from tests.browser.operator import sign_in
from tests.browser.test_purchase import fill_in, pay

pytestmark = pytest.mark.browser

CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
AMOUNT = re.compile(r"(\d+,\d\d)\s*€")


def test_a_gift_card_pays_its_part_and_gets_its_part_back(enter: Enter) -> None:
    desk = enter("de", "de", size="desktop")
    admin = sign_in(desk)
    give(admin, desk.shop.address, "15.00")
    code = code_from_mail(admin, desk.shop.address)
    visit = enter("de", "de", size="phone")
    page = visit.page
    page.goto(visit.shop.address + visit.product())
    page.locator(".buy .btn").first.click()
    expect(page.locator("dialog.sheet[open]")).to_be_visible()
    visit.open("checkout/")
    fill_in(page, "de")
    type_code(page, code.lower())
    expect(page.locator(".paycard")).to_contain_text(code[-4:])
    visit.look("gift-card-added")
    assert visit.axe() == []
    number = re.search(r"MER-\d{8}", pay(visit))
    visit.look("gift-card-order")
    assert number
    refund = refund_all_goods(desk, admin, number[0])
    assert left_on(visit, code) == refund
    visit.look("gift-card-balance")


def give(admin: Page, address: str, amount: str) -> None:
    """Within what one operator may give alone."""
    admin.goto(f"{address}/admin/payments/creditlimit/")
    if not admin.locator("td", has_text="EUR").count() and not admin.locator("th", has_text="EUR").count():
        admin.goto(f"{address}/admin/payments/creditlimit/add/")
        admin.locator("[name=currency]").fill("EUR")
        admin.locator("[name=alone_minor]").fill("10000")
        admin.locator("[name=_save]").click()
    admin.goto(f"{address}/admin/payments/creditgrant/give/")
    admin.locator("[name=kind]").select_option("gift_card")
    admin.locator("[name=market]").select_option(label=re.sub(r"\s+", " ", germany(admin)))
    admin.locator("[name=amount]").fill(amount)
    admin.locator("[name=email]").fill("holder@example.com")
    admin.locator("[name=reason]").fill("Late parcel")
    admin.locator("main form .btn[type=submit]").last.click()
    admin.wait_for_url(re.compile(r"/creditgrant/$"))


def germany(admin: Page) -> str:
    return next(text for text in admin.locator("[name=market] option").all_inner_texts() if text.startswith("de"))


def code_from_mail(admin: Page, address: str) -> str:
    """The newest message has it."""
    listed = admin.request.get(f"{address}/dev/mail/").text()
    newest = re.search(r"/dev/mail/\d+/", listed)
    assert newest
    found = CODE.search(admin.request.get(f"{address}{newest[0]}").text())
    assert found
    return found[0]


def type_code(page: Page, code: str) -> None:
    if not page.locator("#gift-code").is_visible():
        page.locator("details.paycode > summary").click()
    page.locator("#gift-code").fill(code)
    page.locator("button[value=add_card]").click()
    page.wait_for_load_state()


def refund_all_goods(desk: Visit, admin: Page, number: str) -> Decimal:
    """Refund the goods; returns what the form says goes back to the gift card."""
    admin.goto(f"{desk.shop.address}/admin/orders/{number}/")
    form = admin.locator("form[action$='/refund/']")
    form.locator("input[name^=line_]").first.fill("1")
    form.locator("[name=reason]").fill("Broken")
    form.locator("button[type=submit]").first.click()
    row = admin.locator(".ticket div", has_text="Gift card ending in")
    expect(row).to_have_count(1)
    part = re.search(r"\d+\.\d\d", row.inner_text())
    assert part
    admin.locator("button[value=confirm]").click()
    admin.wait_for_url(re.compile(r"#payments$"))
    return Decimal(part[0])


def left_on(visit: Visit, code: str) -> Decimal:
    """What the balance page says, once workers have carried the refund out."""
    for _try in range(40):
        visit.open("gift-card/")
        visit.page.locator("#code").fill(code)
        visit.page.locator("main .btn[type=submit]").click()
        visit.page.wait_for_load_state()
        amounts = AMOUNT.findall(visit.page.locator("main .panel").first.inner_text())
        left = Decimal(amounts[0].replace(",", "."))
        if left:
            return left
        visit.page.wait_for_timeout(500)
    return Decimal(0)
