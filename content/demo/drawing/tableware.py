"""Plates, bowls, the platter, glasses and the carafe."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import (
    glass,
    glint,
    lathe,
    rounded,
    shadow,
    solid,
    speckle,
)
from content.demo.drawing.registry import shape


def spots_on(t: Tone) -> str:
    """The colour of glaze spots that shows on a tone."""
    return t.light(0.7) if t.deep else t.dark(0.6)


def disc(cx: float, cy: float, rx: float, ry: float) -> str:
    """An ellipse as a path, for textures and clips."""
    return f"M{cx - rx},{cy} a{rx},{ry} 0 1 0 {rx * 2},0 a{rx},{ry} 0 1 0 {-rx * 2},0Z"


@shape("plates", box=(-226, -178, 226, 14), focus=(90, -110), zoom=2.4)
def plates(c: Canvas, t: Tone) -> None:
    """Four plates in a stack, the top one showing its well."""
    shadow(c, 170)
    for i in range(4):
        y = -i * 27
        rx = 222 - i * 2
        side = (
            f"M{-rx},{y - 48} C{-rx + 24},{y - 8} -150,{y + 2} -120,{y + 4} Q0,{y + 14} "
            f"120,{y + 4} C150,{y + 2} {rx - 24},{y - 8} {rx},{y - 48}Z"
        )
        colour = dark(t.base, 0.05 * (i % 2))
        solid(c, side, colour, 0.3, 0.3)
        c.oval(0, y - 48, rx, 46, c.linear(rounded(light(colour, 0.14), 0.26)))
        if i < 3:
            c.oval(0, y - 44, rx - 34, 36, "#1d1510", opacity=0.4, filter=c.blur(7))
    y = -129
    top = disc(0, y, 216, 45)
    speckle(c, top, spots_on(t), 0.34)
    c.oval(0, y + 2, 160, 32, c.linear([(0, t.dark(0.3)), (0.4, t.dark(0.12)), (1, t.light(0.2))]))
    c.oval(0, y + 5, 152, 28, c.linear([(0, t.dark(0.1)), (0.5, t.base), (1, t.light(0.16))]))
    speckle(c, disc(0, y + 5, 152, 28), spots_on(t), 0.34)
    c.line(f"M-214,{y} A216,45 0 0 1 214,{y}", t.light(0.6), 1.6, opacity=0.6)
    glint(
        c, f"M-196,{y - 8} C-160,{y - 32} -80,{y - 40} -10,{y - 40} C-80,{y - 34} -140,{y - 22} -166,{y - 4}Z", 0.5, 4
    )


def bowl(c: Canvas, colour: str, spots: str, r: float, depth: float, y: float) -> None:
    """One bowl with its foot ring; `y` is the height of its lip."""
    d = (
        f"M{-r},{y} C{-r + 6},{y + depth * 0.72} -60,{y + depth} -48,{y + depth} "
        f"L48,{y + depth} C60,{y + depth} {r - 6},{y + depth * 0.72} {r},{y}Z"
    )
    solid(c, d, colour, 0.32, 0.24)
    speckle(c, d, spots, 0.3)
    c.path(
        f"M-50,{y + depth - 3} L50,{y + depth - 3} L45,{y + depth + 11} Q0,{y + depth + 17} -45,{y + depth + 11}Z",
        dark(colour, 0.4),
    )
    c.oval(0, y, r, r * 0.155, c.linear(rounded(light(colour, 0.26), 0.3)))
    c.oval(
        0,
        y + 2,
        r - 8,
        r * 0.125,
        c.linear([(0, dark(colour, 0.5)), (0.6, dark(colour, 0.25)), (1, dark(colour, 0.02))]),
    )


@shape("bowls", box=(-168, -200, 168, 20), focus=(-50, -120), zoom=2.4)
def bowls(c: Canvas, t: Tone) -> None:
    """Three bowls nested, each a little smaller."""
    shadow(c, 110, y=10)
    graded = (t.dark(0.16), t.base, t.light(0.14))
    sizes = ((166, 84, -80), (157, 80, -124), (148, 76, -166))
    for colour, (r, depth, y) in zip(graded, sizes, strict=True):
        bowl(c, colour, spots_on(t), r, depth, y)
        c.oval(0, y + 6, r - 26, r * 0.1, "#1d1510", opacity=0.32, filter=c.blur(5))
    c.oval(0, -164, 140, 18.5, c.linear([(0, t.dark(0.5)), (0.55, t.dark(0.24)), (1, t.light(0.04))]))


@shape("platter", box=(-256, -226, 256, 226), focus=(-120, 60), zoom=2.2, flat=True)
def platter(c: Canvas, t: Tone) -> None:
    """An oval platter seen from above."""
    with c.group(transform="rotate(-32)"):
        c.oval(0, 0, 290, 184, c.linear([(0, t.light(0.34)), (0.5, t.base), (1, t.dark(0.22))], "down"))
        speckle(c, disc(0, 0, 288, 182), spots_on(t), 0.34)
        c.oval(0, 0, 284, 178, "none", stroke=t.light(0.5), stroke_width=3, opacity=0.7)
        c.oval(0, 2, 232, 130, c.linear([(0, t.dark(0.4)), (0.3, t.dark(0.16)), (1, t.light(0.4))], "down"))
        c.oval(0, 5, 226, 124, c.linear([(0, t.dark(0.14)), (0.5, t.base), (1, t.light(0.12))], "down"))
        speckle(c, disc(0, 5, 226, 124), spots_on(t), 0.34)
        for k in (0.9, 0.76, 0.6, 0.42, 0.22):
            c.oval(0, 5, 226 * k, 124 * k, "none", stroke=t.dark(0.5), stroke_width=1.2, opacity=0.12)
        glint(c, "M-262,-30 C-240,-110 -130,-162 -20,-168 C-120,-146 -206,-100 -232,-20Z", 0.5, 6)
        glint(c, "M120,112 C60,126 -20,126 -70,118 C-20,120 60,118 110,98Z", 0.5, 7)


def drinking_glass(c: Canvas, tint: str, *, water: float = 0) -> None:
    """One straight tumbler with a heavy base, optionally holding water."""
    c.oval(20, 3, 66, 9, "#2a2018", opacity=0.2, filter=c.blur(8))
    c.oval(24, 2, 30, 6, light(tint, 0.6), opacity=0.8, filter=c.blur(4))
    d = lathe([(60, -150), (60, -150), (52, -14), (50, 0), (50, 0)], 0.14)
    if water:
        with c.group(clip_path=c.clip(d)):
            c.path(f"M-70,{-water} H70 V20 H-70Z", "#b9d0d4", opacity=0.42)
            c.oval(0, -water, 57, 8, "#e9f3f3", opacity=0.8)
    glass(c, d, tint, 1.15)
    c.path(
        "M-52,-16 Q0,-4 52,-16 L50,0 A50,7 0 0 1 -50,0Z",
        c.linear([(0, dark(tint, 0.4), 0.6), (0.3, "#fff", 0.75), (0.6, tint, 0.35), (1, dark(tint, 0.4), 0.6)]),
    )
    c.oval(0, -150, 60, 8.4, "#fff", opacity=0.2)
    c.oval(0, -150, 60, 8.4, "none", stroke=dark(tint, 0.25), stroke_width=1.8, opacity=0.75)
    c.line("M-56,-148 A60,8.4 0 0 0 40,-144", "#ffffff", 2, opacity=0.9)


def tint_of(t: Tone) -> str:
    """The glass colour of a catalogue colour."""
    return "#7f9192" if t.code == "clear" else BASES["amber"]


@shape("glasses", box=(-206, -236, 226, 12), focus=(-60, -90), zoom=2.2)
def glasses(c: Canvas, t: Tone) -> None:
    """Six tumblers in two rows."""
    tint = tint_of(t)
    for x in (-116, 6, 128):
        with c.placed(x, -62, 0.94):
            drinking_glass(c, tint)
    for i, x in enumerate((-144, 0, 148)):
        with c.placed(x, 4, 1.06):
            drinking_glass(c, tint, water=84 if i == 1 else 0)


@shape("carafe", box=(-106, -348, 112, 12), focus=(-10, -220), zoom=2.2)
def carafe(c: Canvas, t: Tone) -> None:
    """A carafe of water with a cork ball stopper."""
    tint = tint_of(t)
    shadow(c, 96)
    c.oval(60, 5, 60, 9, light(tint, 0.6), opacity=0.7, filter=c.blur(8))
    d = lathe([(40, -300), (40, -300), (33, -250), (46, -196), (96, -110), (100, -44), (84, 0), (84, 0)], 0.12)
    with c.group(clip_path=c.clip(d)):
        fluid = "#b7d0d5" if t.code == "clear" else "#c98f45"
        c.path("M-120,-150 H120 V20 H-120Z", fluid, opacity=0.42)
        c.oval(0, -150, 76, 9, light(fluid, 0.7), opacity=0.85)
        c.path(
            "M-120,-150 H120 V20 H-120Z",
            c.linear([(0, "#fff", 0.0), (0.3, "#fff", 0.35), (0.5, "#fff", 0), (1, dark(tint, 0.4), 0.35)]),
        )
    glass(c, d, tint, 1.1)
    glint(c, "M-78,-120 C-92,-80 -90,-40 -78,-16 L-62,-16 C-74,-44 -74,-86 -58,-126Z", 0.6, 4)
    c.oval(0, -300, 40, 5, "none", stroke=dark(tint, 0.25), stroke_width=1.8, opacity=0.75)
    cork = "M-31,-318 C-31,-356 31,-356 31,-318 C31,-300 22,-292 0,-292 C-22,-292 -31,-300 -31,-318Z"
    solid(c, cork, "#c9a274", 0.3, 0.2)
    speckle(c, cork, "#6b4726", 0.6)
    c.noise(cork, "#6b4726", grain=(0.12, 0.12), gain=6, cut=-3.1, opacity=0.35)
