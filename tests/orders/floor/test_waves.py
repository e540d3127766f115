"""Rounds along the shelves: who is in them, in which order one walks, and what happens when an order changes."""

import pytest

from core.models import AuditEntry
from orders.actions import RefundAsked, cancel_order, open_hold, refund_as_shown, resolve_hold, ship_fulfillment
from orders.actions.waves import MOST, cancel_wave, follow_order, make_wave, start_wave, take_pieces
from orders.floor.errors import NothingToPick, ParcelsNotReady, TooManyParcels, TooManyTaken, WaveEnded
from orders.floor.pages import pick_page, stops_of, tasks_of
from orders.floor.work import floor_counts, parcels_to_pack, parcels_to_pick
from orders.models import FulfillmentState, Order, ParcelState, PickTask, PickWave, WaveParcel, WaveState
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import a_wave, on_shelf, pick_all
from tests.factories.orders import paid_order, parcel_of, placed_order
from tests.shared_world import kept
from tests.soundness import broken

pytestmark = pytest.mark.django_db


@kept
def two_orders() -> tuple[Order, Order]:
    """Both want what lies on B-2; the first one something of A-1 as well."""
    market = open_shop()
    far, near = on_shelf(item_in(market), "B-2"), on_shelf(item_in(market), "A-1")
    return paid_order(market, (far, 2), (near, 1)), paid_order(market, (far, 3))


def is_sound() -> None:
    assert broken("Q02") == []


def test_a_round_leads_from_shelf_to_shelf_and_says_how_many_go_into_which_tote() -> None:
    first, second = two_orders()
    wave = a_wave(first, second, begun=False)

    stops = stops_of(tasks_of(wave))
    assert [stop.shelf for stop in stops] == ["A-1", "B-2"]
    assert [[(one.tote, one.quantity) for one in stop.picks] for stop in stops] == [[(1, 1)], [(1, 2), (2, 3)]]
    assert wave.number.startswith("PW-")
    assert AuditEntry.objects.filter(action="floor.make_wave").count() == 1


def test_goods_without_a_shelf_are_looked_for_last() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1), (on_shelf(item_in(market), "Z-9"), 1))

    assert [stop.shelf for stop in stops_of(tasks_of(a_wave(order)))] == ["Z-9", ""]


def test_a_parcel_is_in_one_running_wave_only() -> None:
    first, second = two_orders()
    a_wave(first)

    with pytest.raises(ParcelsNotReady) as refusal:
        make_wave(warehouse_code="LEJ", fulfillment_ids=[parcel_of(second).pk, parcel_of(first).pk])
    assert refusal.value.numbers == (first.number,)
    assert PickWave.objects.count() == 1
    assert list(parcels_to_pick("LEJ")) == [parcel_of(second)]


@pytest.mark.parametrize("why", ["unpaid", "held", "elsewhere"])
def test_what_may_not_leave_is_not_picked(why: str) -> None:
    market = open_shop()
    item = item_in(market)
    order = placed_order(market, (item, 1)) if why == "unpaid" else paid_order(market, (item, 1))
    if why == "held":
        open_hold(number=order.number, reason="Strange address")

    with pytest.raises(ParcelsNotReady):
        make_wave(warehouse_code="HAM" if why == "elsewhere" else "LEJ", fulfillment_ids=[parcel_of(order).pk])
    assert not WaveParcel.objects.exists()


def test_a_wave_holds_something_and_not_too_much() -> None:
    with pytest.raises(NothingToPick):
        make_wave(warehouse_code="LEJ", fulfillment_ids=[])
    with pytest.raises(TooManyParcels):
        make_wave(warehouse_code="LEJ", fulfillment_ids=range(1, MOST + 2))


def test_beginning_a_wave_shows_customers_that_their_parcel_is_packed() -> None:
    first, second = two_orders()
    wave = a_wave(first, second)

    assert wave.state == WaveState.PICKING
    assert parcel_of(first).state == parcel_of(second).state == ParcelState.PICKING
    first.refresh_from_db()
    assert first.fulfillment_state == FulfillmentState.PREPARING
    assert first.events.filter(kind="parcel.picking", visibility="customer").exists()
    assert start_wave(number=wave.number) == ()
    assert first.events.filter(kind="parcel.picking").count() == 1


def test_an_order_that_was_held_between_planning_and_walking_drops_out_and_the_others_go_on() -> None:
    first, second = two_orders()
    wave = a_wave(first, second, begun=False)
    open_hold(number=first.number, reason="Strange address")

    refused = start_wave(number=wave.number)

    assert [order for order, _why in refused] == [first.number]
    assert list(WaveParcel.objects.filter(is_open=True).values_list("fulfillment", flat=True)) == [parcel_of(second).pk]
    assert [stop.quantity for stop in stops_of(tasks_of(wave))] == [3]


def test_what_is_taken_is_said_in_whole_numbers_so_twice_is_once() -> None:
    first, second = two_orders()
    wave = a_wave(first, second)
    task = PickTask.objects.get(quantity=3)

    for _again in range(2):
        take_pieces(number=wave.number, taken={task.pk: 2})

    task.refresh_from_db()
    assert (task.picked, task.left) == (2, 1)
    with pytest.raises(TooManyTaken):
        take_pieces(number=wave.number, taken={task.pk: 4})
    task.refresh_from_db()
    assert task.picked == 2


def test_the_wave_ends_when_everything_is_in_its_totes() -> None:
    first, second = two_orders()
    wave = a_wave(first, second)

    ended = pick_all(wave)

    assert ended.state == WaveState.PICKED
    assert not WaveParcel.objects.filter(is_open=True).exists()
    assert set(parcels_to_pack("LEJ")) == {parcel_of(first), parcel_of(second)}
    with pytest.raises(WaveEnded):
        pick_all(wave)
    is_sound()


def test_a_canceled_wave_gives_its_parcels_back_except_those_that_are_whole() -> None:
    first, second = two_orders()
    wave = a_wave(first, second)
    take_pieces(number=wave.number, taken={PickTask.objects.get(quantity=3).pk: 3})

    cancel_wave(number=wave.number)

    assert parcel_of(first).state == ParcelState.PLANNED
    assert parcel_of(second).state == ParcelState.PICKING
    assert list(parcels_to_pick("LEJ")) == [parcel_of(first)]
    assert list(parcels_to_pack("LEJ")) == [parcel_of(second)]
    is_sound()


def test_a_canceled_order_leaves_the_wave_and_its_pieces_go_back() -> None:
    first, second = two_orders()
    wave = a_wave(first, second)
    cancel_order(number=first.number, reason="Twice")

    assert follow_order(number=first.number) == 1

    row = WaveParcel.objects.get(fulfillment__order=first)
    assert not row.is_open
    assert row.out_because
    assert [stop.quantity for stop in stops_of(tasks_of(wave))] == [3]


def test_a_parcel_that_was_sent_from_its_orders_page_leaves_the_wave() -> None:
    first, second = two_orders()
    a_wave(first, second)
    ship_fulfillment(fulfillment_id=parcel_of(first).pk, carrier="DHL")

    follow_order(number=first.number)

    assert list(WaveParcel.objects.filter(is_open=True).values_list("fulfillment", flat=True)) == [parcel_of(second).pk]
    assert parcel_of(first).state == ParcelState.HANDED_OVER


def test_a_changed_order_wants_other_pieces_in_its_tote() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 3))
    wave = a_wave(order)
    wishes = (RefundWish(line_id=order.lines.get().pk, quantity=1),)
    asked = RefundAsked(lines=wishes, shipping=False, reason="Changed their mind", key="one-less")
    shown = preview_refund(order, wishes=wishes, shipping=False).total
    refund_as_shown(number=order.number, asked=asked, shown=shown, warehouse_code="LEJ")

    follow_order(number=order.number)

    assert PickTask.objects.get().quantity == 2
    assert pick_all(wave).state == WaveState.PICKED


def test_a_held_order_is_picked_again_when_it_is_free() -> None:
    first, second = two_orders()
    a_wave(first, second)
    hold = open_hold(number=first.number, reason="Strange address")
    follow_order(number=first.number)
    assert parcel_of(first).state == ParcelState.PLANNED
    assert parcel_of(first) not in parcels_to_pick("LEJ")

    resolve_hold(hold_id=hold.pk, resolution="Called them")

    assert list(parcels_to_pick("LEJ")) == [parcel_of(first)]


def test_the_phone_shows_the_next_stop_with_something_left() -> None:
    first, second = two_orders()
    wave = a_wave(first, second)
    page = pick_page(wave)
    assert page.stop is not None
    assert (page.stop.shelf, page.at, page.stops, page.following) == ("A-1", 1, 2, "B-2")

    take_pieces(number=wave.number, taken={page.stop.picks[0].task: 1})

    after = pick_page(wave)
    assert after.stop is not None
    assert (after.stop.shelf, after.at, after.done) == ("B-2", 2, 1)


def test_the_floor_counts_what_waits_for_each_step() -> None:
    first, _second = two_orders()
    a_wave(first)

    (place,) = floor_counts()
    assert (place.code, place.to_pick, place.waves, place.to_pack) == ("LEJ", 1, 1, 0)
