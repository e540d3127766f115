"""The list of shapes: what draws a product, what room it takes, where to look closely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import Tone

Draw = Callable[[Canvas, Tone], None]


@dataclass(frozen=True)
class Shape:
    """A drawable product. `box` is left, top, right, bottom around the origin at its foot."""

    name: str
    draw: Draw
    box: tuple[float, float, float, float]
    focus: tuple[float, float]
    zoom: float
    flat: bool


SHAPES: dict[str, Shape] = {}


def shape(
    name: str,
    *,
    box: tuple[float, float, float, float],
    focus: tuple[float, float],
    zoom: float = 2.4,
    flat: bool = False,
) -> Callable[[Draw], Draw]:
    """Register a drawing function under the name that the catalogue uses."""

    def register(draw: Draw) -> Draw:
        SHAPES[name] = Shape(name, draw, box, focus, zoom, flat)
        return draw

    return register
