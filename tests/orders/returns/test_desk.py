"""The operators' desk of returns: one journey, who may do what, scans, filters, repeats."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.console.work import work_queue
from core.outbox import drain
from inventory.models import Warehouse
from markets.queries import market_by_code
from members.models import User
from orders.actions.returns import approve_return
from orders.models import Order, OrderAttachment, OrderRefund, ReturnRequest
from orders.returning.files import Sent, attach, put_away
from tests.admin.people import hidden, operator, owner, text
from tests.factories.cart import item_in, open_shop
from tests.orders.returns.world import arrived, asked, delivered_order, looked_at, photo
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def order() -> Order:
    market = open_shop()
    return delivered_order(market, (item_in(market, names={"en": "Kettle"}), 2))


def url(request: ReturnRequest, name: str = "", *more: object) -> str:
    return reverse(f"admin:workspace_return{'_' + name if name else ''}", args=[request.number, *more])


def form_of(browser: Client, request: ReturnRequest, name: str, *more: object) -> dict[str, str]:
    """The hidden fields of one form of the return's page."""
    page = text(browser.get(url(request)))
    found = re.search(rf'<form[^>]*action="{url(request, name, *more)}"(.*?)</form>', page, re.DOTALL)
    assert found is not None, name
    return dict(re.findall(r'<input type="hidden" name="([a-z_0-9]+)" value="([^"]*)"', found[1]))


def test_from_the_work_queue_to_the_refund(order: Order) -> None:
    request, browser = asked(order, 2, reason="damaged"), owner()
    assert {row.key: row.count for row in work_queue(User(is_superuser=True, is_active=True))}["returns"] == 1
    assert request.number in text(browser.get(reverse("admin:workspace_returns") + "?view=waiting"))

    label = SimpleUploadedFile("l.pdf", b"%PDF-1.7 label", content_type="application/pdf")
    typed_words = {"address": "Dock 1\nBerlin", "answer": "Sorry.", "label": label}
    agreed = {**form_of(browser, request, "approve"), **typed_words}
    assert browser.post(url(request, "approve"), agreed).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.return_to, request.answer) == ("label_sent", ["Dock 1", "Berlin"], "Sorry.")

    line = request.lines.get()
    came = form_of(browser, request, "receive") | {f"line_{line.pk}": "1", "scan": order.lines.get().sku.lower()}
    assert browser.post(url(request, "receive"), came).status_code == 302
    line.refresh_from_db()
    assert line.received_qty == 2

    place = Warehouse.objects.earliest("pk").code
    for condition in ("faulty", "as_new"):
        seen = {"condition": condition, "fate": "restock", "warehouse": place, "note": "Seen", "photos": photo()}
        unit = {**form_of(browser, request, "inspect", line.pk), **seen}
        assert browser.post(url(request, "inspect", line.pk), unit).status_code == 302
    request.refresh_from_db()
    assert request.state == "inspected"

    page = text(browser.get(url(request)))
    assert re.search(r'name="line_\d+" value="2"', page)
    wanted = form_of(browser, request, "settle")
    line_id = order.lines.get().pk
    typed = {**wanted, f"line_{line_id}": "2", "shipping": "", "reason": "Arrived broken", "step": "preview"}
    preview = browser.post(url(request, "settle"), typed)
    assert "What will happen" in text(preview)
    done = browser.post(url(request, "settle"), {**hidden(preview), **typed, "step": "confirm"})
    assert done.status_code == 302
    drain(limit=200)

    request.refresh_from_db()
    order.refresh_from_db()
    refund = OrderRefund.objects.get()
    assert (request.state, request.refund) == ("closed", refund)
    assert (refund.amount, order.aftersales_state) == (order.items_total, "returned")


def test_a_form_sent_twice_is_done_once(order: Order) -> None:
    request, browser = arrived(order, 2), owner()
    line = request.lines.get()
    place = Warehouse.objects.earliest("pk").code
    unit = form_of(browser, request, "inspect", line.pk)
    unit |= {"condition": "as_new", "fate": "restock", "warehouse": place}
    for _ in range(2):
        browser.post(url(request, "inspect", line.pk), unit)
    assert line.units.count() == 1
    assert order.lines.get().qty_returned == 1


@pytest.mark.parametrize(
    ("name", "permission"),
    [
        ("approve", "orders.decide_return"),
        ("reject", "orders.decide_return"),
        ("receive", "orders.receive_return"),
        ("end", "orders.receive_return"),
        ("close", "orders.decide_return"),
        ("settle", "orders.refund_order"),
    ],
)
def test_each_deed_asks_its_own_permission(order: Order, name: str, permission: str) -> None:
    request = asked(order, 1)
    others = {"orders.decide_return", "orders.receive_return", "orders.refund_order"} - {permission}
    assert Client().post(url(request, name)).status_code == 302  # to the sign-in
    assert operator("orders.view_returnrequest", *others).post(url(request, name)).status_code == 403
    assert operator("orders.view_order").get(url(request)).status_code == 403
    assert operator("orders.view_returnrequest", permission).post(url(request, name)).status_code in (302, 422)
    request.refresh_from_db()
    assert request.state == "requested"


def test_a_code_that_is_not_expected_is_said_and_changes_nothing(order: Order) -> None:
    request, browser = asked(order, 1), owner()
    approve_return(return_number=request.number)
    came = form_of(browser, request, "receive") | {"scan": "SOMETHING-ELSE"}
    answer = browser.post(url(request, "receive"), came)
    assert answer.status_code == 422
    assert "Nothing with this code is expected in this return." in text(answer)
    request.refresh_from_db()
    assert request.state == "approved"


def test_a_scanned_number_leads_to_its_return_and_filters_live_in_the_address(order: Order) -> None:
    request, browser = asked(order, 1), owner()
    address = reverse("admin:workspace_returns")
    found = browser.get(address, {"q": request.number.lower()})
    assert found["Location"] == url(request)
    assert request.number in text(browser.get(address, {"view": "to_decide", "reason": "not_liked", "market": "de"}))
    assert "No return fits." in text(browser.get(address, {"view": "to_decide", "reason": "damaged"}))
    assert "No return fits." in text(browser.get(address, {"view": "to_settle"}))


def test_files_are_handed_to_operators_who_may_see_returns_only(order: Order) -> None:
    request = asked(order, 1)
    with put_away([Sent(called="x", content=photo().read())]) as kept:
        attach(order, kept, to=request)
    address = reverse("admin:workspace_return_file", args=[OrderAttachment.objects.get().pk])
    assert operator("orders.view_returnrequest").get(address).status_code == 200
    assert operator("orders.view_ticket").get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert (
        operator("orders.view_returnrequest").get(reverse("admin:workspace_return_file", args=[0])).status_code == 404
    )


def test_a_list_of_ten_asks_as_little_as_a_list_of_one_and_the_order_names_its_returns(order: Order) -> None:
    market = market_by_code("de", language="en")
    browser = owner()
    first = asked(order, 1)
    assert first.number in text(browser.get(reverse("admin:workspace_order", args=[order.number])))
    address = reverse("admin:workspace_returns")
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        browser.get(address)
    for number in range(3):
        asked(delivered_order(market, (item_in(market), 1)), 1, key=f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(one)


def test_the_page_of_a_return_asks_the_same_for_one_unit_and_for_two(order: Order) -> None:
    browser = owner()
    request = looked_at(order, 1)
    browser.get(url(request))
    with CaptureQueriesContext(connection) as one:
        browser.get(url(request))
    second = looked_at(order, 1, key="second")
    with CaptureQueriesContext(connection) as two:
        browser.get(url(second))
    assert len(two) <= len(one) + 1
