"""Statements in the admin: who may see them, what files hold, where rows lead."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from orders.models import Document
from orders.statements.movements import refunds_of
from tests.admin.people import operator, text
from tests.factories.cart import open_shop
from tests.orders.statements.test_statements import around, bought, give_back, settle

pytestmark = pytest.mark.django_db
PAGES = (
    "/admin/statements/",
    "/admin/statements/return/",
    "/admin/statements/sales/csv/",
    "/admin/statements/workbook/",
)


def period() -> str:
    today = timezone.now().date()
    return f"first={today - timedelta(days=1)}&last={today + timedelta(days=1)}"


@pytest.mark.parametrize("page", PAGES)
def test_statements_are_for_those_with_their_own_permission(page: str) -> None:
    assert operator("orders.view_order", "orders.view_document").get(page).status_code == 403
    assert operator("orders.view_statements").get(page).status_code in (200, 422)


def test_the_page_shows_the_sums_and_leads_to_the_documents_behind_them() -> None:
    bought()
    settle()
    document = Document.objects.get()
    browser = operator("orders.view_statements", "orders.view_document", "orders.view_order")
    page = text(browser.get(f"/admin/statements/?{period()}"))
    assert "Tax by country and rate" in page
    assert "/admin/statements/documents/?" in page
    shown = text(browser.get(f"/admin/statements/documents/?{period()}&place=DE&rate=0.19&reason=standard"))
    assert document.number in shown
    assert document.order.number in shown
    other = text(browser.get(f"/admin/statements/documents/?{period()}&place=FR&rate=0.2&reason=standard"))
    assert document.number not in other


def test_documents_behind_a_row_need_the_permission_for_documents() -> None:
    assert operator("orders.view_statements").get(f"/admin/statements/documents/?{period()}").status_code == 403


@pytest.mark.parametrize("days", ["first=2026-02-01&last=2026-01-01", "first=2020-01-01&last=2026-01-01", "first=x"])
def test_days_that_make_no_period_of_a_year_at_most_are_refused(days: str) -> None:
    browser = operator("orders.view_statements")
    assert browser.get(f"/admin/statements/?{days}").status_code == 422
    assert browser.get(f"/admin/statements/sales/csv/?{days}").status_code == 400


def test_files_hold_the_same_sums() -> None:
    order = bought()
    settle()
    browser = operator("orders.view_statements")
    table = browser.get(f"/admin/statements/sales/csv/?{period()}").content.decode("utf-8-sig")
    assert f",{order.total.amount:.2f}," in table
    book = load_workbook(io.BytesIO(browser.get(f"/admin/statements/workbook/?{period()}").content))
    assert book.sheetnames[0] == "sales"
    numbers = [Decimal(str(cell.value)) for cell in book["sales"][2] if isinstance(cell.value, int | float)]
    assert order.total.amount in numbers
    assert browser.get(f"/admin/statements/nothing/csv/?{period()}").status_code == 404


def test_rows_of_refunds_lead_to_their_refunds_and_orders() -> None:
    order = bought()
    settle()
    refund = give_back(order)
    settle()
    browser = operator("orders.view_statements", "orders.view_orderrefund", "orders.view_order")
    page = text(browser.get(f"/admin/statements/?{period()}"))
    (row,) = refunds_of(around(), by="refund")
    for by in ("refund", "order"):
        address = f"/admin/statements/refunds/?{period()}&by={by}&day={row.day}"
        assert f"by={by}&amp;day={row.day}" in page
        shown = text(browser.get(address))
        assert order.number in shown
        assert refund.number in shown
        assert "1 to 1 of 1" in shown
        elsewhere = f"/admin/statements/refunds/?{period()}&by={by}&day={row.day - timedelta(days=1)}"
        assert order.number not in text(browser.get(elsewhere))
    assert operator("orders.view_statements").get(address).status_code == 403
    assert browser.get(f"/admin/statements/refunds/?{period()}&by=nobody&day=x").status_code == 400


def test_a_difference_leads_to_the_orders_it_comes_from() -> None:
    market = open_shop()
    settled_one = bought(market=market)
    settle()
    open_one = bought(market=market)
    browser = operator("orders.view_statements", "orders.view_order")
    assert "/admin/statements/differences/?" in text(browser.get(f"/admin/statements/?{period()}"))
    shown = text(browser.get(f"/admin/statements/differences/?{period()}"))
    assert open_one.number in shown
    assert settled_one.number not in shown
    settle()
    assert "No order differs" in text(browser.get(f"/admin/statements/differences/?{period()}"))
    assert operator("orders.view_statements").get(f"/admin/statements/differences/?{period()}").status_code == 403
