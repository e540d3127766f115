"""Which batches a picker takes: named when a list is written, and the ones that leave stock with their parcel.

First expired, first out, over all lists: what one of them names is not named again until its parcel has left.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from inventory.models import StockItem
from inventory.stockwork.batches import batched, pieces_by_shelf
from inventory.types import BatchPart
from orders.models import INSIDE, Fulfillment, PickTask

Named = list[tuple[str, int]]
"""Names of batches and pieces. The batch without a name is those pieces whose batch nobody knows."""


@dataclass
class BatchPlan:
    """Pieces of batches in one warehouse that no list names yet, by variant, those that expire first before others."""

    free: dict[int, Named]

    def take(self, variant_id: int | None, pieces: int) -> Named:
        """So many of the variant; fewer where batches do not reach, none where there are no batches."""
        found: Named = []
        rest: Named = []
        for code, there in self.free.get(variant_id or 0, ()):
            count = min(there, pieces)
            pieces -= count
            if count:
                found.append((code, count))
            if there > count:
                rest.append((code, there - count))
        if variant_id in self.free:
            self.free[variant_id] = rest
        return found


def plan_batches(warehouse_code: str, variants: Iterable[int | None]) -> BatchPlan:
    """What lists may name now. Locks the shelves, so that two lists written at once do not name the same pieces.

    One query where none of the variants has batches.
    """
    kept = batched(one for one in variants if one is not None)
    if not kept:
        return BatchPlan({})
    shelves = StockItem.objects.lock().filter(warehouse__code=warehouse_code, variant__in=kept)
    variant_of = {shelf.pk: shelf.variant_id for shelf in shelves}
    spoken_for = _named_already(warehouse_code, kept)
    free: dict[int, Named] = {}
    for shelf, rows in pieces_by_shelf(variant_of).items():
        named = spoken_for[variant_of[shelf]]
        pieces = [(row.code, row.quantity - named[row.code]) for row in rows if not row.is_blocked]
        free[variant_of[shelf]] = [(code, count) for code, count in pieces if count > 0]
    return BatchPlan(free)


def fewer(named: Iterable[tuple[str, int]], pieces: int) -> Named:
    """The first so many pieces of a list."""
    found: Named = []
    for code, count in named:
        if pieces > 0:
            found.append((code, min(count, pieces)))
        pieces -= count
    return found


def picked_batches(parcel: Fulfillment) -> Mapping[str, tuple[BatchPart, ...]]:
    """Which batches were taken for a parcel, by what stock calls its lines. One query."""
    rows = _standing().filter(parcel__fulfillment=parcel).exclude(batches=[])
    return {
        row.ref: tuple(BatchPart(code=code, quantity=count) for code, count in row.batches)
        for row in rows.order_by("parcel__wave")
    }


def _named_already(warehouse_code: str, variants: Iterable[int]) -> Mapping[int, Counter[str]]:
    rows = _standing().filter(
        variant__in=variants,
        parcel__fulfillment__warehouse_code=warehouse_code,
        parcel__fulfillment__state__in=INSIDE,
    )
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for variant_id, named in rows.exclude(batches=[]).values_list("variant", "batches"):
        found[variant_id].update(dict(named))
    return found


def _standing() -> QuerySet[PickTask]:
    """Lists that count: not of parcels that were taken out of their wave."""
    return PickTask.objects.filter(parcel__out_because="")
