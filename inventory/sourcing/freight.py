"""What a consignment costs on a lane. Pure.

Costs never fall when something is added: the planner relies on it to give up on a plan before it is complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.sourcing.types import BoxSize, Bracket, LaneTerms

GRAMS = 1000


@dataclass(frozen=True)
class Freight:
    """Parcels, what they are charged for in all, and their cost."""

    parcels: int
    billed_g: int
    cost: int


def chargeable_g(*, weight_g: int, mm3: int, divisor: int, step_g: int = 1) -> int:
    """The larger of weight and volume weight, up to the next step. `divisor`: cm³ per kg, which is mm³ per g; 0: none.

    40 × 30 × 20 cm of 3.2 kg at 5000 in steps of 500 g are 5000 g.
    """
    volume_g = -(-mm3 // divisor) if divisor else 0
    heavier = max(weight_g, volume_g)
    return -(-heavier // step_g) * step_g


def rate(brackets: Sequence[Bracket], billed_g: int) -> int | None:
    """What one parcel costs: the cheapest bracket that holds it; none when it is too heavy for all."""
    fitting = [row.cost + (row.per_kg * billed_g + GRAMS // 2) // GRAMS for row in brackets if billed_g <= row.up_to_g]
    return min(fitting, default=None)


def freight(lane: LaneTerms, boxes: Sequence[BoxSize], *, weight_g: int, mm3: int) -> Freight | None:
    """All of a consignment on a lane, in as many parcels as its limits ask for; none when the lane carries nothing.

    Cartons are counted by volume: as many of the largest as are filled, and the smallest that holds the rest.
    """
    cartons, outer_mm3, tare_g = _cartons(boxes, mm3)
    if lane.max_mm3:
        cartons = max(cartons, -(-outer_mm3 // lane.max_mm3))
    billed = chargeable_g(weight_g=weight_g + tare_g, mm3=outer_mm3, divisor=lane.divisor, step_g=lane.step_g)
    limit = lane.limit_g
    if limit <= 0:
        return None
    full, rest = divmod(billed, limit)
    cost = 0
    for count, weight in ((full, limit), (1 if rest or not full else 0, rest)):
        each = rate(lane.brackets, weight) if count else 0
        if each is None:
            return None
        cost += count * each
    return Freight(parcels=max(cartons, full + bool(rest), 1), billed_g=billed, cost=cost)


def can_carry(lane: LaneTerms, *, weight_g: int, mm3: int, flags: frozenset[str]) -> bool:
    """Whether one piece may and can travel on a lane."""
    billed = chargeable_g(weight_g=weight_g, mm3=mm3, divisor=lane.divisor, step_g=lane.step_g)
    fits = lane.max_mm3 is None or mm3 <= lane.max_mm3
    return not flags & lane.forbidden and fits and billed <= lane.limit_g


def _cartons(boxes: Sequence[BoxSize], mm3: int) -> tuple[int, int, int]:
    """How many, their volume together, their own weight together. Goods nobody measured need one and have none."""
    if not boxes or not mm3:
        return 1, mm3, 0
    by_size = sorted(boxes, key=lambda box: (box.mm3, box.tare_g))
    largest = by_size[-1].mm3
    heaviest = max(box.tare_g for box in by_size)
    full, rest = divmod(mm3, largest)
    if not rest:
        return full, mm3, full * heaviest
    fitting = next(index for index, box in enumerate(by_size) if box.mm3 >= rest)
    tare = max(box.tare_g for box in by_size[: fitting + 1])
    return full + 1, full * largest + by_size[fitting].mm3, full * heaviest + tare
