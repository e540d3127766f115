"""Many shoppers along two lanes: the warehouses' last pieces are sold once, and only from where a lane leads."""

from uuid import uuid4

import pytest

from core.integrity import registered, run
from inventory.actions import hold_sourced
from inventory.errors import OutOfStock
from inventory.models import Reservation, StockItem
from inventory.sourcing.types import Route
from inventory.types import Demand
from markets.models import Market
from tests.factories.cart import item_in
from tests.factories.inventory import a_warehouse, stocked
from tests.factories.lanes import two_houses
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUTE = Route(market_code="de", country="DE", postal_code="10435", method_code="standard")


@pytest.mark.parametrize("route", [ROUTE, None], ids=["along lanes", "control: without a route every warehouse sells"])
def test_the_crowd_takes_what_lanes_reach_and_not_a_piece_more(route: Route | None) -> None:
    market, near, far = two_houses()
    cup = item_in(market, stock=7)
    nowhere = a_warehouse("NOW", market=Market.objects.get(code="de"), position=2)
    stocked(cup, 6, warehouse=far)
    stocked(cup, 9, warehouse=nowhere)
    demands = [Demand(line_ref="1", variant_id=cup.pk, quantity=1)]

    def buy(_buyer: int) -> bool:
        try:
            hold_sourced(owner=uuid4(), demands=demands, market_code="de", route=route)
        except OutOfStock:
            return False
        return True

    bought = sum(all_at_once(buy, range(60)))

    held = dict(StockItem.objects.filter(variant=cup, reserved__gt=0).values_list("warehouse__code", "reserved"))
    assert bought == Reservation.objects.count() == sum(held.values())
    assert all(count <= {near.code: 7, far.code: 6, nowhere.code: 9}[code] for code, count in held.items())
    assert (nowhere.code in held) is (route is None)
    assert [one.check.code for one in run(registered()) if one.count] == []
