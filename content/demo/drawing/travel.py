"""Flasks and cups to go, the umbrella and socks."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, num
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import (
    glint,
    lathe,
    metal,
    rounded,
    shadow,
    solid,
    stitch,
    turned,
    wood,
)
from content.demo.drawing.registry import shape

OAK = BASES["oak"]
PAIR = {"oat": "rust", "ink": "oat", "rust": "sea"}


def powder(c: Canvas, d: str, t: Tone) -> None:
    """The fine grain of powder coating."""
    c.noise(d, t.dark(0.7), grain=(0.55, 0.55), gain=5, cut=-2.4, opacity=0.2)
    c.noise(d, t.light(0.8), grain=(0.5, 0.5), gain=5, cut=-2.8, opacity=0.16)


def mark(c: Canvas, x: float, y: float, r: float, colour: str, width: float = 2) -> None:
    """The maker's mark: a circle with two meridians."""
    c.add(
        f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="none" stroke="{colour}" '
        f'stroke-width="{num(width)}" opacity=".85"/>'
    )
    c.line(
        f"M{num(x)},{num(y - r)} q{num(r * 0.6)},{num(r * 0.5)} {num(r * 0.6)},{num(r)} "
        f"t{num(-r * 0.6)},{num(r)} M{num(x)},{num(y - r)} q{num(-r * 0.2)},{num(r * 0.5)} "
        f"{num(-r * 0.2)},{num(r)} t{num(r * 0.2)},{num(r)}",
        colour,
        width * 0.85,
        opacity=0.85,
    )


@shape("flask", box=(-84, -432, 84, 12), focus=(-6, -330), zoom=2.4)
def flask(c: Canvas, t: Tone) -> None:
    """An insulated bottle with a wooden cap and carry loop."""
    shadow(c, 78)
    d = turned(c, [(44, -336), (46, -326), (74, -286), (76, -262), (76, 0), (76, 0)], t.base, 0.4, 0.1, 0.18)
    powder(c, d, t)
    glint(c, "M-62,-280 L-62,-20 L-40,-14 L-40,-284Z", 0.34, 7)
    glint(c, "M58,-270 L58,-24 L64,-26 L64,-266Z", 0.2, 4)
    c.path(lathe([(76, -14), (76, -14), (76, 0), (76, 0)], 0.1), c.linear(metal("#b4b9b9")))
    c.path(lathe([(42, -350), (42, -350), (44, -334), (44, -334)], 0.12), c.linear(metal("#b4b9b9")))
    c.line("M-38,-392 C-50,-440 50,-440 38,-392", dark("#6d4327", 0.1), 10)
    c.line("M-34,-396 C-44,-432 40,-434 36,-402", light("#8f5c36", 0.3), 2.6, opacity=0.8)
    cap = lathe([(47, -398), (48, -394), (48, -350), (48, -350)], 0.13)
    wood(c, cap, OAK, strength=0.5)
    c.path(
        cap,
        c.linear([(0, "#000", 0.36), (0.16, "#fff", 0.1), (0.3, "#fff", 0.32), (0.55, "#000", 0.0), (1, "#000", 0.42)]),
    )
    c.oval(0, -398, 47, 6, light(OAK, 0.28))
    mark(c, -4, -130, 19, t.light(0.72) if t.deep else t.dark(0.45))


@shape("travelcup", box=(-88, -252, 88, 12), focus=(0, -190), zoom=2.2)
def travelcup(c: Canvas, t: Tone) -> None:
    """A tapered cup with a grip band and a drinking lid."""
    shadow(c, 62)
    d = turned(c, [(78, -206), (78, -206), (60, 2), (60, 2)], t.base, 0.38, 0.12, 0.18)
    powder(c, d, t)
    band = lathe([(74, -156), (74, -156), (66, -66), (66, -66)], 0.12)
    cork = "#b98a5c"
    solid(c, band, cork, 0.26, 0)
    c.noise(band, dark(cork, 0.6), grain=(0.13, 0.13), gain=5, cut=-2.4, opacity=0.34)
    c.noise(band, light(cork, 0.6), grain=(0.2, 0.2), gain=5, cut=-2.6, opacity=0.3)
    c.line("M-74,-156 A74,9 0 0 0 74,-156", dark(cork, 0.6), 1.6, opacity=0.5)
    c.line("M-66,-66 A66,8 0 0 0 66,-66", dark(cork, 0.6), 1.6, opacity=0.5)
    glint(c, "M-64,-196 L-50,-14 L-36,-10 L-46,-194Z", 0.3, 6)
    lid = "#34383a" if t.code != "ink" else "#4a4e50"
    turned(c, [(74, -232), (84, -222), (84, -202), (84, -202)], lid, 0.4, 0.12, 0.1)
    c.oval(0, -232, 74, 10, c.linear([(0, light(lid, 0.34)), (0.5, light(lid, 0.14)), (1, dark(lid, 0.1))]))
    c.oval(0, -231, 62, 7.6, dark(lid, 0.35))
    solid(c, "M-30,-232 L-26,-248 Q0,-254 26,-248 L30,-232 Q0,-225 -30,-232Z", lid, 0.45, 0)
    c.oval(48, -233, 9, 3, "#0d0d0d")


@shape("umbrella", box=(-112, -300, 128, 262), focus=(0, -40), zoom=2.2, flat=True)
def umbrella(c: Canvas, t: Tone) -> None:
    """A folded umbrella with a wooden grip and a wrist cord, lying on the plate."""
    with c.placed(0, -20, 1, 18):
        c.line("M22,216 C70,250 60,300 14,292 C-20,284 -20,250 -8,236", t.dark(0.3), 7)
        c.line("M22,214 C66,246 58,292 16,286", t.light(0.4), 2, opacity=0.7)
        cloth = "M-34,-262 C-52,-200 -58,-60 -44,96 Q0,112 44,96 C58,-60 52,-200 34,-262 Q0,-276 -34,-262Z"
        c.path(
            cloth,
            c.linear([(0, t.dark(0.4)), (0.2, t.light(0.2)), (0.45, t.base), (0.75, t.dark(0.2)), (1, t.dark(0.5))]),
        )
        with c.group(clip_path=c.clip(cloth)):
            for x1, x2, shade in ((-22, -36, 0.5), (-6, -14, 0.6), (14, 8, 0.5), (26, 32, 0.6)):
                c.path(
                    f"M{x1},-270 C{x1 - 14},-160 {x2 - 10},-40 {x2},110 L{x2 + 15},110 "
                    f"C{x2 + 6},-40 {x1 + 4},-160 {x1 + 5},-270Z",
                    t.dark(shade),
                    opacity=0.5,
                    filter=c.blur(3),
                )
                c.line(f"M{x1 + 6},-270 C{x1 - 6},-160 {x2 + 8},-40 {x2 + 18},110", t.light(0.5), 2, opacity=0.5)
        c.noise(cloth, t.dark(0.6), grain=(0.5, 0.5), gain=4, cut=-1.9, opacity=0.14)
        for i in range(8):
            x = -38 + i * 11
            c.line(f"M{x},98 l-1,16", "#b5babb", 3.4)
            c.oval(x - 1, 117, 3, 3.4, "#dfe3e2")
        strap = "M-54,-62 Q0,-38 54,-66 L55,-42 Q0,-14 -54,-38Z"
        c.path(strap, "#120d08", opacity=0.35, filter=c.blur(4))
        c.path(strap, c.linear([(0, t.dark(0.35)), (0.4, t.light(0.16)), (1, t.dark(0.35))]))
        stitch(c, "M-52,-57 Q0,-33 52,-60 M-52,-43 Q0,-19 52,-47", t.light(0.6), 1.3, "4 3")
        c.oval(16, -38, 8, 8, c.linear(metal(BASES["brass"])))
        c.path(lathe([(9, 116), (9, 116), (9, 134), (9, 134)], 0.2), c.linear(metal("#aeb3b3")))
        grip = lathe([(20, 132), (26, 140), (26, 200), (22, 224), (14, 232), (14, 232)], 0.2)
        wood(c, grip, "#8a5a38", strength=0.6)
        c.path(
            grip,
            c.linear(
                [(0, "#000", 0.4), (0.2, "#fff", 0.12), (0.34, "#fff", 0.34), (0.6, "#000", 0), (1, "#000", 0.46)]
            ),
        )
        c.path(lathe([(21, 128), (21, 128), (21, 138), (21, 138)], 0.2), c.linear(metal(BASES["brass"])))
        c.path(
            lathe([(6, -292), (14, -280), (26, -258), (30, -250), (30, -250)], 0.2), c.linear(rounded(t.dark(0.3), 0.4))
        )
        c.path(lathe([(3, -306), (6, -302), (6, -288), (6, -288)], 0.2), c.linear(metal("#aeb3b3")))


def knit(c: Canvas, d: str, colour: str, pitch: float = 8) -> None:
    """Lay rows of knitted stitches over wool."""
    p = pitch
    v = (
        f'<path d="M{num(p * 0.1)},0 L{num(p * 0.5)},{num(p * 0.72)} L{num(p * 0.9)},0" '
        f'stroke="{dark(colour, 0.45)}" stroke-width="{num(p * 0.2)}" fill="none"/>'
        f'<path d="M{num(p * 0.1)},{num(p * 0.34)} L{num(p * 0.5)},{num(p * 1.06)} '
        f'L{num(p * 0.9)},{num(p * 0.34)}" stroke="{light(colour, 0.45)}" '
        f'stroke-width="{num(p * 0.14)}" fill="none"/>'
    )
    c.path(d, c.tile(p, p, v), opacity=0.42)
    c.noise(d, dark(colour, 0.6), grain=(0.35, 0.35), gain=4, cut=-1.9, opacity=0.14)


def sock(c: Canvas, colour: str, accent: str) -> None:
    """One sock lying flat: ribbed cuff, leg, heel, foot to the right, toe."""
    d = (
        "M-52,-208 Q0,-216 50,-208 C52,-120 50,-60 58,-20 C70,10 110,40 150,62 "
        "C184,80 186,122 154,134 C110,148 30,128 -14,92 C-52,62 -58,30 -56,-10 "
        "C-54,-70 -54,-140 -52,-208Z"
    )
    with c.group(filter=c.drop(dx=4, dy=7, radius=7, opacity=0.32)):
        c.path(
            d, c.linear([(0, dark(colour, 0.24)), (0.3, light(colour, 0.16)), (0.6, colour), (1, dark(colour, 0.22))])
        )
    knit(c, d, colour)
    with c.group(clip_path=c.clip(d)):
        heel = "M-70,-6 C-30,6 -4,40 -6,100 L-60,110 L-90,40Z"
        toe = "M126,30 C112,70 112,110 124,160 L210,160 L210,40Z"
        for patch in (heel, toe):
            c.path(patch, accent)
            knit(c, patch, accent, 7)
            c.line(patch, dark(accent, 0.5), 1.4, opacity=0.4)
        cuff = "M-70,-220 H70 V-146 Q0,-138 -70,-146Z"
        c.path(cuff, light(colour, 0.08))
        for i in range(17):
            x = -54 + i * 6.6
            c.line(f"M{num(x)},-216 V-142", dark(colour, 0.5), 2.4, opacity=0.4)
            c.line(f"M{num(x + 3)},-216 V-142", light(colour, 0.6), 1.8, opacity=0.4)
        for y in (-190, -178):
            c.line(f"M-60,{y} Q0,{y - 6} 60,{y}", accent, 6, stroke_linecap="butt", opacity=0.9)
        c.line("M56,-24 C20,-10 -10,10 -30,40", dark(colour, 0.6), 8, opacity=0.24, filter=c.blur(6))
        c.line("M50,-4 C24,10 10,24 0,44", light(colour, 0.8), 7, opacity=0.26, filter=c.blur(5))
    c.path(d, c.linear([(0, "#fff", 0.18), (0.4, "#fff", 0), (1, "#000", 0.2)], "slant"))


@shape("socks", box=(-190, -224, 230, 200), focus=(-70, -120), zoom=2.1, flat=True)
def socks(c: Canvas, t: Tone) -> None:
    """Two pairs of wool socks in matching colours."""
    other = Tone(PAIR[t.code])
    for x, y, turn, one, two in ((50, -30, -10, other, t), (-108, 24, -4, t, other)):
        with c.placed(x + 22, y - 12, 1, turn + 5):
            sock(c, one.dark(0.08), two.base)
        with c.placed(x, y, 1, turn):
            sock(c, one.base, two.base)
