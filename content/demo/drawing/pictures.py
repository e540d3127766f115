"""Composes the pictures of one product: the cut-out, the close view, the dimensions."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.catalogue import Product
from content.demo.drawing.colours import Tone
from content.demo.drawing.registry import SHAPES, Shape
from content.demo.drawing.sizes import SIZES, Size
from content.demo.drawing.stage import PLATE_OF, fit, measures, origin, plate

WIDTH, HEIGHT = 800, 1000


def put(c: Canvas, item: Shape, tone: Tone, at: tuple[float, float], scale: float, turn: float = 0) -> None:
    """Draw a shape with its foot at a point."""
    with c.placed(*at, scale, turn):
        if item.flat:
            with c.group(filter=c.drop(dx=7, dy=12, radius=11, opacity=0.34)):
                item.draw(c, tone)
        else:
            item.draw(c, tone)


def _horizon(item: Shape, foot: float) -> float | None:
    return None if item.flat else min(foot - 40, HEIGHT - 100)


def main_picture(product: Product, colour: str) -> str:
    """The cut-out on its plate."""
    item = SHAPES[product.shape]
    c = Canvas(width=WIDTH, height=HEIGHT, seed=f"{product.code}-{colour}-main")
    scale = fit(item, width=610, height=640)
    x, y = origin(item, scale, WIDTH / 2, HEIGHT * 0.53)
    plate(c, PLATE_OF[product.category], _horizon(item, y))
    put(c, item, Tone(colour), (x, y), scale)
    return c.svg()


def detail_picture(product: Product, colour: str) -> str:
    """A close view of the part that shows the material best."""
    item = SHAPES[product.shape]
    c = Canvas(width=WIDTH, height=HEIGHT, seed=f"{product.code}-{colour}-detail")
    scale = fit(item, width=610, height=640) * item.zoom
    x, y = WIDTH / 2 - item.focus[0] * scale, HEIGHT / 2 - item.focus[1] * scale
    plate(c, PLATE_OF[product.category], _horizon(item, y))
    put(c, item, Tone(colour), (x, y), scale)
    return c.svg()


def _whole(item: Shape, size: Size) -> tuple[float, float, float, float]:
    """The room a shape takes in the dimension picture; a turned one takes its measured box."""
    if size.turn:
        return size.box
    pairs = list(zip(item.box, size.box, strict=True))
    return min(pairs[0]), min(pairs[1]), max(pairs[2]), max(pairs[3])


def scale_picture(product: Product, colour: str) -> str:
    """The cut-out with its width and height."""
    item, size = SHAPES[product.shape], SIZES[product.shape]
    c = Canvas(width=WIDTH, height=HEIGHT, seed=f"{product.code}-{colour}-scale")
    left, top, right, bottom = _whole(item, size)
    scale = min(470 / (right - left), 540 / (bottom - top), 2.4)
    x, y = WIDTH / 2 - 34 - (left + right) / 2 * scale, HEIGHT * 0.47 - (top + bottom) / 2 * scale
    plate(c, PLATE_OF[product.category], _horizon(item, y))
    put(c, item, Tone(colour), (x, y), scale, size.turn)
    measures(c, size, scale, (x, y), (right, bottom))
    return c.svg()
