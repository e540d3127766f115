"""Buckets of a flash quota: a crowd never takes more than there is, and the last piece is found wherever it lies."""

from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.actions import flash_units_left, give_back_flash_units, open_flash_buckets, take_flash_units
from inventory.errors import FlashSoldOut
from inventory.models import FlashBucket
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
ITEM = "summer/kettle"
BARE_TAKE, GUARD = "UPDATE bare_bucket SET remaining = remaining - 1", " WHERE remaining >= 1"


def take(buyer: int, *, quantity: int = 1) -> int:
    try:
        return sum(take_flash_units(flash_item=ITEM, quantity=quantity, shopper=f"buyer-{buyer}").values())
    except FlashSoldOut:
        return 0


def test_three_hundred_buyers_take_exactly_a_hundred_pieces() -> None:
    open_flash_buckets(flash_item=ITEM, quota=100)

    taken = all_at_once(take, range(300))

    assert sum(taken) == 100
    assert flash_units_left(ITEM) == 0


def test_several_at_once_are_collected_from_neighbours_without_waiting_in_a_circle() -> None:
    open_flash_buckets(flash_item=ITEM, quota=50, shards=16)

    taken = all_at_once(lambda buyer: take(buyer, quantity=5), range(36))

    assert sum(taken) == 50
    assert set(taken) == {0, 5}


@pytest.mark.parametrize("is_guarded", [True, False])
def test_control_looking_first_oversells_without_the_guard(is_guarded: bool) -> None:
    """On a copy of the table without checks, all having looked: only the condition inside the update holds."""
    open_flash_buckets(flash_item=ITEM, quota=4, shards=1)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_bucket AS SELECT shard, remaining::int FROM inventory_flashbucket")
    all_looked = Barrier(12)

    def bare(_buyer: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT remaining FROM bare_bucket")
            may = cursor.fetchone()[0] >= 1
            all_looked.wait(timeout=30)
            cursor.execute(BARE_TAKE + (GUARD if is_guarded else ""))
            return may and cursor.rowcount == 1

    try:
        sold = sum(all_at_once(bare, range(12)))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bare_bucket")

    assert (sold == 4) is is_guarded


def test_the_database_itself_refuses_less_than_nothing_and_a_bucket_twice() -> None:
    open_flash_buckets(flash_item=ITEM, quota=1, shards=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_flashbucket SET remaining = remaining - 2")
    with pytest.raises(IntegrityError), transaction.atomic():
        FlashBucket.objects.create(flash_item=ITEM, shard=0, remaining=1)


def test_a_quota_is_cut_evenly_and_only_once() -> None:
    assert open_flash_buckets(flash_item=ITEM, quota=10, shards=4) == 10
    assert open_flash_buckets(flash_item=ITEM, quota=99, shards=4) == 0
    assert sorted(FlashBucket.objects.values_list("remaining", flat=True)) == [2, 2, 3, 3]
    for quota, shards in ((-1, 1), (1, 0), (1, 65)):
        with pytest.raises(ValueError, match="buckets"):
            open_flash_buckets(flash_item="other", quota=quota, shards=shards)


def test_the_last_piece_is_found_in_any_bucket_and_what_is_given_back_can_be_taken_again() -> None:
    open_flash_buckets(flash_item=ITEM, quota=1, shards=8)

    taken = take_flash_units(flash_item=ITEM, shopper="anybody")
    with pytest.raises(FlashSoldOut):
        take_flash_units(flash_item=ITEM)
    give_back_flash_units(flash_item=ITEM, taken=taken)

    assert flash_units_left(ITEM) == 1
    with pytest.raises(FlashSoldOut):
        take_flash_units(flash_item=ITEM, quantity=2)
    assert flash_units_left(ITEM) == 1
    with pytest.raises(FlashSoldOut):
        take_flash_units(flash_item="unknown")
