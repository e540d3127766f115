"""From the operator's order page to the customer's payment in a real browser: German, on a phone, by keyboard."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from members.models import User
from orders.actions import grant_access
from orders.models import ChangeState, OrderChange
from tests.browser.axe import violations
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sound(page: Page) -> None:
    """Nothing too wide, nothing axe complains about."""
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert violations(page) == []


def test_an_order_becomes_dearer_by_keyboard_and_its_customer_pays(
    live_server: LiveServer, client: Client, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # its loop runs in this thread
    market = open_shop()
    order = paid_order(market, (item_in(market, price="20.00", stock=10), 2))
    token = grant_access(number=order.number)
    client.force_login(User.objects.create_superuser(email="op@example.com", password="x"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE", has_touch=True)
    context.set_default_timeout(20_000)
    context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": "de", "url": live_server.url},
        ]
    )
    page = context.new_page()

    page.goto(live_server.url + reverse("admin:workspace_order", args=[order.number]))
    page.locator("#changes ~ .p-body a, section[aria-labelledby=changes] a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    sound(page)
    page.locator("input[name^=line_]").first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    page.locator("input[name=reason]").focus()
    page.keyboard.type("Noch eines")
    page.keyboard.press("Enter")
    page.locator("button[value=confirm]").wait_for()
    sound(page)
    page.locator("button[value=confirm]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{order.number}/")
    sound(page)

    page.goto(f"{live_server.url}/de/de/checkout/difference/{order.number}/{token}/")
    sound(page)
    page.locator("input[name=payment]").first.check()
    page.locator("button.btn-pay").click()
    page.locator("button[name=choice][value=succeed]").click()
    page.wait_for_url(f"**/orders/{order.number}/**")
    context.close()

    assert OrderChange.objects.get().state == ChangeState.CONFIRMED
    assert order.lines.get().quantity == 3
