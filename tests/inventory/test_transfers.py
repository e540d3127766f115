"""Transfers: set aside, sent, received in parts, closed with what became of the rest. Nothing on the way is sold."""

import uuid

import pytest
from django.db import IntegrityError
from django.utils import timezone

from catalog.models import Variant
from core.transitions import IllegalTransition
from inventory.actions import hold_stock
from inventory.errors import (
    LossNeedsReason,
    NotAllocated,
    NothingToSend,
    NotThere,
    OutOfStock,
    SamePlace,
    TransferMoved,
)
from inventory.models import StockItem, StockMovement, Transfer, TransferLine
from inventory.stockwork.incoming import incoming
from inventory.stockwork.reading import read_lines
from inventory.stockwork.transfers import (
    cancel_transfer,
    draft_transfer,
    set_aside,
    set_line,
    ship_transfer,
    take_back,
)
from inventory.stockwork.transfers_in import close_transfer, receive_transfer
from inventory.types import Demand
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, broken, counters, two_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return two_places()


@pytest.fixture
def item(places: Places) -> StockItem:
    return stocked(a_variant(sku="CUP"), 10, warehouse=places.leipzig)


def planned(item: StockItem, pieces: int = 6, key: str = "") -> Transfer:
    return draft_transfer(from_code="LEJ", to_code="NGT", lines={item.variant_id: pieces}, op_key=key)


def sent(item: StockItem, pieces: int = 6) -> TransferLine:
    transfer = planned(item, pieces)
    set_aside(number=transfer.number)
    ship_transfer(number=transfer.number, at=timezone.now())
    return TransferLine.objects.select_related("transfer").get(transfer=transfer)


def test_a_plan_sets_nothing_aside(item: StockItem, places: Places) -> None:
    planned(item)
    assert counters(places.leipzig, item.variant_id) == (10, 0, 10)
    assert not StockMovement.objects.exclude(kind="receive").exists()


def test_the_same_proposal_is_planned_once(item: StockItem) -> None:
    assert planned(item, key="proposal:1").pk == planned(item, key="proposal:1").pk
    assert Transfer.objects.count() == TransferLine.objects.count() == 1


def test_a_transfer_goes_from_one_place_to_another(item: StockItem) -> None:
    with pytest.raises(SamePlace):
        draft_transfer(from_code="LEJ", to_code="LEJ", lines={item.variant_id: 1})


def test_what_is_set_aside_cannot_be_bought(item: StockItem, places: Places) -> None:
    set_aside(number=planned(item, 8).number)
    assert counters(places.leipzig, item.variant_id) == (10, 8, 2)
    with pytest.raises(OutOfStock):
        hold_stock(
            owner=uuid.uuid4(),
            demands=[Demand(line_ref="1", variant_id=item.variant_id, quantity=3)],
            market_code="de",
        )
    assert broken() == {}


def test_more_than_there_is_is_refused_and_names_what_is_missing(item: StockItem, places: Places) -> None:
    transfer = planned(item, 13)
    with pytest.raises(NotThere) as refusal:
        set_aside(number=transfer.number)
    assert refusal.value.missing == {"CUP": 3}
    transfer.refresh_from_db()
    assert transfer.state == "draft"
    assert counters(places.leipzig, item.variant_id) == (10, 0, 10)


def test_pieces_that_may_be_sold_short_cannot_be_sent(item: StockItem) -> None:
    StockItem.objects.filter(pk=item.pk).update(backorder_limit=50)
    with pytest.raises(NotThere) as refusal:
        set_aside(number=planned(item, 12).number)
    assert refusal.value.missing == {"CUP": 2}


def test_an_empty_transfer_does_not_leave(item: StockItem) -> None:
    transfer = planned(item)
    set_line(number=transfer.number, variant_id=item.variant_id, quantity=0)
    with pytest.raises(NothingToSend):
        set_aside(number=transfer.number)


def test_what_is_on_its_way_is_on_no_shelf(item: StockItem, places: Places) -> None:
    line = sent(item, 6)
    assert counters(places.leipzig, item.variant_id) == (4, 0, 4)
    assert line.on_its_way == 6
    assert broken() == {}


def test_fewer_may_leave_than_were_set_aside_and_the_rest_can_be_sold(item: StockItem, places: Places) -> None:
    transfer = planned(item, 6)
    set_aside(number=transfer.number)
    line = transfer.lines.get()
    with pytest.raises(NotAllocated):
        ship_transfer(number=transfer.number, shipped={line.pk: 7}, at=timezone.now())
    ship_transfer(number=transfer.number, shipped={line.pk: 4}, at=timezone.now())
    assert counters(places.leipzig, item.variant_id) == (6, 0, 6)
    assert broken() == {}


def test_sending_twice_is_sending_once(item: StockItem, places: Places) -> None:
    line = sent(item, 6)
    ship_transfer(number=line.transfer.number, at=timezone.now())
    assert counters(places.leipzig, item.variant_id) == (4, 0, 4)


def test_parts_arrive_one_after_the_other(item: StockItem, places: Places) -> None:
    line = sent(item, 6)
    number = line.transfer.number
    for _ in range(2):
        receive_transfer(number=number, counts={line.pk: 4}, at=timezone.now(), op_key="first")
    assert counters(places.niigata, item.variant_id) == (4, 0, 4)
    assert Transfer.objects.get().state == "partly_received"
    receive_transfer(number=number, counts={line.pk: 2}, at=timezone.now(), op_key="second")
    assert counters(places.niigata, item.variant_id) == (6, 0, 6)
    assert Transfer.objects.get().state == "received"
    assert broken() == {}


def test_more_than_was_sent_is_booked_as_a_surplus(item: StockItem, places: Places) -> None:
    line = sent(item, 6)
    receive_transfer(number=line.transfer.number, counts={line.pk: 8}, at=timezone.now(), op_key="all")
    line.refresh_from_db()
    assert (line.received, line.surplus) == (6, 2)
    assert counters(places.niigata, item.variant_id)[0] == 8
    assert StockMovement.objects.get(kind="adjust").reason_code == "surplus"
    assert broken() == {}


def test_what_never_comes_needs_a_reason_and_is_written_off(item: StockItem, places: Places) -> None:
    line = sent(item, 6)
    number = line.transfer.number
    receive_transfer(number=number, counts={line.pk: 4}, at=timezone.now(), op_key="first")
    with pytest.raises(LossNeedsReason):
        close_transfer(number=number, losses={}, at=timezone.now())
    for _ in range(2):
        close_transfer(number=number, losses={line.pk: "damage"}, at=timezone.now(), remark="Box was wet")
    line.refresh_from_db()
    assert (line.lost, line.loss, line.remark) == (2, "damage", "Box was wet")
    assert counters(places.niigata, item.variant_id)[0] == 4
    gone = StockMovement.objects.get(kind="writeoff")
    assert (gone.quantity, gone.reason_code, gone.reason) == (2, "damage", "Box was wet")
    assert broken() == {}


def test_what_was_never_packed_goes_back_to_its_shelf(item: StockItem, places: Places) -> None:
    line = sent(item, 6)
    close_transfer(number=line.transfer.number, losses={line.pk: "short"}, at=timezone.now())
    assert counters(places.leipzig, item.variant_id) == (10, 0, 10)
    assert broken() == {}


def test_taken_back_it_can_be_changed_and_set_aside_again(item: StockItem, places: Places) -> None:
    transfer = planned(item, 6)
    set_aside(number=transfer.number)
    with pytest.raises(TransferMoved):
        set_line(number=transfer.number, variant_id=item.variant_id, quantity=2)
    take_back(number=transfer.number)
    set_line(number=transfer.number, variant_id=item.variant_id, quantity=2)
    set_aside(number=transfer.number)
    assert counters(places.leipzig, item.variant_id) == (10, 2, 8)
    assert broken() == {}


def test_a_canceled_transfer_gives_its_pieces_back_and_one_that_left_cannot_be_canceled(
    item: StockItem, places: Places
) -> None:
    transfer = planned(item, 6)
    set_aside(number=transfer.number)
    for _ in range(2):
        cancel_transfer(number=transfer.number)
    assert counters(places.leipzig, item.variant_id) == (10, 0, 10)
    with pytest.raises(TransferMoved):
        cancel_transfer(number=sent(item, 3).transfer.number)
    with pytest.raises(IllegalTransition):
        Transfer.objects.get(pk=transfer.pk).become(state="ready")
    assert broken() == {}


def test_what_comes_is_known_and_never_available(item: StockItem, places: Places) -> None:
    far = places.niigata.pk
    transfer = planned(item, 6)
    assert incoming([item.variant_id]) == {}
    set_aside(number=transfer.number)
    assert incoming([item.variant_id]) == {(far, item.variant_id): 6}
    ship_transfer(number=transfer.number, at=timezone.now())
    line = transfer.lines.get()
    receive_transfer(number=transfer.number, counts={line.pk: 4}, at=timezone.now(), op_key="first")
    assert incoming([item.variant_id]) == {(far, item.variant_id): 2}
    assert counters(places.niigata, item.variant_id)[2] == 4
    close_transfer(number=transfer.number, losses={line.pk: "lost"}, at=timezone.now())
    assert incoming([item.variant_id]) == {}


def test_lines_are_read_by_sku_and_gtin_however_they_are_written(item: StockItem) -> None:
    Variant.objects.filter(pk=item.variant_id).update(gtin="4006381333931")
    pot = a_variant(sku="POT 2")
    read = read_lines("cup 2\nCUP;3\n4006381333931\n\nPOT 2\t4\n")
    assert read.problems == ()
    assert read.pieces == {item.variant_id: 6, pot.pk: 4}


@pytest.mark.parametrize("text", ["NOBODY 2", "CUP two"])
def test_a_line_that_cannot_be_read_is_named(item: StockItem, text: str) -> None:
    assert len(read_lines(text).problems) == 1


def test_the_database_refuses_a_second_transfer_of_one_proposal(item: StockItem, places: Places) -> None:
    planned(item, key="proposal:1")
    with pytest.raises(IntegrityError):
        Transfer.objects.create(
            number="TR-900", from_warehouse=places.leipzig, to_warehouse=places.niigata, op_key="proposal:1"
        )
