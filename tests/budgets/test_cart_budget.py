"""The cart and the checkout cost the same number of queries for 1 line and for 24."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Warehouse
from tests.factories.cart import item_in, open_shop
from tests.factories.lanes import a_lane, method_of
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db
BUDGETS = {"cart/": 12, "cart/badge/": 1, "checkout/": 13}


@pytest.mark.parametrize("by_lanes", [False, True], ids=["", "where lanes decide"])
def test_cart_and_checkout_stay_within_their_budgets(by_lanes: bool) -> None:
    market = open_shop()
    if by_lanes:
        a_lane(Warehouse.objects.get(code="LEJ"), method_of(market))
    items = [item_in(market, stock=5) for _ in range(24)]
    counts: dict[str, list[int]] = {page: [] for page in BUDGETS}
    for how_many in (1, 24):
        shopper = Shopper()
        for item in items[:how_many]:
            shopper.add(item)
        for page in BUDGETS:
            shopper.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert shopper.get(page).status == 200
            counts[page].append(len(queries))

    assert all(len(set(found)) == 1 for found in counts.values()), counts
    more = {"cart/": 1, "checkout/": 1} if by_lanes else {}  # weights and sides of the goods, for the planner
    assert all(found[0] <= BUDGETS[page] + more.get(page, 0) for page, found in counts.items()), counts
