"""The proof of the money of orders: it holds, it notices every place that was tampered with, and it is handed on."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from core.outbox import drain
from markets.types import MarketContext
from orders.actions import refund_order
from orders.models import Order, OrderReceipt
from orders.proving.nightly import prove_money
from orders.proving.reading import compare_all, compare_order
from orders.types import RefundWish
from payments.actions import submit_due_refunds
from payments.models import Payment, ProofRun, ReconciliationItem
from payments.reconciliation.daily import reconcile_books
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order
from tests.factories.payments import fact, settled

pytestmark = pytest.mark.django_db


def tampered(sql: str) -> None:
    """What no action would ever do: the triggers are asleep for one statement."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def refunded(order: Order) -> None:
    line = order.lines.get()
    refund_order(
        number=order.number, lines=[RefundWish(line_id=line.pk, quantity=1)], shipping=False, reason="Broken", key="r-1"
    )
    drain(limit=50)
    submit_due_refunds()
    order.refresh_from_db()


@pytest.fixture
def market() -> MarketContext:
    return open_shop()


@pytest.fixture
def order(market) -> Order:
    order = paid_order(market, (item_in(market, price="3.33"), 3))
    order.refresh_from_db()
    return order


def seer() -> Client:
    user = get_user_model().objects.create_user(email="seer@example.com", password="x")
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename="view_order"))
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_unpaid_paid_and_refunded_orders_agree_everywhere(order, market) -> None:
    placed_order(market, (item_in(market, price="9.99"), 1))
    refunded(order)
    run, _outcome = prove_money()
    assert (run.orders, run.failed, run.is_clean) == (2, 0, True)
    codes = [one.check.code for one in compare_order(order.number)]
    assert codes[:5] == ["total", "charged", "received", "facts", "ledger"]
    assert ReconciliationItem.objects.count() == 0


@pytest.mark.parametrize(
    ("sql", "codes"),
    [
        (
            "UPDATE orders_orderline SET unit_list = unit_list + 1, line_list = line_list + quantity,"
            " line_total = line_total + quantity, line_net = line_net + quantity",
            {"total"},
        ),
        ("UPDATE orders_orderreceipt SET received = received - 1", {"charged", "received"}),
        ("UPDATE payments_payment SET captured_minor = captured_minor - 1", {"received", "facts"}),
        ("UPDATE payments_ledgertxn SET source_id = '0' WHERE kind = 'capture'", {"facts"}),
        ("UPDATE payments_ledgerentry SET amount_minor = 2 * amount_minor", {"ledger"}),
    ],
)
def test_every_place_that_was_tampered_with_is_noticed(order, sql, codes) -> None:
    tampered(sql)
    outcome = compare_all()
    assert {one.check.code for one in outcome.failures} == codes
    assert {one.number for one in outcome.failures} == {order.number}


def test_a_failure_is_a_work_item_and_goes_when_it_agrees_again(order) -> None:
    OrderReceipt.objects.update(received=order.total * 2)
    run, _outcome = prove_money()
    assert (run.is_clean, run.failed) == (False, 1)
    prove_money()
    item = ReconciliationItem.objects.get(detail__check="received")
    assert (item.kind, item.state, item.order_ref) == ("proof", "open", order.number)
    OrderReceipt.objects.update(received=order.total)
    prove_money()
    item.refresh_from_db()
    assert (item.state, item.resolution) == ("resolved", "matched")
    OrderReceipt.objects.update(received=order.total * 2)
    prove_money()
    item.refresh_from_db()
    assert item.state == "open"


def test_the_command_says_what_differs_and_fails(order, capsys) -> None:
    call_command("prove_money")
    assert "ok   total" in capsys.readouterr().out
    Payment.objects.update(captured_minor=0, state="failed")
    with pytest.raises(CommandError):
        call_command("prove_money", "--json")
    told = json.loads(capsys.readouterr().out)
    assert {row["check"] for row in told["failures"]} == {"received", "facts"}
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    call_command("prove_money", "--since", tomorrow)
    assert ProofRun.objects.count() == 3


def test_all_orders_cost_as_many_queries_as_one(order, market) -> None:
    with CaptureQueriesContext(connection) as one:
        compare_all()
    for _number in range(3):
        paid_order(market, (item_in(market, price="3.33"), 1))
    with CaptureQueriesContext(connection) as many:
        assert compare_all().orders == 4
    assert len(one) == len(many)


def test_the_page_shows_every_line_with_its_reference_and_verdict(order) -> None:
    refunded(order)
    reconcile_books()
    browser = seer()
    shown = browser.get(reverse("admin:workspace_order", args=[order.number])).content.decode()
    address = reverse("admin:workspace_proof", args=[order.number])
    assert address in shown
    html = browser.get(address).content.decode()
    assert "The books of this order agree." in html
    assert html.count("Booked and seen at the provider") == 3
    OrderReceipt.objects.update(received=order.total * 2)
    assert "The books of this order do not agree." in browser.get(address).content.decode()


def test_the_page_asks_the_same_for_one_report_as_for_many(order) -> None:
    browser, address = seer(), reverse("admin:workspace_proof", args=[order.number])
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    payment = Payment.objects.get()
    fees = [fact(payment, "fee", Money("0.01", "EUR"), fact_ref=f"fee-{number}") for number in range(12)]
    settled(payment, *fees)
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(few) == len(many)


def test_an_order_without_documents_says_so(market) -> None:
    order = placed_order(market, (item_in(market, price="9.99"), 1))
    html = seer().get(reverse("admin:workspace_proof", args=[order.number])).content.decode()
    assert html.count("No document yet") == 3
    assert "No provider has reported any money for this order." in html


def test_the_page_is_for_people_who_see_orders(order) -> None:
    address = reverse("admin:workspace_proof", args=[order.number])
    assert Client().get(address).status_code == 302
    browser = seer()
    get_user_model().objects.get(email="seer@example.com").user_permissions.clear()
    assert browser.get(address).status_code == 403
