"""Candles and what holds them."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import (
    glint,
    lathe,
    metal,
    rounded,
    shadow,
    solid,
    speckle,
    turned,
)
from content.demo.drawing.registry import shape

BRASS = BASES["brass"]
WAX = "#f1e7d2"


def flame(c: Canvas, x: float, y: float, size: float = 1.0) -> None:
    """A small steady flame on its wick, with its halo."""
    with c.placed(x, y, size):
        c.oval(1, -40, 70, 70, c.radial([(0, "#ffd98a", 0.6), (1, "#ffd98a", 0)]))
        c.line("M0,2 L1,-20", "#3a3128", 3.4)
        c.path(
            "M1,-74 C16,-50 15,-26 1,-18 C-12,-26 -13,-50 1,-74Z",
            c.linear([(0, "#ff9d3c"), (0.5, "#ffd46b"), (1, "#fff4cf")], "down"),
        )
        c.path("M1,-48 C7,-38 7,-28 1,-23 C-5,-28 -5,-38 1,-48Z", "#fffbe8", opacity=0.9)


def label(c: Canvas, half: float, top: float, bottom: float, ink: str) -> None:
    """A paper label with the mark and three lines that stand for small print."""
    d = f"M{-half},{top} Q0,{top + 9} {half},{top} L{half},{bottom} Q0,{bottom + 9} {-half},{bottom}Z"
    c.path(d, c.linear(rounded("#f2ead9", 0.3)))
    mid = (top + bottom) / 2
    c.add(f'<circle cx="0" cy="{mid - 5}" r="12" fill="none" stroke="{ink}" stroke-width="1.8"/>')
    c.line(f"M0,{mid - 17} c5,6 7,9 7,12 s-2,7 -7,12 M0,{mid - 17} c-2.4,6 -3,9 -3,12 s0.6,7 3,12", ink, 1.4)
    for i, w in enumerate((40, 26)):
        c.line(f"M{-w / 2},{mid + 17 + i * 8} h{w}", ink, 2, opacity=0.65)


@shape("candle", box=(-92, -232, 92, 12), focus=(-10, -140), zoom=2.3)
def candle(c: Canvas, t: Tone) -> None:
    """A scented candle in a tinted glass."""
    shadow(c, 84)
    body = "M-84,-150 L-84,-20 Q-84,4 -50,6 Q0,12 50,6 Q84,4 84,-20 L84,-150 Z"
    glass_colour = {"amber": "#8a4f1d", "pine": "#1f4a3c"}[t.code]
    solid(c, body, glass_colour, 0.36, 0.26)
    c.path("M-80,-138 Q0,-124 80,-138 L80,-20 Q78,2 48,3 Q0,9 -48,3 Q-78,2 -80,-20Z", WAX, opacity=0.24)
    c.oval(0, -128, 70, 30, "#ffd78e", opacity=0.4, filter=c.blur(14))
    label(c, 52, -104, -26, "#4a4034")
    c.path(
        body,
        c.linear(
            [
                (0, "#fff", 0.05),
                (0.1, "#fff", 0.4),
                (0.2, "#fff", 0.06),
                (0.85, "#fff", 0.0),
                (0.93, "#fff", 0.2),
                (1, "#000", 0.2),
            ]
        ),
    )
    c.oval(0, -150, 84, 16, light(glass_colour, 0.35))
    c.oval(0, -148, 77, 13, dark(glass_colour, 0.15))
    c.oval(0, -144, 74, 11, c.radial([(0, "#fff8df"), (0.6, WAX), (1, dark(WAX, 0.14))]))
    c.oval(4, -144, 34, 5.4, "#fffdf2", opacity=0.9)
    flame(c, 0, -144)
    c.line("M-84,-150 A84,16 0 0 0 84,-150", light(glass_colour, 0.6), 2, opacity=0.7)


@shape("candletin", box=(-118, -178, 176, 16), focus=(-20, -60), zoom=2.2)
def candletin(c: Canvas, t: Tone) -> None:
    """A travel candle in a round tin, its lid leaning behind."""
    shadow(c, 112)
    with c.placed(112, -52, 1, 16):
        c.oval(6, 6, 62, 64, "#2a2018", opacity=0.2, filter=c.blur(8))
        c.oval(5, 2, 58, 60, t.dark(0.4))
        c.oval(0, 0, 58, 60, c.linear([(0, t.light(0.4)), (0.5, t.base), (1, t.dark(0.2))], "slant"))
        c.oval(0, 0, 48, 50, "none", stroke=t.dark(0.3), stroke_width=2, opacity=0.6)
        c.add(f'<circle cx="0" cy="0" r="19" fill="none" stroke="{light(t.base, 0.75)}" stroke-width="2.2"/>')
        c.line("M0,-19 C8,-11 11,-6 11,0 S8,11 0,19 M0,-19 C-3,-11 -4,-6 -4,0 S-3,11 0,19", light(t.base, 0.75), 1.8)
    body = turned(c, [(104, -94), (104, -94), (104, 0), (104, 0)], t.base, 0.4, 0.15, 0.24)
    with c.group(clip_path=c.clip(body)):
        label(c, 46, -66, 4, "#3f3a33")
    c.line("M-104,-80 A104,15.6 0 0 0 104,-80", t.light(0.5), 2, opacity=0.5)
    c.line("M-104,-76 A104,15.6 0 0 0 104,-76", t.dark(0.6), 2, opacity=0.4)
    c.oval(0, -94, 104, 15.6, c.linear(metal("#c2c0b8")))
    c.oval(0, -92, 97, 13, "#8d8a80")
    c.oval(0, -90, 95, 12, c.radial([(0, "#fff8df"), (0.6, WAX), (1, dark(WAX, 0.16))]))
    c.oval(4, -90, 40, 5, "#fffdf2", opacity=0.9)
    flame(c, 0, -90, 1.05)


@shape("holder", box=(-92, -506, 92, 12), focus=(0, -150), zoom=2.6)
def holder(c: Canvas, t: Tone) -> None:
    """A turned brass candlestick with a taper."""
    shadow(c, 84)
    base = lathe([(20, -44), (30, -28), (78, -12), (86, -6), (86, 0), (86, 0)], 0.13)
    c.path(base, c.linear(metal(t.base)))
    c.line("M-80,-9 A82,10 0 0 0 80,-9", t.light(0.7), 1.6, opacity=0.8)
    stem = lathe(
        [
            (12, -216),
            (12, -216),
            (10, -190),
            (24, -170),
            (24, -160),
            (10, -140),
            (10, -96),
            (15, -76),
            (12, -62),
            (22, -42),
            (22, -42),
        ],
        0.2,
    )
    c.path(stem, c.linear(metal(t.base)))
    with c.placed(0, -88):
        taper = lathe([(12, -346), (13, -340), (18, -150), (18, -150)], 0.2)
        c.path(taper, c.linear(rounded("#efe4cd", 0.5)))
        c.path("M-12,-346 C-12,-330 -14,-322 -10,-306 C-6,-300 -4,-312 -4,-330Z", "#fffaf0", opacity=0.9)
        c.oval(0, -345, 12, 3, "#fff3d4")
        flame(c, 0, -346, 0.9)
        c.oval(0, -140, 38, 8, c.linear(metal(t.base)))
        c.path(lathe([(23, -166), (25, -162), (22, -140), (14, -126), (14, -126)], 0.2), c.linear(metal(t.base)))
        c.oval(0, -139, 38, 7, "none", stroke=t.light(0.6), stroke_width=1.6, opacity=0.8)


def stone(c: Canvas, t: Tone) -> None:
    """One low stone cup with a tealight burning in it."""
    shadow(c, 86)
    d = turned(c, [(74, -78), (80, -70), (86, -36), (78, -4), (66, 2), (66, 2)], t.base, 0.26, 0.16)
    c.noise(d, t.dark(0.7), grain=(0.05, 0.07), gain=6, cut=-3.0, opacity=0.3)
    speckle(c, d, t.light(0.7) if t.deep else t.dark(0.6), 0.5)
    c.oval(0, -78, 74, 12, c.linear([(0, t.light(0.34)), (0.5, t.light(0.12)), (1, t.dark(0.1))]))
    c.oval(0, -77, 50, 7.6, t.dark(0.6))
    c.oval(0, -75, 46, 6.6, c.linear(metal("#c9c7c1")))
    c.oval(0, -75, 42, 5.8, c.radial([(0, "#fff6d8"), (1, WAX)]))
    c.oval(0, -80, 66, 14, "#ffd78e", opacity=0.3, filter=c.blur(8))
    flame(c, 0, -75, 0.78)


@shape("tealight", box=(-176, -158, 182, 34), focus=(-70, -70), zoom=2.2)
def tealight(c: Canvas, t: Tone) -> None:
    """Two stone cups with tealights."""
    with c.placed(-86, -16, 0.94):
        stone(c, t)
    with c.placed(88, 22, 1.08):
        stone(c, t)
    glint(c, "M20,-30 C18,-10 24,6 34,14 L44,10 C34,0 32,-16 34,-32Z", 0.24, 5)
