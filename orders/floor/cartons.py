"""The shop's cartons at the packing table: which there are, and which one the goods were planned to fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.models import Variant
from inventory.models import Box
from inventory.sourcing.boxes import pack, sides_of
from inventory.sourcing.types import BoxSize, Good
from orders.floor.goods import Goods


@dataclass(frozen=True, kw_only=True)
class Carton:
    """A carton as the packing table offers it. Lengths in mm, weights in g."""

    code: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    tare_g: int
    max_weight_g: int


@dataclass(frozen=True, kw_only=True)
class CartonChoice:
    """The cartons in use, and the code of the one all goods fit in together; empty when none or several do."""

    cartons: tuple[Carton, ...]
    proposed: str


def cartons_for(goods: Sequence[Goods]) -> CartonChoice:
    """What to choose from for these goods; a shop without cartons measures its boxes by hand. Two queries."""
    boxes = list(Box.objects.filter(is_active=True).order_by("code"))
    packed = pack(_pieces(goods), [_size(box) for box in boxes]) if goods and boxes else ()
    return CartonChoice(
        cartons=tuple(_carton(box) for box in boxes),
        proposed=packed[0].box_code if len(packed) == 1 else "",
    )


def weight_of(goods: Iterable[Goods], carton: Carton | None) -> int:
    """What the box should weigh, in g: what the scale says is compared with it. Zero when a weight is not known."""
    pieces = list(goods)
    if any(not one.weight_g for one in pieces):
        return 0
    return sum(one.weight_g * one.pieces for one in pieces) + (carton.tare_g if carton else 0)


def _carton(box: Box) -> Carton:
    return Carton(
        code=box.code,
        name=box.name,
        length_mm=box.length_mm,
        width_mm=box.width_mm,
        height_mm=box.height_mm,
        tare_g=box.tare_g,
        max_weight_g=box.max_weight_g,
    )


def _size(box: Box) -> BoxSize:
    return BoxSize(
        code=box.code,
        name=box.name,
        sides=sides_of(box.length_mm, box.width_mm, box.height_mm) or (0, 0, 0),
        tare_g=box.tare_g,
        max_weight_g=box.max_weight_g,
    )


def _pieces(goods: Sequence[Goods]) -> list[tuple[Good, int]]:
    known = Variant.objects.in_bulk([one.variant_id for one in goods if one.variant_id is not None])
    return [(_good(one, known.get(one.variant_id or 0)), one.pieces) for one in goods]


def _good(one: Goods, variant: Variant | None) -> Good:
    sides = sides_of(variant.length_mm, variant.width_mm, variant.height_mm) if variant is not None else None
    return Good(variant_id=one.variant_id or 0, weight_g=one.weight_g, sides=sides)
