"""Grounds and rooms: the plate behind a cut-out, dimension lines, window light, tables."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, Stop, num
from content.demo.drawing.colours import dark, light, mix
from content.demo.drawing.matter import wood
from content.demo.drawing.registry import Shape
from content.demo.drawing.sizes import Size

PLATES: dict[str, tuple[str, str]] = {
    "cream": ("#f3ede3", "#e9e1d4"),
    "sand": ("#f6f2ea", "#ece5d9"),
    "mist": ("#edf0ee", "#e0e6e4"),
    "leaf": ("#f0f1e9", "#e4e8dc"),
    "blush": ("#f5ebe3", "#ecddd2"),
    "dusk": ("#efeef0", "#e1e1e7"),
}
PLATE_OF: dict[str, str] = {
    "kettles": "cream",
    "brewing": "cream",
    "tea-ware": "cream",
    "cups-and-mugs": "mist",
    "pots-and-pans": "dusk",
    "knives-and-boards": "leaf",
    "plates-and-bowls": "sand",
    "glassware": "mist",
    "table-linen": "leaf",
    "aprons-and-towels": "sand",
    "throws": "mist",
    "cushions": "leaf",
    "bath": "mist",
    "table-lamps": "blush",
    "pendant-lamps": "blush",
    "candles": "blush",
    "candle-holders": "sand",
    "totes-and-weekenders": "sand",
    "backpacks": "sand",
    "organisers": "cream",
    "bottles-and-flasks": "mist",
    "on-the-road": "sand",
    "notebooks": "dusk",
    "pens-and-tools": "dusk",
    "vases": "mist",
}
RULE = "#3d4a44"


def plate(c: Canvas, name: str, horizon: float | None) -> None:
    """Paint the quiet ground; `horizon` is where wall and table melt, None for a flat lay."""
    high, low = PLATES[name]
    w, h = c.width, c.height
    c.box(0, 0, w, h, c.linear([(0, high), (1, low)], "down"))
    if horizon is not None:
        floor: list[Stop] = [(0, dark(low, 0.04), 0.0), (0.16, dark(low, 0.04), 0.9), (1, high)]
        c.box(0, horizon - 30, w, h - horizon + 30, c.linear(floor, "down"))
    glow: list[Stop] = [(0, "#fffdf6", 0.8), (0.55, "#fffdf6", 0.18), (1, "#fffdf6", 0.0)]
    c.box(0, 0, w, h, c.radial(glow, cx=0.26, cy=0.2, r=0.75))


def fit(item: Shape, *, width: float, height: float, limit: float = 2.6) -> float:
    """Return the scale at which a shape fills the given room."""
    left, top, right, bottom = item.box
    return min(width / (right - left), height / (bottom - top), limit)


def origin(item: Shape, scale: float, cx: float, cy: float) -> tuple[float, float]:
    """Return where the shape's origin goes so that its box is centred on a point."""
    left, top, right, bottom = item.box
    return cx - (left + right) / 2 * scale, cy - (top + bottom) / 2 * scale


def measures(c: Canvas, size: Size, scale: float, at: tuple[float, float], edge: tuple[float, float]) -> None:
    """Draw the dimension lines with numerals and the unit only.

    `at` is the shape's foot, `edge` the right and lower end of all that is drawn.
    """
    left, top, right, bottom = size.box
    x1, x2 = at[0] + left * scale, at[0] + right * scale
    y1, y2 = at[1] + top * scale, at[1] + bottom * scale
    style = f'font-family="Liberation Sans,Arial,sans-serif" font-size="27" fill="{RULE}"'
    if size.width:
        y = min(at[1] + edge[1] * scale + 60, c.height - 70)
        c.line(f"M{num(x1)},{num(y)} H{num(x2)} M{num(x1)},{num(y - 10)} v20 M{num(x2)},{num(y - 10)} v20", RULE, 2)
        c.add(f'<text x="{num((x1 + x2) / 2)}" y="{num(y + 42)}" text-anchor="middle" {style}>{size.width} cm</text>')
    if size.height:
        x = min(at[0] + edge[0] * scale + 40, c.width - 126)
        c.line(f"M{num(x)},{num(y1)} V{num(y2)} M{num(x - 10)},{num(y1)} h20 M{num(x - 10)},{num(y2)} h20", RULE, 2)
        c.add(f'<text x="{num(x + 16)}" y="{num((y1 + y2) / 2 + 9)}" {style}>{size.height} cm</text>')


def window(
    c: Canvas, *, x: float, y: float, pane: tuple[float, float], opacity: float = 0.55, colour: str = "#fff7e2"
) -> None:
    """Throw the slanted light of a window with glazing bars on the wall."""
    w, h = pane
    with c.group(opacity=opacity, filter=c.blur(w * 0.09), transform=f"translate({num(x)},{num(y)}) skewX(-18)"):
        for col in range(3):
            for row in range(3):
                c.box(col * w * 1.2, row * h * 1.12, w, h, colour)


def leaf_shadows(c: Canvas, *, x: float, y: float, spread: float, count: int = 26) -> None:
    """Let the shade of leaves outside fall into the window light."""
    with c.group(opacity=0.2, filter=c.blur(7)):
        for _ in range(count):
            px, py = c.rng.uniform(-1, 1) * spread + x, c.rng.uniform(-1, 1) * spread * 1.2 + y
            c.oval(
                px,
                py,
                spread * 0.13,
                spread * 0.035,
                "#7d8c78",
                transform=f"rotate({c.rng.randint(-60, 60)} {num(px)} {num(py)})",
            )


def wall(c: Canvas, high: str = "#e2e6de", low: str = "#c8cfc4") -> None:
    """Paint a lime-washed wall."""
    d = f"M0,0 H{c.width} V{c.height} H0Z"
    c.path(d, c.linear([(0, high), (1, low)], "slant"))
    c.noise(d, dark(low, 0.3), grain=(0.004, 0.006), gain=3, cut=-1.4, opacity=0.1)


def table(c: Canvas, y: float, colour: str = "#b98c5e") -> None:
    """Paint a wooden table top from `y` down, with its lit edge and patches of sun."""
    w, h = c.width, c.height
    d = f"M0,{num(y)} H{w} V{h} H0Z"
    wood(c, d, colour, upright=False, strength=0.42)
    c.path(d, c.linear([(0, light(colour, 0.3), 0.35), (0.14, colour, 0.0), (1, dark(colour, 0.5), 0.5)], "down"))
    c.box(-20, y - 8, w + 40, 16, dark(colour, 0.5), opacity=0.28, filter=c.blur(7))
    with c.group(opacity=0.32, filter=c.blur(15), clip_path=c.clip(d)):
        for start in (0.12, 0.46):
            x1, x2 = w * start, w * (start + 0.24)
            c.path(
                f"M{num(x1)},{num(y)} L{num(x2)},{num(y)} L{num(x2 + w * 0.17)},{h} L{num(x1 + w * 0.11)},{h}Z",
                "#ffedc4",
            )


def night(c: Canvas, y: float) -> None:
    """Paint the dark room of the story band: green-black wall, faint window, dark table."""
    w, h = c.width, c.height
    c.box(0, 0, w, h, c.linear([(0, "#2d3a35"), (1, "#161c1a")], "slant"))
    window(c, x=w * 0.34, y=20, pane=(w * 0.12, h * 0.21), opacity=0.13)
    d = f"M0,{num(y)} H{w} V{h} H0Z"
    wood(c, d, "#3a2a1e", upright=False, strength=0.4)
    c.path(d, c.linear([(0, "#000", 0), (1, "#0b0705", 0.6)], "down"))


def cloth_ground(c: Canvas, y: float, colour: str) -> None:
    """Paint a bed or bench covered with plain cloth from `y` down."""
    w, h = c.width, c.height
    d = (
        f"M0,{num(y + 14)} C{num(w * 0.2)},{num(y - 8)} {num(w * 0.4)},{num(y + 20)} "
        f"{num(w * 0.6)},{num(y + 4)} S{num(w * 0.9)},{num(y - 6)} {w},{num(y + 10)} V{h} H0Z"
    )
    c.path(d, c.linear([(0, light(colour, 0.3)), (0.2, colour), (1, dark(colour, 0.22))], "down"))
    with c.group(clip_path=c.clip(d)):
        for i in range(7):
            sy = y + 40 + i * (h - y) / 7
            bend = c.rng.uniform(-40, 40)
            c.line(
                f"M-40,{num(sy)} C{num(w * 0.3)},{num(sy + bend)} {num(w * 0.6)},"
                f"{num(sy - bend)} {w + 40},{num(sy + bend * 0.6)}",
                mix(colour, "#2a2018", 0.4),
                16,
                opacity=0.16,
                filter=c.blur(9),
            )
    c.noise(d, dark(colour, 0.5), grain=(0.3, 0.3), gain=4, cut=-1.9, opacity=0.12)
