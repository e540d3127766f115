"""The shop's cartons as the sourcing planner packs them."""

from collections.abc import Sequence

from catalog.models import Variant
from inventory.models import Box
from inventory.sourcing.boxes import pack, sides_of
from inventory.sourcing.types import BoxSize, Good
from orders.floor.cartons import Carton, CartonChoice
from orders.floor.goods import Goods


def planned_cartons(goods: Sequence[Goods]) -> CartonChoice:
    """The cartons in use; proposed is the one all goods fit in together. Two queries."""
    boxes = list(Box.objects.filter(is_active=True).order_by("code"))
    sizes = [
        BoxSize(
            code=box.code,
            name=box.name,
            sides=sides_of(box.length_mm, box.width_mm, box.height_mm) or (0, 0, 0),
            tare_g=box.tare_g,
            max_weight_g=box.max_weight_g,
        )
        for box in boxes
    ]
    packed = pack(_pieces(goods), sizes) if goods else ()
    return CartonChoice(
        cartons=tuple(
            Carton(
                code=box.code,
                name=box.name,
                length_mm=box.length_mm,
                width_mm=box.width_mm,
                height_mm=box.height_mm,
                tare_g=box.tare_g,
                max_weight_g=box.max_weight_g,
            )
            for box in boxes
        ),
        proposed=packed[0].box_code if len(packed) == 1 else "",
    )


def _pieces(goods: Sequence[Goods]) -> list[tuple[Good, int]]:
    known = Variant.objects.in_bulk([one.variant_id for one in goods if one.variant_id is not None])
    return [(_good(one, known.get(one.variant_id or 0)), one.pieces) for one in goods]


def _good(one: Goods, variant: Variant | None) -> Good:
    sides = sides_of(variant.length_mm, variant.width_mm, variant.height_mm) if variant is not None else None
    return Good(variant_id=one.variant_id or 0, weight_g=one.weight_g, sides=sides)
