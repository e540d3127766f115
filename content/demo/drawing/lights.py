"""Lamps and cord."""

from __future__ import annotations

from math import cos, pi, sin, sqrt

from content.demo.drawing.canvas import Canvas, Point, num, spline
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import (
    glint,
    lathe,
    metal,
    rounded,
    shadow,
    solid,
    turned,
)
from content.demo.drawing.registry import shape

BRASS = BASES["brass"]


def glow(c: Canvas, x: float, y: float, rx: float, ry: float, strength: float = 0.75) -> None:
    """Spread warm lamplight."""
    c.oval(x, y, rx, ry, c.radial([(0, "#ffe7b0", strength), (0.5, "#ffe2a8", strength * 0.33), (1, "#ffe2a8", 0)]))


@shape("lamp", box=(-162, -380, 162, 14), focus=(-50, -240), zoom=2.1)
def lamp(c: Canvas, t: Tone) -> None:
    """A dome-shaded table lamp, lit."""
    shadow(c, 110)
    glow(c, 0, -150, 250, 190)
    solid(c, "M-106,-8 Q-106,6 0,12 Q106,6 106,-8 Q100,-26 0,-28 Q-100,-26 -106,-8Z", t.base, 0.3)
    c.oval(0, -16, 92, 8, "#ffe8b8", opacity=0.34, filter=c.blur(5))
    solid(c, "M-24,-24 L-18,-214 L18,-214 L24,-24 Q0,-16 -24,-24Z", t.base, 0.36, 0)
    c.box(-18, -214, 36, 60, c.linear([(0, "#ffe1a0", 0.55), (1, "#ffe1a0", 0)], "down"))
    c.box(-20, -196, 40, 7, c.linear(metal(BRASS)))
    c.oval(0, -208, 140, 24, c.radial([(0, "#fffdf0"), (0.6, "#ffe9b4"), (1, t.dark(0.3))]))
    c.oval(0, -205, 30, 12, "#fffef8")
    dome = "M-158,-210 C-160,-330 -70,-376 0,-376 C70,-376 160,-330 158,-210 Q110,-186 0,-184 Q-110,-186 -158,-210 Z"
    solid(c, dome, t.base, 0.34, 0.2)
    c.noise(dome, t.dark(0.6), grain=(0.6, 0.6), gain=4, cut=-1.9, opacity=0.07)
    glint(c, "M-118,-232 C-116,-310 -70,-350 -30,-358 C-74,-336 -98,-290 -96,-228Z", 0.5, 6, light(t.base, 0.7))
    c.path("M-152,-207 Q0,-172 152,-207 Q110,-189 0,-187 Q-110,-189 -152,-207Z", "#ffedc2", opacity=0.92)
    c.oval(0, -376, 8, 4, c.linear(metal(BRASS)))


def rod(c: Canvas, start: Point, end: Point, colour: str, width: float) -> None:
    """A painted steel tube with a light edge."""
    (x1, y1), (x2, y2) = start, end
    d = f"M{x1},{y1} L{x2},{y2}"
    c.line(d, dark(colour, 0.3), width)
    c.line(d, colour, width * 0.66)
    c.line(
        f"M{x1 - width * 0.16},{y1 - width * 0.14} L{x2 - width * 0.16},{y2 - width * 0.14}",
        light(colour, 0.5),
        width * 0.22,
        opacity=0.8,
    )


@shape("desklamp", box=(-190, -402, 180, 16), focus=(-90, -300), zoom=2.3)
def desklamp(c: Canvas, t: Tone) -> None:
    """A jointed reading lamp on a weighted foot."""
    shadow(c, 92, x=70)
    with c.placed(70, 0):
        turned(c, [(22, -30), (60, -26), (92, -16), (94, -4), (94, 2), (94, 2)], t.base, 0.4, 0.14)
        glint(c, "M-74,-18 C-50,-26 -20,-28 0,-28 C-20,-22 -50,-18 -62,-12Z", 0.4, 3)
        turned(c, [(14, -62), (14, -62), (16, -26), (16, -26)], t.base, 0.4, 0.2, 0)
    c.line("M164,-4 C210,2 190,14 260,8", t.dark(0.55), 4, opacity=0.7)
    rod(c, (70, -58), (112, -214), t.base, 15)
    rod(c, (112, -214), (-52, -336), t.base, 15)
    c.line("M76,-74 C130,-110 70,-150 108,-214 C100,-250 20,-290 -30,-330", t.dark(0.55), 3, opacity=0.7)
    for x, y in ((112, -214), (-52, -336)):
        c.oval(x, y, 17, 17, c.linear(metal(BRASS), "slant"))
        c.oval(x, y, 6, 6, dark(BRASS, 0.45))
    with c.placed(-58, -330, 1, 28):
        glow(c, -4, 150, 150, 150, 0.5)
        c.oval(0, 118, 90, 17, c.radial([(0, "#fffdf0"), (0.6, "#ffe9b4"), (1, t.dark(0.3))]))
        c.oval(0, 112, 26, 20, "#fffdf4")
        shade = "M-30,-14 C-44,20 -86,70 -92,116 Q0,136 92,116 C86,70 44,20 30,-14 Q0,-26 -30,-14Z"
        solid(c, shade, t.base, 0.38, 0.16)
        c.path("M-92,114 Q0,134 92,114 L90,120 Q0,140 -90,120Z", "#ffeec8", opacity=0.85)
        glint(c, "M-24,0 C-40,30 -70,70 -74,104 L-46,110 C-42,72 -24,30 -10,0Z", 0.36, 5)
        turned(c, [(22, -44), (22, -44), (28, -12), (28, -12)], t.base, 0.4, 0.2, 0)
        for y in (-36, -28, -20):
            c.line(f"M-22,{y} Q0,{y + 6} 22,{y}", t.dark(0.6), 2, opacity=0.6)


@shape("pendant", box=(-180, -470, 180, 4), focus=(-80, -230), zoom=2.1, flat=True)
def pendant(c: Canvas, _t: Tone) -> None:
    """A round paper lantern on a cloth cord, softly lit from inside."""
    c.line("M0,-1200 V-352", "#3a3733", 5)
    c.box(-9, -366, 18, 26, c.linear(metal(BRASS)), 4)
    globe = "M-178,-174 a178,172 0 1 0 356,0 a178,172 0 1 0 -356,0Z"
    c.path(
        globe,
        c.radial([(0, "#fffdf3"), (0.35, "#fff3d6"), (0.72, "#f3e2c1"), (1, "#d3bf9c")], cx=0.47, cy=0.55, r=0.58),
    )
    c.noise(globe, "#9a825a", grain=(0.02, 0.11), gain=5, cut=-2.5, opacity=0.24)
    c.noise(globe, "#ffffff", grain=(0.05, 0.02), gain=7, cut=-4.0, opacity=0.4)
    for i in range(1, 19):
        y = -174 + 172 * (-1 + 2 * i / 19)
        r = 178 * sqrt(max(0.0, 1 - ((y + 174) / 172) ** 2))
        sag = 4 + 10 * (y + 174 + 172) / 344
        c.line(f"M{num(-r)},{num(y)} Q0,{num(y + sag)} {num(r)},{num(y)}", "#8d7650", 1.7, opacity=0.5)
        c.line(
            f"M{num(-r)},{num(y + 2.4)} Q0,{num(y + sag + 2.4)} {num(r)},{num(y + 2.4)}", "#ffffff", 1.6, opacity=0.5
        )
    c.oval(0, -344, 44, 8, "#8d7650", opacity=0.8)
    c.oval(0, -345, 38, 6, "#4d4030")
    c.oval(0, -5, 44, 7, "#c9ae7e")
    c.oval(0, -5, 36, 5, "#fff6da")
    glint(c, "M-140,-240 C-116,-300 -70,-328 -30,-332 C-80,-308 -110,-270 -118,-226Z", 0.5, 9)


@shape("cordset", box=(-180, -310, 180, 60), focus=(60, -250), zoom=2.2, flat=True)
def cordset(c: Canvas, t: Tone) -> None:
    """A coil of woven cord with a brass lamp holder and a ceiling cup."""
    base = t.base

    def cord(d: str) -> None:
        c.line(d, "#1d1510", 17, opacity=0.22, filter=c.blur(3))
        c.line(d, dark(base, 0.34), 15)
        c.line(d, base, 11)
        c.line(d, light(base, 0.5), 9, stroke_dasharray="2.4 6", opacity=0.6, stroke_linecap="butt")
        c.line(d, dark(base, 0.5), 12, stroke_dasharray="1.4 7", opacity=0.5, stroke_linecap="butt")

    cord("M-40,66 C80,76 150,-10 120,-110 C108,-170 90,-190 96,-232")
    for n, r in enumerate((150, 134, 142, 120)):
        points = [(-30 + r * cos(a) + n * 4, -70 + r * 0.94 * sin(a)) for a in (2 * pi * i / 26 for i in range(27))]
        cord(spline(points))
    cord("M-150,-60 C-160,-150 -120,-210 -86,-246")
    c.box(-54, -196, 46, 24, c.linear(rounded("#8f5c36")), 5)
    stitch_y = -190
    c.line(f"M-50,{stitch_y} h38 M-50,{stitch_y + 12} h38", "#d8b58e", 1.4, stroke_dasharray="4 3")
    with c.placed(100, -262, 1, 14):
        c.path(lathe([(15, -24), (15, -24), (20, 34), (20, 34)], 0.2), c.linear(metal(BRASS)))
        c.path(lathe([(30, -96), (30, -96), (30, -24), (22, -16), (22, -16)], 0.2), c.linear(metal(BRASS)))
        for y in (-84, -74, -64, -54):
            c.line(f"M-30,{y} Q0,{y + 12} 30,{y}", dark(BRASS, 0.5), 1.8, opacity=0.6)
        c.oval(0, -96, 30, 6, light(BRASS, 0.4))
        c.oval(0, -95, 23, 4.4, "#2b2620")
    with c.placed(-84, -262, 1, -12):
        c.path(
            "M-58,-34 C-58,-70 -30,-78 0,-78 C30,-78 58,-70 58,-34 L58,18 Q0,32 -58,18Z",
            c.linear(metal(dark(base, 0.1)) if t.code == "ink" else rounded(base, 0.4)),
        )
        c.path("M-58,10 Q0,26 58,10 L58,20 Q0,36 -58,20Z", dark(base, 0.4))
        c.oval(0, -76, 9, 4, c.linear(metal(BRASS)))
