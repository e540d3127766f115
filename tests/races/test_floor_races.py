"""Many hands on one floor: a parcel is in one wave, a piece is counted once, a box leaves once."""

import pytest

from core.errors import DomainError
from core.integrity import registered, run
from inventory.models import StockItem
from markets.models import Market
from orders.actions import cancel_order
from orders.actions.handovers import close_handover, open_handover
from orders.actions.packing import scan_piece
from orders.actions.short_picks import found_after_all, give_up_missing, report_missing, send_from_elsewhere
from orders.actions.waves import follow_order, make_wave, take_pieces
from orders.models import Handover, Package, PackCount, PickTask, ShortPick, WaveParcel
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import a_ready_box, a_wave
from tests.factories.inventory import a_warehouse, stocked
from tests.factories.orders import paid_order, parcel_of
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def is_sound() -> None:
    assert [found.check.code for found in run(registered()) if found.count and found.check.code != "Q02"] == []


def test_twelve_planners_put_a_parcel_into_one_wave() -> None:
    market = open_shop()
    item = item_in(market, stock=50)
    parcels = [parcel_of(paid_order(market, (item, 1))) for _ in range(4)]

    def plan(_planner: int) -> str:
        try:
            return make_wave(warehouse_code="LEJ", fulfillment_ids=[one.pk for one in parcels]).number
        except DomainError as refusal:
            return refusal.code

    ends = all_at_once(plan, range(12))

    assert sorted(ends) == sorted([*["FLOOR_PARCELS_NOT_READY"] * 11, "PW-1"])
    assert WaveParcel.objects.filter(is_open=True).count() == 4


def test_twelve_scanners_fill_a_box_to_the_last_piece_and_not_beyond() -> None:
    market = open_shop()
    item = item_in(market, stock=50)
    parcel = parcel_of(paid_order(market, (item, 9)))

    def scan(_scanner: int) -> str:
        try:
            scan_piece(fulfillment_id=parcel.pk, typed=item.sku)
        except DomainError as refusal:
            return refusal.code
        return "in"

    ends = all_at_once(scan, range(24))

    assert ends.count("in") == PackCount.objects.get().scanned == 9
    assert ends.count("FLOOR_ALL_SCANNED") == 15


def test_two_drivers_never_take_the_same_box() -> None:
    market = open_shop()
    item = item_in(market, stock=50)
    parcels = [a_ready_box(paid_order(market, (item, 1))) for _ in range(6)]

    def hand(_driver: int) -> str:
        try:
            made = open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[one.pk for one in parcels])
            close_handover(number=made.number)
        except DomainError as refusal:
            return refusal.code
        return made.number

    all_at_once(hand, range(12))

    assert Package.objects.count() == 6
    assert sum(one.parcels.filter(state="left").count() for one in Handover.objects.all()) == 6
    assert StockItem.objects.get().on_hand == 44
    is_sound()


def test_one_list_that_is_closed_by_twelve_lets_every_box_leave_once() -> None:
    market = open_shop()
    item = item_in(market, stock=50)
    parcels = [a_ready_box(paid_order(market, (item, 1))) for _ in range(6)]
    made = open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[one.pk for one in parcels])

    all_at_once(lambda _driver: close_handover(number=made.number), range(12))

    assert set(made.parcels.values_list("state", flat=True)) == {"left"}
    assert Package.objects.count() == 6
    is_sound()


def test_picking_and_canceling_at_once_end_soundly() -> None:
    market = open_shop()
    item = item_in(market, stock=60)
    orders = [paid_order(market, (item, 2)) for _ in range(8)]
    wave = a_wave(*orders)
    tasks = {
        task.parcel.fulfillment.order_id: task.pk for task in PickTask.objects.select_related("parcel__fulfillment")
    }

    def act(turn: int) -> str:
        order = orders[turn // 2]
        try:
            if turn % 2:
                cancel_order(number=order.number, reason="Twice")
                follow_order(number=order.number)
            else:
                take_pieces(number=wave.number, taken={tasks[order.pk]: 2})
        except DomainError as refusal:
            return refusal.code
        return "done"

    all_at_once(act, range(16), at_once=8)

    assert not WaveParcel.objects.filter(is_open=True).exists()
    assert StockItem.objects.get().allocated == 0
    is_sound()


def test_missing_pieces_are_decided_once() -> None:
    market = open_shop()
    item = item_in(market, stock=10)
    order = paid_order(market, (item, 3))
    a_wave(order)
    short = report_missing(task_id=PickTask.objects.get().pk, found=1)
    assert short is not None
    stocked(item, 10, warehouse=a_warehouse("HAM", market=Market.objects.get(code="de"), position=1))

    def decide(turn: int) -> str:
        try:
            if turn % 3 == 0:
                found_after_all(short_id=short.pk)
            elif turn % 3 == 1:
                send_from_elsewhere(short_id=short.pk, warehouse_code="HAM", books_off=True)
            else:
                give_up_missing(short_id=short.pk, books_off=True)
        except DomainError as refusal:
            return refusal.code
        return "done"

    ends = all_at_once(decide, range(12))

    assert ends.count("done") == 1
    assert ShortPick.objects.get().state in {"found", "moved"}
    is_sound()
