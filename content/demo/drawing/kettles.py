"""Kettles, pots for tea, and what coffee is brewed with."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, spline
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import (
    glass,
    glint,
    lathe,
    metal,
    rim,
    rounded,
    shadow,
    solid,
    speckle,
    turned,
    wood,
)
from content.demo.drawing.registry import shape

OAK = "#9a6b43"
COFFEE = "#4a2d1b"


@shape("gooseneck_kettle", box=(-290, -290, 236, 10), focus=(-80, -150), zoom=2.9)
def gooseneck_kettle(c: Canvas, t: Tone) -> None:
    """A pour-over kettle with a swan-neck spout and an oak grip."""
    shadow(c, 165)
    neck = "M-120,-46 C-196,-54 -196,-132 -214,-182 C-224,-212 -250,-224 -276,-214"
    c.line(neck, t.dark(0.28), 25)
    c.line("M-122,-52 C-190,-60 -190,-134 -208,-184 C-218,-214 -246,-226 -272,-217", t.light(0.28), 6, opacity=0.75)
    c.path("M-128,-30 C-160,-40 -168,-62 -170,-84 C-150,-84 -132,-78 -118,-70 Z", t.dark(0.22))
    c.line("M96,-196 C150,-226 214,-214 220,-158 C224,-112 216,-70 206,-34", t.dark(0.3), 16)
    c.line("M104,-202 C152,-226 200,-214 212,-176", t.light(0.25), 3, opacity=0.6)
    c.line("M219,-152 C223,-112 216,-72 207,-38", OAK, 24)
    c.line("M225,-148 C229,-112 222,-76 213,-42", dark(OAK, 0.4), 6, opacity=0.45)
    c.line("M213,-148 C217,-112 211,-76 203,-46", light(OAK, 0.32), 6, opacity=0.8)
    body = (
        "M-150,-14 C-150,-64 -128,-150 -110,-200 Q0,-214 110,-200 C128,-150 150,-64 150,-14 "
        "Q150,4 126,6 Q0,16 -126,6 Q-150,4 -150,-14 Z"
    )
    solid(c, body, t.base, 0.32)
    c.noise(body, t.dark(0.6), grain=(0.5, 0.5), gain=4, cut=-1.9, opacity=0.13)
    glint(c, "M-98,-188 C-118,-140 -132,-76 -134,-24 C-126,-20 -116,-18 -108,-18 C-104,-78 -92,-140 -74,-192 Z", 0.32)
    c.path("M-110,-200 Q0,-214 110,-200 Q108,-190 0,-189 Q-108,-190 -110,-200Z", t.dark(0.36))
    solid(c, "M-96,-202 C-90,-232 -40,-238 0,-238 C40,-238 90,-232 96,-202 Q0,-214 -96,-202 Z", t.base, 0.3, 0)
    c.box(-12, -258, 24, 24, t.dark(0.22), 4)
    solid(
        c,
        "M-21,-273 Q-21,-286 -8,-286 L8,-286 Q21,-286 21,-273 L21,-261 Q21,-248 8,-248 L-8,-248 Q-21,-248 -21,-261Z",
        OAK,
        0.3,
        0.1,
    )


@shape("iron_kettle", box=(-205, -330, 172, 12), focus=(-50, -110), zoom=2.7)
def iron_kettle(c: Canvas, t: Tone) -> None:
    """A cast-iron kettle with hobnail texture and a hooped handle."""
    shadow(c, 150)
    hoop = "M-128,-168 C-140,-300 -70,-322 0,-322 C70,-322 140,-300 128,-168"
    c.line(hoop, t.dark(0.45), 17)
    c.line("M-123,-190 C-128,-292 -66,-315 0,-315 C40,-315 84,-306 106,-272", t.light(0.32), 4, opacity=0.7)
    spout = "M-120,-118 C-160,-124 -166,-160 -196,-178 L-176,-196 C-146,-186 -130,-166 -104,-160Z"
    solid(c, spout, t.base, 0.22, 0)
    c.oval(-187, -188, 13, 8, t.dark(0.6), transform="rotate(-40 -187 -188)")
    profile = [(74, -196), (74, -196), (128, -168), (158, -112), (148, -48), (104, -4), (104, -4)]
    body = turned(c, profile, t.base, 0.26, 0.1)
    with c.group(clip_path=c.clip(body)):
        for row in range(7):
            y = -160 + row * 19
            half = [112, 138, 150, 155, 153, 146, 132][row]
            count = 19
            for i in range(count + 1):
                share = -1 + 2 * (i + (row % 2) * 0.5) / count
                x = half * (1 - (1 - abs(share)) ** 1.6) * (1 if share > 0 else -1)
                r = 5.2 * (1 - abs(x / half) * 0.55)
                c.oval(x, y + (1 - (x / half) ** 2) * 5, r, 5.2, t.dark(0.5), opacity=0.55)
                c.oval(x - 1.2, y - 1.8 + (1 - (x / half) ** 2) * 5, r * 0.6, 2.8, t.light(0.3), opacity=0.5)
    c.noise(body, t.dark(0.7), grain=(0.35, 0.35), gain=4, cut=-1.9, opacity=0.3)
    for side in (-1, 1):
        c.path(f"M{side * 112},-160 L{side * 140},-160 L{side * 136},-196 L{side * 116},-196Z", t.dark(0.38))
        c.oval(side * 127, -182, 6, 6, t.light(0.22))
    c.oval(0, -196, 84, 12, t.dark(0.45))
    turned(c, [(14, -222), (50, -218), (78, -200), (78, -198)], t.base, 0.24, 0.12, 0.1)
    solid(c, "M-9,-216 L-6,-230 C-22,-236 -20,-254 0,-255 C20,-254 22,-236 6,-230 L9,-216Z", t.base, 0.35, 0.1)


@shape("sidepot", box=(-190, -205, 236, 10), focus=(30, -120), zoom=2.6)
def sidepot(c: Canvas, t: Tone) -> None:
    """A small teapot with a straight side handle."""
    shadow(c, 140)
    spout = "M-106,-86 C-144,-96 -150,-128 -182,-146 L-164,-166 C-132,-158 -116,-140 -92,-132Z"
    solid(c, spout, t.base, 0.28, 0)
    c.oval(-174, -157, 14, 7, t.dark(0.55), transform="rotate(-42 -174 -157)")
    profile = [(72, -156), (72, -156), (122, -128), (138, -78), (122, -30), (84, 0), (84, 0)]
    body = turned(c, profile, t.base, 0.28, 0.1)
    for y, r in ((-120, 126), (-98, 134), (-60, 136), (-38, 128)):
        c.line(f"M{-r},{y} Q0,{y + 20} {r},{y}", t.dark(0.5), 1.1, opacity=0.3)
    speckle(c, body, t.dark(0.6), 0.35)
    glint(c, "M-96,-126 C-120,-100 -124,-66 -112,-36 C-102,-36 -96,-40 -92,-46 C-104,-70 -98,-104 -74,-132Z", 0.3, 6)
    handle = "M92,-112 L214,-164 Q234,-168 234,-148 Q232,-136 218,-130 L112,-72 Q92,-84 92,-112Z"
    solid(c, handle, t.base, 0.3, 0.3)
    c.oval(222, -149, 9, 14, t.dark(0.42), transform="rotate(-24 222 -149)")
    c.oval(0, -156, 78, 11, t.dark(0.4))
    turned(c, [(16, -178), (54, -174), (74, -160), (74, -157)], t.base, 0.28, 0.12, 0.1)
    solid(c, "M-8,-174 L-7,-182 C-20,-186 -18,-202 0,-203 C18,-202 20,-186 7,-182 L8,-174Z", t.base, 0.35, 0.1)


def cone_dripper(c: Canvas, colour: str) -> None:
    """A ceramic filter cone with a foot plate and a small ear."""
    c.line("M86,-92 C142,-98 140,-38 58,-40", dark(colour, 0.2), 15)
    c.line("M86,-95 C136,-98 134,-44 60,-44", light(colour, 0.35), 5, opacity=0.8)
    cone = "M-102,-118 C-92,-60 -52,-30 -34,-14 L34,-14 C52,-30 92,-60 102,-118 Z"
    solid(c, cone, colour, 0.3, 0.14)
    solid(c, "M-86,-14 Q0,4 86,-14 L82,-4 Q0,16 -82,-4 Z", dark(colour, 0.06), 0.3, 0)
    c.oval(0, -14, 86, 11, light(colour, 0.3))
    solid(c, "M-50,-36 L-34,-14 L34,-14 L50,-36 Q0,-26 -50,-36Z", dark(colour, 0.04), 0.3, 0)
    with c.placed(0, -118):
        rim(c, 0, 102, colour, 0.18, 8)
        for i in range(-5, 6):
            c.line(f"M{i * 16},{-10 + abs(i)} Q{i * 13},4 {i * 8},12", dark(colour, 0.45), 1.4, opacity=0.4)


@shape("dripper", box=(-108, -290, 146, 12), focus=(10, -220), zoom=2.7)
def dripper(c: Canvas, t: Tone) -> None:
    """A filter cone sitting on its own cup."""
    shadow(c, 92)
    c.line("M84,-126 C150,-130 150,-46 82,-40", t.dark(0.22), 18)
    c.line("M84,-129 C145,-132 146,-52 86,-45", t.light(0.4), 6, opacity=0.7)
    body = "M-94,-150 L-90,-30 Q-88,2 -54,5 Q0,13 54,5 Q88,2 90,-30 L94,-150 Z"
    solid(c, body, t.base, 0.3)
    speckle(c, body, t.light(0.6) if t.deep else t.dark(0.6), 0.26)
    glint(c, "M-80,-140 L-76,-30 Q-70,-14 -58,-12 L-62,-138Z", 0.4)
    with c.placed(0, -150):
        rim(c, 0, 94, t.base, 0.17)
    with c.placed(0, -146, 1.04):
        cone_dripper(c, t.base)


@shape("server", box=(-134, -306, 150, 12), focus=(0, -120), zoom=2.3)
def server(c: Canvas, _t: Tone) -> None:
    """A glass server with fresh coffee and a white cone on top."""
    shadow(c, 118)
    c.line("M92,-140 C158,-150 160,-52 108,-40", "#7f8b8c", 13, opacity=0.4)
    c.line("M92,-142 C154,-150 155,-58 108,-43", "#ffffff", 5, opacity=0.9)
    body = (
        "M-54,-190 L-54,-164 C-60,-140 -128,-120 -128,-50 Q-128,4 -80,6 Q0,14 80,6 "
        "Q128,4 128,-50 C128,-120 60,-140 54,-164 L54,-190 Z"
    )
    with c.group(clip_path=c.clip(body)):
        c.path(
            "M-140,-72 H140 V20 H-140Z", c.linear([(0, "#3d2110"), (0.25, "#7c5033"), (0.7, "#55301a"), (1, "#2f190c")])
        )
        c.oval(0, -72, 124, 13, "#8a5f3f")
        c.oval(0, -71, 117, 10, "#6b4326")
        for i in range(9):
            c.oval(-96 + i * 24 + c.rng.uniform(-6, 6), -72 + c.rng.uniform(-4, 5), 3, 2, "#c69a72", opacity=0.7)
        c.oval(-60, -20, 18, 40, "#b9835a", opacity=0.3, filter=c.blur(9))
    glass(c, body)
    c.oval(0, -190, 54, 8, "#ffffff", opacity=0.35)
    for y in (-40, -96):
        c.line(f"M20,{y} h30", "#ffffff", 2, opacity=0.75)
    c.box(-58, -176, 116, 12, c.linear(rounded(OAK)), 5)
    with c.placed(0, -182, 0.96):
        cone_dripper(c, BASES["white"])


@shape("press", box=(-98, -352, 172, 12), focus=(0, -210), zoom=2.3)
def press(c: Canvas, t: Tone) -> None:
    """A coffee press: glass beaker in a metal frame, plunger down."""
    shadow(c, 98)
    c.line("M92,-214 C168,-222 176,-90 92,-58", dark(OAK, 0.1), 26)
    c.line("M92,-222 C160,-228 166,-110 104,-70", light(OAK, 0.4), 6, opacity=0.7)
    body = lathe([(86, -248), (86, -248), (86, 0), (86, 0)], 0.1)
    with c.group(clip_path=c.clip(body)):
        c.path(
            "M-90,-178 H90 V20 H-90Z", c.linear([(0, "#2f190c"), (0.22, "#7c5033"), (0.6, "#4a2a17"), (1, "#28150a")])
        )
        c.oval(0, -178, 86, 9, "#a27550")
        c.oval(0, -179, 76, 6, "#c9a27c", opacity=0.8)
        c.box(-4, -250, 8, 132, c.linear(metal("#aab0b0")))
        c.box(-80, -124, 160, 9, c.linear(metal("#a5abab")), 3)
    glass(c, body)
    frame = c.linear(metal(t.base)) if t.code == "steel" else c.linear(rounded(t.base, 0.4))
    for y in (-236, -44):
        c.path(f"M-90,{y} Q0,{y + 18} 90,{y} l0,18 Q0,{y + 36} -90,{y + 18}Z", frame)
    for x in (-62, 0, 62):
        c.box(x - 7, -230, 14, 200, frame, 2, opacity=0.96)
    c.path("M-92,-16 Q0,4 92,-16 L92,4 Q0,24 -92,4Z", frame)
    for x in (-72, 66):
        c.box(x - 4, -6, 16, 20, frame, 4)
    turned(
        c,
        [(16, -284), (60, -278), (90, -258), (92, -244), (92, -244)],
        t.base,
        0.5 if t.code == "steel" else 0.34,
        0.1,
        0.2,
    )
    glint(c, "M-60,-270 Q-82,-262 -84,-246 L-58,-242Z", 0.5, 4)
    c.box(-4, -324, 8, 44, c.linear(metal("#b3b8b8")))
    solid(c, "M-22,-330 C-24,-352 24,-352 22,-330 C22,-316 -22,-316 -22,-330Z", OAK, 0.35, 0.2)


@shape("grinder", box=(-72, -372, 172, 10), focus=(10, -262), zoom=2.4)
def grinder(c: Canvas, t: Tone) -> None:
    """A hand grinder with a ribbed barrel and a folding crank."""
    shadow(c, 78)
    skin = metal(t.base) if t.code == "steel" else rounded(t.base, 0.4)
    lower = lathe([(60, -128), (60, -128), (62, 0), (62, 0)], 0.12)
    c.path(lower, c.linear(skin))
    wood(c, lathe([(63, -146), (63, -146), (63, -116), (63, -116)], 0.12), "#8d5f3a", upright=False)
    c.path(
        lathe([(63, -146), (63, -146), (63, -116), (63, -116)], 0.12),
        c.linear([(0, "#000", 0.4), (0.3, "#fff", 0.18), (0.6, "#000", 0), (1, "#000", 0.45)]),
    )
    upper = lathe([(60, -288), (60, -288), (60, -148), (60, -148)], 0.12)
    c.path(upper, c.linear(skin))
    with c.group(clip_path=c.clip(upper)):
        for i in range(27):
            x = -60 + i * 4.6
            c.line(f"M{x},-290 V-140", t.dark(0.6), 1.5, opacity=0.42)
            c.line(f"M{x + 1.6},-290 V-140", t.light(0.6), 1, opacity=0.3)
    turned(c, [(46, -308), (60, -300), (64, -288), (64, -288)], t.base, 0.45, 0.12, 0.1)
    c.oval(0, -308, 46, 6, t.light(0.3))
    c.box(-9, -332, 18, 28, c.linear(metal("#a9aeae")), 4)
    arm = spline([(-16, -334), (0, -340), (70, -338), (140, -322)])
    c.line(arm, "#6f7575", 13)
    c.line(spline([(-14, -337), (0, -343), (70, -341), (138, -326)]), "#e7ebea", 4, opacity=0.9)
    c.box(132, -338, 10, 24, c.linear(metal("#a9aeae")), 3)
    solid(c, "M120,-340 C116,-372 160,-374 156,-342 C156,-326 120,-326 120,-340Z", OAK, 0.36, 0.2)
    c.box(-30, -78, 60, 3, t.dark(0.45), 1, opacity=0.4)
