"""What delivery costs and when it arrives."""

from datetime import UTC, date, datetime

import pytest

from core.money import Money
from inventory.dates import add_working_days, leaves_on, minutes_to_cutoff
from inventory.models import DeliveryLeadTime, Warehouse
from inventory.queries import delivery_options, stock_places
from inventory.types import DeliveryOption
from markets.models import Market
from tests.factories.inventory import a_method, a_variant, a_warehouse, stocked
from tests.factories.markets import small_world

FRIDAY_NOON = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)


@pytest.fixture
def market(db: None) -> Market:
    small_world("de")
    return Market.objects.get(code="de")


def option_codes(weight_g: int, goods: str) -> list[tuple[str, str, bool]]:
    options = delivery_options(
        market_code="de", country="DE", weight_g=weight_g, goods=Money(goods, "EUR"), on=FRIDAY_NOON
    )
    return [(option.code, str(option.price.amount), option.is_free) for option in options]


@pytest.mark.parametrize(("weight", "price"), [(1, "4.90"), (1000, "4.90"), (1001, "7.90"), (5000, "7.90")])
def test_the_bracket_that_holds_the_weight_sets_the_price(market: Market, weight: int, price: str) -> None:
    a_method(market, rates={1000: "4.90", 5000: "7.90"})
    (option,) = delivery_options(
        market_code="de", country="DE", weight_g=weight, goods=Money("10.00", "EUR"), on=FRIDAY_NOON
    )
    assert option.price == Money(price, "EUR")


def test_what_is_too_heavy_is_not_offered_and_never_free(market: Market) -> None:
    a_method(market, rates={1000: "4.90"}, free_from="1.00")
    assert option_codes(1001, "99.00") == []


def test_delivery_is_free_from_the_limit_on(market: Market) -> None:
    a_method(market, rates={1000: "4.90"}, free_from="50.00")
    assert [is_free for _, _, is_free in option_codes(500, "49.99")] == [False]
    assert [is_free for _, _, is_free in option_codes(500, "50.00")] == [True]


def test_a_method_for_other_countries_is_not_offered(market: Market) -> None:
    method = a_method(market, rates={1000: "4.90"})
    method.countries = ["AT"]
    method.save()
    assert option_codes(500, "10.00") == []


def test_dates_skip_the_weekend_and_count_from_when_the_warehouse_hands_over(market: Market) -> None:
    place = a_warehouse("LEJ", market=market)
    a_method(market, rates={1000: "4.90"})
    (option,) = delivery_options(
        market_code="de",
        country="DE",
        weight_g=500,
        goods=Money("10.00", "EUR"),
        on=FRIDAY_NOON,
        warehouse_codes=[place.code],
    )
    assert (option.earliest, option.latest) == (date(2026, 12, 1), date(2026, 12, 2))


def test_the_slowest_warehouse_sets_the_date(market: Market) -> None:
    near = a_warehouse("LEJ", market=market)
    far = a_warehouse("NGT", market=market, position=1, zone="Asia/Tokyo", country="JP")
    method = a_method(market, rates={1000: "4.90"})
    DeliveryLeadTime.objects.create(method=method, warehouse=far, days_min=6, days_max=8)
    (option,) = delivery_options(
        market_code="de",
        country="DE",
        weight_g=500,
        goods=Money("10.00", "EUR"),
        on=FRIDAY_NOON,
        warehouse_codes=[near.code, far.code],
    )
    assert (option.earliest, option.latest) == (date(2026, 12, 8), date(2026, 12, 10))


def test_after_the_cutoff_and_at_the_weekend_goods_leave_on_the_next_working_day(market: Market) -> None:
    place = a_warehouse("LEJ", market=market)
    friday = date(2026, 11, 27)
    assert leaves_on(datetime(2026, 11, 27, 12, 59, tzinfo=UTC), place) == friday
    assert leaves_on(datetime(2026, 11, 27, 13, 0, tzinfo=UTC), place) == date(2026, 11, 30)
    assert leaves_on(datetime(2026, 11, 28, 9, 0, tzinfo=UTC), place) == date(2026, 11, 30)


def test_the_countdown_ends_at_the_cutoff(market: Market) -> None:
    place = a_warehouse("LEJ", market=market)
    assert minutes_to_cutoff(datetime(2026, 11, 27, 10, 40, tzinfo=UTC), place.cutoff) == 200
    assert minutes_to_cutoff(datetime(2026, 11, 27, 14, 0, tzinfo=UTC), place.cutoff) is None
    assert minutes_to_cutoff(datetime(2026, 11, 28, 10, 0, tzinfo=UTC), place.cutoff) is None


def test_working_days_start_on_a_working_day() -> None:
    assert add_working_days(date(2026, 11, 28), 0) == date(2026, 11, 30)
    assert add_working_days(date(2026, 11, 27), 1) == date(2026, 11, 30)


def test_goods_leave_from_the_first_warehouse_that_has_them(market: Market) -> None:
    near: Warehouse = a_warehouse("LEJ", market=market)
    far = a_warehouse("NGT", market=market, position=1, zone="Asia/Tokyo", country="JP")
    here, there = a_variant(), a_variant()
    stocked(here, 1, warehouse=near)
    stocked(here, 9, warehouse=far)
    stocked(there, 1, warehouse=far)
    places = stock_places([here.pk, there.pk], market_code="de", on=FRIDAY_NOON)
    assert {pk: place.warehouse_code for pk, place in places.items()} == {here.pk: "LEJ", there.pk: "NGT"}


def test_the_days_of_a_parcel_are_those_of_its_warehouses_and_of_the_whole_where_one_is_not_known() -> None:
    near, far = (date(2026, 11, 5), date(2026, 11, 9)), (date(2026, 11, 13), date(2026, 11, 17))
    option = DeliveryOption(
        code="standard",
        name="Standard",
        carrier="DHL",
        price=Money("4.90", "EUR"),
        earliest=far[0],
        latest=far[1],
        is_free=False,
        free_from=None,
        by_place=(("LEJ", *near), ("NGT", *far)),
    )
    assert [option.days_from(codes) for codes in ({"LEJ"}, {"NGT"}, {"LEJ", "NGT"})] == [near, far, far]
    assert [option.days_from(codes) for codes in ({"LEJ", "DXB"}, {"DXB"}, set())] == [far, far, far]
