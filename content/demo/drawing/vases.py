"""Vases and the branches in them."""

from __future__ import annotations

from math import atan2, cos, degrees, pi, sin

from content.demo.drawing.canvas import Canvas, num
from content.demo.drawing.colours import Tone, dark, light
from content.demo.drawing.matter import glint, rim, rounded, shadow, solid, speckle, turned
from content.demo.drawing.registry import shape

STEM = "#6b5540"
GREENS = ("#7a8b68", "#4f6247", "#66795a", "#5b6e51", "#84936f", "#54674c")


def leaf(c: Canvas, x: float, y: float, turn: float, length: float, colour: str) -> None:
    """One pointed leaf with a lit half and its midrib."""
    w = length * 0.21
    with c.placed(x, y, 1, turn):
        c.path(
            f"M0,0 C{num(length * 0.3)},{num(-w)} {num(length * 0.7)},{num(-w)} {num(length)},0 "
            f"C{num(length * 0.7)},{num(w)} {num(length * 0.3)},{num(w)} 0,0Z",
            colour,
        )
        c.path(
            f"M0,0 C{num(length * 0.3)},{num(-w)} {num(length * 0.7)},{num(-w)} {num(length)},0Z",
            light(colour, 0.22),
            opacity=0.7,
        )
        c.line(f"M2,0 H{num(length * 0.9)}", dark(colour, 0.35), 1, opacity=0.6)


def sprig(c: Canvas, x: float, y: float, tip: tuple[float, float], bend: float, leaves: int = 8) -> None:
    """A branch from a point to its tip with pairs of leaves."""
    tx, ty = tip
    mx, my = (x + tx) / 2 + bend, (y + ty) / 2
    c.line(f"M{num(x)},{num(y)} Q{num(mx)},{num(my)} {num(tx)},{num(ty)}", STEM, 4)
    for i in range(leaves + 1):
        s = 0.28 + 0.72 * i / leaves
        px = (1 - s) ** 2 * x + 2 * s * (1 - s) * mx + s * s * tx
        py = (1 - s) ** 2 * y + 2 * s * (1 - s) * my + s * s * ty
        dx, dy = 2 * (1 - s) * (mx - x) + 2 * s * (tx - mx), 2 * (1 - s) * (my - y) + 2 * s * (ty - my)
        heading = degrees(atan2(dy, dx))
        for side in (-1, 1):
            turn = heading + side * c.rng.uniform(36, 58)
            leaf(c, px, py, turn, c.rng.uniform(28, 42) * (1.15 - s * 0.4), c.rng.choice(GREENS))
    leaf(c, tx, ty, degrees(atan2(ty - my, tx - mx)), 30, GREENS[0])


@shape("vase", box=(-190, -560, 190, 14), focus=(-20, -130), zoom=2.6)
def vase(c: Canvas, t: Tone) -> None:
    """A bottle-shaped vase with three leafy branches."""
    shadow(c, 92)
    sprig(c, -4, -206, (-128, -500), 10, 9)
    sprig(c, 4, -206, (128, -476), -6, 8)
    sprig(c, 0, -206, (20, -552), -26, 10)
    body = (
        "M-30,-214 C-28,-180 -22,-168 -44,-146 C-92,-104 -100,-50 -72,-8 Q-60,6 0,10 "
        "Q60,6 72,-8 C100,-50 92,-104 44,-146 C22,-168 28,-180 30,-214 Z"
    )
    solid(c, body, t.base, 0.34, 0.24)
    speckle(c, body, t.light(0.7) if t.deep else t.dark(0.6), 0.3)
    for y, r in ((-120, 70), (-96, 84), (-70, 88), (-44, 86)):
        c.line(f"M{-r},{y} Q0,{y + 22} {r},{y}", t.dark(0.5), 1.2, opacity=0.22)
    glint(c, "M-40,-136 C-80,-100 -86,-56 -66,-20 C-56,-20 -50,-24 -46,-30 C-62,-64 -56,-100 -22,-132Z", 0.42, 5)
    with c.placed(0, -214):
        c.oval(0, 0, 31, 7, t.light(0.28))
        c.oval(0, 1, 24, 4.6, t.dark(0.55))
    c.line("M-4,-213 L-16,-236 M4,-213 L14,-236 M0,-213 L1,-240", STEM, 4)


def blossom(c: Canvas, x: float, y: float, r: float) -> None:
    """A five-petalled plum blossom."""
    start = c.rng.uniform(0, 2 * pi)
    for i in range(5):
        a = start + 2 * pi * i / 5
        px, py = x + r * 0.6 * cos(a), y + r * 0.6 * sin(a)
        c.oval(px, py, r * 0.56, r * 0.5, ("#f6e3df", "#eccac6", "#f9ece8")[i % 3])
    c.oval(x, y, r * 0.26, r * 0.26, "#c98a7a")
    for i in range(6):
        a = start + pi * i / 3
        c.oval(x + r * 0.4 * cos(a), y + r * 0.4 * sin(a), 1.4, 1.4, "#b98a3c")


@shape("ikebana", box=(-200, -400, 216, 14), focus=(-20, -60), zoom=2.3)
def ikebana(c: Canvas, t: Tone) -> None:
    """A low bowl with water, a pin holder and a flowering branch."""
    shadow(c, 170)
    profile = [(196, -74), (196, -74), (184, -36), (140, -6), (96, 4), (96, 4)]
    body = turned(c, profile, t.base, 0.32, 0.15, 0.26)
    speckle(c, body, t.light(0.7) if t.deep else t.dark(0.6), 0.34)
    for y, r in ((-56, 191), (-42, 186), (-28, 176)):
        c.line(f"M{-r},{y} Q0,{y + 52} {r},{y}", t.dark(0.5), 1.2, opacity=0.25)
    glint(c, "M-176,-60 C-170,-36 -150,-14 -120,-6 L-96,-12 C-128,-24 -146,-44 -150,-58Z", 0.36, 5)
    with c.placed(0, -74):
        rim(c, 0, 196, t.base, 0.15, 9)
        c.oval(0, 8, 176, 20, c.linear([(0, "#8fa6a8"), (0.4, "#dfe9e8"), (1, "#7d9395")]), opacity=0.62)
        c.oval(-40, 5, 90, 6, "#fff", opacity=0.4, filter=c.blur(3))
        c.oval(34, 10, 44, 8, "#3e4345")
        c.oval(34, 6, 44, 8, c.linear(rounded("#8d8458", 0.5)))
        for i in range(13):
            c.line(f"M{-2 + i * 6},{6 + (i % 3) * 2} v-9", "#c9b578", 1.4)
    bark = "#4d3a2c"
    c.line("M34,-72 C20,-150 60,-210 20,-270 C0,-300 -60,-320 -110,-372", bark, 9)
    c.line("M30,-80 C18,-150 56,-206 17,-266 C0,-292 -50,-312 -100,-360", light(bark, 0.35), 2, opacity=0.7)
    c.line("M42,-190 C80,-230 120,-236 170,-300", bark, 5.5)
    c.line("M24,-262 C50,-300 46,-340 66,-386", bark, 4.5)
    c.line("M-30,-310 C-70,-296 -110,-300 -150,-270", bark, 4)
    c.line("M40,-72 C60,-110 110,-120 150,-160", "#5b6e51", 4)
    for x, y, turn, length in ((90, -122, -64, 44), (112, -130, 24, 40), (150, -160, -46, 48), (66, -104, -86, 36)):
        leaf(c, x, y, turn, length, c.rng.choice(GREENS))
    for x, y, r in (
        (-108, -370, 17),
        (-60, -328, 14),
        (-150, -270, 15),
        (-104, -296, 12),
        (66, -384, 15),
        (48, -326, 13),
        (168, -298, 16),
        (120, -240, 13),
        (18, -272, 15),
        (44, -214, 12),
    ):
        blossom(c, x, y, r)
    for x, y in ((-84, -350), (58, -356), (148, -272), (-130, -284), (84, -228), (26, -176)):
        c.oval(x, y, 5.4, 6, "#d9a29a")
