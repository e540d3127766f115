"""Transfers and stock takes while shoppers buy: nothing is oversold, nothing is booked twice, nobody waits for ever."""

import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.utils import timezone

from core.errors import DomainError
from inventory.actions import convert_hold, hold_stock, release_hold, ship_lines
from inventory.models import StockItem, StockMovement, StockTakeLine, Transfer, TransferLine
from inventory.stockwork import transfers_in
from inventory.stockwork.adjusting import adjust_stock
from inventory.stockwork.batch_deeds import keep_batches
from inventory.stockwork.takes import begin_counting, count_shelves, end_counting, plan_take
from inventory.stockwork.takes_booking import book_take
from inventory.stockwork.transfers import draft_transfer, set_aside, ship_transfer
from inventory.stockwork.transfers_in import receive_transfer
from inventory.types import Demand, ShippedItem
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, broken, two_places
from tests.races.crowd import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def ended(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError as refusal:
        return refusal.code
    except IntegrityError:
        return "DATABASE"
    return "done"


def buy(variant_id: int, pieces: int = 1) -> str:
    owner, number = uuid.uuid4(), f"MER-{uuid.uuid4().hex[:10]}"

    def act() -> None:
        demand = Demand(line_ref="1", variant_id=variant_id, quantity=pieces)
        parcels = hold_stock(owner=owner, demands=[demand], market_code="de")
        convert_hold(owner=owner, order_ref=number)
        for parcel in parcels:
            gone = [
                ShippedItem(
                    line_ref=f"{number}/1", warehouse_code=parcel.warehouse_code, quantity=parcel.lines[0].quantity
                )
            ]
            ship_lines(order_ref=number, items=gone, cause=f"{number} {parcel.warehouse_code}")

    return ended(act)


def on_the_way(item: StockItem, pieces: int) -> TransferLine:
    transfer = draft_transfer(from_code="LEJ", to_code="NGT", lines={item.variant_id: pieces})
    set_aside(number=transfer.number)
    ship_transfer(number=transfer.number, at=timezone.now())
    return TransferLine.objects.select_related("transfer").get(transfer=transfer)


def test_a_transfer_and_buyers_share_the_last_pieces() -> None:
    places = two_places()
    item = stocked(a_variant(), 10, warehouse=places.leipzig)
    numbers = [draft_transfer(from_code="LEJ", to_code="NGT", lines={item.variant_id: 4}).number for _ in range(6)]

    def act(turn: int) -> str:
        if turn % 2:
            return buy(item.variant_id)
        return ended(lambda: set_aside(number=numbers[turn // 2]))

    ends = Counter(all_at_once(act, range(12)))

    item.refresh_from_db()
    taken = 4 * Transfer.objects.filter(state="ready").count() + StockMovement.objects.filter(kind="ship").count()
    assert taken <= 10
    assert item.available == 10 - taken
    assert set(ends) <= {"done", "NOT_THERE", "OUT_OF_STOCK"}
    assert broken() == {}


def test_the_same_delivery_is_booked_once_by_twelve_hands() -> None:
    places = two_places()
    line = on_the_way(stocked(a_variant(), 10, warehouse=places.leipzig), 6)
    number = line.transfer.number

    def act(_hand: int) -> str:
        return ended(lambda: receive_transfer(number=number, counts={line.pk: 6}, at=timezone.now(), op_key="van"))

    assert set(all_at_once(act, range(12))) == {"done"}
    assert StockItem.objects.get(warehouse=places.niigata).on_hand == 6
    assert broken() == {}


def test_without_the_lock_only_the_database_stops_the_second_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the transfer is read and not locked."""
    places = two_places()
    line = on_the_way(stocked(a_variant(), 10, warehouse=places.leipzig), 6)
    number = line.transfer.number
    monkeypatch.setattr(
        transfers_in,
        "locked_transfer",
        lambda number, *_states: Transfer.objects.select_related("from_warehouse", "to_warehouse").get(number=number),
    )

    def act(_hand: int) -> str:
        return ended(lambda: receive_transfer(number=number, counts={line.pk: 6}, at=timezone.now(), op_key="van"))

    ends = all_at_once(act, range(12))
    assert set(ends) != {"done"}  # somebody read before somebody else had written: the lock is what prevents it


def test_a_count_among_sales_books_exactly_its_difference() -> None:
    places = two_places()
    item = stocked(a_variant(), 40, warehouse=places.leipzig)
    take = plan_take(warehouse_code="LEJ", review_above=100)
    begin_counting(number=take.number)
    line = StockTakeLine.objects.get()

    def act(turn: int) -> str:
        if turn % 4:
            return buy(item.variant_id)
        now = StockItem.objects.get(pk=item.pk).on_hand
        return ended(lambda: count_shelves(number=take.number, counts={line.pk: now + 1}))

    all_at_once(act, range(24))
    end_counting(number=take.number)
    line.refresh_from_db()
    sold = StockMovement.objects.filter(kind="ship").count()
    all_at_once(lambda _hand: ended(lambda: book_take(number=take.number)), range(12))
    item.refresh_from_db()
    assert item.on_hand == 40 - sold + line.difference
    assert StockMovement.objects.filter(kind__in=["adjust", "writeoff"]).count() <= 1
    assert broken() == {}


def test_everything_at_once_on_shelves_with_batches() -> None:
    """Buyers, transfers, write-offs and carts that let go, over two warehouses: no piece appears or vanishes."""
    places: Places = two_places()
    items = [stocked(a_variant(), 30, warehouse=places.leipzig) for _ in range(4)]
    for item in items:
        keep_batches(variant_id=item.variant_id)

    def act(turn: int) -> str:
        item = items[turn % 4]
        deed = turn % 5
        if deed == 0:
            line = on_the_way(item, 3)
            return ended(
                lambda: receive_transfer(
                    number=line.transfer.number, counts={line.pk: 3}, at=timezone.now(), op_key=str(turn)
                )
            )
        if deed == 1:
            return ended(
                lambda: adjust_stock(
                    stock_item_id=item.pk, difference=-1, reason="damage", note="", op_key=f"broke {turn}"
                )
            )
        if deed == 2:
            return ended(lambda: hold_and_let_go(item.variant_id))
        return buy(item.variant_id)

    ends = Counter(all_at_once(act, range(60)))

    assert ends["done"] >= 50
    assert set(ends) <= {"done", "OUT_OF_STOCK", "NOT_THERE", "COUNT_TOO_LOW"}
    gone = StockMovement.objects.filter(kind__in=["ship", "writeoff"]).count()
    assert sum(StockItem.objects.values_list("on_hand", flat=True)) == 120 - gone
    assert broken() == {}


def hold_and_let_go(variant_id: int) -> None:
    owner = uuid.uuid4()
    demand = Demand(line_ref="1", variant_id=variant_id, quantity=2)
    hold_stock(owner=owner, demands=[demand], market_code="de")
    release_hold(owner=owner)
