"""The list of orders: filters in the address, and as many queries for 24 rows as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.chores import chores
from markets.types import MarketContext
from orders.actions import open_hold
from orders.models import Order
from tests.admin.people import owner
from tests.admin.worlds import an_order, unpaid_order
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, placed_order

pytestmark = pytest.mark.django_db
MOST_QUERIES = 32
HOME = 8
"""Besides one for each kind of work that waits."""
ORDER_PAGE = 36
"""One for each kind of row the page shows: besides order, money, parcels and history its tags and those there are, its
shipping papers with their parcels, what troubles them, what was decided about its risk, and why it leaves from where
it does."""


def _numbers(address: str) -> list[str]:
    return [row.number for row in owner().get(address).context["page"].rows]


def _shop_with_two_orders() -> tuple[MarketContext, Order, Order]:
    shop = open_shop("de")
    variant = item_in(shop, stock=50)
    return shop, paid_order(shop, (variant, 1)), placed_order(shop, (variant, 1))


def test_orders_are_found_by_number_email_and_state() -> None:
    _shop, paid, unpaid = _shop_with_two_orders()

    assert _numbers("/admin/orders/") == [unpaid.number, paid.number]
    assert _numbers(f"/admin/orders/?q={paid.number.lower()}") == [paid.number]
    assert len(_numbers("/admin/orders/?q=shopper@")) == 2
    assert _numbers("/admin/orders/?payment=paid") == [paid.number]
    assert _numbers("/admin/orders/?lifecycle=pending_payment") == [unpaid.number]
    assert _numbers("/admin/orders/?market=de&q=nothing") == []


def test_saved_views_show_what_waits() -> None:
    _shop, paid, _unpaid = _shop_with_two_orders()

    assert _numbers("/admin/orders/?view=to_pack") == [paid.number]
    open_hold(number=paid.number, reason="Wait")
    assert _numbers("/admin/orders/?view=to_pack") == []
    assert _numbers("/admin/orders/?view=on_hold") == [paid.number]


def test_dates_include_their_whole_day() -> None:
    order = unpaid_order()
    today = timezone.now().date()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)

    assert _numbers(f"/admin/orders/?since={today}&until={today}") == [order.number]
    assert _numbers(f"/admin/orders/?until={yesterday}") == []
    assert _numbers(f"/admin/orders/?since={tomorrow}") == []


@pytest.mark.parametrize(
    "query",
    [
        "market=xx",
        "since=yesterday",
        "after=nine",
        "before=9-",
        "view=none",
        "saved=9",
        "tag=x",
        "least=5",
        "hold=x",
        "lifecycle=%00",
        "payment=x&q=%27--",
    ],
)
def test_filters_that_make_no_sense_are_left_out(query: str) -> None:
    unpaid_order()

    assert owner().get(f"/admin/orders/?{query}").status_code == 200


def test_a_list_of_24_costs_as_much_as_a_list_of_one() -> None:
    shop = open_shop("de")
    variant = item_in(shop, stock=100)
    placed_order(shop, (variant, 1))
    browser = owner()

    def queries(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    alone = {address: queries(address) for address in ("/admin/orders/", "/admin/")}
    first = Order.objects.get()
    for number in range(23):
        first.pk, first.number = None, f"TST-COPY{number}"
        first.save(force_insert=True)

    limits = {"/admin/orders/": MOST_QUERIES, "/admin/": len(chores()) + HOME}
    for address, count in alone.items():
        assert queries(address) == count
        assert count <= limits[address], (address, count)


def test_an_order_page_costs_the_same_for_one_line_and_for_six() -> None:
    one = an_order(1)
    browser = owner()

    def queries(order: Order) -> int:
        browser.get(f"/admin/orders/{order.number}/")
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(f"/admin/orders/{order.number}/").status_code == 200
        return len(caught)

    few = queries(one)
    shop = _same_shop()
    six = paid_order(shop, *((item_in(shop, stock=9), 1) for _ in range(6)))

    assert queries(six) == few
    assert few <= ORDER_PAGE


def _same_shop() -> MarketContext:
    from markets.queries import market_by_code

    return market_by_code("de", language="de")
