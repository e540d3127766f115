"""Notebooks, the journal, pen, pencils and the desk tray."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, num
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import metal, rounded, shadow, stitch, weave, wood
from content.demo.drawing.registry import shape
from content.demo.drawing.travel import mark

BRASS = BASES["brass"]
TRIO = {"rust": ("rust", "flax", "pine"), "ink": ("ink", "bone", "sea"), "pine": ("pine", "oat", "clay")}


def notebook(c: Canvas, t: Tone, w: float, h: float) -> None:
    """One soft-cover notebook lying flat, thread-sewn along its spine."""
    with c.group(filter=c.drop(dx=5, dy=8, radius=8, opacity=0.34)):
        c.path(f"M{-w + 4},{-h + 3} H{w + 4} V{h + 5} H{-w + 4}Z", "#e9dfc9")
        c.line(f"M{w + 1},{-h + 5} V{h + 3} M{w + 3},{-h + 5} V{h + 4}", "#b9aa8a", 0.8)
        c.line(f"M{-w + 6},{h + 2} H{w + 2} M{-w + 6},{h + 4} H{w + 2}", "#b9aa8a", 0.8)
    cover = f"M{-w},{-h} H{w - 5} Q{w},{-h} {w},{-h + 5} V{h - 5} Q{w},{h} {w - 5},{h} H{-w}Z"
    c.path(cover, c.linear([(0, t.light(0.14)), (0.5, t.base), (1, t.dark(0.16))], "slant"))
    c.noise(cover, t.dark(0.6), grain=(0.2, 0.2), gain=5, cut=-2.4, opacity=0.2)
    c.noise(cover, t.light(0.7), grain=(0.03, 0.5), gain=5, cut=-2.6, opacity=0.16)
    c.path(f"M{-w},{-h} h26 v{h * 2} h-26Z", t.dark(0.28))
    weave(c, f"M{-w},{-h} h26 v{h * 2} h-26Z", t.dark(0.28), pitch=3, strength=0.3)
    stitch(c, f"M{-w + 10},{-h + 12} V{h - 12}", "#efe6d2", 2, "10 7")
    c.path(f"M-44,{-h + 56} h108 v58 h-108Z", "#f3ead8")
    c.noise(f"M-44,{-h + 56} h108 v58 h-108Z", "#8a7552", grain=(0.3, 0.3), gain=4, cut=-1.9, opacity=0.14)
    mark(c, -18, -h + 85, 12, "#3b3a36", 1.7)
    for i, length in enumerate((46, 30)):
        c.line(f"M6,{-h + 78 + i * 14} h{length}", "#5b564c", 2.2, opacity=0.7)


@shape("notebooks", box=(-210, -260, 210, 250), focus=(20, -130), zoom=2.0, flat=True)
def notebooks(c: Canvas, t: Tone) -> None:
    """Three notebooks fanned over one another."""
    codes = TRIO[t.code]
    for code, x, y, turn in ((codes[2], 52, -14, 13), (codes[1], 14, -2, 4), (codes[0], -34, 10, -6)):
        with c.placed(x, y, 1, turn):
            notebook(c, Tone(code), 142, 204)


@shape("journal", box=(-170, -232, 186, 246), focus=(90, -150), zoom=2.1, flat=True)
def journal(c: Canvas, t: Tone) -> None:
    """A leather-bound travel log with elastic band, ribbon and pen loop."""
    with c.placed(0, 0, 1, 4):
        c.path("M-150,-212 H160 V222 H-150Z", "#e7dcc4")
        for k in range(6):
            c.line(f"M{154 + k},-208 V{217 + k * 0.6}", "#b5a582", 0.8, opacity=0.8)
            c.line(f"M-146,{217 + k} H{154 + k}", "#b5a582", 0.8, opacity=0.8)
        c.path("M40,200 h13 v46 l-6.5,-9 l-6.5,9Z", "#b0361a")
        cover = "M-156,-222 H142 Q156,-222 156,-208 V200 Q156,214 142,214 H-156 Q-164,0 -156,-222Z"
        c.path(cover, c.linear([(0, t.light(0.22)), (0.5, t.base), (1, t.dark(0.28))], "slant"))
        c.noise(cover, t.dark(0.7), grain=(0.14, 0.14), gain=6, cut=-3.0, opacity=0.32)
        c.noise(cover, t.light(0.6), grain=(0.012, 0.018), gain=4, cut=-2.0, opacity=0.08)
        c.path(
            "M-156,-222 h32 V214 h-32 Q-164,0 -156,-222Z",
            c.linear([(0, "#000", 0.35), (0.45, "#fff", 0.2), (0.8, "#000", 0.06), (1, "#000", 0.3)]),
        )
        for y in (-150, -60, 50, 140):
            c.line(f"M-159,{y} q16,5 34,0", t.dark(0.6), 3, opacity=0.5)
            c.line(f"M-159,{y - 3} q16,5 34,0", t.light(0.5), 1.6, opacity=0.5)
        stitch(c, "M-112,-210 H140 Q145,-210 145,-204 V196 Q145,202 140,202 H-112Z", t.light(0.45), 1.6, "6 4", 0.7)
        mark(c, 6, -80, 40, t.dark(0.55), 3.4)
        mark(c, 7, -79, 40, t.light(0.4), 1)
        c.line("M-20,-16 h52 M-8,-2 h28", t.dark(0.55), 3.4)
        c.box(104, -222, 15, 436, "#120d08", 0, opacity=0.4, filter=c.blur(4))
        c.box(100, -224, 14, 440, c.linear(rounded("#23211f" if t.code != "ink" else "#7d2f20", 0.3)))
        for y in range(-220, 214, 6):
            c.line(f"M100,{y} h14", "#fff", 0.8, opacity=0.16)
        c.box(150, -120, 26, 190, c.linear(metal(BRASS)), 11)
        c.path("M150,70 H176 L163,104Z", c.linear(metal("#b5babb")))
        c.path("M140,-40 h44 v54 h-44Z", c.linear(rounded(t.dark(0.15), 0.3)))
        stitch(c, "M142,-36 h40 M142,10 h40", t.light(0.4), 1.3, "4 3")


@shape("pen", box=(-250, -250, 250, 250), focus=(150, -150), zoom=2.0, flat=True)
def pen(c: Canvas, t: Tone) -> None:
    """A slim metal ballpoint with a clip, lying across the plate."""
    base = BRASS if t.code == "brass" else "#3a3e3d"
    skin = c.linear(metal(base), "down")
    with c.placed(0, 0, 1.16, -45):
        c.path("M-276,0 L-262,-5 L-262,5Z", "#d9dcdb")
        c.path(
            "M-264,-6 L-206,-17 L-206,17 L-264,6Z",
            c.linear(metal("#c3a064" if t.code == "brass" else "#b4b9b9"), "down"),
        )
        c.path("M-208,-17.5 L-196,-19 V19 L-208,17.5Z", c.linear(metal("#8a8d8c"), "down"))
        c.box(-198, -19, 216, 38, skin, 2)
        for i in range(21):
            x = -188 + i * 5.2
            c.line(f"M{num(x)},-18.6 V18.6", dark(base, 0.6), 1.5, opacity=0.6)
            c.line(f"M{num(x + 1.7)},-18.6 V18.6", light(base, 0.7), 1, opacity=0.55)
        c.box(14, -20, 13, 40, c.linear(metal("#d8dbd8"), "down"), 2)
        c.box(26, -19, 206, 38, skin, 4)
        c.box(230, -13, 26, 26, c.linear(metal("#c9ccca"), "down"), 5)
        c.box(254, -9, 20, 18, skin, 7)
        c.path("M232,-26 L92,-27 Q76,-26 78,-16 L84,-14 L232,-17Z", "#120d08", opacity=0.4, filter=c.blur(3))
        c.path(
            "M236,-30 L90,-31 Q74,-30 76,-18 Q80,-14 86,-18 L92,-22 L236,-21Z",
            c.linear(metal(light(base, 0.2)), "down"),
        )
        c.line("M92,-29 H232", "#fff", 1.6, opacity=0.6)
        mark(c, 190, 2, 8, dark(base, 0.6), 1.4)


@shape("pencils", box=(-214, -250, 214, 226), focus=(30, -150), zoom=2.1, flat=True)
def pencils(c: Canvas, _t: Tone) -> None:
    """Twelve cedar pencils in a row, held by a paper band."""
    cedar, colours = "#c98f5d", ("#2f3331", "#ab4a30", "#27584a", "#4f6f86", "#b9772f", "#8a8276")
    for i in range(12):
        x = -192 + i * 35
        drop = (0, 9, -5, 6, -9, 4, 12, -3, 7, -7, 3, -2)[i]
        tone = colours[i % 6]
        with c.placed(x, drop):
            wood(c, "M-15,-170 H15 V214 H-15Z", cedar)
            c.path(
                "M-15,-170 H15 V214 H-15Z",
                c.linear(
                    [
                        (0, "#000", 0.34),
                        (0.3, "#000", 0.04),
                        (0.31, "#fff", 0.3),
                        (0.66, "#fff", 0.1),
                        (0.67, "#000", 0.16),
                        (1, "#000", 0.4),
                    ]
                ),
            )
            cone = "M-15,-166 C-15,-174 -8,-174 -5,-166 C-4,-174 4,-174 5,-166 C8,-174 15,-174 15,-166 L3.4,-230 H-3.4Z"
            c.path(cone, c.linear(rounded("#e6c394", 0.5)))
            c.noise(cone, "#8b5e35", grain=(0.2, 0.01), gain=5, cut=-2.3, opacity=0.4)
            c.path("M-4.6,-224 H4.6 L1,-246 Q0,-249 -1,-246Z", c.linear(rounded(tone, 0.4)))
            c.box(-15, 180, 30, 36, c.linear(rounded(tone, 0.34)), 2)
            c.line("M-15,178 h30", "#e8d9b8", 3, stroke_linecap="butt")
    band = "M-214,20 Q0,28 214,20 V116 Q0,124 -214,116Z"
    c.path("M-214,26 H214 V126 H-214Z", "#120d08", opacity=0.36, filter=c.blur(7))
    c.path(band, c.linear([(0, "#d5c8ad"), (0.2, "#f6efdf"), (0.6, "#efe6d3"), (1, "#cabc9f")]))
    c.noise(band, "#8a7552", grain=(0.3, 0.3), gain=4, cut=-1.9, opacity=0.16)
    mark(c, 0, 71, 25, "#27584a", 2.6)
    for side in (-1, 1):
        for k, length in enumerate((86, 56)):
            c.line(f"M{side * 46},{64 + k * 16} h{side * length}", "#5b564c", 2.6, opacity=0.6)


@shape("tray", box=(-262, -150, 262, 40), focus=(-130, -50), zoom=2.2)
def tray(c: Canvas, t: Tone) -> None:
    """A wooden desk tray with two compartments, holding a pen, pins and cards."""
    shadow(c, 236, y=24)
    floor = "M-244,-6 L-186,-128 H186 L244,-6Z"
    wood(c, floor, t.dark(0.24), upright=False, strength=0.5)
    c.path(floor, c.linear([(0, "#000", 0.5), (0.4, "#000", 0.16), (1, "#000", 0.05)], "down"))
    back = "M-190,-132 H190 L184,-92 H-184Z"
    wood(c, back, t.dark(0.2), upright=False)
    for side in (-1, 1):
        inside = f"M{side * 190},-132 L{side * 250},-14 L{side * 226},0 L{side * 180},-96Z"
        wood(c, inside, t.dark(0.16 if side < 0 else 0.3), upright=False)
    with c.placed(-90, -52, 0.52, -7):
        skin = c.linear(metal(BRASS), "down")
        c.box(-196, -8, 410, 34, "#120d08", 14, opacity=0.5, filter=c.blur(7))
        c.path("M-264,-6 L-206,-17 L-206,17 L-264,6Z", c.linear(metal("#b4b9b9"), "down"))
        c.box(-206, -17, 420, 34, skin, 6)
        c.box(212, -11, 22, 22, c.linear(metal("#c9ccca"), "down"), 4)
        c.box(80, -24, 140, 10, skin, 4)
    with c.placed(-70, -28, 0.5, 4):
        c.box(-230, -6, 440, 26, "#120d08", 10, opacity=0.4, filter=c.blur(6))
        c.path("M-236,0 L-196,-11 V11Z", "#e6c394")
        c.box(-198, -12, 400, 24, c.linear(rounded("#27584a", 0.4), "down"))
    divider = "M64,-128 L76,-128 L96,-4 L80,-4Z"
    wood(c, divider, t.light(0.06))
    c.path("M96,-28 L112,-96 L176,-96 L204,-28Z", "#120d08", opacity=0.36, filter=c.blur(6))
    for k, colour in enumerate(("#d8cdb6", "#efe7d6", "#f7f1e4")):
        c.path(f"M98,{-30 - k * 4} L112,{-92 - k * 4} L174,{-92 - k * 4} L202,{-30 - k * 4}Z", colour)
    mark(c, 148, -70, 13, "#27584a", 1.8)
    front = "M-254,-16 Q-262,-16 -262,-8 L-258,24 Q-256,34 -244,34 H244 Q256,34 258,24 L262,-8 Q262,-16 254,-16Z"
    wood(c, front, t.base, upright=False, strength=0.5)
    c.path(front, c.linear([(0, "#fff", 0.22), (0.2, "#fff", 0), (1, "#000", 0.3)], "down"))
    c.line("M-256,-14 H256", t.light(0.5), 3, opacity=0.7)
    for side in (-1, 1):
        rail = f"M{side * 186},-138 L{side * 198},-138 L{side * 260},-14 L{side * 244},-8Z"
        wood(c, rail, t.light(0.06), upright=False)
        for k in range(3):
            y = -4 + k * 13
            c.box(side * 250 - 7, y, 14, 7, t.dark(0.45), 1, opacity=0.55)
    wood(c, "M-190,-140 H190 L188,-132 H-188Z", t.light(0.1), upright=False)
