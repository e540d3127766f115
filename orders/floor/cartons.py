"""Which cartons there are to pack in: those the settings name, or none, and then boxes are measured by hand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

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
    """The cartons in use, and the code of the one the goods were planned to fit; empty when none or several do."""

    cartons: tuple[Carton, ...]
    proposed: str


Source = Callable[[Sequence[Goods]], CartonChoice]
NOTHING = CartonChoice(cartons=(), proposed="")


def cartons_for(goods: Sequence[Goods]) -> CartonChoice:
    """What to choose from for these goods, as `PACKING_CARTONS` knows it."""
    path = settings.PACKING_CARTONS
    if not path:
        return NOTHING
    source: Source = import_string(path)
    return source(goods)


def weight_of(goods: Iterable[Goods], carton: Carton | None) -> int:
    """What the box should weigh, in g: what the scale says is compared with it. Zero when a weight is not known."""
    pieces = list(goods)
    if any(not one.weight_g for one in pieces):
        return 0
    return sum(one.weight_g * one.pieces for one in pieces) + (carton.tare_g if carton else 0)
