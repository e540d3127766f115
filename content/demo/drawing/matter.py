"""Materials and solids shared by the shapes: turned bodies, wood, cloth, glass, shadow."""

from __future__ import annotations

from collections.abc import Sequence

from content.demo.drawing.canvas import Canvas, Point, Stop, num, spline
from content.demo.drawing.colours import dark, light, luminance


def rounded(colour: str, gloss: float = 0.3) -> list[Stop]:
    """Return the stops of a round body lit from the upper left."""
    shine = gloss if luminance(colour) < 0.6 else gloss * 0.55
    return [
        (0, dark(colour, 0.2)),
        (0.1, light(colour, shine * 0.36)),
        (0.3, light(colour, shine)),
        (0.52, colour),
        (0.8, dark(colour, 0.2)),
        (0.94, dark(colour, 0.32)),
        (1, dark(colour, 0.24)),
    ]


def lathe(profile: Sequence[Point], tilt: float = 0.12) -> str:
    """Return the outline of a turned body from its right-hand profile, top to bottom."""
    left = [(-x, y) for x, y in profile]
    right = list(reversed(profile))
    top, bottom = profile[0], profile[-1]
    lower = f"A{num(bottom[0])} {num(bottom[0] * tilt)} 0 0 0 {num(bottom[0])} {num(bottom[1])}"
    upper = f"A{num(top[0])} {num(top[0] * tilt)} 0 0 0 {num(-top[0])} {num(top[1])}"
    return f"{spline(left)} {lower} {spline(right, move=False)} {upper}Z"


def solid(c: Canvas, d: str, colour: str, gloss: float = 0.3, foot: float = 0.22) -> None:
    """Paint a round body with light from the left and shade at its foot."""
    c.path(d, c.linear(rounded(colour, gloss)))
    if foot:
        c.path(d, c.linear([(0, "#000", 0), (0.65, "#000", 0), (1, "#000", foot)], "down"))


def turned(
    c: Canvas,
    profile: Sequence[Point],
    colour: str,
    gloss: float = 0.3,
    tilt: float = 0.12,
    foot: float = 0.22,
) -> str:
    """Paint a turned body and return its outline."""
    d = lathe(profile, tilt)
    solid(c, d, colour, gloss, foot)
    return d


def rim(c: Canvas, y: float, r: float, colour: str, tilt: float = 0.12, wall: float = 7) -> None:
    """Paint the open mouth of a vessel: lip and dark inside."""
    c.oval(0, y, r, r * tilt, c.linear(rounded(light(colour, 0.25), 0.4)))
    inner = c.linear([(0, dark(colour, 0.52)), (0.6, dark(colour, 0.3)), (1, dark(colour, 0.08))])
    c.oval(0, y + 1, r - wall, max(2.0, (r - wall) * tilt * 0.94), inner)


def shadow(c: Canvas, rx: float, *, x: float = 0, y: float = 2, depth: float = 0.14) -> None:
    """Paint the contact shadow and the soft cast shadow on a table."""
    c.oval(x + rx * 0.2, y + 4, rx * 1.22, rx * depth, "#2a2018", opacity=0.13, filter=c.blur(rx * 0.16))
    c.oval(
        x + rx * 0.04, y, rx * 1.0, max(6.0, rx * 0.07), "#1d1510", opacity=0.36, filter=c.blur(max(4.0, rx * 0.055))
    )


def glint(c: Canvas, d: str, opacity: float = 0.35, radius: float = 5, colour: str = "#fffdf5") -> None:
    """Paint a soft highlight."""
    c.path(d, colour, opacity=opacity, filter=c.blur(radius))


def speckle(c: Canvas, d: str, colour: str, opacity: float = 0.5) -> None:
    """Scatter fine iron spots of a stoneware glaze."""
    c.noise(d, colour, grain=(0.21, 0.21), gain=17, cut=-11.4, opacity=opacity)
    c.noise(d, colour, grain=(0.02, 0.03), gain=3, cut=-1.4, opacity=opacity * 0.14)


def wood(c: Canvas, d: str, colour: str, *, upright: bool = True, strength: float = 0.5) -> None:
    """Paint a wooden face with long grain."""
    direction = "across" if upright else "down"
    c.path(d, c.linear([(0, light(colour, 0.16)), (0.5, colour), (1, dark(colour, 0.17))], direction))
    fx, fy = (0.07, 0.0035) if upright else (0.0035, 0.07)
    c.noise(d, dark(colour, 0.55), grain=(fx, fy), gain=6, cut=-2.8, opacity=strength)
    c.noise(d, dark(colour, 0.6), grain=(fx * 5, fy * 4), gain=4, cut=-2.0, opacity=strength * 0.45)
    c.noise(d, light(colour, 0.5), grain=(fx * 1.7, fy), gain=5, cut=-2.7, opacity=strength * 0.4)


def weave(c: Canvas, d: str, colour: str, *, pitch: float = 5, strength: float = 0.2, turn: float = 0) -> None:
    """Lay a plain woven structure and the unevenness of linen over cloth."""
    half = pitch / 2
    thread = (
        f'<rect width="{num(half)}" height="{num(half)}" fill="{dark(colour, 0.5)}" opacity=".75"/>'
        f'<rect x="{num(half)}" y="{num(half)}" width="{num(half)}" height="{num(half)}" '
        f'fill="{dark(colour, 0.5)}" opacity=".75"/>'
        f'<rect x="{num(half)}" width="{num(half)}" height="{num(half)}" '
        f'fill="{light(colour, 0.5)}" opacity=".5"/>'
    )
    c.path(d, c.tile(pitch, pitch, thread, turn), opacity=strength)
    c.noise(d, dark(colour, 0.5), grain=(0.012, 0.5), gain=4, cut=-1.9, opacity=strength * 0.6)
    c.noise(d, light(colour, 0.6), grain=(0.5, 0.012), gain=4, cut=-1.9, opacity=strength * 0.6)


def folds(
    c: Canvas,
    d: str,
    colour: str,
    columns: Sequence[tuple[float, float, float]],
    span: tuple[float, float],
    strength: float = 0.34,
) -> None:
    """Model hanging cloth with soft vertical folds given as (x at top, x at bottom, width)."""
    top, bottom = span
    with c.group(clip_path=c.clip(d)):
        for upper, lower, width in columns:
            band = f"M{num(upper)},{num(top)} L{num(lower - width)},{num(bottom)} L{num(lower + width)},{num(bottom)} Z"
            c.path(band, dark(colour, 0.62), opacity=strength, filter=c.blur(width * 0.3))
            lit = (
                f"M{num(upper - width)},{num(top)} L{num(lower - width * 2.1)},{num(bottom)} "
                f"L{num(lower - width * 1.0)},{num(bottom)} Z"
            )
            c.path(lit, light(colour, 0.75), opacity=strength * 0.9, filter=c.blur(width * 0.26))


def stitch(c: Canvas, d: str, colour: str, width: float = 1.8, dash: str = "7 5", opacity: float = 0.85) -> None:
    """Sew a visible seam."""
    c.line(d, colour, width, stroke_dasharray=dash, opacity=opacity)


def metal(colour: str) -> list[Stop]:
    """Return the stops of a polished metal cylinder: hard bands of light and dark."""
    return [
        (0, dark(colour, 0.45)),
        (0.08, dark(colour, 0.1)),
        (0.2, light(colour, 0.62)),
        (0.3, light(colour, 0.2)),
        (0.48, dark(colour, 0.22)),
        (0.66, dark(colour, 0.36)),
        (0.82, light(colour, 0.12)),
        (0.92, light(colour, 0.4)),
        (1, dark(colour, 0.42)),
    ]


def glass(c: Canvas, d: str, tint: str = "#8a9596", strength: float = 1.0) -> None:
    """Paint a clear wall: dark edges, a bright streak, nearly nothing between."""
    c.path(d, tint, opacity=0.1 * strength)
    c.path(
        d,
        c.linear(
            [
                (0, dark(tint, 0.3), 0.5 * strength),
                (0.05, dark(tint, 0.2), 0.2),
                (0.11, "#fff", 0.2),
                (0.22, "#fff", 0.62),
                (0.3, "#fff", 0.1),
                (0.76, "#fff", 0.03),
                (0.86, "#fff", 0.24),
                (0.93, dark(tint, 0.2), 0.26 * strength),
                (1, dark(tint, 0.4), 0.56 * strength),
            ]
        ),
    )
    c.line(d, dark(tint, 0.35), 1.6, opacity=0.5)
