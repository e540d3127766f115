"""Totes, the weekender and the backpack."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import folds, metal, rounded, shadow, stitch, weave
from content.demo.drawing.registry import shape

LEATHER = "#8f5c36"
BRASS = BASES["brass"]


def canvas_cloth(c: Canvas, d: str, t: Tone) -> None:
    """Heavy cotton canvas over a bag panel."""
    c.path(
        d,
        c.linear(
            [(0, t.dark(0.34)), (0.14, t.light(0.2)), (0.4, t.light(0.06)), (0.75, t.dark(0.14)), (1, t.dark(0.42))]
        ),
    )
    weave(c, d, t.base, pitch=4, strength=0.22)


def hide(c: Canvas, d: str, direction: str = "across") -> None:
    """Vegetable-tanned leather with pores."""
    c.path(
        d,
        c.linear(
            [(0, dark(LEATHER, 0.25)), (0.3, light(LEATHER, 0.22)), (0.7, LEATHER), (1, dark(LEATHER, 0.4))], direction
        ),
    )
    c.noise(d, dark(LEATHER, 0.6), grain=(0.3, 0.3), gain=5, cut=-2.5, opacity=0.22)


def handle(c: Canvas, d: str, inner: str, behind: bool = False) -> None:
    """A rolled leather handle."""
    c.line(d, dark(LEATHER, 0.42 if behind else 0.24), 15)
    if not behind:
        c.line(d, LEATHER, 11)
        c.line(inner, light(LEATHER, 0.4), 3.4, opacity=0.75)


@shape("bag", box=(-190, -420, 190, 12), focus=(-80, -250), zoom=2.1)
def bag(c: Canvas, t: Tone) -> None:
    """A canvas tote with a leather base and long handles."""
    shadow(c, 178)
    handle(c, "M-66,-262 C-62,-430 62,-430 66,-262", "", behind=True)
    c.path("M-164,-286 Q0,-300 164,-286 L158,-264 Q0,-256 -158,-264Z", t.dark(0.55))
    body = (
        "M-166,-284 Q0,-270 166,-284 C172,-190 182,-90 186,-18 Q184,4 164,6 Q0,12 -164,6 "
        "Q-184,4 -186,-18 C-182,-90 -172,-190 -166,-284Z"
    )
    canvas_cloth(c, body, t)
    folds(c, body, t.base, [(-90, -116, 22.0), (30, 40, 24.0), (112, 132, 16.0)], (-250, 4), 0.2)
    with c.group(clip_path=c.clip(body)):
        hide(c, "M-200,-66 Q0,-50 200,-66 L200,20 L-200,20Z")
        stitch(c, "M-196,-60 Q0,-44 196,-60", light(LEATHER, 0.55))
        c.line("M-200,-67 Q0,-51 200,-67", dark(LEATHER, 0.6), 2, opacity=0.5)
        c.path("M-200,-280 Q0,-266 200,-280 L200,-258 Q0,-244 -200,-258Z", t.light(0.1), opacity=0.5)
        stitch(c, "M-168,-258 Q0,-244 170,-258", t.light(0.6) if t.deep else t.dark(0.4), 1.5)
    for x in (-84, 84):
        patch = f"M{x - 16},-274 L{x + 16},-274 L{x + 16},-196 Q{x},-182 {x - 16},-196Z"
        c.path(patch, "#1d1510", opacity=0.3, filter=c.blur(3))
        hide(c, patch)
        stitch(c, f"M{x - 11},-268 V-200 Q{x},-190 {x + 11},-200 V-268", light(LEATHER, 0.55), 1.4)
        c.oval(x, -204, 4, 4, c.linear(metal(BRASS)))
    handle(c, "M-84,-262 C-80,-424 80,-424 84,-262", "M-80,-272 C-74,-408 62,-414 78,-290")
    hide(c, "M-30,-168 h60 v36 h-60Z")
    stitch(c, "M-25,-163 h50 v26 h-50Z", light(LEATHER, 0.5), 1.2, "4 3")


@shape("weekender", box=(-234, -312, 234, 14), focus=(-70, -150), zoom=2.2)
def weekender(c: Canvas, t: Tone) -> None:
    """A canvas travel bag with leather straps and a brass zip."""
    shadow(c, 228)
    handle(c, "M-110,-196 C-104,-338 104,-338 110,-196", "", behind=True)
    body = (
        "M-226,-34 C-236,-110 -214,-206 -176,-214 Q0,-232 176,-214 C214,-206 236,-110 226,-34 "
        "Q222,4 186,6 Q0,14 -186,6 Q-222,4 -226,-34Z"
    )
    canvas_cloth(c, body, t)
    folds(c, body, t.base, [(-150, -176, 22.0), (10, 6, 30.0), (150, 172, 20.0)], (-190, -30), 0.2)
    with c.group(clip_path=c.clip(body)):
        hide(c, "M-240,-52 Q0,-30 240,-52 L240,20 L-240,20Z")
        stitch(c, "M-236,-46 Q0,-24 236,-46", light(LEATHER, 0.55), 2)
        for side in (-1, 1):
            hide(
                c,
                f"M{side * 240},-230 L{side * 196},-216 C{side * 206},-150 {side * 206},-100 "
                f"{side * 204},-46 L{side * 240},-46Z",
            )
        for x in (-92, 92):
            hide(c, f"M{x - 17},-240 L{x + 17},-240 L{x + 15},-30 L{x - 15},-30Z")
            stitch(c, f"M{x - 11},-212 L{x - 10},-36", light(LEATHER, 0.55), 1.6)
            stitch(c, f"M{x + 11},-212 L{x + 10},-36", light(LEATHER, 0.55), 1.6)
    c.line("M-178,-206 Q0,-222 178,-206", dark(t.base, 0.7), 9)
    c.line("M-178,-207 Q0,-223 178,-207", light(BRASS, 0.3), 3, stroke_dasharray="2.4 3.2", stroke_linecap="butt")
    c.path("M168,-212 l34,14 l-4,10 l-34,-14Z", c.linear(metal(BRASS)))
    for x in (-92, 92):
        c.oval(x, -176, 11, 11, "none", stroke=dark(BRASS, 0.1), stroke_width=5)
        c.oval(x, -176, 11, 11, "none", stroke=light(BRASS, 0.6), stroke_width=1.5)
    handle(c, "M-128,-186 C-122,-318 122,-318 128,-186", "M-122,-198 C-116,-308 100,-312 122,-212")
    hide(c, "M-34,-296 Q0,-306 34,-296 L34,-272 Q0,-282 -34,-272Z", "down")
    stitch(c, "M-30,-276 Q0,-286 30,-276", light(LEATHER, 0.5), 1.3, "4 3")
    hide(c, "M-36,-146 h72 v42 h-72Z")
    stitch(c, "M-30,-140 h60 v30 h-60Z", light(LEATHER, 0.5), 1.4, "4 4")


@shape("backpack", box=(-160, -430, 160, 14), focus=(10, -260), zoom=2.1)
def backpack(c: Canvas, t: Tone) -> None:
    """A rolled-top city backpack with a front pocket and two buckled straps."""
    shadow(c, 140)
    for side in (-1, 1):
        c.line(f"M{side * 100},-330 C{side * 176},-300 {side * 172},-120 {side * 128},-24", t.dark(0.5), 24)
        c.line(f"M{side * 104},-328 C{side * 168},-296 {side * 166},-120 {side * 126},-28", t.dark(0.3), 15)
    c.line("M-34,-404 C-30,-442 30,-442 34,-404", dark(LEATHER, 0.3), 13)
    c.line("M-30,-408 C-26,-434 26,-434 30,-408", light(LEATHER, 0.3), 3, opacity=0.8)
    body = (
        "M-124,-352 C-118,-372 118,-372 124,-352 C140,-240 146,-120 138,-22 "
        "Q134,4 108,6 Q0,14 -108,6 Q-134,4 -138,-22 C-146,-120 -140,-240 -124,-352Z"
    )
    canvas_cloth(c, body, t)
    folds(c, body, t.base, [(-66, -84, 18.0), (70, 86, 18.0)], (-330, -20), 0.18)
    with c.group(clip_path=c.clip(body)):
        hide(c, "M-150,-44 Q0,-30 150,-44 L150,20 L-150,20Z")
        stitch(c, "M-150,-38 Q0,-24 150,-38", light(LEATHER, 0.55))
    flap = (
        "M-126,-362 C-122,-416 -60,-414 0,-414 C60,-414 122,-416 126,-362 "
        "C132,-320 132,-284 128,-262 Q0,-236 -128,-262 C-132,-284 -132,-320 -126,-362Z"
    )
    c.path("M-126,-300 L126,-300 L130,-244 Q0,-218 -130,-244Z", "#120d08", opacity=0.5, filter=c.blur(8))
    canvas_cloth(c, flap, t)
    c.path(flap, c.linear([(0, "#fff", 0.22), (0.4, "#fff", 0.0), (1, "#000", 0.14)], "down"))
    stitch(c, "M-120,-270 Q0,-246 120,-270", t.light(0.5), 1.8)
    pocket = "M-94,-196 Q0,-184 94,-196 L98,-66 Q94,-54 80,-54 Q0,-48 -80,-54 Q-94,-54 -98,-66Z"
    c.path(pocket, "#120d08", opacity=0.42, filter=c.blur(6))
    canvas_cloth(c, pocket, t)
    c.line("M-92,-186 Q0,-174 92,-186", t.dark(0.7), 8)
    c.line("M-92,-187 Q0,-175 92,-187", light(BRASS, 0.3), 2.6, stroke_dasharray="2.2 3", stroke_linecap="butt")
    c.path("M-92,-190 l-6,26 l9,2 l6,-26Z", c.linear(metal(BRASS)))
    stitch(c, "M-90,-168 L-91,-68 Q-88,-60 -78,-60 Q0,-54 78,-60 Q88,-60 91,-68 L90,-168", t.light(0.5), 1.6)
    for x in (-58, 58):
        strap = f"M{x - 13},-330 L{x + 13},-330 L{x + 12},-214 Q{x},-200 {x - 12},-214Z"
        c.path(strap, "#120d08", opacity=0.35, filter=c.blur(4))
        hide(c, strap)
        stitch(c, f"M{x - 8},-324 V-218 M{x + 8},-324 V-218", light(LEATHER, 0.55), 1.3)
        c.box(x - 20, -264, 40, 26, "none", 4, stroke=dark(BRASS, 0.05), stroke_width=5)
        c.box(x - 20, -264, 40, 26, "none", 4, stroke=light(BRASS, 0.6), stroke_width=1.4)
        c.line(f"M{x},-262 V-240", light(BRASS, 0.2), 3.4)
    c.box(-28, -130, 56, 30, c.linear(rounded(LEATHER, 0.3)), 2)
    stitch(c, "M-24,-126 h48 v22 h-48Z", light(LEATHER, 0.55), 1.2, "4 3")
