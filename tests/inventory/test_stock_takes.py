"""Stock takes: compared at the moment of counting, booked as differences, large ones with a second person."""

import uuid

import pytest
from django.db import IntegrityError

from core.audit import acting_as
from inventory.actions import convert_hold, hold_stock, ship_lines
from inventory.errors import NobodyCounts, NothingToCount, NotInTake, OwnCount, SecondPersonNeeded, TakeRefused
from inventory.models import StockItem, StockMovement, StockTake, StockTakeLine
from inventory.stockwork.take_files import FileRefused, count_list, read_counts
from inventory.stockwork.takes import (
    approve_difference,
    begin_counting,
    count_scanned,
    count_shelves,
    end_counting,
    explain_differences,
    forget_count,
    plan_take,
)
from inventory.stockwork.takes_booking import book_take
from inventory.types import Demand, ShippedItem
from members.models import User
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, broken, counters, two_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return two_places()


@pytest.fixture
def item(places: Places) -> StockItem:
    return stocked(a_variant(sku="CUP"), 10, warehouse=places.leipzig)


def begun(**facts: object) -> StockTake:
    take = plan_take(warehouse_code="LEJ", **facts)
    return begin_counting(number=take.number)


def only_line(take: StockTake) -> StockTakeLine:
    return take.lines.get()


def sell(item: StockItem, pieces: int) -> None:
    owner, number = uuid.uuid4(), f"MER-{uuid.uuid4().hex[:6]}"
    demand = Demand(line_ref="1", variant_id=item.variant_id, quantity=pieces)
    hold_stock(owner=owner, demands=[demand], market_code="de")
    convert_hold(owner=owner, order_ref=number)
    gone = ShippedItem(line_ref=f"{number}/1", warehouse_code="LEJ", quantity=pieces)
    ship_lines(order_ref=number, items=[gone], cause=f"parcel {number}")


def somebody(name: str) -> User:
    return User.objects.create_user(f"{name}@example.com", "a-long-password", is_staff=True)


def test_a_sale_after_the_count_stays_a_sale(item: StockItem, places: Places) -> None:
    take = begun()
    count_shelves(number=take.number, counts={only_line(take).pk: 9})
    sell(item, 3)
    end_counting(number=take.number)
    assert book_take(number=take.number) == 1
    assert counters(places.leipzig, item.variant_id)[0] == 6
    moved = StockMovement.objects.get(kind="adjust")
    assert (moved.d_on_hand, moved.reason_code, moved.cause) == (-1, "count", take.number)
    assert broken() == {}


def test_a_count_remembers_what_the_books_said_at_that_moment(item: StockItem) -> None:
    take = begun()
    sell(item, 4)
    newest = StockMovement.objects.latest("pk").pk
    count_shelves(number=take.number, counts={only_line(take).pk: 6})
    line = only_line(take)
    assert (line.expected_at_count, line.difference, line.movement_at_count) == (6, 0, newest)


def test_booking_twice_books_once(item: StockItem, places: Places) -> None:
    take = begun()
    count_shelves(number=take.number, counts={only_line(take).pk: 12})
    end_counting(number=take.number)
    assert [book_take(number=take.number), book_take(number=take.number)] == [1, 0]
    assert counters(places.leipzig, item.variant_id)[0] == 12


def test_scans_add_up_and_strangers_are_named(item: StockItem) -> None:
    take = begun()
    for _ in range(3):
        count_scanned(number=take.number, code="cup")
    count_scanned(number=take.number, code="CUP", pieces=-1)
    assert only_line(take).counted == 2
    with pytest.raises(NotInTake):
        count_scanned(number=take.number, code="NOBODY")


def test_a_large_difference_needs_another_person(item: StockItem, places: Places) -> None:
    take = begun(review_above=2)
    line = only_line(take)
    counter, boss = somebody("counter"), somebody("boss")
    with acting_as(counter.pk, "counter"):
        count_shelves(number=take.number, counts={line.pk: 5})
        end_counting(number=take.number)
        with pytest.raises(SecondPersonNeeded):
            book_take(number=take.number)
        with pytest.raises(OwnCount):
            approve_difference(number=take.number, line_id=line.pk)
    assert counters(places.leipzig, item.variant_id)[0] == 10
    with acting_as(boss.pk, "boss"):
        approve_difference(number=take.number, line_id=line.pk)
    assert book_take(number=take.number) == 1
    assert counters(places.leipzig, item.variant_id)[0] == 5


def test_the_database_refuses_whoever_agrees_to_their_own_count(item: StockItem) -> None:
    take = begun()
    person = somebody("counter")
    with pytest.raises(IntegrityError):
        StockTakeLine.objects.filter(stock_take=take).update(counted_by=person, approved_by=person)


def test_counted_again_the_agreement_is_gone(item: StockItem) -> None:
    take = begun(review_above=0)
    line = only_line(take)
    with acting_as(somebody("counter").pk, "counter"):
        count_shelves(number=take.number, counts={line.pk: 5})
        end_counting(number=take.number)
    with acting_as(somebody("boss").pk, "boss"):
        approve_difference(number=take.number, line_id=line.pk)
        forget_count(number=take.number, line_id=line.pk)
    line.refresh_from_db()
    take.refresh_from_db()
    assert (line.counted, line.difference, line.approved_by_id, take.state) == (None, 0, None, "counting")


def test_fewer_than_are_promised_cannot_be_booked_and_nothing_is(item: StockItem, places: Places) -> None:
    other = stocked(a_variant(sku="POT"), 4, warehouse=places.leipzig)
    take = begun(review_above=100)
    lines = {line.stock_item_id: line.pk for line in take.lines.all()}
    count_shelves(number=take.number, counts={lines[item.pk]: 2, lines[other.pk]: 5})
    end_counting(number=take.number)
    StockItem.objects.filter(pk=item.pk).update(allocated=5)
    with pytest.raises(TakeRefused) as refusal:
        book_take(number=take.number)
    assert set(refusal.value.reasons) == {"CUP"}
    other.refresh_from_db()
    assert other.on_hand == 4


def test_what_nobody_counted_is_left_alone_or_said_to_be_empty(item: StockItem, places: Places) -> None:
    left, emptied = begun(review_above=100), begun(review_above=100)
    end_counting(number=left.number)
    assert book_take(number=left.number) == 0
    assert counters(places.leipzig, item.variant_id)[0] == 10
    end_counting(number=emptied.number, rest_is_zero=True)
    book_take(number=emptied.number)
    assert counters(places.leipzig, item.variant_id)[0] == 0
    assert broken() == {}


def test_a_stolen_piece_is_written_off_under_its_reason(item: StockItem) -> None:
    take = begun()
    line = only_line(take)
    count_shelves(number=take.number, counts={line.pk: 9})
    end_counting(number=take.number)
    explain_differences(number=take.number, words={line.pk: ("theft", "Seal was broken")})
    book_take(number=take.number)
    gone = StockMovement.objects.get(kind="writeoff")
    assert (gone.reason_code, gone.reason) == ("theft", "Seal was broken")


def test_nothing_is_counted_before_it_begins_or_after_it_ends(item: StockItem) -> None:
    take = plan_take(warehouse_code="LEJ")
    with pytest.raises(NobodyCounts):
        count_scanned(number=take.number, code="CUP")
    begin_counting(number=take.number)
    end_counting(number=take.number)
    with pytest.raises(NobodyCounts):
        count_scanned(number=take.number, code="CUP")


def test_a_part_of_the_warehouse_is_counted_by_shelf(item: StockItem, places: Places) -> None:
    stocked(a_variant(sku="POT"), 4, warehouse=places.leipzig)
    StockItem.objects.filter(pk=item.pk).update(shelf="D-04-2")
    take = plan_take(warehouse_code="LEJ", scope="shelf", part="d-04")
    assert [line.stock_item_id for line in take.lines.all()] == [item.pk]
    with pytest.raises(NothingToCount):
        plan_take(warehouse_code="LEJ", scope="shelf", part="Z")


def test_the_list_of_a_blind_count_does_not_say_what_is_expected(item: StockItem) -> None:
    take = begun(is_blind=True)
    count_shelves(number=take.number, counts={only_line(take).pk: 3})
    assert "CUP,,,Thing" in count_list(take).content.decode("utf-8-sig")
    assert ",3," in count_list(take).content.decode("utf-8-sig")
    assert ",10," not in count_list(take).content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sku,pieces\nCUP,3\n", "needs the columns"),
        ("sku,counted\nNOBODY,3\n", "not part of this stock take"),
        ("sku,counted\nCUP,-3\n", "is no count"),
        ("sku,counted\nCUP,3\nCUP,4\n", "is there twice"),
        ("sku,counted\nCUP,\n", "no count in this file"),
        ("\udcff", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_whole(item: StockItem, text: str, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        read_counts(begun(), text.encode("utf-8", "surrogateescape"))


def test_a_file_with_semicolons_and_an_apostrophe_is_read(item: StockItem) -> None:
    take = begun()
    counts = read_counts(take, "\ufeffSKU;Counted\r\nCUP;7\r\n".encode())
    assert counts == {only_line(take).pk: 7}
