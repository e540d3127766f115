"""Table linen, aprons and kitchen towels."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, Point, num
from content.demo.drawing.colours import Tone, dark, light
from content.demo.drawing.matter import folds, shadow, stitch, weave, wood
from content.demo.drawing.registry import shape

BAR = "#a97c4f"


def folded(c: Canvas, y: float, half: float, height: float, colour: str, shift: float = 0) -> None:
    """One folded cloth seen from its edge: round fold on the left, hems on the right."""
    left, right = shift - half, shift + half
    d = (
        f"M{num(left)},{num(y)} C{num(left - 18)},{num(y - 3)} {num(left - 18)},"
        f"{num(y - height + 3)} {num(left)},{num(y - height)} L{num(right - 4)},{num(y - height)} "
        f"Q{num(right + 8)},{num(y - height / 2)} {num(right - 4)},{num(y)}Z"
    )
    c.path(d, c.linear([(0, dark(colour, 0.26)), (0.1, light(colour, 0.2)), (0.5, colour), (1, dark(colour, 0.2))]))
    weave(c, d, colour, pitch=4, strength=0.16)
    for k in (0.34, 0.66):
        ly = y - height * k
        c.line(
            f"M{num(left - 8)},{num(ly)} C{num(shift - 60)},{num(ly + 2)} {num(shift + 60)},"
            f"{num(ly - 2)} {num(right + 1)},{num(ly)}",
            dark(colour, 0.55),
            1.5,
            opacity=0.42,
        )
    c.path(d, c.linear([(0, "#fff", 0.2), (0.4, "#fff", 0), (1, "#2a1d12", 0.34)], "down"))


def lid_of_cloth(c: Canvas, y: float, half: float, depth: float, colour: str) -> str:
    """The upper face of a folded stack, in perspective."""
    d = f"M{-half - 4},{y} Q0,{y + 3} {half},{y} L{half - 46},{y - depth} Q0,{y - depth - 3} {-half + 40},{y - depth}Z"
    c.path(d, c.linear([(0, light(colour, 0.26)), (0.6, colour), (1, dark(colour, 0.12))]))
    weave(c, d, colour, pitch=5, strength=0.2, turn=0)
    stitch(c, f"M{-half + 10},{y - 7} L{half - 12},{y - 7}", dark(colour, 0.4), 1.4, "5 4", 0.6)
    stitch(c, f"M{half - 12},{y - 7} L{half - 53},{y - depth + 5}", dark(colour, 0.4), 1.4, "5 4", 0.6)
    return d


@shape("napkins", box=(-206, -202, 200, 8), focus=(90, -110), zoom=2.5)
def napkins(c: Canvas, t: Tone) -> None:
    """Four folded napkins tied with a cotton ribbon."""
    shadow(c, 190)
    shades = (0.1, 0.0, 0.06, 0.0)
    for i, shade in enumerate(shades):
        folded(c, -i * 31, 186 - (i % 2) * 7, 31, dark(t.base, shade), (i % 2) * 6 - 3)
    lid_of_cloth(c, -124, 184, 68, t.base)
    ribbon = light("#d8c6a2", 0.4) if t.deep else "#6b5a44"
    c.path("M-14,2 L-14,-124 L2,-193 L18,-193 L10,-124 L10,2Z", ribbon, opacity=0.95)
    c.path("M-14,2 L-14,-124 L-6,-124 L-6,2Z", "#fff", opacity=0.2)
    for side in (-1, 1):
        c.line(f"M0,-148 C{side * 34},-186 {side * 64},-160 {side * 4},-146", ribbon, 7)
        c.line(f"M0,-146 C{side * 16},-132 {side * 30},-128 {side * 44},-118", ribbon, 7)
    c.oval(0, -147, 9, 7, dark(ribbon, 0.2))


@shape("tablecloth", box=(-300, -262, 300, 150), focus=(-150, -20), zoom=2.2)
def tablecloth(c: Canvas, t: Tone) -> None:
    """A cloth over a table, hanging in soft folds."""
    for x in (-222, 214):
        wood(c, f"M{x},60 h18 l-4,92 h-10Z", "#8a6240")
    c.oval(20, 150, 300, 14, "#2a2018", opacity=0.2, filter=c.blur(18))
    top = "M-262,-160 L-196,-256 Q0,-262 196,-256 L262,-160 Q0,-152 -262,-160Z"
    drop = (
        "M-262,-160 Q0,-152 262,-160 C276,-90 288,-10 296,78 C276,96 262,74 240,88 "
        "C214,104 196,72 166,88 C136,104 110,74 78,88 C46,104 22,76 -10,88 "
        "C-44,102 -70,74 -100,88 C-132,104 -156,72 -184,86 C-212,102 -232,74 -254,88 "
        "C-272,96 -284,88 -296,76 C-288,-10 -276,-90 -262,-160Z"
    )
    c.path(drop, c.linear([(0, t.dark(0.16)), (0.3, t.light(0.1)), (0.6, t.base), (1, t.dark(0.26))]))
    weave(c, drop, t.base, pitch=5, strength=0.2)
    columns = [
        (-244, -270, 20.0),
        (-170, -216, 22.0),
        (-104, -128, 22.0),
        (-34, -42, 24.0),
        (44, 48, 24.0),
        (112, 134, 24.0),
        (178, 208, 22.0),
        (240, 268, 18.0),
    ]
    folds(c, drop, t.base, columns, (-158, 100), 0.3)
    hem = "M-292,58 C-276,74 -262,56 -248,70 C-230,58 -208,84 -184,68 C-156,56 -130,84 -100,70 "
    hem += "C-70,58 -42,84 -10,70 C22,58 46,84 78,70 C110,58 136,84 166,70 C196,56 214,84 240,70 "
    hem += "C262,58 276,76 291,60"
    stitch(c, hem, t.dark(0.45), 1.6, "6 4", 0.6)
    c.path(top, c.linear([(0, t.light(0.3)), (0.5, t.light(0.12)), (1, t.dark(0.06))], "slant"))
    weave(c, top, t.base, pitch=5, strength=0.16)
    c.line("M-262,-160 Q0,-152 262,-160", t.light(0.5), 5, opacity=0.6, filter=c.blur(2))
    for x in (-66, 66):
        c.line(f"M{x},-157 L{x * 0.78},-257", t.dark(0.4), 3, opacity=0.2, filter=c.blur(1.5))


def fringe(c: Canvas, start: Point, end: Point, colour: str, length: float, step: float = 7) -> None:
    """Knotted threads along a cloth's end."""
    (x1, y1), (x2, y2) = start, end
    count = max(2, int(abs(x2 - x1) / step))
    for i in range(count + 1):
        share = i / count
        x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
        sway = c.rng.uniform(-3, 3)
        c.line(
            f"M{num(x)},{num(y)} q{num(sway)},{num(length * 0.5)} {num(sway * 0.6)},"
            f"{num(length + c.rng.uniform(-4, 4))}",
            dark(colour, 0.12 + 0.2 * (i % 2)),
            2.6,
        )


@shape("runner", box=(-290, -150, 290, 150), focus=(0, 70), zoom=2.3)
def runner(c: Canvas, t: Tone) -> None:
    """A runner laid over a wooden table, its fringed end hanging over the edge."""
    for x in (-252, 230):
        wood(c, f"M{x},20 h22 l-4,130 h-14Z", "#7d5737")
    top = "M-290,0 L-200,-150 L200,-150 L290,0Z"
    wood(c, top, "#b58758", upright=False, strength=0.5)
    edge = "M-290,0 H290 V24 H-290Z"
    wood(c, edge, "#936a43", upright=False)
    lying = "M-104,2 L-72,-150 L72,-150 L104,2Z"
    c.path("M-110,4 L-76,-150 L78,-150 L116,4Z", "#2a1d12", opacity=0.35, filter=c.blur(5))
    c.path(lying, c.linear([(0, t.light(0.1)), (1, t.light(0.28))], "down"))
    weave(c, lying, t.base, pitch=4, strength=0.22)
    hang = "M-104,0 Q0,4 104,0 L106,92 Q0,98 -106,92Z"
    c.path("M-100,24 L110,24 L116,108 L-96,108Z", "#2a1d12", opacity=0.28, filter=c.blur(9))
    fringe(c, (-104, 92), (104, 92), t.base, 30)
    c.path(hang, c.linear([(0, t.dark(0.06)), (0.4, t.base), (1, t.dark(0.16))]))
    weave(c, hang, t.base, pitch=4, strength=0.26)
    folds(c, hang, t.base, [(-50, -54, 12.0), (40, 46, 12.0)], (0, 100), 0.2)
    accent = t.light(0.7) if t.deep else "#7f6443"
    for x, w in ((-84, 7), (-70, 2.4), (70, 2.4), (84, 7)):
        c.line(f"M{x * 0.7},-150 L{x},1", accent, w * 0.8, opacity=0.75, stroke_linecap="butt")
        c.line(f"M{x},1 L{x * 1.02},93", dark(accent, 0.12), w, opacity=0.75, stroke_linecap="butt")
    c.line("M-104,1 Q0,5 104,1", t.light(0.6), 4, opacity=0.5, filter=c.blur(1.6))


@shape("apron", box=(-178, -462, 178, 14), focus=(0, -190), zoom=2.3, flat=True)
def apron(c: Canvas, t: Tone) -> None:
    """A work apron with a split pocket and leather tabs."""
    leather = "#9a6740"
    c.line("M-58,-388 C-50,-472 50,-472 58,-388", dark("#c9b48c", 0.1), 11)
    c.line("M-54,-392 C-46,-464 46,-464 54,-392", light("#c9b48c", 0.4), 3, opacity=0.7)
    body = (
        "M-66,-396 Q0,-388 66,-396 C70,-330 112,-300 166,-286 L172,2 Q90,14 0,8 "
        "Q-90,14 -172,2 L-166,-286 C-112,-300 -70,-330 -66,-396Z"
    )
    c.path(body, c.linear([(0, t.dark(0.18)), (0.3, t.light(0.14)), (0.6, t.base), (1, t.dark(0.22))]))
    weave(c, body, t.base, pitch=4, strength=0.2, turn=45)
    folds(c, body, t.base, [(-30, -96, 22.0), (34, 104, 22.0), (0, 6, 18.0)], (-330, 10), 0.2)
    seam = t.light(0.55) if t.deep else t.dark(0.4)
    stitch(c, "M-58,-386 Q0,-379 58,-386 C64,-326 104,-292 157,-278 L163,-6", seam)
    stitch(c, "M-58,-386 C-64,-326 -104,-292 -157,-278 L-163,-6 Q-90,4 0,-2 Q90,4 163,-6", seam)
    pocket = "M-92,-196 L92,-196 L90,-92 Q88,-82 78,-82 L-78,-82 Q-88,-82 -90,-92Z"
    c.path(pocket, "#1d1510", opacity=0.3, filter=c.blur(4))
    c.path(pocket, c.linear([(0, t.light(0.12)), (1, t.dark(0.1))], "slant"))
    weave(c, pocket, t.base, pitch=4, strength=0.22, turn=45)
    stitch(
        c,
        "M-86,-190 H86 M-85,-92 Q-84,-88 -76,-88 L76,-88 Q84,-88 85,-92 L86,-190 M-86,-190 L-85,-92 M8,-190 V-88",
        seam,
        1.8,
    )
    for x in (-58, 58):
        c.box(x - 13, -402, 26, 30, leather, 3)
        c.oval(x, -388, 4.4, 4.4, "#d6b878")
    for x in (-88, 88):
        c.oval(x, -192, 4.4, 4.4, "#d6b878")
    for side in (-1, 1):
        c.line(f"M{side * 164},-280 C{side * 196},-250 {side * 168},-200 {side * 178},-140", dark("#c9b48c", 0.1), 7)


def waffle(c: Canvas, d: str, colour: str, pitch: float = 10) -> None:
    """Lay a waffle structure over cloth: lit ridges around shaded cells."""
    p = pitch
    cell = (
        f'<rect width="{p}" height="{p}" fill="{light(colour, 0.25)}"/>'
        f'<rect x="{p * 0.22}" y="{p * 0.22}" width="{p * 0.72}" height="{p * 0.72}" '
        f'fill="{dark(colour, 0.2)}"/><rect x="{p * 0.36}" y="{p * 0.38}" '
        f'width="{p * 0.56}" height="{p * 0.54}" fill="{dark(colour, 0.08)}"/>'
    )
    c.path(d, c.tile(p, p, cell), opacity=0.72)


@shape("kitchentowels", box=(-230, -330, 230, 16), focus=(-70, -60), zoom=2.5, flat=True)
def kitchentowels(c: Canvas, t: Tone) -> None:
    """Three waffle towels hanging side by side from a peg rail."""
    for x in (-196, 190):
        c.oval(x, -316, 13, 13, "#8a8f90")
    c.box(-230, -324, 460, 15, c.linear([(0, light(BAR, 0.4)), (0.5, BAR), (1, dark(BAR, 0.4))], "down"), 7)
    others = {"white": ("#e7dfce", "#c9cfc6"), "flax": ("#efe7d8", "#a88d63"), "sea": ("#e9e4d9", "#8ba0ab")}[t.code]
    for i, colour in enumerate((others[0], t.base, others[1])):
        x = (-144, 0, 144)[i]
        low = (-10, 12, -24)[i]
        d = f"M{x - 62},-330 Q{x},-336 {x + 62},-330 L{x + 66},{low} Q{x},{low + 8} {x - 66},{low}Z"
        c.path(d, "#1d1510", opacity=0.25, filter=c.blur(6))
        c.path(d, c.linear([(0, dark(colour, 0.14)), (0.3, light(colour, 0.2)), (0.6, colour), (1, dark(colour, 0.2))]))
        waffle(c, d, colour)
        folds(c, d, colour, [(x - 18, x - 26, 12.0), (x + 22, x + 26, 12.0)], (-330, low + 10), 0.26)
        c.path(
            f"M{x - 63},-330 Q{x},-336 {x + 63},-330 V-304 H{x - 63}Z",
            c.linear([(0, "#fff", 0.35), (0.5, "#fff", 0.0), (1, "#000", 0.28)], "down"),
        )
        stripe = dark(colour, 0.3) if i != 1 or t.deep else "#7a8a86"
        for y in (-44, -34):
            c.line(
                f"M{x - 65},{low + y} Q{x},{low + y + 7} {x + 65},{low + y}",
                stripe,
                4,
                opacity=0.6,
                stroke_linecap="butt",
            )
