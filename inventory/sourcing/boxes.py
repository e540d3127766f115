"""Which cartons goods are packed in: first fit, the largest first, each piece checked by its sides. Pure.

Own code: the one library for it has not been maintained for years, has no types and places pieces in coordinates
nobody in a warehouse follows. What is wanted is how many cartons of which size, and what belongs together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inventory.sourcing.freight import chargeable_g
from inventory.sourcing.types import BoxSize, Good

FILL_PERCENT = 85
"""How much of a carton goods of several shapes fill in practice; a single piece may fill all of it."""
OWN_CARTON = ""
"""The code of a piece that travels as it is, because no carton takes it."""


@dataclass(frozen=True, kw_only=True)
class Packed:
    """One parcel: its carton, what is in it by variant, its full weight, its outer volume."""

    box_code: str
    box_name: str
    sides: tuple[int, int, int] | None
    contents: Mapping[int, int]
    weight_g: int
    mm3: int

    def billed_g(self, *, divisor: int, step_g: int = 1) -> int:
        """What a carrier with this divisor charges for."""
        return chargeable_g(weight_g=self.weight_g, mm3=self.mm3, divisor=divisor, step_g=step_g)


def sides_of(length: int | None, width: int | None, height: int | None) -> tuple[int, int, int] | None:
    """The three sides, longest first; none when one is not known."""
    if not length or not width or not height:
        return None
    longest, middle, shortest = sorted((length, width, height), reverse=True)
    return longest, middle, shortest


def pack(pieces: Iterable[tuple[Good, int]], boxes: Sequence[BoxSize]) -> tuple[Packed, ...]:
    """Cartons for so many of each good. Equal goods give equal cartons; nothing is left out, nothing doubled.

    A piece that fits no carton travels alone as it is. Goods nobody measured are packed by weight.
    """
    by_size = sorted(boxes, key=lambda box: (box.mm3, box.tare_g, box.code))
    single = [good for good, count in pieces for _piece in range(count)]
    single.sort(key=lambda good: (-good.mm3, -good.weight_g, good.variant_id))
    loners = {good.variant_id for good in set(single) if _smallest([good], by_size) is None}
    open_boxes: list[list[Good]] = []
    for good in single:
        if good.variant_id in loners:
            continue
        home = next((content for content in open_boxes if _smallest([*content, good], by_size)), None)
        if home is None:
            open_boxes.append([good])
        else:
            home.append(good)
    packed = [_packed(content, _smallest(content, by_size)) for content in open_boxes]
    return (*packed, *(_packed([good], None) for good in single if good.variant_id in loners))


def _smallest(content: Sequence[Good], boxes: Sequence[BoxSize]) -> BoxSize | None:
    return next((box for box in boxes if _fits(content, box)), None)


def _fits(content: Sequence[Good], box: BoxSize) -> bool:
    if sum(good.weight_g for good in content) + box.tare_g > box.max_weight_g:
        return False
    if any(good.sides is not None and not _lies_in(good.sides, box.sides) for good in content):
        return False
    room = box.mm3 if len(content) == 1 else box.mm3 * FILL_PERCENT // 100
    return sum(good.mm3 for good in content) <= room


def _lies_in(sides: tuple[int, int, int], box: tuple[int, int, int]) -> bool:
    """By its sides in order of length: pieces are turned, not tilted."""
    return all(side <= room for side, room in zip(sides, box, strict=True))


def _packed(content: Sequence[Good], box: BoxSize | None) -> Packed:
    counts: dict[int, int] = {}
    for good in content:
        counts[good.variant_id] = counts.get(good.variant_id, 0) + 1
    return Packed(
        box_code=box.code if box else OWN_CARTON,
        box_name=box.name if box else "",
        sides=box.sides if box else content[0].sides,
        contents=counts,
        weight_g=sum(good.weight_g for good in content) + (box.tare_g if box else 0),
        mm3=box.mm3 if box else sum(good.mm3 for good in content),
    )
