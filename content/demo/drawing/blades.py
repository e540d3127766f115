"""Knives, boards and wooden spoons."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import Tone, dark, light
from content.demo.drawing.matter import glint, metal, shadow, wood
from content.demo.drawing.registry import shape

STEEL = "#c3c8c9"
CHESTNUT = "#8a5a38"


def blade(c: Canvas, outline: str, hamon: str, spine: str, edge: str) -> None:
    """Paint forged steel: brushed flat, misty temper line, polished edge."""
    c.path(
        outline,
        c.linear([(0, "#9aa1a4"), (0.25, "#d7dbdb"), (0.5, "#b4babc"), (0.75, "#dfe2e1"), (1, "#a7aeb1")], "slant"),
    )
    c.noise(outline, "#4b5356", grain=(0.006, 0.35), gain=5, cut=-2.4, opacity=0.28)
    c.noise(outline, "#31383b", grain=(0.02, 0.045), gain=9, cut=-4.6, opacity=0.16)
    with c.group(clip_path=c.clip(outline)):
        c.path(hamon, "#f4f6f5", opacity=0.75, filter=c.blur(1.6))
        c.line(edge, "#ffffff", 3, opacity=0.9)
        c.line(spine, "#5d6669", 5, opacity=0.55)
    c.line(outline, "#6c7578", 0.9, opacity=0.6)


def handle(c: Canvas, d: str, ferrule: str, ridge: str) -> None:
    """Paint an eight-sided chestnut handle with a dark horn ferrule."""
    wood(c, d, CHESTNUT, upright=False, strength=0.55)
    c.path(
        d,
        c.linear(
            [(0, "#fff", 0.28), (0.3, "#fff", 0.05), (0.34, "#000", 0.0), (0.7, "#000", 0.16), (1, "#000", 0.45)],
            "down",
        ),
    )
    c.line(ridge, light(CHESTNUT, 0.5), 1.2, opacity=0.6)
    c.path(ferrule, c.linear([(0, "#5a5550"), (0.3, "#2f2b28"), (1, "#141211")], "down"))


@shape("knife", box=(-330, -226, 330, 226), focus=(-60, -30), zoom=2.0, flat=True)
def knife(c: Canvas, _t: Tone) -> None:
    """A santoku: straight edge, dropped tip, lying on the plate."""
    with c.group(transform="rotate(-36) scale(1.12)"):
        outline = (
            "M40,-42 L-250,-44 C-306,-42 -340,-10 -352,34 C-352,38 -346,40 -340,40 "
            "C-220,50 -90,50 30,46 Q38,46 38,38 L40,14 L66,10 L66,-14 L40,-20Z"
        )
        blade(
            c,
            outline,
            "M-352,30 C-300,22 -280,30 -250,24 S-190,30 -150,24 S-70,30 -30,24 S20,26 40,24 V60 H-360Z",
            "M44,-42 L-250,-44 C-306,-42 -340,-10 -352,34",
            "M-346,39 C-220,49 -90,49 36,45",
        )
        c.line("M0,-22 v26 m-8,-18 h16 m-16,10 h16 m-14,8 l12,0", "#4b5457", 2, opacity=0.55)
        c.box(60, -15, 10, 28, c.linear(metal("#8b9294"), "down"), 1)
        handle(
            c,
            "M96,-24 L330,-27 Q346,-26 346,-12 L346,14 Q346,27 330,27 L96,24Z",
            "M66,-22 L104,-25 L104,25 L66,22Z",
            "M106,-11 H342 M106,12 H342",
        )


@shape("smallknife", box=(-270, -190, 270, 190), focus=(-20, -10), zoom=2.0, flat=True)
def smallknife(c: Canvas, _t: Tone) -> None:
    """A petty knife: slim, pointed, lying on the plate."""
    with c.group(transform="rotate(-36)"):
        outline = (
            "M36,-20 L-180,-24 C-250,-24 -300,-2 -322,24 C-250,30 -90,30 26,26 Q34,26 34,20 L36,8 L60,7 L60,-9 L36,-12Z"
        )
        blade(
            c,
            outline,
            "M-322,24 C-270,14 -240,18 -210,13 S-150,18 -110,13 S-40,17 40,13 V40 H-330Z",
            "M40,-20 L-180,-24 C-250,-24 -300,-2 -322,24",
            "M-318,24 C-250,29 -90,29 32,25",
        )
        c.line("M4,-12 v16 m-6,-11 h12 m-12,6 h12", "#4b5457", 1.6, opacity=0.55)
        c.box(54, -10, 9, 19, c.linear(metal("#8b9294"), "down"), 1)
        handle(
            c,
            "M84,-18 L296,-21 Q310,-20 310,-9 L310,9 Q310,20 296,20 L84,18Z",
            "M60,-17 L92,-19 L92,19 L60,17Z",
            "M94,-8 H306 M94,9 H306",
        )


@shape("board", box=(-132, -410, 140, 10), focus=(-10, -300), zoom=2.2)
def board(c: Canvas, t: Tone) -> None:
    """A board with a handle, leaning upright; two woods glued in strips."""
    shadow(c, 132)
    outline = (
        "M-128,-6 L-128,-270 Q-128,-300 -98,-300 L-40,-300 Q-30,-300 -30,-312 L-30,-378 "
        "Q-30,-404 0,-404 Q30,-404 30,-378 L30,-312 Q30,-300 40,-300 L98,-300 "
        "Q128,-300 128,-270 L128,-6 Q128,6 116,6 L-116,6 Q-128,6 -128,-6Z "
        "M0,-390 a11,11 0 1,1 -.1,0Z"
    )
    with c.placed(9, 3):
        c.path(outline, dark(t.base, 0.5), fill_rule="evenodd")
    with c.group(clip_path=c.clip(outline.split(" M0", 1)[0])):
        for left, right, shade in (
            (-130, -62, 0.0),
            (-62, -52, 0.42),
            (-52, 56, 0.05),
            (56, 66, 0.42),
            (66, 130, 0.02),
        ):
            strip = f"M{left},8 V-406 H{right} V8Z"
            wood(c, strip, dark(t.base, shade), strength=0.55)
            c.line(f"M{right},8 V-406", dark(t.base, 0.6), 0.8, opacity=0.4)
    c.path(outline.split(" M0", 1)[0], c.linear([(0, "#fff", 0.2), (0.5, "#fff", 0), (1, "#000", 0.16)], "slant"))
    c.oval(0, -379, 11, 11, "#efe9dd")
    c.line("M-11,-379 a11,11 0 0 1 22,0", dark(t.base, 0.65), 3, opacity=0.7)
    c.line("M-124,-10 L-124,-270 Q-124,-296 -98,-296 L-40,-296", light(t.base, 0.5), 2, opacity=0.6)


def stem(c: Canvas, colour: str, length: float) -> None:
    """Paint a slim spoon handle upward from the origin."""
    d = (
        f"M-9,0 C-8,{-length * 0.4} -11,{-length * 0.8} -13,{-length + 12} "
        f"Q-13,{-length} 0,{-length} Q13,{-length} 13,{-length + 12} "
        f"C11,{-length * 0.8} 8,{-length * 0.4} 9,0Z"
    )
    wood(c, d, colour)
    c.path(d, c.linear([(0, "#fff", 0.3), (0.4, "#fff", 0.0), (1, "#000", 0.32)]))


def bowl_of_spoon(c: Canvas, d: str, hollow: str, colour: str) -> None:
    """Paint the carved head of a spoon."""
    wood(c, d, colour)
    c.path(d, c.linear([(0, "#fff", 0.25), (0.5, "#fff", 0), (1, "#000", 0.25)], "slant"))
    if hollow:
        c.path(
            hollow,
            c.linear(
                [(0, dark(colour, 0.5), 0.75), (0.6, dark(colour, 0.2), 0.35), (1, light(colour, 0.5), 0.5)], "slant"
            ),
        )
        c.line(hollow, dark(colour, 0.4), 1.2, opacity=0.4)


@shape("spoons", box=(-190, -300, 190, 180), focus=(0, 90), zoom=2.0, flat=True)
def spoons(c: Canvas, t: Tone) -> None:
    """A spoon, a ladle spoon and a slotted turner side by side."""
    wood_colour = "#d3b27c"
    with c.placed(-112, 40, 1, 9):
        stem(c, wood_colour, 330)
        bowl_of_spoon(
            c,
            "M0,-14 C48,-4 60,60 44,106 Q30,138 0,138 Q-30,138 -44,106 C-60,60 -48,-4 0,-14Z",
            "M0,8 C36,16 46,62 33,100 Q22,124 0,124 Q-22,124 -33,100 C-46,62 -36,16 0,8Z",
            wood_colour,
        )
    with c.placed(2, 40, 1, 0):
        colour = dark(wood_colour, 0.1)
        stem(c, colour, 340)
        bowl_of_spoon(
            c,
            "M-9,-14 L9,-14 C12,6 50,24 52,62 L50,126 Q48,138 36,138 L-36,138 "
            "Q-48,138 -50,126 L-52,62 C-50,24 -12,6 -9,-14Z",
            "",
            colour,
        )
        for x in (-24, 0, 24):
            c.box(x - 5, 56, 10, 62, dark(colour, 0.72), 5, opacity=0.8)
            c.box(x - 3, 58, 8, 60, "#e9ebe2", 4, opacity=0.75)
    with c.placed(114, 40, 1, -9):
        colour = light(wood_colour, 0.12)
        stem(c, colour, 330)
        bowl_of_spoon(
            c,
            "M-6,-12 C50,-22 76,34 66,80 Q54,130 0,130 Q-54,130 -66,80 C-76,34 -50,-22 -6,-12Z",
            "M0,6 C42,4 60,40 52,78 Q44,114 0,114 Q-44,114 -52,78 C-60,40 -42,4 0,6Z",
            colour,
        )
    glint(c, "M-130,70 Q-136,110 -116,140 L-122,100Z", 0.3, 5)
    _ = t
