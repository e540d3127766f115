"""A guest buys without a browser's window: for tests that begin with a paid order.

The forms are those of the pages, sent as a browser without scripts sends them; that buying works in a window is shown
by the purchases themselves.
"""

import re
from typing import Any

from lxml import html
from playwright.sync_api import APIResponse

from tests.browser.conftest import Visit
from tests.browser.windows import FIRST_PAGES

CARDS = "//*[contains(concat(' ', @class, ' '), ' card ')]//h3//a/@href"
EMAIL = "buyer@example.com"
ADDRESSES = {
    "de": {"name": "M. Muster", "street": "Torgauer Str. 12", "postal_code": "04315", "city": "Leipzig"},
    "jp": {
        "name": "見本 一",
        "postal_code": "100-0001",
        "region": "東京都",
        "city": "千代田区",
        "street": "千代田1-1",
        "phone": "03-1234-5678",
    },
    "ae": {"name": "م. نموذج", "street": "شارع الشيخ زايد 1", "region": "دبي", "phone": "04 234 5678"},
}


def buy(visit: Visit, *, email: str = EMAIL) -> tuple[str, str]:
    """A paid order; returns its number and the address of its page."""
    _send(visit, _form(_get(visit, visit.shop.address + _something(visit)), "@id='buy'"))
    checkout = _form(_get(visit, visit.path("checkout/")), "@id='checkout'")
    _type(checkout, ADDRESSES[visit.market] | {"email": email, "payment": "card"})
    pay = _form(_send(visit, checkout, action="place"), ".//button[@name='choice']")
    address = _send(visit, pay, choice="succeed").url.split("?")[0]
    found = re.search(r"/orders/([A-Z]+-\d+)/", address)
    assert found, address
    return found[1], address


def _something(visit: Visit) -> str:
    """The address of the first product on the home page that can be bought."""
    return str(html.fromstring(_get(visit, visit.path()).body()).xpath(CARDS)[0])


def _get(visit: Visit, address: str) -> APIResponse:
    answer = visit.page.context.request.get(address, timeout=FIRST_PAGES)
    assert answer.ok, (address, answer.status)
    return answer


def _form(page: APIResponse, wanted: str) -> Any:
    """The form of which this is true."""
    found = html.fromstring(page.body(), base_url=page.url).xpath(f"//form[{wanted}]")
    assert found, (page.url, wanted)
    return found[0]


def _type(form: Any, words: dict[str, str]) -> None:
    """Fill in; of a list, what says so is chosen."""
    for name, value in words.items():
        field = form.inputs[name]
        if isinstance(field, html.SelectElement):
            field.value = next(one.get("value") for one in field.iter("option") if value in one.text_content())
        else:
            field.value = value


def _send(visit: Visit, form: Any, **button: str) -> APIResponse:
    """Press a button of the form and follow where it leads."""
    form.make_links_absolute()
    sent = dict(form.form_values()) | button
    answer = visit.page.context.request.post(
        form.action, form=sent, headers={"Referer": form.base_url}, timeout=FIRST_PAGES
    )
    assert answer.ok, (form.action, answer.status)
    return answer
