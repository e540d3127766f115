"""The operators' home, search, navigation, sign-in and languages."""

import re

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

from core.models import Job, Message, OutboxMessage
from inventory.models import StockAlert, StockItem
from orders.actions import add_note, open_hold
from orders.models import Order
from tests.admin.people import operator, owner, shopper, text
from tests.admin.worlds import an_order, authorized_order
from tests.shared_world import kept

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", re.IGNORECASE)


def _work(browser: Client) -> dict[str, int]:
    return {row.key: row.count for row in browser.get("/admin/").context["page"].work}


@kept
def one_order() -> Order:
    return an_order(1)


def test_everything_that_waits_is_counted_and_linked() -> None:
    order = one_order()
    StockAlert.objects.create(stock_item=StockItem.objects.get(), level="out")
    Message.objects.create(
        dedupe_key="m", kind="order_confirmed", recipient="a@example.com", language="de", state="failed"
    )
    OutboxMessage.objects.create(
        event_id="7c8a5c5e-0000-4000-8000-000000000009", event="x", handler="y", payload={}, state="dead"
    )
    Job.objects.create(kind="import.catalogue", title="Import", state="failed")
    browser = owner()

    assert _work(browser) == {"pack": 1, "out": 1, "messages": 1, "outbox": 1, "jobs": 1}
    for row in browser.get("/admin/").context["page"].work:
        assert browser.get(row.url).status_code == 200

    open_hold(number=order.number, reason="Wait")
    assert "pack" not in _work(browser)
    assert _work(browser)["holds"] == 1


def test_held_money_is_work(settings: Settings) -> None:
    authorized_order(settings)

    assert _work(owner())["authorized"] == 1


def test_a_person_sees_only_the_work_they_can_look_at() -> None:
    one_order()
    StockAlert.objects.create(stock_item=StockItem.objects.get(), level="low")

    browser = operator("inventory.view_stockalert")
    page = browser.get("/admin/").context["page"]

    assert [row.key for row in page.work] == ["low"]
    assert page.orders == ()
    assert page.figures == ()
    assert page.deeds == ()


def test_figures_say_what_the_tables_say() -> None:
    order = one_order()
    figures = {figure.label: figure for figure in owner().get("/admin/").context["page"].figures}

    assert figures["Orders"].number == 1
    assert figures["Net sales, EUR"].amount == order.total - order.tax_total


def test_the_log_is_in_plain_words_and_leads_to_the_order() -> None:
    order = one_order()
    add_note(number=order.number, note="Called")
    deed = owner().get("/admin/").context["page"].deeds[0]

    assert (deed.text, deed.target, deed.url) == ("wrote a note", order.number, f"/admin/orders/{order.number}/")


def test_search_finds_orders_products_and_screens() -> None:
    order = one_order()
    line = order.lines.get()
    browser = owner()

    def found(query: str) -> set[str]:
        return {
            hit.url
            for _label, hits in browser.get("/admin/search/", {"q": query}).context["page"].groups
            for hit in hits
        }

    assert f"/admin/orders/{order.number}/" in found("shopper@example")
    assert any("/catalog/product/" in url for url in found(line.sku.lower()))
    assert "/admin/import/" in found("import")
    assert found("%") == set()
    exact = browser.get("/admin/search/", {"q": order.number.lower()})
    assert exact["Location"] == f"/admin/orders/{order.number}/"


def test_search_shows_nothing_one_may_not_see() -> None:
    one_order()

    groups = operator().get("/admin/search/", {"q": "shopper"}).context["page"].groups

    assert groups == ()


def test_a_shopper_is_asked_to_sign_in_as_somebody_else() -> None:
    response = shopper().get("/admin/", follow=True)

    assert "/admin/login/" in response.redirect_chain[0][0]
    assert "id_username" in text(response)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_screen_works_in_every_language(language: str) -> None:
    order = one_order()
    browser = owner()
    browser.post("/i18n/setlang/", {"language": language, "next": "/admin/"})
    expected = "rtl" if language == "ar" else "ltr"

    for address in ("/admin/", "/admin/orders/", f"/admin/orders/{order.number}/", "/admin/import/", "/admin/tables/"):
        page = text(browser.get(address))
        assert f'dir="{expected}"' in page, address


def test_the_language_switch_is_a_form_that_needs_no_script() -> None:
    browser = owner()
    browser.post("/i18n/setlang/", {"language": "de", "next": "/admin/orders/"})
    page = text(browser.get("/admin/orders/"))

    assert '<html lang="de"' in page
    assert 'action="/i18n/setlang/"' in page
    assert 'action="/i18n/setlang/"' in text(Client().get("/admin/login/"))


def test_no_screen_holds_scripts_or_styles_of_its_own() -> None:
    order = one_order()
    unpaid = unpaid_again(order)
    browser = owner()

    for address in (
        "/admin/",
        "/admin/orders/",
        f"/admin/orders/{order.number}/",
        f"/admin/orders/{unpaid.number}/",
        "/admin/search/?q=a",
        "/admin/import/",
        "/admin/login/",
    ):
        response = browser.get(address)
        assert not INLINE.search(text(response)), address
        assert "unsafe-inline" not in response["Content-Security-Policy"]


def unpaid_again(order: Order) -> Order:
    from markets.queries import market_by_code
    from tests.factories.orders import placed_order

    variant = order.lines.get().variant
    assert variant is not None
    return placed_order(market_by_code("de", language="de"), (variant, 1))


def test_the_tables_of_every_app_stay_reachable() -> None:
    browser = owner()

    assert browser.get("/admin/tables/").status_code == 200
    for url in sorted(set(re.findall(r'href="(/admin/[a-z]+/[a-z]+/)"', text(browser.get("/admin/tables/"))))):
        assert browser.get(url).status_code == 200, url
