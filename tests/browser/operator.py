"""The demo shop's operator at work."""

import re

from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.demo import EMAIL, PASSWORD

SIGNED_IN: dict[str, list[tuple[str, str]]] = {}
"""What a browser keeps of signing in, by the shop's address: the form is filled in once, the rest share the session."""


def sign_in(visit: Visit, language: str = "en", *, anew: bool = False) -> Page:
    """The operator, reading the admin in a language.

    `anew`: in a session of their own, for a test that changes what a session remembers.
    """
    shop, context = visit.shop.address, visit.page.context
    if anew or shop not in SIGNED_IN:
        _fill_in(visit.page, shop)
        if not anew:
            SIGNED_IN[shop] = [(one["name"], one["value"]) for one in context.cookies()]
    else:
        context.add_cookies([{"name": name, "value": value, "url": shop} for name, value in SIGNED_IN[shop]])
    context.add_cookies([{"name": "django_language", "value": language, "url": shop}])
    return visit.page


def _fill_in(page: Page, shop: str) -> None:
    page.goto(f"{shop}/admin/login/")
    page.locator("[name=username]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/admin/$"))
