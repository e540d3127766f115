"""Filters of the list: one set of words in addresses and saved views, and nothing in them breaks the page."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from orders.workspace.counting import Count, counts_of
from orders.workspace.filters import FilterForm, as_address, as_words, narrowed, understood
from orders.workspace.listing import orders_of_address
from tests.admin.worlds import unpaid_order

pytestmark = pytest.mark.django_db
NAMES = st.sampled_from(sorted(FilterForm.base_fields))
SAID: dict[str, str] = {
    "q": "MER", "lifecycle": "confirmed", "payment": "paid", "delivery": "shipped", "returns": "open",
    "hold": "overdue", "channel": "bazaar", "source": "autumn", "since": "2026-01-01", "until": "2026-12-31",
}  # fmt: skip


def test_an_address_is_read_as_it_was_written() -> None:
    chosen = understood(SAID)[1]
    address = as_address(chosen, view="all")

    again = dict(parse_qsl(address))

    assert again.pop("view") == "all"
    assert again == SAID == as_words(chosen)
    assert understood(again)[1] == chosen


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(params=st.dictionaries(NAMES, st.text(max_size=20)))
def test_whatever_an_address_says_is_a_list(params: dict[str, Any]) -> None:
    list(orders_of_address(params, user_id=None)[:1])


def test_filters_are_joined_by_and() -> None:
    order = unpaid_order()

    def found(**chosen: Any) -> bool:
        return narrowed(Order.objects.all(), chosen, user_id=None).filter(pk=order.pk).exists()

    assert found(market=order.market, lifecycle="pending_payment")
    assert not found(market=order.market, lifecycle="confirmed")


def test_nobody_takes_care_of_nothing_as_nobody() -> None:
    unpaid_order()

    assert not narrowed(Order.objects.all(), {"hold": "mine"}, user_id=None).exists()


def test_lists_are_counted_in_one_query_up_to_a_limit(django_assert_num_queries: Any) -> None:
    unpaid_order()
    every = Order.objects.order_by("placed_at")

    with django_assert_num_queries(1):
        found = counts_of([every, Order.objects.none(), every.filter(number__icontains="%")], most=1)
    assert found == (Count(1), Count(0), Count(0))
    assert counts_of([every], most=0) == (Count(0, is_more=True),)
    assert counts_of([]) == ()
