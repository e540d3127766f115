"""Pouches, the cable organiser and the passport wallet."""

from __future__ import annotations

from content.demo.drawing.bags import LEATHER, canvas_cloth, hide
from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import BASES, Tone, dark, light
from content.demo.drawing.matter import metal, rounded, stitch
from content.demo.drawing.registry import shape

BRASS = BASES["brass"]


def pouch_body(c: Canvas, t: Tone, w: float, h: float) -> None:
    """One flat zip pouch, centred, with a leather pull."""
    d = (
        f"M{-w + 8},{-h} L{w - 8},{-h} Q{w},{-h} {w},{-h + 10} C{w + 5},0 {w + 3},{h - 20} "
        f"{w - 2},{h - 10} Q{w - 4},{h} {w - 14},{h} Q0,{h + 6} {-w + 14},{h} Q{-w + 4},{h} "
        f"{-w + 2},{h - 10} C{-w - 3},{h - 20} {-w - 5},0 {-w},{-h + 10} Q{-w},{-h} {-w + 8},{-h}Z"
    )
    with c.group(filter=c.drop(dx=4, dy=7, radius=7, opacity=0.34)):
        canvas_cloth(c, d, t)
    c.path(d, c.linear([(0, "#fff", 0.24), (0.4, "#fff", 0), (1, "#000", 0.22)], "slant"))
    c.path(f"M{-w + 5},{-h + 12} H{w - 5} V{-h + 30} H{-w + 5}Z", t.dark(0.25))
    c.line(f"M{-w + 10},{-h + 21} H{w - 10}", light(BRASS, 0.25), 5, stroke_dasharray="2.2 2.4", stroke_linecap="butt")
    c.line(f"M{-w + 10},{-h + 21} H{w - 10}", dark(BRASS, 0.5), 1)
    seam = t.light(0.6) if t.deep else t.dark(0.4)
    stitch(c, f"M{-w + 6},{-h + 35} H{w - 6}", seam, 1.4, "5 4", 0.7)
    c.box(w - 62, -h + 15, 18, 12, c.linear(metal(BRASS)), 3)
    with c.placed(w - 60, -h + 22, 1, 24):
        hide(c, "M-48,-6 L0,-6 L0,6 L-48,6 Q-56,0 -48,-6Z")
    hide(c, f"M{-w + 20},{h - 46} h46 v28 h-46Z")


@shape("pouch", box=(-220, -230, 220, 222), focus=(90, 60), zoom=2.1, flat=True)
def pouch(c: Canvas, t: Tone) -> None:
    """Three zip pouches from large to small, fanned out."""
    order = ("flax", "rust", "ink") if t.code == "flax" else ("ink", "flax", "pine")
    with c.placed(-26, -100, 1, -7):
        pouch_body(c, Tone(order[0]), 182, 118)
    with c.placed(30, 26, 1, 5):
        pouch_body(c, Tone(order[1]), 150, 98)
    with c.placed(-20, 140, 1, -4):
        pouch_body(c, Tone(order[2]), 112, 72)


@shape("organiser", box=(-210, -210, 210, 190), focus=(-60, 20), zoom=2.1, flat=True)
def organiser(c: Canvas, t: Tone) -> None:
    """An opened organiser with cable, charger, pen and cards under elastic loops."""
    outer = (
        "M-198,-196 H198 Q208,-196 208,-186 V176 Q208,186 198,186 H-198 Q-208,186 -208,176 V-186 Q-208,-196 -198,-196Z"
    )
    canvas_cloth(c, outer, t)
    c.line(outer, t.dark(0.4), 7)
    c.line("M0,-196 V186", t.dark(0.5), 8, opacity=0.6, filter=c.blur(2))
    stitch(c, "M-194,-182 H194 V172 H-194Z M-8,-182 V172 M8,-182 V172", t.light(0.5), 1.5)
    c.line(outer, light(BRASS, 0.2), 2.2, stroke_dasharray="2.2 2.6", stroke_linecap="butt")
    cable = "#e8e3d8"
    for k in (0, 9, 18):
        loop = f"M-160,{-96 + k} C-160,-176 -44,-176 -44,{-96 + k} C-44,-20 -160,-20 -160,{-96 + k}Z"
        c.line(loop, "#120d08", 9, opacity=0.3, filter=c.blur(3))
        c.line(loop, dark(cable, 0.22), 8)
        c.line(loop, light(cable, 0.4), 3, opacity=0.9)
    c.line("M-60,-60 C-40,-30 -60,0 -36,14", dark(cable, 0.22), 8)
    c.box(-50, 8, 26, 34, c.linear(rounded("#f3efe6", 0.3)), 5)
    c.box(-44, 40, 14, 14, c.linear(metal("#b5babb")), 2)
    c.box(-176, 34, 92, 104, "#120d08", 14, opacity=0.35, filter=c.blur(6))
    c.box(-180, 26, 92, 104, c.linear([(0, "#fbf8f1"), (1, "#d2ccc0")], "slant"), 14)
    c.add('<circle cx="-134" cy="78" r="14" fill="none" stroke="#b8b1a3" stroke-width="2"/>')
    c.box(-72, 78, 52, 74, "#120d08", 6, opacity=0.3, filter=c.blur(4))
    c.box(-74, 74, 52, 74, c.linear([(0, "#55595b"), (1, "#2a2d2e")], "slant"), 6)
    pen = c.linear(metal(BRASS))
    c.box(44, -166, 17, 210, "#120d08", 8, opacity=0.3, filter=c.blur(4))
    c.box(40, -168, 17, 196, pen, 8)
    c.path("M40,24 H57 L49,54Z", c.linear(metal("#b5babb")))
    c.box(86, -164, 20, 150, c.linear(rounded("#33383a", 0.4)), 4)
    c.box(90, -178, 12, 16, c.linear(metal("#b5babb")), 2)
    c.box(130, -160, 28, 96, c.linear(rounded("#b0b5b5", 0.6)), 6)
    pocket = "M18,66 H188 V168 H18Z"
    c.path("M34,26 L176,18 L182,120 L40,128Z", "#efe6d2")
    c.path("M34,26 L176,18 L177,32 L35,40Z", "#27584a")
    c.path("M28,44 L170,44 L170,130 L28,130Z", "#dfd2b8")
    c.path(pocket, "#120d08", opacity=0.4, filter=c.blur(5))
    canvas_cloth(c, pocket, t)
    stitch(c, "M24,76 H182", t.light(0.5), 1.4)
    for x, y, w in ((-184, -108, 164), (26, -120, 162), (26, -20, 98), (-184, 62, 164)):
        c.box(x, y + 4, w, 20, "#120d08", 2, opacity=0.25, filter=c.blur(3))
        c.box(x, y, w, 20, t.dark(0.45), 2)
        for k in (5, 10, 15):
            c.line(f"M{x},{y + k} h{w}", t.light(0.3), 0.9, opacity=0.6)
        for sx in (x + 2, x + w - 2):
            c.line(f"M{sx},{y + 1} v18", light(LEATHER, 0.4), 2.4)


@shape("wallet", box=(-150, -230, 160, 206), focus=(-10, -150), zoom=2.2, flat=True)
def wallet(c: Canvas, t: Tone) -> None:
    """A leather passport wallet with a passport and a boarding card peeking out."""
    c.path("M-96,-226 L110,-214 L104,-80 L-102,-92Z", "#f4efe3")
    c.line("M-82,-206 h60 M-80,-194 h96 M40,-198 h50", "#8a8375", 3, opacity=0.6)
    c.line("M86,-196 v70", "#3b3b3b", 12, stroke_dasharray="2 3 4 2 1 3", stroke_linecap="butt", opacity=0.7)
    booklet = "M-112,-196 H118 Q126,-196 126,-188 V-60 H-112Z"
    c.path("M-112,-188 H130 V-60 H-112Z", "#120d08", opacity=0.35, filter=c.blur(5))
    c.path(booklet, c.linear([(0, "#7d2b2c"), (0.4, "#6a2224"), (1, "#4e181b")], "slant"))
    c.noise(booklet, "#1d0a0a", grain=(0.4, 0.4), gain=4, cut=-1.9, opacity=0.25)
    c.add('<circle cx="6" cy="-156" r="22" fill="none" stroke="#d6b167" stroke-width="2.4"/>')
    c.line(
        "M6,-178 C15,-168 18,-163 18,-156 S15,-144 6,-134 M6,-178 C2,-168 1,-163 1,-156 S2,-144 6,-134 M-16,-156 H28",
        "#d6b167",
        1.8,
    )
    base = t.base
    front = "M-140,-138 L50,-138 C70,-138 74,-118 92,-118 L150,-118 V184 Q150,200 134,200 H-124 Q-140,200 -140,184Z"
    c.path(front, "#120d08", opacity=0.4, filter=c.blur(7))
    c.path(front, c.linear([(0, light(base, 0.2)), (0.45, base), (1, dark(base, 0.3))], "slant"))
    c.noise(front, dark(base, 0.7), grain=(0.16, 0.16), gain=6, cut=-3.0, opacity=0.3)
    c.noise(front, light(base, 0.6), grain=(0.02, 0.03), gain=4, cut=-2.0, opacity=0.08)
    thread = light(base, 0.5)
    stitch(
        c,
        "M-130,-128 L48,-128 C66,-128 70,-108 90,-108 L140,-108 M140,-104 V182 "
        "Q140,190 132,190 H-122 Q-130,190 -130,182 V-124",
        thread,
        2,
    )
    c.path(
        "M-140,-138 h20 v338 h-4 q-16,0 -16,-16Z", c.linear([(0, "#000", 0.3), (0.5, "#fff", 0.16), (1, "#000", 0.16)])
    )
    slot = "M-96,20 H118"
    c.line(slot, dark(base, 0.6), 3)
    stitch(c, "M-96,28 H118 M-96,20 V150 H118 V20", thread, 1.6)
    c.path("M-84,20 V2 Q-84,-6 -76,-6 H98 Q106,-6 106,2 V20Z", "#d9d2c4")
    c.path("M-84,20 V8 H106 V20Z", "#3f6470")
    c.add(f'<circle cx="12" cy="92" r="17" fill="none" stroke="{dark(base, 0.5)}" stroke-width="2.6" opacity=".8"/>')
    c.line(
        "M12,75 C20,83 22,87 22,92 S20,101 12,109 M12,75 C9,83 8,87 8,92 S9,101 12,109", dark(base, 0.5), 2, opacity=0.8
    )
