"""The demo shop's operator at work."""

import re

from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.demo import EMAIL, PASSWORD


def sign_in(visit: Visit, language: str = "en") -> Page:
    """The operator, reading the admin in a language."""
    page = visit.page
    page.goto(f"{visit.shop.address}/admin/login/")
    page.locator("[name=username]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/admin/$"))
    page.context.add_cookies([{"name": "django_language", "value": language, "url": visit.shop.address}])
    return page
