"""Pots and pans."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import Tone, dark, light, mix
from content.demo.drawing.matter import (
    glint,
    metal,
    shadow,
    solid,
    speckle,
    turned,
)
from content.demo.drawing.registry import shape

BRASS = "#b8914e"


@shape("pot", box=(-214, -232, 214, 12), focus=(-60, -120), zoom=2.5)
def pot(c: Canvas, t: Tone) -> None:
    """An earthen pot with a domed lid and two ears."""
    shadow(c, 178)
    for side in (-1, 1):
        ear = f"M{side * 168},-118 C{side * 216},-124 {side * 222},-92 {side * 176},-80 L{side * 160},-84Z"
        solid(c, ear, t.dark(0.1), 0.26, 0.2)
    body = turned(
        c, [(178, -112), (178, -112), (182, -88), (166, -40), (112, -4), (96, 4), (96, 4)], t.base, 0.28, 0.07
    )
    bare = "M-140,-20 Q0,-2 140,-20 Q124,0 96,4 A96,7 0 0 1 -96,4 Q-124,0 -140,-20Z"
    solid(c, bare, "#b58a66", 0.2, 0.3)
    speckle(c, body, t.light(0.6) if t.deep else t.dark(0.6), 0.42)
    for y, r in ((-84, 180), (-68, 176), (-52, 170)):
        c.line(f"M{-r},{y} Q0,{y + 22} {r},{y}", t.dark(0.5), 1.4, opacity=0.3)
    c.oval(0, -113, 182, 15, t.dark(0.5))
    solid(c, "M-184,-120 Q0,-98 184,-120 L182,-110 Q0,-86 -182,-110Z", t.dark(0.06), 0.3, 0)
    lid = "M-176,-120 C-150,-176 -70,-192 0,-192 C70,-192 150,-176 176,-120 Q0,-98 -176,-120Z"
    solid(c, lid, t.base, 0.3, 0.18)
    speckle(c, lid, t.light(0.6) if t.deep else t.dark(0.6), 0.42)
    glint(c, "M-138,-132 C-112,-164 -74,-178 -34,-182 C-74,-168 -98,-152 -110,-128Z", 0.4, 6)
    c.line("M-128,-150 Q0,-134 128,-150", t.dark(0.5), 1.6, opacity=0.35)
    solid(c, "M-30,-190 L-40,-222 Q0,-236 40,-222 L30,-190 Q0,-182 -30,-190Z", t.dark(0.05), 0.3, 0.15)
    c.oval(0, -222, 40, 7, t.light(0.18))
    c.oval(0, -221, 29, 4.4, t.dark(0.45))
    c.oval(122, -126, 7, 4, t.dark(0.7))


@shape("pan", box=(-184, -330, 320, 176), focus=(60, -60), zoom=2.1, flat=True)
def pan(c: Canvas, t: Tone) -> None:
    """A carbon steel pan seen from above, with a riveted strap handle."""
    steel = mix("#43484a", t.base, 0.3)
    with c.group(transform="rotate(42)"):
        arm = (
            "M-24,-150 C-22,-190 -13,-212 -13,-250 C-13,-300 -19,-340 -19,-372 "
            "Q-19,-396 0,-396 Q19,-396 19,-372 C19,-340 13,-300 13,-250 "
            "C13,-212 22,-190 24,-150Z"
        )
        c.path(arm, c.linear([(0, light(steel, 0.34)), (0.3, light(steel, 0.1)), (0.6, steel), (1, dark(steel, 0.4))]))
        c.line("M-6,-190 C-4,-240 -5,-300 -9,-360", light(steel, 0.6), 2.4, opacity=0.5)
        c.oval(0, -374, 7, 10, "#ded9d2", stroke=dark(steel, 0.5), stroke_width=2)
    rings = [(176, light(steel, 0.34)), (171, dark(steel, 0.3))]
    for r, colour in rings:
        c.oval(0, 0, r, r, colour)
    c.oval(0, 0, 168, 168, c.linear([(0, dark(steel, 0.5)), (0.5, dark(steel, 0.1)), (1, light(steel, 0.3))], "slant"))
    c.oval(
        0,
        0,
        128,
        128,
        c.radial([(0, light(steel, 0.16)), (0.7, steel), (1, dark(steel, 0.2))], cx=0.36, cy=0.32, r=0.8),
    )
    disc = "M-166,0 a166,166 0 1 0 332,0 a166,166 0 1 0 -332,0Z"
    c.noise(disc, "#94704a", grain=(0.012, 0.012), gain=5, cut=-2.5, opacity=0.34)
    for r in range(16, 128, 7):
        c.oval(0, 0, r, r, "none", stroke=light(steel, 0.7), stroke_width=0.9, opacity=0.1)
    c.oval(0, 0, 128, 128, "none", stroke=dark(steel, 0.6), stroke_width=3, opacity=0.4, filter=c.blur(2))
    glint(c, "M-150,-40 C-140,-100 -90,-140 -30,-150 C-80,-130 -116,-90 -124,-34Z", 0.4, 7)
    glint(c, "M146,50 C130,100 92,134 44,148 C86,120 112,90 124,46Z", 0.22, 8)
    with c.group(transform="rotate(42)"):
        for x, y in ((-12, -152), (12, -152), (0, -138)):
            c.oval(x, y, 6, 6, c.linear(metal("#a3a9a9")))


@shape("casserole", box=(-232, -244, 232, 14), focus=(-90, -140), zoom=2.6)
def casserole(c: Canvas, t: Tone) -> None:
    """An enamelled casserole with a brass knob."""
    shadow(c, 188)
    for side in (-1, 1):
        c.line(f"M{side * 182},-108 C{side * 236},-112 {side * 236},-64 {side * 182},-66", t.dark(0.26), 19)
        c.line(
            f"M{side * 186},-112 C{side * 228},-114 {side * 231},-72 {side * 190},-72", t.light(0.34), 5, opacity=0.65
        )
    body = "M-190,-130 L-184,-36 Q-180,4 -132,7 Q0,15 132,7 Q180,4 184,-36 L190,-130Z"
    solid(c, body, t.base, 0.36, 0.26)
    c.path("M-190,-134 L190,-134 L189,-112 Q0,-98 -189,-112Z", t.dark(0.3), opacity=0.8)
    c.noise(body, t.dark(0.6), grain=(0.03, 0.03), gain=3, cut=-1.5, opacity=0.07)
    glint(c, "M-168,-118 L-162,-36 Q-158,-16 -140,-12 L-138,-116Z", 0.42, 6)
    glint(c, "M150,-112 L146,-40 L156,-44 L162,-114Z", 0.22, 5)
    solid(
        c,
        "M-196,-134 Q-196,-146 -186,-148 Q0,-162 186,-148 Q196,-146 196,-134 Q0,-108 -196,-134Z",
        t.dark(0.05),
        0.38,
        0.08,
    )
    lid = "M-184,-148 C-160,-190 -70,-204 0,-204 C70,-204 160,-190 184,-148 Q0,-132 -184,-148Z"
    solid(c, lid, t.base, 0.36, 0.16)
    glint(c, "M-150,-154 C-126,-182 -76,-194 -34,-196 C-80,-184 -108,-170 -122,-150Z", 0.5, 4)
    c.box(-11, -222, 22, 24, c.linear(metal(BRASS)), 3)
    solid(c, "M-30,-230 C-30,-248 30,-248 30,-230 C30,-216 -30,-216 -30,-230Z", BRASS, 0.6, 0.25)
    glint(c, "M-20,-236 Q-8,-242 4,-240 Q-10,-234 -14,-228Z", 0.8, 2)
