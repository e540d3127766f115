"""Alerts of all levels, and who hears of them: by route, never in quiet hours, never twice."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import Message
from inventory.actions import review_alerts
from inventory.models import AlertRoute, AlertTold, Batch, StockAlert, StockItem, StockMovement
from inventory.notifications import tell_alerts
from inventory.stockwork.ages import review_ages
from inventory.stockwork.batch_deeds import keep_batches
from inventory.stockwork.routing import is_quiet
from members.models import User
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, two_places
from tests.tampering import behind_the_databases_back

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)


@pytest.fixture
def places() -> Places:
    return two_places()


@pytest.fixture
def item(places: Places) -> StockItem:
    return stocked(a_variant(sku="CUP"), 10, warehouse=places.leipzig)


def levels(item: StockItem) -> set[str]:
    return set(StockAlert.objects.filter(stock_item=item, closed__isnull=True).values_list("level", flat=True))


def operator_named(name: str, **facts: object) -> User:
    return User.objects.create_user(
        f"{name}@example.com", "a-long-password", is_staff=True, time_zone="Europe/Berlin", language="en", **facts
    )


def opened(item: StockItem, level: str = "low") -> StockAlert:
    return StockAlert.objects.create(stock_item=item, level=level)


def route_to(user: User, **facts: object) -> AlertRoute:
    return AlertRoute.objects.create(**{"user": user, "pace": "at_once", **facts})


def test_far_above_the_target_is_too_many_until_it_is_not(item: StockItem) -> None:
    StockItem.objects.filter(pk=item.pk).update(target_quantity=6)
    for _ in range(2):
        review_alerts(variant_ids=[item.variant_id])
    assert levels(item) == {"over"}
    StockItem.objects.filter(pk=item.pk).update(target_quantity=7)
    review_alerts(variant_ids=[item.variant_id])
    assert levels(item) == set()
    StockItem.objects.filter(pk=item.pk).update(reorder_point=10)
    review_alerts(variant_ids=[item.variant_id])
    assert levels(item) == {"low"}


def age(item: StockItem, days: int) -> None:
    """As if everything had happened so many days ago."""
    then = timezone.now() - timedelta(days=days)
    with behind_the_databases_back():
        StockMovement.objects.filter(stock_item=item).update(created=then)
        StockItem.objects.filter(pk=item.pk).update(created=then)


def test_what_lay_there_for_long_and_did_not_sell_is_named(item: StockItem, places: Places) -> None:
    fresh = stocked(a_variant(), 3, warehouse=places.leipzig)
    review_ages()
    assert levels(item) == set()
    age(item, 200)
    for _ in range(2):
        review_ages()
    assert levels(item) == {"ageing"}
    assert levels(fresh) == set()


def test_one_sale_makes_it_young_again(item: StockItem) -> None:
    age(item, 200)
    review_ages()
    StockMovement.objects.create(
        stock_item=item, kind="ship", quantity=1, d_on_hand=-1, actor="test", op_key="sale", line_ref="M/1"
    )
    StockItem.objects.filter(pk=item.pk).update(on_hand=9)
    review_ages()
    assert levels(item) == set()


def test_what_came_lately_is_not_old(item: StockItem, places: Places) -> None:
    age(item, 200)
    StockItem.objects.filter(pk=item.pk).update(on_hand=0)
    StockMovement.objects.create(
        stock_item=item, kind="writeoff", quantity=10, d_on_hand=-10, actor="test", op_key="x", reason="Fire"
    )
    stocked(item.variant, 4, warehouse=places.leipzig)
    review_ages()
    assert levels(item) == set()


def test_a_batch_that_soon_expires_is_named_beside_other_levels(item: StockItem) -> None:
    keep_batches(variant_id=item.variant_id)
    soon = timezone.now().date() + timedelta(days=20)
    Batch.objects.filter(stock_item=item).update(code="A1", expires_on=soon)
    opened(item, "low")
    review_ages()
    assert levels(item) == {"low", "expiring"}
    Batch.objects.filter(stock_item=item).update(quantity=0)
    review_ages()
    assert levels(item) == {"low"}


def test_the_same_level_is_open_once(item: StockItem) -> None:
    opened(item)
    with pytest.raises(IntegrityError):
        opened(item)


def test_whoever_a_route_names_is_written_to_once(item: StockItem) -> None:
    boss = operator_named("boss")
    route_to(boss)
    opened(item)
    assert [tell_alerts(NOON), tell_alerts(NOON)] == [1, 0]
    mail = Message.objects.get(kind="stock_alerts")
    assert mail.recipient == boss.email
    assert "CUP" in mail.text
    assert AlertTold.objects.get().user == boss


def test_two_routes_to_one_person_are_one_message(item: StockItem) -> None:
    boss = operator_named("boss")
    role = Group.objects.create(name="Night shift")
    boss.groups.add(role)
    route_to(boss)
    AlertRoute.objects.create(role=role, pace="at_once")
    opened(item)
    opened(item, "ageing")
    assert tell_alerts(NOON) == 1


def test_nobody_is_woken_and_closed_alerts_are_not_told_in_the_morning(item: StockItem, places: Places) -> None:
    other = stocked(a_variant(sku="POT"), 1, warehouse=places.leipzig)
    route_to(operator_named("boss"))
    opened(item)
    gone = opened(other)
    assert tell_alerts(NIGHT) == 0
    StockAlert.objects.filter(pk=gone.pk).update(closed=NIGHT)
    assert tell_alerts(NIGHT + timedelta(hours=9)) == 1
    mail = Message.objects.get(kind="stock_alerts")
    assert "CUP" in mail.text
    assert "POT" not in mail.text


def test_a_daily_reader_hears_once_a_day(item: StockItem, places: Places) -> None:
    route_to(operator_named("boss"), pace="daily")
    opened(item)
    assert tell_alerts(NOON) == 1
    opened(stocked(a_variant(), 1, warehouse=places.leipzig))
    assert tell_alerts(NOON + timedelta(hours=3)) == 0
    assert tell_alerts(NOON + timedelta(days=1)) == 1


def test_routes_are_about_levels_warehouses_and_categories(item: StockItem, places: Places) -> None:
    far = stocked(a_variant(sku="POT"), 1, warehouse=places.niigata)
    near_only, out_only = operator_named("near"), operator_named("out")
    route_to(near_only, warehouse=places.leipzig)
    route_to(out_only, level="out")
    opened(item, "low")
    opened(far, "out")
    tell_alerts(NOON)
    told = dict(Message.objects.filter(kind="stock_alerts").values_list("recipient", "text"))
    assert "CUP" in told[near_only.email]
    assert "POT" not in told[near_only.email]
    assert "POT" in told[out_only.email]
    assert "CUP" not in told[out_only.email]


def test_whoever_left_hears_nothing(item: StockItem) -> None:
    route_to(operator_named("gone", is_active=False))
    shopper = User.objects.create_user("shopper@example.com", "a-long-password")
    route_to(shopper)
    opened(item)
    assert tell_alerts(NOON) == 0


def test_a_route_reaches_somebody() -> None:
    with pytest.raises(IntegrityError):
        AlertRoute.objects.create(level="low")


@given(begin=st.times(), end=st.times(), here=st.times())
def test_a_moment_is_quiet_or_the_opposite_route_is(begin: time, end: time, here: time) -> None:
    route = AlertRoute(quiet_from=begin, quiet_until=end)
    opposite = AlertRoute(quiet_from=end, quiet_until=begin)
    if begin == end:
        assert not is_quiet(route, here)
    else:
        assert is_quiet(route, here) != is_quiet(opposite, here)
