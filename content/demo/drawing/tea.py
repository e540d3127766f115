"""Tins, the tea whisk, mugs and cups."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, num
from content.demo.drawing.colours import Tone, dark, light
from content.demo.drawing.matter import (
    glint,
    lathe,
    rim,
    rounded,
    shadow,
    solid,
    speckle,
    turned,
)
from content.demo.drawing.registry import shape

BAMBOO = "#d2ae74"
COFFEE = "#46291a"
PARTNER = {"rust": "pine", "pine": "bone", "bone": "ink"}


def caddy(c: Canvas, t: Tone) -> None:
    """One lidded tin with a paper band and a stamped mark."""
    shadow(c, 80)
    turned(c, [(78, -150), (78, -150), (78, 0), (78, 0)], t.base, 0.34, 0.12)
    paper = "M-78,-96 Q0,-82 78,-96 L78,-34 Q0,-20 -78,-34Z"
    c.path(paper, c.linear(rounded("#efe6d3", 0.3)))
    c.noise(paper, "#8a7552", grain=(0.25, 0.25), gain=4, cut=-1.9, opacity=0.14)
    c.add('<circle cx="0" cy="-57" r="17" fill="none" stroke="#2f4a40" stroke-width="2.6"/>')
    c.line("M0,-74 C8,-66 10,-62 10,-57 S8,-48 0,-40 M0,-74 C-4,-66 -4,-62 -4,-57 S-4,-48 0,-40", "#2f4a40", 2)
    turned(c, [(81, -184), (81, -184), (81, -142), (81, -142)], t.base, 0.36, 0.12, 0.1)
    c.line("M-81,-142 A81,9.7 0 0 0 81,-142", t.dark(0.55), 2, opacity=0.6)
    c.oval(0, -184, 81, 9.7, c.linear([(0, t.light(0.16)), (0.3, t.light(0.36)), (1, t.dark(0.08))]))
    c.oval(0, -184, 68, 7.6, "none", stroke=t.dark(0.3), stroke_width=1.2, opacity=0.5)


@shape("tin", box=(-108, -264, 214, 14), focus=(-10, -150), zoom=2.4)
def tin(c: Canvas, t: Tone) -> None:
    """A tall and a small tea tin."""
    with c.placed(0, 0, 1.34):
        caddy(c, t)
    with c.placed(138, 12, 0.86):
        caddy(c, Tone(PARTNER[t.code]))


@shape("whisk", box=(-82, -312, 82, 8), focus=(0, -170), zoom=2.4)
def whisk(c: Canvas, t: Tone) -> None:
    """A bamboo whisk standing on its curled tines."""
    shadow(c, 74)
    for layer, shade in ((0, 0.34), (1, 0.12)):
        count = 33
        for i in range(count):
            s = -1 + 2 * i / (count - 1)
            top, belly = 38 * s, 80 * s
            foot = 58 * s if layer else 66 * s
            depth = (1 - s * s) * (7 if layer else -6)
            colour = dark(BAMBOO, shade + 0.12 * (i % 2) + abs(s) * 0.1)
            c.line(
                f"M{num(top)},-176 C{num(belly * 0.9)},-140 {num(belly * 1.12)},-60 {num(foot)},{num(depth - 4)}",
                colour,
                2.6 if layer else 3,
            )
            if layer:
                c.line(
                    f"M{num(top - 0.6)},-176 C{num(belly * 0.9)},-140 {num(belly * 1.11)},-66 {num(foot)},-10",
                    light(BAMBOO, 0.5),
                    0.8,
                    opacity=0.7,
                )
    for i in range(13):
        s = -1 + 2 * i / 12
        c.line(
            f"M{num(30 * s)},-176 C{num(38 * s)},-130 {num(22 * s)},-70 {num(14 * s)},-22",
            dark(BAMBOO, 0.28),
            1.6,
            opacity=0.45,
        )
    turned(c, [(33, -306), (34, -300), (35, -240), (38, -178), (38, -178)], BAMBOO, 0.4, 0.14)
    node = lathe([(35.5, -254), (37.5, -249), (37.5, -245), (35.5, -240)], 0.14)
    solid(c, node, dark(BAMBOO, 0.14), 0.34, 0)
    c.noise(
        lathe([(34, -300), (34, -300), (38, -180), (38, -180)], 0.14),
        dark(BAMBOO, 0.5),
        grain=(0.2, 0.008),
        gain=5,
        cut=-2.3,
        opacity=0.35,
    )
    c.oval(0, -306, 33, 5, light(BAMBOO, 0.34))
    c.oval(0, -305.6, 23, 3.2, dark(BAMBOO, 0.5))
    for i in range(4):
        y = -186 + i * 4.6
        c.line(f"M-39,{num(y)} Q0,{num(y + 10)} 39,{num(y)}", "#1f1f22", 3.4)
        c.line(f"M-30,{num(y + 2.4)} Q-8,{num(y + 7)} 4,{num(y + 7)}", "#5a5a60", 0.9, opacity=0.8)


def mug_body(c: Canvas, t: Tone, raw: str, drink: str) -> None:
    """A two-tone mug: glaze above, bare clay below."""
    shadow(c, 92)
    c.line("M88,-124 C158,-128 158,-45 86,-39", t.dark(0.24), 19)
    c.line("M88,-127 C152,-130 154,-51 90,-43.5", t.light(0.36), 6.5, opacity=0.75)
    body = "M-96,-150 L-92,-30 Q-90,2 -54,5 Q0,13 54,5 Q90,2 92,-30 L96,-150 Z"
    base = "M-93.4,-60 Q0,-48 93.4,-60 L92,-30 Q90,2 54,5 Q0,13 -54,5 Q-90,2 -92,-30 Z"
    solid(c, body, t.base, 0.3, 0)
    speckle(c, body, t.light(0.7) if t.deep else t.dark(0.6), 0.3)
    solid(c, base, raw, 0.22, 0.2)
    c.noise(base, dark(raw, 0.6), grain=(0.4, 0.4), gain=5, cut=-2.3, opacity=0.22)
    c.line("M-93,-60 Q0,-48 93,-60", dark(raw, 0.4), 1.2, opacity=0.4)
    glint(c, "M-82,-138 L-78,-66 Q-70,-62 -60,-60 L-64,-136Z", 0.42)
    with c.placed(0, -150):
        rim(c, 0, 96, t.base, 0.19)
        c.oval(0, 6, 82, 10, drink)
        c.oval(-26, 5, 36, 4, light(drink, 0.4), opacity=0.35)


@shape("mug", box=(-98, -172, 148, 12), focus=(-20, -90), zoom=2.3)
def mug(c: Canvas, t: Tone) -> None:
    """A stoneware mug with coffee."""
    raw = {"clay": "#8c4a31", "bone": "#b0714f", "pine": "#a86d4c", "ink": "#8f5a40"}[t.code]
    mug_body(c, t, raw, COFFEE)


def tumbler(c: Canvas, colour: str, spots: str) -> None:
    """One cup without a handle, pressed a little by thumb."""
    shadow(c, 58)
    d = turned(c, [(62, -128), (62, -128), (59, -60), (50, -8), (44, 2), (44, 2)], colour, 0.3, 0.17)
    speckle(c, d, spots, 0.3)
    for y, r in ((-92, 61), (-64, 59), (-38, 55)):
        c.line(f"M{-r},{y} Q0,{y + 18} {r},{y}", dark(colour, 0.5), 1, opacity=0.28)
    glint(c, "M-52,-118 L-48,-50 Q-42,-44 -36,-44 L-38,-116Z", 0.34, 4)
    with c.placed(0, -128):
        rim(c, 0, 62, colour, 0.17, 5)


@shape("cups", box=(-190, -238, 196, 34), focus=(-60, -70), zoom=2.2)
def cups(c: Canvas, t: Tone) -> None:
    """Four tumblers, two of them stacked."""
    spots = t.light(0.7) if t.deep else t.dark(0.6)
    places = ((4, -6, t.light(0.08)), (-124, 4, t.base), (128, 8, t.dark(0.08)))
    for x, y, colour in places:
        with c.placed(x, y):
            tumbler(c, colour, spots)
    with c.placed(4, -104):
        d = turned(c, [(62, -128), (62, -128), (59, -60), (54, -26), (54, -26)], t.base, 0.3, 0.17)
        speckle(c, d, spots, 0.3)
        c.oval(0, -25, 56, 9, dark(t.base, 0.7), opacity=0.4, filter=c.blur(4))
        glint(c, "M-52,-118 L-48,-50 Q-42,-44 -36,-44 L-38,-116Z", 0.34, 4)
        with c.placed(0, -128):
            rim(c, 0, 62, t.base, 0.17, 5)


def demitasse(c: Canvas, t: Tone) -> None:
    """A small cup on its saucer with crema inside."""
    shadow(c, 112)
    solid(c, "M-118,-16 Q-110,2 -50,8 Q0,12 50,8 Q110,2 118,-16Z", t.base, 0.28, 0.2)
    c.oval(0, -17, 118, 21, c.linear(rounded(t.light(0.12), 0.3)))
    c.oval(0, -15, 74, 12, t.dark(0.2), opacity=0.5)
    c.oval(0, -15, 58, 9, t.dark(0.55), opacity=0.6, filter=c.blur(4))
    c.line("M58,-86 C108,-92 108,-42 52,-42", t.dark(0.26), 12)
    c.line("M60,-89 C102,-92 103,-49 56,-47", t.light(0.34), 4, opacity=0.7)
    turned(c, [(66, -112), (66, -112), (64, -70), (50, -28), (38, -16), (38, -16)], t.base, 0.34, 0.16)
    glint(c, "M-55,-102 Q-54,-60 -38,-34 L-26,-38 Q-40,-64 -41,-100Z", 0.36, 4)
    with c.placed(0, -112):
        rim(c, 0, 66, "#f1ece1", 0.17, 5)
        c.oval(0, 5, 55, 7, "#7c4a26")
        c.oval(0, 5, 55, 7, c.radial([(0, "#d49c5d", 0.9), (0.6, "#a9703c", 0.7), (1, "#5b3219", 0.8)]))


@shape("espresso", box=(-208, -196, 226, 46), focus=(50, -60), zoom=2.3)
def espresso(c: Canvas, t: Tone) -> None:
    """Two espresso cups, one behind the other."""
    with c.placed(-92, -50, 0.92):
        demitasse(c, t)
    with c.placed(92, 32, 1.08):
        demitasse(c, t)
