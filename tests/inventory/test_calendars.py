"""Working days: holidays of countries and regions, the week of a country, days of one warehouse."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import AuditEntry
from core.money import Money
from inventory.calendars import (
    add_working_days,
    holiday_names,
    holiday_words,
    is_working_day,
    knows_subdivision,
    next_working_day,
)
from inventory.dates import leaves_on, minutes_to_cutoff
from inventory.models import Warehouse, WarehouseHoliday
from inventory.queries import delivery_options
from markets.models import Market
from tests.admin.people import operator, owner, shopper, text
from tests.factories.inventory import a_method
from tests.inventory.worlds import Places, two_places

CALENDARS = "/admin/stock/calendars/"
CHRISTMAS_EVE = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)  # a Thursday


@pytest.fixture
def places(db: None) -> Places:
    return two_places()


@pytest.mark.parametrize(
    ("day", "country", "works"),
    [
        (date(2026, 12, 25), "DE", False),
        (date(2026, 12, 25), "JP", True),
        (date(2026, 11, 23), "JP", False),
        (date(2026, 11, 27), "AE", True),
        (date(2026, 11, 27), "SA", False),
        (date(2026, 11, 29), "SA", True),
        (date(2026, 11, 28), "", False),
        (date(2026, 12, 25), "", True),
        (date(2026, 12, 25), "XX", True),
    ],
)
def test_a_country_rests_on_its_own_days(day: date, country: str, works: bool) -> None:
    assert is_working_day(day, country) is works


def test_days_over_christmas_are_not_counted_in_germany_and_are_in_japan() -> None:
    assert add_working_days(date(2026, 12, 24), 2, "DE") == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 24), 2, "JP") == date(2026, 12, 28)


def test_a_region_keeps_its_own_holidays(places: Places) -> None:
    repentance = date(2026, 11, 18)
    assert is_working_day(repentance, places.leipzig)
    Warehouse.objects.filter(pk=places.leipzig.pk).update(subdivision="SN")
    saxony = Warehouse.objects.get(pk=places.leipzig.pk)
    assert not is_working_day(repentance, saxony)
    assert repentance in holiday_names(saxony, 2026)
    assert knows_subdivision("DE", "SN")
    assert not knows_subdivision("DE", "ZZ")


def test_holidays_are_named_in_the_readers_language_where_the_country_speaks_it(places: Places) -> None:
    unity, sports = date(2026, 10, 3), date(2026, 10, 12)
    names = {language: holiday_words(places.leipzig, 2026, language)[unity] for language in ("de", "en", "ja")}
    assert names == {"de": "Tag der Deutschen Einheit", "en": "German Unity Day", "ja": "German Unity Day"}
    assert holiday_words(places.niigata, 2026, "ja")[sports] == "スポーツの日"
    china = Warehouse(country="CN", subdivision="")
    assert holiday_words(china, 2026, "zh-hans")[date(2026, 10, 1)] == "国庆节"
    for language in ("de", "ja"):
        assert holiday_words(places.leipzig, 2026, language).keys() == holiday_names(places.leipzig, 2026).keys()


def test_a_warehouse_with_a_week_of_its_own_works_on_saturday_but_on_no_holiday(places: Places) -> None:
    Warehouse.objects.filter(pk=places.leipzig.pk).update(weekdays=[1, 2, 3, 4, 5, 6])
    place = Warehouse.objects.get(pk=places.leipzig.pk)
    assert is_working_day(date(2026, 11, 28), place)
    assert not is_working_day(date(2026, 12, 26), place)
    assert not is_working_day(date(2026, 11, 29), place)


def test_a_special_day_wins_over_the_country_in_both_directions(places: Places) -> None:
    for day, is_open in ((date(2026, 12, 25), True), (date(2026, 12, 23), False)):
        WarehouseHoliday.objects.create(warehouse=places.leipzig, day=day, name="Special", is_open=is_open)
    assert is_working_day(date(2026, 12, 25), places.leipzig)
    assert not is_working_day(date(2026, 12, 23), places.leipzig)
    assert is_working_day(date(2026, 12, 23), places.niigata)


def test_a_change_in_the_admin_is_seen_at_once(places: Places) -> None:
    day = date(2026, 12, 22)
    assert is_working_day(day, places.leipzig)
    answer = owner().post(
        "/admin/inventory/warehouseholiday/add/",
        {"warehouse": places.leipzig.pk, "day": "2026-12-22", "name": "Stocktaking"},
    )
    assert answer.status_code == 302
    assert not is_working_day(day, places.leipzig)


def test_what_is_ordered_late_before_christmas_leaves_after_it(places: Places) -> None:
    late = datetime(2026, 12, 24, 14, 0, tzinfo=UTC)
    assert leaves_on(CHRISTMAS_EVE, places.leipzig) == date(2026, 12, 24)
    assert leaves_on(late, places.leipzig) == date(2026, 12, 28)
    Warehouse.objects.filter(pk=places.leipzig.pk).update(handling_days=1)
    slow = Warehouse.objects.get(pk=places.leipzig.pk)
    assert leaves_on(CHRISTMAS_EVE, slow) == date(2026, 12, 28)


def test_nothing_is_counted_down_on_a_holiday(places: Places) -> None:
    noon = datetime(2026, 12, 25, 12, 0, tzinfo=UTC)
    assert minutes_to_cutoff(noon, places.leipzig.cutoff, places.leipzig) is None
    assert minutes_to_cutoff(noon, places.leipzig.cutoff, "JP") == 120


def test_parcels_travel_by_the_calendar_of_where_they_go(places: Places) -> None:
    a_method(Market.objects.get(code="de"), rates={1000: "4.90"})

    def dates(country: str) -> tuple[date, date]:
        (option,) = delivery_options(
            market_code="de",
            country=country,
            weight_g=500,
            goods=Money("10.00", "EUR"),
            on=CHRISTMAS_EVE,
            warehouse_codes=["LEJ"],
        )
        return option.earliest, option.latest

    assert dates("DE") == (date(2026, 12, 29), date(2026, 12, 30))
    assert dates("JP") == (date(2026, 12, 28), date(2026, 12, 29))


def test_a_warm_calendar_asks_the_database_nothing(places: Places) -> None:
    is_working_day(date(2026, 12, 1), places.leipzig)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        add_working_days(date(2026, 12, 1), 30, places.leipzig)
    assert len(queries) == 0


def test_a_place_that_never_works_does_not_hang(places: Places) -> None:
    WarehouseHoliday.objects.bulk_create(
        WarehouseHoliday(
            warehouse=places.leipzig, day=date.fromordinal(date(2026, 12, 1).toordinal() + n), name="Closed"
        )
        for n in range(200)
    )
    assert next_working_day(date(2026, 12, 1), places.leipzig) == date(2027, 1, 30)


@settings(deadline=None)  # the first year of a country is worked out by the library
@given(
    start=st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 31)),
    first=st.integers(0, 15),
    second=st.integers(0, 15),
    country=st.sampled_from(["DE", "JP", "AE", "SA", "US", "IL", "", "XX"]),
)
def test_working_days_add_up(start: date, first: int, second: int, country: str) -> None:
    once = add_working_days(start, first + second, country)
    twice = add_working_days(add_working_days(start, first, country), second, country)
    assert once == twice
    assert is_working_day(once, country)
    worked = sum(
        is_working_day(date.fromordinal(n), country)
        for n in range(next_working_day(start, country).toordinal() + 1, once.toordinal() + 1)
    )
    assert worked == first + second


def test_a_special_day_is_added_and_taken_back_on_the_screen(places: Places) -> None:
    browser = operator(
        "inventory.view_warehouseholiday", "inventory.change_warehouseholiday", "inventory.delete_warehouseholiday"
    )
    day = next_working_day(timezone.now().date() + timedelta(days=10), places.leipzig)
    form = {"warehouse_code": "LEJ", "day": day.isoformat(), "name": "Stocktaking", "is_open": ""}
    assert browser.post(CALENDARS, form).status_code == 302
    assert not is_working_day(day, places.leipzig)
    assert "Stocktaking" in text(browser.get(CALENDARS))
    browser.post(CALENDARS, {"deed": f"drop:{WarehouseHoliday.objects.get().pk}"})
    assert is_working_day(day, places.leipzig)
    assert AuditEntry.objects.filter(action="stock.change_calendar").count() == 2


def test_the_screen_of_calendars_is_for_those_who_may(places: Places) -> None:
    form = {"warehouse_code": "LEJ", "day": "2026-12-22", "name": "x", "is_open": "open"}
    reader = operator("inventory.view_warehouseholiday")
    assert reader.get(CALENDARS).status_code == 200
    assert reader.post(CALENDARS, form).status_code == 403
    assert operator().get(CALENDARS).status_code == 403
    assert shopper().post(CALENDARS, form).status_code == 302
    assert not WarehouseHoliday.objects.exists()
    wrong = operator("inventory.change_warehouseholiday").post(CALENDARS, {**form, "day": "never"})
    assert wrong.status_code == 422


def test_a_region_without_a_calendar_is_refused_in_the_admin(places: Places) -> None:
    address = f"/admin/inventory/warehouse/{places.leipzig.pk}/change/"
    browser = owner()
    form = {
        "code": "LEJ", "name": "Leipzig", "city": "Leipzig", "kind": "own", "address": "{}", "country": "DE",
        "timezone": "Europe/Berlin", "cutoff": "14:00", "handling_days": "0", "subdivision": "ZZ",
        "over_percent": "150", "ageing_days": "180", "expiring_days": "30", "is_active": "on",
        "priorities-TOTAL_FORMS": "0", "priorities-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert "There is no calendar of this region." in text(browser.post(address, form))
    Warehouse.objects.get(pk=places.leipzig.pk, subdivision="")
