"""Batches: they follow every movement, first expired leaves first, what is past its date is not sold."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.actions import book_delivery, convert_hold, hold_stock, receive_shipment, return_stock, ship_lines
from inventory.errors import BatchDateDiffers, BatchesDiffer, BatchesExpired, OutOfStock
from inventory.models import Batch, BatchMovement, StockItem
from inventory.stockwork.adjusting import adjust_stock
from inventory.stockwork.batch_deeds import block_expired, keep_batches, name_batch
from inventory.stockwork.batches import split_parts
from inventory.stockwork.transfers import draft_transfer, set_aside, ship_transfer
from inventory.stockwork.transfers_in import close_transfer, receive_transfer
from inventory.types import BatchPart, Demand, ShippedItem
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, broken, counters, two_places
from tests.tampering import behind_the_databases_back

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()
SOON, LATER, PAST = TODAY + timedelta(days=5), TODAY + timedelta(days=90), TODAY - timedelta(days=2)


@pytest.fixture
def places() -> Places:
    return two_places()


@pytest.fixture
def item(places: Places) -> StockItem:
    found = stocked(a_variant(sku="TEA"), 2, warehouse=places.leipzig)
    keep_batches(variant_id=found.variant_id)
    return found


def came(item: StockItem, pieces: int, code: str, expires_on: date | None) -> None:
    book_delivery(
        stock_item_id=item.pk, quantity=pieces, reason="", op_key=uuid.uuid4().hex, batch=code, expires_on=expires_on
    )


def held(item: StockItem) -> dict[str, int]:
    rows = Batch.objects.filter(stock_item=item, quantity__gt=0)
    return dict(rows.values_list("code", "quantity"))


def sell(item: StockItem, pieces: int) -> str:
    owner, number = uuid.uuid4(), f"MER-{uuid.uuid4().hex[:6]}"
    demand = Demand(line_ref="1", variant_id=item.variant_id, quantity=pieces)
    hold_stock(owner=owner, demands=[demand], market_code="de")
    convert_hold(owner=owner, order_ref=number)
    return number


def ship(number: str, pieces: int) -> None:
    gone = ShippedItem(line_ref=f"{number}/1", warehouse_code="LEJ", quantity=pieces)
    ship_lines(order_ref=number, items=[gone], cause=f"parcel {number}")


def test_what_was_there_before_has_no_batch_until_somebody_names_it(item: StockItem) -> None:
    assert held(item) == {"": 2}
    name_batch(stock_item_id=item.pk, code="A1", expires_on=LATER, pieces=1)
    assert held(item) == {"": 1, "A1": 1}
    with pytest.raises(BatchesDiffer):
        name_batch(stock_item_id=item.pk, code="A1", expires_on=LATER, pieces=2)
    assert broken() == {}


def test_what_expires_first_leaves_first(item: StockItem) -> None:
    came(item, 3, "LATE", LATER)
    came(item, 3, "EARLY", SOON)
    ship(sell(item, 4), 4)
    assert held(item) == {"": 2, "LATE": 2}
    assert broken() == {}


def test_what_is_past_its_date_is_not_sold(item: StockItem, places: Places) -> None:
    came(item, 3, "OLD", PAST)
    assert counters(places.leipzig, item.variant_id) == (5, 0, 2)
    with pytest.raises(OutOfStock):
        sell(item, 3)
    assert broken() == {}


def test_days_that_must_be_left_count(item: StockItem, places: Places) -> None:
    came(item, 3, "EARLY", SOON)
    assert counters(places.leipzig, item.variant_id)[2] == 5
    keep_batches(variant_id=item.variant_id, days_left=6)
    assert counters(places.leipzig, item.variant_id)[2] == 2
    keep_batches(variant_id=item.variant_id, days_left=5)
    assert counters(places.leipzig, item.variant_id)[2] == 5


def test_the_clock_blocks_what_has_expired_meanwhile(item: StockItem, places: Places) -> None:
    came(item, 3, "EARLY", SOON)
    Batch.objects.filter(code="EARLY").update(expires_on=PAST)
    assert [block_expired(), block_expired()] == [1, 0]
    assert counters(places.leipzig, item.variant_id)[2] == 2
    assert broken() == {}


def test_what_was_promised_and_expires_then_does_not_leave(item: StockItem) -> None:
    came(item, 3, "EARLY", SOON)
    number = sell(item, 5)
    Batch.objects.filter(code="EARLY").update(expires_on=PAST)
    block_expired()
    with pytest.raises(BatchesExpired):
        ship(number, 5)
    assert held(item) == {"": 2, "EARLY": 3}


def test_a_write_off_takes_what_is_past_its_date_first(item: StockItem) -> None:
    came(item, 3, "OLD", PAST)
    came(item, 3, "LATE", LATER)
    adjust_stock(stock_item_id=item.pk, difference=-3, reason="expired", note="", op_key="x")
    assert held(item) == {"": 2, "LATE": 3}
    item.refresh_from_db()
    assert item.blocked == 0
    adjust_stock(stock_item_id=item.pk, difference=-1, reason="damage", note="", op_key="y", batch="LATE")
    assert held(item) == {"": 2, "LATE": 2}
    with pytest.raises(BatchesDiffer):
        adjust_stock(stock_item_id=item.pk, difference=-1, reason="damage", note="", op_key="z", batch="NONE")
    assert broken() == {}


def test_the_same_batch_has_one_date(item: StockItem) -> None:
    came(item, 3, "A1", LATER)
    with pytest.raises(BatchDateDiffers):
        came(item, 3, "A1", SOON)
    assert held(item) == {"": 2, "A1": 3}


def test_a_returned_piece_goes_back_to_its_batch(item: StockItem, places: Places) -> None:
    came(item, 3, "EARLY", SOON)
    number = sell(item, 2)
    ship(number, 2)
    return_stock(
        order_ref=number,
        line_ref=f"{number}/1",
        variant_id=item.variant_id,
        warehouse_code="NGT",
        quantity=1,
        cause="R",
    )
    far = StockItem.objects.get(warehouse=places.niigata)
    assert held(far) == {"EARLY": 1}
    assert Batch.objects.get(stock_item=far).expires_on == SOON
    assert broken() == {}


def test_batches_travel_with_a_transfer_in_parts(item: StockItem, places: Places) -> None:
    came(item, 3, "EARLY", SOON)
    came(item, 3, "LATE", LATER)
    transfer = draft_transfer(from_code="LEJ", to_code="NGT", lines={item.variant_id: 5})
    set_aside(number=transfer.number)
    ship_transfer(number=transfer.number, at=timezone.now())
    line = transfer.lines.get()
    receive_transfer(number=transfer.number, counts={line.pk: 2}, at=timezone.now(), op_key="1")
    far = StockItem.objects.get(warehouse=places.niigata)
    assert held(far) == {"EARLY": 2}
    receive_transfer(number=transfer.number, counts={line.pk: 2}, at=timezone.now(), op_key="2")
    assert held(far) == {"EARLY": 3, "LATE": 1}
    close_transfer(number=transfer.number, losses={line.pk: "lost"}, at=timezone.now())
    assert held(far) == {"EARLY": 3, "LATE": 1}
    assert broken() == {}


def test_a_shipment_says_its_batches(item: StockItem) -> None:
    parts = [BatchPart(quantity=2, code="A", expires_on=SOON), BatchPart(quantity=3, code="B", expires_on=LATER)]
    receive_shipment(warehouse_code="LEJ", pieces={item.variant_id: 5}, op_key="po:1", batches={item.variant_id: parts})
    assert held(item) == {"": 2, "A": 2, "B": 3}


def test_the_audit_finds_and_repairs_batches_that_do_not_add_up(item: StockItem) -> None:
    came(item, 3, "A1", LATER)
    with behind_the_databases_back():
        Batch.objects.filter(code="A1").update(quantity=9)
    assert "S20" in broken()
    with pytest.raises(CommandError):
        call_command("stock_audit")
    call_command("stock_audit", "--fix")
    assert sum(held(item).values()) == 5
    assert broken() == {}
    call_command("stock_audit")


def test_a_variant_without_batches_has_none(places: Places) -> None:
    found = stocked(a_variant(), 5, warehouse=places.leipzig)
    ship(sell(found, 2), 2)
    assert not Batch.objects.exists()
    assert not BatchMovement.objects.exists()


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    cuts=st.lists(st.integers(1, 9), min_size=1, max_size=12),
)
@settings(max_examples=200)
def test_what_arrives_in_parts_is_what_was_sent(sizes: list[int], cuts: list[int]) -> None:
    parts = [BatchPart(quantity=size, code=f"B{n}") for n, size in enumerate(sizes)]
    total, done = sum(sizes), 0
    got: dict[str, int] = {}
    for cut in [*cuts, total]:
        count = min(cut, total - done)
        for part in split_parts(parts, done, count):
            got[part.code] = got.get(part.code, 0) + part.quantity
        done += count
    assert got == {part.code: part.quantity for part in parts}
