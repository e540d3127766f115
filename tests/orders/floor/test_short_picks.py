"""Pieces that were not on their shelf: reported once, decided by somebody, stock and parcels right afterwards."""

import pytest

from catalog.models import Variant
from inventory.errors import CountTooLow, NotAllocated
from inventory.models import Allocation, AllocationDecision, StockItem, StockMovement, Warehouse
from inventory.stockwork.adjusting import book_off
from markets.models import Market
from orders.actions import RefundAsked, refund_as_shown
from orders.actions.packing import finish_packing
from orders.actions.short_picks import (
    found_after_all,
    give_up_missing,
    report_missing,
    send_from_elsewhere,
    set_missing_apart,
)
from orders.actions.waves import make_wave, start_wave, take_pieces
from orders.changes.errors import ChangeRefused
from orders.floor.errors import NothingToPick, ShortDecided, StillWanted, TooManyTaken
from orders.floor.work import parcels_to_pack, parcels_to_pick, shorts_to_decide
from orders.models import FulfillmentLine, Order, ParcelState, PickTask, ShortPick, ShortState, WaveState
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import BOX, a_wave, pick_all, scan_all
from tests.factories.inventory import a_warehouse, stocked
from tests.factories.kinds import set_in
from tests.factories.orders import paid_order, parcel_of
from tests.soundness import broken

pytestmark = pytest.mark.django_db


def is_sound() -> None:
    assert broken("Q02") == []


def short_of(quantity: int, *, found: int, also: int = 0) -> tuple[Order, ShortPick, Variant]:
    """An order of so many of which so many were on the shelf, and so many of something else that were all there."""
    market = open_shop()
    item = item_in(market)
    wanted = [(item, quantity), *([(item_in(market), also)] if also else [])]
    order = paid_order(market, *wanted)
    wave = a_wave(order)
    task = PickTask.objects.get(variant=item)
    others = PickTask.objects.exclude(pk=task.pk)
    take_pieces(number=wave.number, taken={other.pk: other.quantity for other in others})
    short = report_missing(task_id=task.pk, found=found)
    assert short is not None
    return order, short, item


def elsewhere(item: Variant, pieces: int, *, country: str = "DE") -> Warehouse:
    place = a_warehouse("HAM", market=Market.objects.get(code="de"), position=1, country=country)
    stocked(item, pieces, warehouse=place)
    return place


def test_missing_pieces_wait_for_a_decision_and_stop_their_parcel() -> None:
    order, short, _item = short_of(3, found=1)

    task = PickTask.objects.get()
    assert (task.picked, task.missing, task.left) == (1, 2, 0)
    assert (short.missing, short.state, short.warehouse_code) == (2, ShortState.OPEN, "LEJ")
    assert task.parcel.wave.state == WaveState.PICKED
    assert list(shorts_to_decide("LEJ")) == [short]
    assert order.events.filter(kind="parcel.short").exists()
    is_sound()


def test_reporting_again_corrects_the_report_and_reporting_all_takes_it_back() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 3), (item_in(market), 1))
    a_wave(order)
    task = PickTask.objects.get(quantity=3)
    report_missing(task_id=task.pk, found=0)
    report_missing(task_id=task.pk, found=1)
    assert ShortPick.objects.get().missing == 2

    assert report_missing(task_id=task.pk, found=3) is None
    assert ShortPick.objects.get().state == ShortState.FOUND
    with pytest.raises(TooManyTaken):
        report_missing(task_id=task.pk, found=4)


def test_pieces_found_after_all_are_in_their_tote_and_the_parcel_can_be_packed() -> None:
    order, short, _item = short_of(2, found=1)

    found_after_all(short_id=short.pk)

    task = PickTask.objects.get()
    assert (task.picked, task.missing) == (2, 0)
    parcel = parcel_of(order)
    scan_all(parcel)
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    with pytest.raises(ShortDecided):
        found_after_all(short_id=short.pk)
    is_sound()


def test_the_rest_leaves_now_and_what_misses_waits_in_a_parcel_of_its_own() -> None:
    order, short, item = short_of(3, found=2, also=1)

    apart = set_missing_apart(short_id=short.pk)

    assert apart.state == ParcelState.PLANNED
    assert list(apart.lines.values_list("order_line__variant", "quantity")) == [(item.pk, 1)]
    assert apart not in parcels_to_pick("LEJ")
    assert parcel_of(order) in parcels_to_pack("LEJ")
    parcel = parcel_of(order)
    scan_all(parcel)
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    assert FulfillmentLine.objects.get(fulfillment=parcel, order_line__variant=item).quantity == 2
    is_sound()


def test_nothing_is_set_apart_when_nothing_else_would_leave() -> None:
    order, short, _item = short_of(2, found=0)

    with pytest.raises(NothingToPick):
        set_missing_apart(short_id=short.pk)
    assert order.fulfillments.count() == 1


@pytest.mark.parametrize("books_off", [True, False])
def test_missing_units_leave_from_another_warehouse_and_stock_here_is_corrected_when_said_so(books_off: bool) -> None:
    order, short, item = short_of(3, found=1)
    elsewhere(item, 5)

    send_from_elsewhere(short_id=short.pk, warehouse_code="HAM", books_off=books_off)

    promised = dict(Allocation.objects.filter(quantity__gt=0).values_list("stock_item__warehouse__code", "quantity"))
    assert promised == {"LEJ": 1, "HAM": 2}
    here = StockItem.objects.get(warehouse__code="LEJ", variant=item)
    assert here.on_hand == (8 if books_off else 10)
    moved = order.fulfillments.get(warehouse_code="HAM")
    assert (moved.state, moved.lines.get().quantity) == (ParcelState.PLANNED, 2)
    short.refresh_from_db()
    assert (short.state, short.booked_off) == (ShortState.MOVED, 2 if books_off else 0)
    parcel = parcel_of(order)
    scan_all(parcel)
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    is_sound()


def test_another_warehouse_than_the_planned_one_is_kept_beside_the_plan_with_its_reason() -> None:
    order, short, item = short_of(2, found=1)
    elsewhere(item, 5)
    plan = {"takes": [["1", item.pk, "LEJ", 2]], "method": "standard"}
    AllocationDecision.objects.create(
        order_ref=order.number, market="de", cause="placed", currency="EUR", chosen=plan, engine_version="1"
    )

    send_from_elsewhere(short_id=short.pk, warehouse_code="HAM", books_off=False)

    kept = AllocationDecision.objects.filter(order_ref=order.number).latest("pk")
    assert (kept.cause, kept.reason) == ("overridden", "Pieces nobody found.")
    assert {(code, count) for _line, _variant, code, count in kept.chosen["takes"]} == {("HAM", 1), ("LEJ", 1)}


def test_another_country_would_change_the_taxes_and_is_refused_whole() -> None:
    order, short, item = short_of(2, found=1)
    elsewhere(item, 5, country="PL")

    with pytest.raises(ChangeRefused):
        send_from_elsewhere(short_id=short.pk, warehouse_code="HAM", books_off=True)

    short.refresh_from_db()
    assert short.state == ShortState.OPEN
    assert order.fulfillments.count() == 1
    assert not StockMovement.objects.filter(kind="writeoff").exists()
    is_sound()


def test_a_component_that_misses_takes_its_whole_set_along() -> None:
    market = open_shop()
    cup, pot = item_in(market, code="cup"), item_in(market, code="pot")
    order = paid_order(market, (set_in(market, (cup, 2, 1), (pot, 1, 2)), 2))
    a_wave(order)
    short = report_missing(task_id=PickTask.objects.get(variant=cup).pk, found=3)
    assert short is not None
    for item in (cup, pot):
        stocked(item, 5, warehouse=Warehouse.objects.filter(code="HAM").first() or elsewhere(cup, 0))

    send_from_elsewhere(short_id=short.pk, warehouse_code="HAM", books_off=True)

    there = Allocation.objects.filter(stock_item__warehouse__code="HAM", quantity__gt=0)
    assert dict(there.values_list("stock_item__variant", "quantity")) == {cup.pk: 2, pot.pk: 1}
    assert StockItem.objects.get(warehouse__code="LEJ", variant=cup).on_hand == 9
    assert parcel_of(order).lines.get().quantity == 1
    is_sound()


def test_missing_pieces_are_given_up_only_when_the_order_does_not_want_them() -> None:
    order, short, item = short_of(3, found=2)
    with pytest.raises(StillWanted):
        give_up_missing(short_id=short.pk, books_off=True)

    wishes = (RefundWish(line_id=order.lines.get().pk, quantity=1),)
    asked = RefundAsked(lines=wishes, shipping=False, reason="Not there", key="short-1")
    shown = preview_refund(order, wishes=wishes, shipping=False).total
    refund_as_shown(number=order.number, asked=asked, shown=shown, warehouse_code="LEJ")
    give_up_missing(short_id=short.pk, books_off=True)

    assert StockItem.objects.get(variant=item).on_hand == 9
    short.refresh_from_db()
    assert (short.state, short.booked_off) == (ShortState.GIVEN_UP, 1)
    is_sound()


def test_pieces_set_apart_are_picked_once_they_were_found() -> None:
    order, short, _item = short_of(3, found=2, also=1)
    set_missing_apart(short_id=short.pk)
    found_after_all(short_id=short.pk)
    second = order.fulfillments.latest("position")
    assert list(parcels_to_pick("LEJ")) == [second]

    wave = make_wave(warehouse_code="LEJ", fulfillment_ids=[second.pk])
    start_wave(number=wave.number)
    pick_all(wave)

    assert list(parcels_to_pack("LEJ").filter(pk=second.pk)) == [second]
    is_sound()


def test_booking_off_says_why_is_done_once_and_never_below_what_is_promised() -> None:
    market = open_shop()
    item = item_in(market, stock=4)
    paid_order(market, (item, 3))
    facts = {"warehouse_code": "LEJ", "variant_id": item.pk}

    for _again in range(2):
        book_off(**facts, pieces=1, note="Not there", op_key="one")
    assert StockItem.objects.get().on_hand == 3
    with pytest.raises(CountTooLow):
        book_off(**facts, pieces=1, note="Not there", op_key="two")
    with pytest.raises(NotAllocated):
        book_off(warehouse_code="NOWHERE", variant_id=item.pk, pieces=1, note="", op_key="three")
    assert StockItem.objects.get().on_hand == 3
    gone = StockMovement.objects.get(op_key="one")
    assert (gone.kind, gone.reason_code, gone.reason, gone.d_on_hand) == ("writeoff", "lost", "Not there", -1)
    is_sound()
