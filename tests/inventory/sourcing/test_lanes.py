"""Lanes decide where they exist, the same way on every page; where there are none, nothing is different."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.queries import product_page
from catalog.selling import sellables
from content.promises import delivery_promise
from core.money import Money
from inventory.actions.sourcing import draft_lanes, switch_lanes
from inventory.models import (
    AllocationDecision,
    AllocationRule,
    Box,
    Lane,
    SourcingWeights,
    StockItem,
    Warehouse,
    WarehouseHoliday,
)
from inventory.planning import StockRow
from inventory.queries import stock_rows
from inventory.sourcing.asking import method_plans, plan_leaving, stock_towards
from inventory.sourcing.cartons import cartons_for
from inventory.sourcing.network import House, Way, forget_networks, network_of
from inventory.sourcing.types import Bracket, LaneTerms, Route
from inventory.types import Demand
from markets.formatting import format_day_range
from markets.models import Market
from tests.factories.cart import cart_with, item_in, open_shop, quote_of
from tests.factories.checkout import place, typed
from tests.factories.inventory import stocked
from tests.factories.lanes import a_lane, method_of, two_houses
from tests.factories.orders import placed_order
from tests.soundness import broken

pytestmark = pytest.mark.django_db
TO_BERLIN = Route(market_code="de", country="DE", postal_code="10435")


def plans_for(variant_id: int, route: Route = TO_BERLIN, quantity: int = 1):
    demands = [Demand(line_ref="1", variant_id=variant_id, quantity=quantity)]
    return method_plans(demands, stock_rows("de", [variant_id]), route)


def test_a_market_without_lanes_is_served_by_the_order_of_its_warehouses() -> None:
    market = open_shop()
    cup = item_in(market)
    assert plans_for(cup.pk) is None
    order = placed_order(market, (cup, 1))
    assert order.fulfillments.get().warehouse_code == "LEJ"
    assert not AllocationDecision.objects.exists()


def test_that_there_are_no_lanes_is_remembered() -> None:
    open_shop()
    network_of("de")
    with CaptureQueriesContext(connection) as queries:
        assert not network_of("de").has_lanes
    assert len(queries) == 0


def test_the_cheapest_lane_sends_the_order_and_the_order_keeps_why() -> None:
    market, _near, far = two_houses()
    cup = item_in(market)
    stocked(cup, 5, warehouse=far)
    quote = quote_of(cart_with(market, (cup, 1)), market)

    order = placed_order(market, (cup, 1))

    assert [parcel.warehouse_code for parcel in quote.parcels] == ["HAM"]
    parcel = order.fulfillments.get()
    assert (parcel.warehouse_code, parcel.carrier) == ("HAM", "Carrier of HAM")
    assert StockItem.objects.get(variant=cup, warehouse=far).allocated == 1
    kept = AllocationDecision.objects.get(order_ref=order.number)
    assert (kept.cause, kept.score_minor, kept.currency) == ("placed", 400, "EUR")
    assert [one["consignments"][0]["warehouse"] for one in kept.alternatives] == ["LEJ"]
    assert kept.chosen["reasons"][0] == {"code": "dearer", "facts": {"amount": "500", "mostly": "freight"}}


def test_the_days_that_are_promised_are_those_of_the_lane_that_is_used() -> None:
    market, _near, far = two_houses()
    cup = item_in(market)
    stocked(cup, 5, warehouse=far)
    cart = cart_with(market, (cup, 1))
    quote = quote_of(cart, market)
    order = placed_order(market, (cup, 1))
    (plan,) = plans_for(cup.pk)
    earliest, latest = plan.window(quote.computed_at)
    assert quote.delivery is not None
    assert (quote.delivery.earliest, quote.delivery.latest) == (earliest, latest)
    parcel = order.fulfillments.get()
    assert (parcel.eta_from, parcel.eta_to) == (earliest, latest) == (order.arrives_from, order.arrives_to)


def test_the_product_page_promises_what_the_cart_does() -> None:
    market, _near, far = two_houses()
    cup = item_in(market)
    stocked(cup, 5, warehouse=far)
    address = sellables([cup.pk], market.code, market.language)[cup.pk].product_url
    page = product_page(market, address.split("?")[0].strip("/").split("/")[-1], {})
    promise = delivery_promise(page, market)
    quote = quote_of(cart_with(market, (cup, 1)), market)
    assert promise is not None
    assert quote.delivery is not None
    assert promise.stops[0].title == quote.parcels[0].city == "HAM"
    days = format_day_range(quote.delivery.earliest, quote.delivery.latest, market.language, market.home_country)
    assert promise.stops[-1].text == days


def test_a_delivery_without_a_lane_is_not_offered_and_each_delivery_leaves_by_its_own_lanes() -> None:
    market, near, far = two_houses()
    cup = item_in(market)
    stocked(cup, 5, warehouse=far)
    assert [one.code for one in quote_of(cart_with(market, (cup, 1)), market).delivery_options] == ["standard"]
    a_lane(near, method_of(market, "express"), lead_p50=1, lead_p90=1)
    cart = cart_with(market, (cup, 1))
    quote = quote_of(cart, market)
    assert [one.code for one in quote.delivery_options] == ["standard", "express"]
    number = place(cart, market, typed(market, delivery="express")).number
    assert AllocationDecision.objects.get(order_ref=number).chosen["method"] == "express"
    assert StockItem.objects.get(variant=cup, warehouse=near).allocated == 1


def test_what_only_two_deliveries_together_could_bring_is_cut_down_to_one_of_them() -> None:
    market, near, far = two_houses()
    cup = item_in(market, stock=2)
    stocked(cup, 3, warehouse=far)
    Lane.objects.filter(warehouse=far).update(method=method_of(market, "express"))
    forget_networks()
    quote = quote_of(cart_with(market, (cup, 5)), market)
    assert [one.code for one in quote.delivery_options] == ["standard"]
    assert (quote.lines[0].quantity, {parcel.warehouse_code for parcel in quote.parcels}) == (2, {near.code})


def test_nothing_leaves_where_no_lane_leads() -> None:
    market = open_shop()
    cup = item_in(market)
    a_lane(StockItem.objects.get(variant=cup).warehouse, method_of(market), country="AT")
    quote = quote_of(cart_with(market, (cup, 1)), market)
    assert quote.delivery_options == ()
    assert not quote.can_be_ordered


def test_stock_that_cannot_reach_the_address_is_not_counted() -> None:
    market, near, far = two_houses()
    cup = item_in(market, stock=2)
    stocked(cup, 5, warehouse=far)
    Lane.objects.filter(warehouse=far).update(country="AT")
    forget_networks()
    quote = quote_of(cart_with(market, (cup, 4)), market)
    assert quote.lines[0].quantity == 2
    assert {row.warehouse_code for row in stock_towards(stock_rows("de", [cup.pk]), TO_BERLIN)} == {near.code}


def test_the_longest_postcode_wins_and_an_unknown_one_takes_the_lane_to_all_of_the_country() -> None:
    market = open_shop()
    cup = item_in(market)
    house = StockItem.objects.get(variant=cup).warehouse
    method = method_of(market)
    whole, berlin, quarter = (a_lane(house, method, postcode_prefix=prefix) for prefix in ("", "10", "104"))

    def lane_to(code: str) -> int:
        (plan,) = plans_for(cup.pk, Route(market_code="de", country="DE", postal_code=code))
        return plan.decision.chosen.consignments[0].lane_id

    assert lane_to("10435") == quarter.pk
    assert lane_to("10 117") == berlin.pk
    assert lane_to("80331") == lane_to("") == whole.pk


def test_a_lane_whose_costs_cannot_be_told_in_the_currency_is_not_used_and_never_free() -> None:
    market = open_shop()
    cup = item_in(market)
    lane = a_lane(StockItem.objects.get(variant=cup).warehouse, method_of(market))
    lane.rates.update(cost_currency="ZMW")
    forget_networks()
    assert network_of("de").has_lanes
    assert plans_for(cup.pk) == ()


def test_where_duty_is_paid_with_the_order_lanes_that_can_clear_it_come_first() -> None:
    market, near, far = two_houses()
    cup = item_in(market)
    stocked(cup, 5, warehouse=far)
    Warehouse.objects.update(country="GB")
    Lane.objects.filter(warehouse=far).update(prepays_duty=False)
    forget_networks()
    (usual,) = plans_for(cup.pk)
    (paid,) = plans_for(cup.pk, Route(market_code="de", country="DE", prepays_duty=True))
    assert (usual.warehouse_codes, paid.warehouse_codes) == (("HAM",), ("LEJ",))
    assert (usual.prepays_duty, paid.prepays_duty) == (False, True)
    Lane.objects.filter(warehouse=near).update(prepays_duty=False)
    forget_networks()
    (none,) = plans_for(cup.pk, Route(market_code="de", country="DE", prepays_duty=True))
    assert (none.warehouse_codes, none.prepays_duty) == (("HAM",), False)


def test_what_else_counts_is_weighed_in_money() -> None:
    market, _near, far = two_houses(near="5.00", far="4.00")
    cup = item_in(market)
    stocked(cup, 5, warehouse=far)
    nothing = Money("0.00", "EUR")
    SourcingWeights.objects.create(
        market=Market.objects.get(code="de"), split=nothing, late=Money("3.00", "EUR"), scarce=nothing
    )
    forget_networks()
    (plan,) = plans_for(cup.pk)
    assert plan.warehouse_codes == ("LEJ",)


def test_the_oldest_stock_leaves_first_where_that_is_the_rule() -> None:
    market, near, far = two_houses(near="1.00")
    AllocationRule.objects.create(market=Market.objects.get(code="de"), position=1, kind="oldest_batch")
    cup = item_in(market, stock=0)
    stocked(cup, 5, warehouse=far)
    stocked(cup, 5, warehouse=near)
    forget_networks()
    (plan,) = plans_for(cup.pk)
    assert plan.warehouse_codes == ("HAM",)


def test_who_names_no_way_is_served_as_before() -> None:
    rows = [StockRow(1, "LEJ", 0, 7, 5)]
    demands = [Demand(line_ref="1", variant_id=7, quantity=1)]
    assert plan_leaving(demands, rows, None).takes[0].warehouse_code == "LEJ"


def test_lanes_are_drafted_from_the_delivery_tables_and_decide_nothing_before_they_are_switched_on() -> None:
    market = open_shop()
    made = draft_lanes(market_code="de")
    assert made == Lane.objects.count() == Lane.objects.filter(is_active=False).count() > 0
    assert draft_lanes(market_code="de") == 0
    assert not network_of(market.code).has_lanes
    lane = Lane.objects.filter(method__code="standard", country="DE").earliest("pk")
    assert [rate.up_to_g for rate in lane.rates.all()] == [2_000, 30_000]
    assert switch_lanes(lane_ids=[lane.pk], is_active=True) == 1
    assert network_of(market.code).methods == ("standard",)


def test_a_lane_without_brackets_is_not_switched_on() -> None:
    market = open_shop()
    lane = a_lane(item_warehouse(market), method_of(market), is_active=False)
    lane.rates.all().delete()
    assert switch_lanes(lane_ids=[lane.pk], is_active=True) == 0


def item_warehouse(market):
    return StockItem.objects.get(variant=item_in(market)).warehouse


def a_house(code: str, country: str, timezone: str) -> House:
    return House(
        pk=0, code=code, position=0, country=country, subdivision="", weekdays=(), kind="own", timezone=timezone,
        cutoff=time(14), handling_days=1,
    )  # fmt: skip


def a_way(house: House, country: str, days: tuple[int, int], *, customs_days: int = 0) -> Way:
    terms = LaneTerms(lane_id=1, carrier="DHL", service="", brackets=(Bracket(1000, 1),))
    return Way(
        house=house, method_code="standard", country=country, region="", prefix="", lead_p50=days[0], lead_p90=days[1],
        customs_days=customs_days, terms=terms,
    )  # fmt: skip


def test_days_count_from_when_the_warehouse_hands_over_and_customs_come_on_top() -> None:
    house = a_house("LEJ", "DE", "Europe/Berlin")
    way = a_way(house, "DE", (2, 4))
    friday_late = datetime(2026, 11, 6, 15, 10, tzinfo=UTC)
    assert way.days(friday_late) == (date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 16))
    slow = a_way(house, "DE", (2, 4), customs_days=2)
    assert slow.days(friday_late)[1:] == (date(2026, 11, 16), date(2026, 11, 18))
    assert way.days_after(datetime(2026, 11, 10, 9, 0, tzinfo=UTC)) == way.days(friday_late)[1:]


@pytest.mark.parametrize(
    ("way", "ordered", "days"),
    [
        (
            a_way(a_house("LEJ", "DE", "Europe/Berlin"), "DE", (2, 4)),
            datetime(2026, 12, 18, 16, 10, tzinfo=ZoneInfo("Europe/Berlin")),
            (date(2026, 12, 22), date(2026, 12, 24), date(2026, 12, 29)),
        ),
        (
            a_way(a_house("SZX", "CN", "Asia/Shanghai"), "US", (5, 9), customs_days=2),
            datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
            (date(2026, 11, 23), date(2026, 12, 3), date(2026, 12, 9)),
        ),
    ],
    ids=["LOG-004", "LOG-005"],
)
def test_days_are_worked_where_the_parcel_is(way: Way, ordered: datetime, days: tuple[date, date, date]) -> None:
    """Handling by the warehouse's calendar, transit and customs by that of the country it goes to."""
    assert way.days(ordered) == days


def test_a_day_on_which_the_warehouse_is_closed_moves_the_promise() -> None:
    market = open_shop()
    cup = item_in(market)
    house = StockItem.objects.get(variant=cup).warehouse
    a_lane(house, method_of(market))
    now = timezone.now()
    (before,) = plans_for(cup.pk)
    leaves, first, _last = before.ways[0].days(now)
    WarehouseHoliday.objects.create(warehouse=house, day=leaves, name="Stock take", is_open=False)
    forget_networks()
    (after,) = plans_for(cup.pk)
    assert leaves < after.ways[0].days(now)[0]
    assert first <= after.ways[0].days(now)[1]


def test_cartons_count_in_what_a_lane_charges() -> None:
    market = open_shop()
    cup = item_in(market)
    type(cup).objects.filter(pk=cup.pk).update(length_mm=100, width_mm=100, height_mm=100, weight_g=200)
    a_lane(StockItem.objects.get(variant=cup).warehouse, method_of(market), divisor=5000, step_g=500)
    Box.objects.create(code="m", name="M", length_mm=400, width_mm=300, height_mm=200, tare_g=300, max_weight_g=15_000)
    forget_networks()
    (plan,) = plans_for(cup.pk)
    assert plan.decision.chosen.consignments[0].billed_g == 5000


def test_who_packs_asks_for_cartons_by_what_is_in_the_parcel() -> None:
    market = open_shop()
    cup = item_in(market)
    type(cup).objects.filter(pk=cup.pk).update(length_mm=300, width_mm=200, height_mm=150, weight_g=900)
    Box.objects.create(code="m", name="M", length_mm=400, width_mm=300, height_mm=200, tare_g=300, max_weight_g=9000)
    packed = cartons_for({cup.pk: 3})
    assert [(one.box_code, dict(one.contents), one.weight_g) for one in packed] == [
        ("m", {cup.pk: 2}, 2100),
        ("m", {cup.pk: 1}, 1200),
    ]


def test_the_books_of_stock_are_right_after_orders_along_lanes() -> None:
    market, _near, far = two_houses()
    cup = item_in(market, stock=3)
    stocked(cup, 2, warehouse=far)
    placed_order(market, (cup, 4))
    assert broken() == []
