"""The quota of a flash item: cut into buckets once, then taken from by guarded updates that can never oversell."""

import secrets
from collections.abc import Mapping
from zlib import crc32

from django.db import transaction
from django.db.models import F, Sum

from core import audit
from inventory.errors import FlashSoldOut
from inventory.models import FlashBucket

SHARDS = 8
"""So many shoppers can take from one item at the same moment without waiting for each other."""
MOST_SHARDS = 64


def open_flash_buckets(*, flash_item: str, quota: int, shards: int = SHARDS) -> int:
    """Cut a quota into buckets that differ by one at most; once per item: again, nothing changes.

    Returns how many pieces were put in. Raises `ValueError` for a negative quota or a senseless number of buckets.
    """
    if quota < 0 or not 1 <= shards <= MOST_SHARDS:
        raise ValueError(f"a quota of {quota} in {shards} buckets")
    each, more = divmod(quota, shards)
    rows = [
        FlashBucket(flash_item=flash_item, shard=shard, remaining=each + (1 if shard < more else 0))
        for shard in range(shards)
    ]
    with transaction.atomic():
        if FlashBucket.objects.filter(flash_item=flash_item).exists():
            return 0
        FlashBucket.objects.bulk_create(rows)
        audit.record("inventory.open_flash_buckets", f"flash:{flash_item}", data={"quota": quota, "shards": shards})
    return quota


def take_flash_units(*, flash_item: str, quantity: int = 1, shopper: str = "") -> Mapping[int, int]:
    """Take so many pieces, all or none; returns how many from which bucket, to give them back with.

    A shopper begins at a bucket of their own and takes what is missing from its neighbours, so that the last piece
    is found wherever it is. Call it in the transaction that needs the pieces, several items in the order of their
    names. Raises `FlashSoldOut`.
    """
    if quantity < 1:
        raise ValueError(f"{quantity} pieces")
    with transaction.atomic():
        shards = list(
            FlashBucket.objects.filter(flash_item=flash_item).order_by("shard").values_list("shard", flat=True)
        )
        taken = _take_one(flash_item, _from_own(shards, shopper), quantity) or _collect(flash_item, shards, quantity)
    if taken is None:
        raise FlashSoldOut(flash_item=flash_item, wanted=quantity)
    return taken


def give_back_flash_units(*, flash_item: str, taken: Mapping[int, int]) -> None:
    """Put pieces back into the buckets they came from. The caller does it once per `taken`, under its own lock."""
    with transaction.atomic():
        for shard, quantity in sorted(taken.items()):
            FlashBucket.objects.filter(flash_item=flash_item, shard=shard).update(remaining=F("remaining") + quantity)


def flash_units_left(flash_item: str) -> int:
    """How many pieces are left; 0 for an item without buckets."""
    return FlashBucket.objects.filter(flash_item=flash_item).aggregate(left=Sum("remaining"))["left"] or 0


def _from_own(shards: list[int], shopper: str) -> list[int]:
    """The shopper's own bucket first, then the others in their circle."""
    if not shards:
        return []
    start = (crc32(shopper.encode()) if shopper else secrets.randbelow(len(shards))) % len(shards)
    return shards[start:] + shards[:start]


def _take_one(flash_item: str, shards: list[int], quantity: int) -> dict[int, int] | None:
    """The whole wish from one bucket: one guarded update each, and no row is held while another is tried."""
    for shard in shards:
        bucket = FlashBucket.objects.filter(flash_item=flash_item, shard=shard, remaining__gte=quantity)
        if bucket.update(remaining=F("remaining") - quantity):
            return {shard: quantity}
    return None


def _collect(flash_item: str, shards: list[int], quantity: int) -> dict[int, int] | None:
    """The wish out of several buckets, locked in one order; nothing at all when they hold too little together."""
    rows = list(FlashBucket.objects.lock().filter(flash_item=flash_item, remaining__gt=0))
    if sum(row.remaining for row in rows) < quantity:
        return None
    taken: dict[int, int] = {}
    for row in rows:
        part = min(row.remaining, quantity - sum(taken.values()))
        if part:
            taken[row.shard] = part
            FlashBucket.objects.filter(pk=row.pk).update(remaining=F("remaining") - part)
    return taken
