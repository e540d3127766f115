"""Lists promise what a lane takes to somebody of the market, and nothing else."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Variant, VariantAvailability
from inventory.actions.sourcing import switch_lanes
from inventory.models import Lane, LaneRate, Warehouse
from inventory.queries import available, market_stock
from inventory.readiness import parcels
from inventory.sourcing.network import forget_networks
from markets.models import Market
from tests.admin.people import operator
from tests.factories.cart import item_in, open_shop
from tests.factories.inventory import a_warehouse, stocked
from tests.factories.lanes import a_lane, method_of, two_houses

pytestmark = pytest.mark.django_db


def listed(variant: Variant) -> tuple[int, str]:
    (told,) = [one for one in market_stock([variant.pk]) if one.market_id == Market.objects.get(code="de").pk]
    assert available([variant.pk], market_code="de") == {variant.pk: told.available_total}
    return told.available_total, told.place_code


def test_without_lanes_every_warehouse_of_the_market_counts() -> None:
    market = open_shop()
    cup = item_in(market, stock=2)
    stocked(cup, 5, warehouse=a_warehouse("HAM", market=Market.objects.get(code="de"), position=1))
    assert listed(cup) == (7, "LEJ")
    with CaptureQueriesContext(connection) as queries:
        market_stock([cup.pk])
    assert len(queries) == 1


def test_stock_that_no_lane_takes_is_not_listed() -> None:
    market, near, far = two_houses()
    cup = item_in(market, stock=2)
    stocked(cup, 5, warehouse=far)
    assert listed(cup) == (7, "LEJ")
    Lane.objects.filter(warehouse=near).update(is_active=False)
    forget_networks()
    assert listed(cup) == (5, "HAM")


def test_what_all_lanes_of_a_warehouse_refuse_is_not_listed_there() -> None:
    market, near, far = two_houses()
    cup = item_in(market, stock=2)
    stocked(cup, 5, warehouse=far)
    Lane.objects.filter(warehouse=far).update(forbidden=["battery"])
    Lane.objects.filter(warehouse=near).update(max_weight_g=900)
    Variant.objects.filter(pk=cup.pk).update(battery_flag=True, weight_g=800)
    forget_networks()
    assert listed(cup) == (2, "LEJ")
    Variant.objects.filter(pk=cup.pk).update(weight_g=901)
    assert listed(cup) == (0, "")


def test_a_lane_without_brackets_takes_nothing() -> None:
    market, near, _far = two_houses()
    cup = item_in(market, stock=2)
    LaneRate.objects.filter(lane__warehouse=near).delete()
    forget_networks()
    assert listed(cup) == (0, "")


def test_pages_follow_when_lanes_are_switched(run_outbox: Callable[[], int]) -> None:
    market, near, far = two_houses()
    cup = item_in(market, stock=2)
    stocked(cup, 5, warehouse=far)
    run_outbox()
    shown = VariantAvailability.objects.filter(variant=cup, market__code="de")
    assert shown.get().available_total == 7
    switch_lanes(lane_ids=[Lane.objects.get(warehouse=near).pk], is_active=False)
    run_outbox()
    assert shown.get().available_total == 5
    browser = operator("inventory.view_lane", "inventory.delete_lane", "inventory.delete_lanerate")
    lane = Lane.objects.get(warehouse=far)
    assert browser.post(reverse("admin:inventory_lane_delete", args=[lane.pk]), {"post": "yes"}).status_code == 302
    run_outbox()
    assert shown.get().available_total == 7


def test_goods_without_weight_or_measures_are_named_where_lanes_decide() -> None:
    market = open_shop()
    cup = item_in(market)
    row = Market.objects.get(code="de")
    assert parcels(row).total == 0
    a_lane(Warehouse.objects.get(code="LEJ"), method_of(market))
    Variant.objects.filter(pk=cup.pk).update(weight_g=200, length_mm=None)
    assert (parcels(row).done, [one.sentence for one in parcels(row).lacks]) == (0, [f"{cup.sku} has no measures."])
    Variant.objects.filter(pk=cup.pk).update(weight_g=0)
    assert [one.sentence for one in parcels(row).lacks] == [f"{cup.sku} has no weight."]
    Variant.objects.filter(pk=cup.pk).update(weight_g=200, length_mm=90, width_mm=80, height_mm=70)
    assert (parcels(row).done, parcels(row).total, parcels(row).lacks) == (1, 1, ())
