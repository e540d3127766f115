"""Throws, blankets, cushions and the bath."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, num
from content.demo.drawing.colours import Tone, dark, light
from content.demo.drawing.linen import BAR, fringe, waffle
from content.demo.drawing.matter import (
    folds,
    glint,
    shadow,
    solid,
    stitch,
    weave,
)
from content.demo.drawing.registry import shape

LEATHER = "#8f5c36"


def twill(c: Canvas, d: str, colour: str, pitch: float = 7, strength: float = 0.34) -> None:
    """Lay a herringbone structure and wool fuzz over cloth."""
    p = pitch
    mark = (
        f'<path d="M0,0 L{p},{p} M{p},{p} L{p * 2},0" stroke="{dark(colour, 0.5)}" '
        f'stroke-width="{num(p * 0.22)}" fill="none"/>'
        f'<path d="M0,{num(p * 0.4)} L{p},{num(p * 1.4)} L{p * 2},{num(p * 0.4)}" '
        f'stroke="{light(colour, 0.5)}" stroke-width="{num(p * 0.16)}" fill="none"/>'
    )
    c.path(d, c.tile(p * 2, p, mark), opacity=strength)
    c.noise(d, dark(colour, 0.6), grain=(0.4, 0.4), gain=4, cut=-1.9, opacity=0.16)
    c.noise(d, light(colour, 0.8), grain=(0.25, 0.3), gain=5, cut=-2.6, opacity=0.16)


@shape("throw", box=(-212, -214, 212, 62), focus=(-60, -60), zoom=2.2)
def throw(c: Canvas, t: Tone) -> None:
    """A wool throw folded in four, its fringe over the front."""
    shadow(c, 202, y=20)
    accent = t.light(0.6) if t.deep else "#6f7f74"
    for i in range(3):
        y = 14 - i * 52
        half = 200 - (i % 2) * 6
        d = (
            f"M{-half},{y} C{-half - 26},{y - 6} {-half - 26},{y - 48} {-half},{y - 54} "
            f"L{half},{y - 54} C{half + 22},{y - 44} {half + 22},{y - 8} {half},{y} "
            f"Q0,{y + 7} {-half},{y}Z"
        )
        c.path(d, c.linear([(0, t.dark(0.22)), (0.12, t.light(0.22)), (0.55, t.base), (1, t.dark(0.26))]))
        twill(c, d, t.base)
        c.path(d, c.linear([(0, "#fff", 0.26), (0.45, "#fff", 0), (1, "#2a1d12", 0.4)], "down"))
        c.line(f"M{-half - 14},{y - 27} Q0,{y - 22} {half + 12},{y - 27}", t.dark(0.6), 2.4, opacity=0.4)
    top = "M-202,-142 Q0,-136 202,-142 L160,-206 Q0,-212 -160,-206Z"
    c.path(top, c.linear([(0, t.light(0.34)), (0.6, t.light(0.1)), (1, t.dark(0.08))]))
    twill(c, top, t.base)
    hang = "M-150,-176 L38,-178 C46,-150 54,-100 54,-18 Q-50,-8 -152,-18 C-156,-90 -154,-140 -150,-176Z"
    c.path("M-140,-160 L48,-160 L70,-4 L-140,4Z", "#2a1d12", opacity=0.32, filter=c.blur(10))
    fringe(c, (-150, -18), (53, -18), t.base, 62, 5.4)
    c.path(hang, c.linear([(0, t.dark(0.06)), (0.3, t.light(0.2)), (0.7, t.base), (1, t.dark(0.2))]))
    twill(c, hang, t.base)
    folds(c, hang, t.base, [(-90, -96, 14.0), (-10, -4, 14.0)], (-140, -10), 0.2)
    for y, w in ((-52, 9), (-70, 3.4), (-36, 3.4)):
        c.line(f"M-154,{y} Q-50,{y + 9} 54,{y}", accent, w, opacity=0.75, stroke_linecap="butt")


@shape("blanket", box=(-206, -182, 206, 16), focus=(-140, -90), zoom=2.2)
def blanket(c: Canvas, t: Tone) -> None:
    """A blanket rolled up and held by two leather straps."""
    shadow(c, 196)
    body = (
        "M-150,-172 C-60,-178 60,-178 168,-172 C212,-160 212,-14 168,0 C60,8 -60,8 -150,0 "
        "C-110,-20 -110,-150 -150,-172Z"
    )
    c.path(body, c.linear([(0, t.light(0.22)), (0.3, t.light(0.12)), (0.6, t.base), (1, t.dark(0.4))], "down"))
    twill(c, body, t.base, 8)
    c.line("M-130,-48 C-20,-36 90,-38 194,-56", t.dark(0.65), 4, opacity=0.5)
    c.line("M-130,-44 C-20,-32 90,-34 194,-52", t.light(0.5), 2.4, opacity=0.5)
    for i in range(46):
        x = -118 + i * 6.6
        c.line(
            f"M{num(x)},{num(-42 + 8 * (1 - ((i - 23) / 23) ** 2) - 6)} "
            f"q{num(c.rng.uniform(-3, 3))},9 {num(c.rng.uniform(-4, 4))},18",
            t.dark(0.2),
            1.8,
            opacity=0.8,
        )
    c.oval(-150, -86, 50, 87, c.linear([(0, t.light(0.1)), (1, t.dark(0.28))]))
    for n, k in enumerate((0.94, 0.78, 0.62, 0.46, 0.3, 0.14)):
        c.oval(-150 + n, -86 + n, 48 * k, 84 * k, "none", stroke=t.dark(0.55), stroke_width=3.4, opacity=0.55)
        c.oval(-151 + n, -87 + n, 48 * k - 3, 84 * k - 4, "none", stroke=t.light(0.4), stroke_width=2.2, opacity=0.5)
    end = "M-200,-86 a50,87 0 1 0 100,0 a50,87 0 1 0 -100,0Z"
    c.noise(end, t.dark(0.6), grain=(0.3, 0.3), gain=4, cut=-1.9, opacity=0.25)
    for x in (-30, 104):
        strap = f"M{x},-177 C{x + 42},-150 {x + 42},-26 {x},5 L{x + 22},5 C{x + 64},-26 {x + 64},-150 {x + 22},-176Z"
        c.path(strap, c.linear([(0, light(LEATHER, 0.3)), (0.3, LEATHER), (1, dark(LEATHER, 0.5))], "down"))
        stitch(c, f"M{x + 4},-174 C{x + 46},-148 {x + 46},-28 {x + 4},2", light(LEATHER, 0.5), 1.3)
        c.box(x + 24, -124, 34, 30, "none", 4, stroke="#b89a5c", stroke_width=5)
        c.line(f"M{x + 42},-122 v26", "#d3b878", 3)


@shape("cushion", box=(-200, -388, 200, 10), focus=(110, -110), zoom=2.2)
def cushion(c: Canvas, t: Tone) -> None:
    """A plump linen cushion with piped edges."""
    shadow(c, 160)
    d = (
        "M-190,-376 C-120,-362 120,-362 190,-376 C196,-376 198,-370 196,-362 "
        "C178,-250 178,-130 194,-20 C196,-8 190,-4 180,-6 C110,-14 -110,-14 -180,-6 "
        "C-190,-4 -196,-8 -194,-20 C-178,-130 -178,-250 -196,-362 C-198,-370 -196,-376 -190,-376Z"
    )
    c.path(
        d,
        c.radial([(0, t.light(0.3)), (0.45, t.base), (0.85, t.dark(0.2)), (1, t.dark(0.34))], cx=0.4, cy=0.36, r=0.75),
    )
    weave(c, d, t.base, pitch=4.4, strength=0.26)
    with c.group(clip_path=c.clip(d)):
        for x1, y1, x2, y2 in (
            (-190, -372, -120, -300),
            (190, -372, 122, -300),
            (-188, -12, -122, -84),
            (188, -12, 120, -86),
        ):
            mx, my = (x1 + x2) / 2, (y1 + y2) / 2
            c.line(f"M{x1},{y1} Q{mx + 10},{my - 6} {x2},{y2}", t.dark(0.62), 9, opacity=0.32, filter=c.blur(6))
            c.line(f"M{x1},{y1} Q{mx - 14},{my + 4} {x2 - 8},{y2 + 10}", t.light(0.7), 6, opacity=0.3, filter=c.blur(5))
        c.line("M-60,-366 Q-50,-330 -64,-296", t.dark(0.6), 7, opacity=0.22, filter=c.blur(6))
        c.line("M70,-14 Q58,-50 74,-84", t.dark(0.6), 7, opacity=0.22, filter=c.blur(6))
        c.oval(-60, -240, 90, 110, "#fff", opacity=0.14, filter=c.blur(34))
    c.line(d, t.dark(0.3), 4.5, opacity=0.85)
    c.line(d, t.light(0.4), 1.4, opacity=0.7)
    for x in (-60, -20, 20, 60):
        c.line(f"M{x},-15 v-3", t.dark(0.5), 2, opacity=0.3)


@shape("floorcushion", box=(-256, -210, 256, 24), focus=(60, -90), zoom=2.2)
def floorcushion(c: Canvas, t: Tone) -> None:
    """A thick square floor cushion with a tuft in the middle."""
    shadow(c, 226, y=8)
    side = "M-244,-50 C-258,-30 -252,2 -232,6 C-150,22 150,22 232,6 C252,2 258,-30 244,-50 Q0,0 -244,-50Z"
    c.path(side, c.linear([(0, t.dark(0.2)), (0.3, t.light(0.08)), (0.6, t.dark(0.05)), (1, t.dark(0.36))]))
    weave(c, side, t.base, pitch=4, strength=0.24)
    c.path(side, c.linear([(0, "#fff", 0.06), (0.5, "#000", 0), (1, "#000", 0.42)], "down"))
    top = (
        "M-244,-52 C-256,-66 -196,-186 -180,-196 C-100,-212 100,-212 180,-196 "
        "C196,-186 256,-66 244,-52 C150,-26 -150,-26 -244,-52Z"
    )
    c.path(top, c.linear([(0, t.light(0.36)), (0.5, t.light(0.16)), (1, t.dark(0.06))]))
    weave(c, top, t.base, pitch=4, strength=0.26)
    with c.group(clip_path=c.clip(top)):
        c.oval(0, -118, 60, 26, "#120d08", opacity=0.4, filter=c.blur(11))
        for x, y in ((-210, -70), (210, -70), (-160, -186), (160, -186), (0, -40), (0, -204)):
            c.line(
                f"M0,-118 Q{x * 0.4},{-118 + (y + 118) * 0.7} {x},{y}", t.dark(0.65), 5, opacity=0.26, filter=c.blur(4)
            )
        c.oval(-110, -126, 56, 30, "#fff", opacity=0.2, filter=c.blur(12))
        c.oval(100, -126, 56, 30, "#fff", opacity=0.14, filter=c.blur(12))
    c.line("M-244,-51 C-150,-25 150,-25 244,-51", t.light(0.34), 3, opacity=0.7)
    c.line("M-244,-48 C-150,-22 150,-22 244,-48", t.dark(0.6), 2, opacity=0.6)
    cord = t.light(0.7) if t.deep else "#6f5b40"
    for dx, dy in ((-17, -5), (17, -5), (-11, 8), (11, 8), (0, 10)):
        c.line(f"M0,-119 q{dx * 0.6},{dy * 0.2} {dx},{dy}", cord, 3)
    c.oval(0, -119, 5, 4, cord)
    for side_x in (-1, 1):
        for dx, dy in ((10, 10), (4, 15), (16, 4)):
            c.line(f"M{side_x * 240},-46 q{side_x * dx * 0.6},{dy * 0.6} {side_x * dx},{dy + 4}", cord, 2.6)


@shape("hamam", box=(-220, -330, 220, 60), focus=(0, -20), zoom=2.2, flat=True)
def hamam(c: Canvas, t: Tone) -> None:
    """A flat-woven striped towel with tassels over a wooden rail."""
    for x in (-196, 190):
        c.oval(x, -316, 14, 14, "#8a8f90")
    c.box(-222, -326, 444, 19, c.linear([(0, light(BAR, 0.4)), (0.5, BAR), (1, dark(BAR, 0.4))], "down"), 9)
    pale = "#efe8d9" if t.code != "oat" else "#f4efe4"
    back = "M-120,-330 L146,-330 L150,-70 L-116,-70Z"
    c.path(back, dark(pale, 0.24))
    weave(c, back, pale, pitch=3.6, strength=0.2)
    for x in range(-108, 150, 26):
        c.line(f"M{x},-320 V-72", t.dark(0.2), 11, opacity=0.8, stroke_linecap="butt")
    fringe(c, (-114, -70), (148, -70), dark(pale, 0.2), 26, 8)
    front = "M-146,-333 Q0,-338 132,-333 L136,14 Q0,22 -150,14Z"
    c.path(front, "#1d1510", opacity=0.34, filter=c.blur(9))
    for x in range(-150, 137, 13):
        bunch = x + c.rng.uniform(-2, 2)
        for k in (-3, -1, 1, 3):
            c.line(
                f"M{num(bunch)},16 q{k * 0.4},14 {k * 1.3},{num(36 + c.rng.uniform(-4, 4))}",
                dark(pale, 0.16 + 0.06 * (k % 3)),
                2,
            )
        c.oval(bunch, 24, 4.4, 4, dark(pale, 0.2))
    c.path(front, pale)
    with c.group(clip_path=c.clip(front)):
        for i, x in enumerate(range(-150, 150, 20)):
            width = 12 if i % 3 else 4
            c.line(f"M{x},-340 L{x - 1},24", t.base, width, stroke_linecap="butt", opacity=0.94)
        for y, w in ((-40, 20), (-10, 6), (-66, 5)):
            c.box(-160, y, 310, w, t.base, opacity=0.92)
    weave(c, front, pale, pitch=3.6, strength=0.22)
    folds(c, front, t.base, [(-70, -78, 18.0), (20, 26, 18.0), (90, 94, 12.0)], (-330, 20), 0.24)
    c.path(
        "M-146,-333 Q0,-338 132,-333 L132,-296 Q0,-300 -146,-296Z",
        c.linear([(0, "#fff", 0.4), (0.45, "#fff", 0.0), (1, "#000", 0.32)], "down"),
    )


@shape("robe", box=(-190, -440, 190, 20), focus=(-10, -250), zoom=2.2, flat=True)
def robe(c: Canvas, t: Tone) -> None:
    """A bathrobe with shawl collar and tied belt on a wooden hanger."""
    c.line("M0,-402 C0,-424 20,-424 20,-440 C20,-456 -6,-456 -8,-442", "#8d9293", 5)
    c.line("M-96,-366 Q0,-420 96,-366", BAR, 13)
    inner = "M-50,-384 Q0,-396 50,-384 L30,-200 L-30,-200Z"
    c.path(inner, t.dark(0.4))
    waffle(c, inner, t.dark(0.3), 8)
    for side in (-1, 1):
        sleeve = (
            f"M{side * 92},-368 C{side * 150},-350 {side * 178},-250 {side * 188},-130 "
            f"L{side * 130},-118 C{side * 126},-190 {side * 118},-230 {side * 96},-270Z"
        )
        c.path(sleeve, c.linear([(0, t.dark(0.1)), (0.5, t.light(0.08)), (1, t.dark(0.26))]))
        waffle(c, sleeve, t.base, 8)
        cuff = f"M{side * 188},-160 L{side * 188},-130 L{side * 130},-118 L{side * 129},-148Z"
        c.path(cuff, t.light(0.06))
        waffle(c, cuff, t.dark(0.08), 8)
        c.line(f"M{side * 188},-160 L{side * 129},-148", t.dark(0.5), 2, opacity=0.5)
    body = (
        "M-50,-386 L-98,-368 C-106,-260 -112,-120 -126,8 Q0,18 126,8 C112,-120 106,-260 "
        "98,-368 L50,-386 C44,-320 26,-250 4,-200 C-24,-250 -44,-320 -50,-386Z"
    )
    c.path(body, c.linear([(0, t.dark(0.16)), (0.25, t.light(0.16)), (0.6, t.base), (1, t.dark(0.24))]))
    waffle(c, body, t.base, 8)
    folds(c, body, t.base, [(-60, -84, 16.0), (40, 70, 18.0), (-10, -20, 14.0)], (-180, 14), 0.26)
    c.line("M4,-200 C16,-130 18,-60 20,12", t.dark(0.6), 3, opacity=0.6)
    c.line("M8,-200 C20,-130 22,-60 24,12", t.light(0.5), 2, opacity=0.5)
    for side in (-1, 1):
        lapel = (
            f"M{side * 44},-388 C{side * 70},-376 {side * 74},-330 {side * 62},-290 "
            f"C{side * 50},-246 {side * 28},-206 {4 + side * 2},-178 L{4 - side * 4},-200 "
            f"C{side * 22},-250 {side * 40},-320 {side * 44},-388Z"
        )
        c.path(lapel, "#1d1510", opacity=0.25, filter=c.blur(4))
        c.path(lapel, c.linear([(0, t.light(0.24)), (1, t.dark(0.12))]))
        waffle(c, lapel, t.light(0.1), 8)
        c.line(lapel, t.dark(0.5), 1.4, opacity=0.4)
    pocket = "M44,-118 L98,-122 L104,-54 L48,-48Z"
    c.path(pocket, t.light(0.04))
    waffle(c, pocket, t.dark(0.04), 8)
    c.line(pocket, t.dark(0.5), 1.6, opacity=0.5)
    belt = "M-108,-196 Q0,-178 108,-196 L108,-172 Q0,-154 -108,-172Z"
    c.path(belt, c.linear([(0, t.dark(0.2)), (0.4, t.light(0.2)), (1, t.dark(0.26))]))
    c.path("M-14,-180 C-18,-120 -30,-90 -34,-40 L-14,-36 C-10,-90 2,-130 6,-172Z", t.dark(0.07))
    c.path("M4,-176 C10,-120 20,-80 28,-22 L46,-28 C40,-84 28,-130 20,-176Z", t.light(0.1))
    c.box(-14, -192, 32, 30, t.light(0.06), 9)
    c.line("M-12,-166 Q2,-160 16,-166", t.dark(0.5), 2, opacity=0.5)


@shape("soapdish", box=(-160, -110, 160, 12), focus=(-40, -60), zoom=2.4)
def soapdish(c: Canvas, t: Tone) -> None:
    """A ribbed stoneware dish with a bar of soap."""
    shadow(c, 140)
    side = "M-152,-44 C-146,-6 -120,2 -84,5 Q0,11 84,5 C120,2 146,-6 152,-44Z"
    solid(c, side, t.base, 0.3, 0.3)
    c.noise(side, t.light(0.7) if t.deep else t.dark(0.6), grain=(0.21, 0.21), gain=17, cut=-11.4, opacity=0.34)
    c.oval(0, -46, 153, 31, c.linear([(0, t.light(0.3)), (0.5, t.light(0.12)), (1, t.dark(0.1))]))
    c.oval(0, -43, 138, 25, c.linear([(0, t.dark(0.4)), (0.6, t.dark(0.16)), (1, t.light(0.06))]))
    for i in range(-5, 6):
        x = i * 24
        h = 23 * (1 - (x / 140) ** 2) ** 0.5
        c.line(f"M{x},{num(-43 - h)} V{num(-43 + h)}", t.light(0.3), 7, opacity=0.6)
        c.line(f"M{x + 5},{num(-43 - h)} V{num(-43 + h)}", t.dark(0.5), 3, opacity=0.35)
    soap = "#dfe3cf"
    c.oval(4, -44, 96, 16, "#120d08", opacity=0.4, filter=c.blur(6))
    solid(c, "M-96,-76 C-98,-50 -88,-44 -60,-42 Q0,-38 60,-42 C88,-44 98,-50 96,-76Z", dark(soap, 0.12), 0.3, 0.2)
    c.path(
        "M-96,-78 C-96,-94 -66,-102 0,-102 C66,-102 96,-94 96,-78 C96,-64 60,-58 0,-58 C-60,-58 -96,-64 -96,-78Z",
        c.linear([(0, light(soap, 0.5)), (0.6, soap), (1, dark(soap, 0.12))], "slant"),
    )
    c.oval(0, -80, 46, 11, "none", stroke=dark(soap, 0.3), stroke_width=2, opacity=0.6)
    c.oval(0, -79, 46, 11, "none", stroke="#fff", stroke_width=1, opacity=0.8)
    glint(c, "M-80,-84 C-60,-96 -30,-98 0,-98 C-30,-94 -56,-88 -70,-78Z", 0.8, 3)
