"""A dearer size from the customer's phone, in Arabic, to the operator who settles it, in German, in a real browser."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from members.models import User
from orders.actions import grant_access
from orders.actions.returns import approve_return
from orders.actions.returns_receiving import inspect_unit, receive_units
from orders.models import Exchange, ReturnRequest
from tests.browser.axe import violations
from tests.browser.demo import EVERY_SCREEN, artefacts
from tests.factories.cart import open_shop
from tests.orders.exchanges.world import euros, promise, two_sizes
from tests.orders.returns.world import delivered_order, verdict

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def sound(page: Page, name: str) -> None:
    """Nothing too wide, nothing axe complains about; a picture is kept where all are."""
    if EVERY_SCREEN:
        page.screenshot(path=str(artefacts() / f"exchange-{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert violations(page) == []


def window(browser: Browser, live_server: LiveServer, size: dict[str, int], client: Client | None) -> BrowserContext:
    """A customer's phone, or with `client` the signed-in operator's screen."""
    context = browser.new_context(viewport=size, locale="de-DE")
    context.set_default_timeout(30_000)
    if client is not None:
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = {settings.SESSION_COOKIE_NAME: session, settings.LANGUAGE_COOKIE_NAME: "de"}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    return context


def asks_for_the_larger_one(page: Page, link: str, line: int, wanted: int) -> None:
    """Both screens of the portal."""
    page.goto(f"{link}returns/")
    page.locator(f"[name=units_{line}]").select_option("1")
    page.locator("[name=reason]").select_option("too_small")
    page.locator("button[name=step][value=check]").click()
    page.locator("input[name=resolution][value=exchange]").check()
    page.locator(f"[name=wanted_{line}]").select_option(str(wanted))
    sound(page, "ask-ar-phone")
    page.locator("button[name=step][value=send]").click()
    page.wait_for_url("**/returns/*-RET1/")


def test_a_dearer_size_is_asked_for_on_a_phone_and_settled_on_the_desk(
    live_server: LiveServer, client: Client, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # its loop runs in this thread
    market = open_shop()
    promise(market)
    small, large = two_sizes(market, "20.00", "25.00")
    order = delivered_order(market, (small, 1))
    token = grant_access(number=order.number)
    client.force_login(User.objects.create_superuser(email="op@example.com", password="x"))
    phone, desk = window(browser, live_server, PHONE, None), window(browser, live_server, DESK, client)
    customer, operator = phone.new_page(), desk.new_page()

    link = f"{live_server.url}/de/ar/orders/{order.number}/{token}/"
    asks_for_the_larger_one(customer, link, order.lines.get().pk, large.pk)
    request = ReturnRequest.objects.get()
    approve_return(return_number=request.number)
    customer.reload()
    sound(customer, "return-ar-phone")

    address = live_server.url + reverse("admin:workspace_return", args=[request.number])
    receive_units(return_number=request.number, counts={request.lines.get().pk: 1})
    operator.goto(address)
    sound(operator, "look-de-desk")
    inspect_unit(return_number=request.number, line_id=request.lines.get().pk, verdict=verdict(1))
    operator.goto(address)
    sound(operator, "settle-de-desk")
    operator.locator("form[action$='/exchange/'] [name=reason]").fill("Größer gewünscht")
    operator.locator("form[action$='/exchange/'] button[value=preview]").click()
    operator.locator("button[value=confirm]").wait_for()
    sound(operator, "preview-de-desk")
    operator.locator("button[value=confirm]").click()
    operator.wait_for_url(f"**/{request.number}/")
    sound(operator, "done-de-desk")
    child = Exchange.objects.get().child
    assert child is not None
    operator.locator(f"a[href$='/{child.number}/']").click()
    operator.wait_for_url(f"**/orders/{child.number}/")
    sound(operator, "new-order-de-desk")

    assert (child.lifecycle, child.total) == ("pending_payment", euros("25.00"))
    own = f"orders/{child.number}/{grant_access(number=child.number)}/"
    for language in ("de", "ar"):
        customer.goto(f"{live_server.url}/de/{language}/{own}")
        sound(customer, f"new-order-{language}-phone")
    phone.close()
    desk.close()
