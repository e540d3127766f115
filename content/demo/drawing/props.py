"""Things that only furnish a scene and are not sold."""

from __future__ import annotations

from content.demo.drawing.canvas import Canvas, num
from content.demo.drawing.colours import Tone, dark, light
from content.demo.drawing.matter import rounded, shadow, weave
from content.demo.drawing.registry import shape


def books(c: Canvas) -> None:
    """A stack of three cloth-bound books seen from the side; about 24 cm wide at scale 1/14."""
    shadow(c, 176)
    rows = ((-174, 334, "#27584a", -2), (-150, 314, "#ab4a30", -45), (-164, 322, "#d3c3a6", -88))
    for x, w, colour, y in rows:
        c.box(x, y - 30, w, 28, c.linear([(0, "#e3d8bf"), (0.5, "#f3ead6"), (1, "#d3c5a6")]))
        for k in range(6):
            c.line(f"M{x + 4},{y - 27 + k * 4.6} h{w - 10}", "#a9997d", 0.7, opacity=0.6)
        for edge in (y - 7, y - 40):
            c.box(x - 4, edge, w + 10, 10, c.linear(rounded(colour, 0.3)), 4)
        c.path(f"M{x - 4},{y - 38} q-13,19 0,41 l10,0 l0,-41Z", dark(colour, 0.25))
    top = "M-168,-128 L158,-128 L122,-160 L-138,-160Z"
    c.path(top, c.linear([(0, light("#d3c3a6", 0.3)), (1, "#c5b391")]))
    weave(c, top, "#d3c3a6", pitch=4)
    c.path("M-96,-136 L-30,-136 L-34,-152 L-92,-152Z", "#f6f0e2")


def cloth_square(c: Canvas, colour: str) -> None:
    """A linen square spread flat on a table, seen from above."""
    d = (
        "M-300,-296 C-200,-304 -60,-290 60,-298 S240,-302 300,-294 C308,-150 294,60 304,292 "
        "C180,302 40,290 -80,298 S-240,296 -302,300 C-296,120 -308,-80 -300,-296Z"
    )
    c.path(d, "#1d1510", opacity=0.35, filter=c.blur(9))
    c.path(d, c.linear([(0, light(colour, 0.2)), (0.5, colour), (1, dark(colour, 0.12))], "slant"))
    weave(c, d, colour, pitch=5, strength=0.22)
    with c.group(clip_path=c.clip(d)):
        for x1, y1, x2, y2 in ((-300, -100, 300, -130), (-90, -300, -70, 300), (110, -300, 140, 300)):
            c.line(f"M{x1},{y1} L{x2},{y2}", dark(colour, 0.6), 6, opacity=0.2, filter=c.blur(4))
            c.line(f"M{x1 + 5},{y1 + 6} L{x2 + 5},{y2 + 6}", "#fff", 5, opacity=0.35, filter=c.blur(4))


def crate(c: Canvas) -> None:
    """A parcel of brown card with paper tape, ready to be collected."""
    shadow(c, 170)
    card = "#b48a5c"
    c.path("M-170,-170 H170 V6 H-170Z", c.linear([(0, light(card, 0.12)), (1, dark(card, 0.25))]))
    c.noise("M-170,-170 H170 V6 H-170Z", dark(card, 0.5), grain=(0.02, 0.4), gain=4, cut=-1.9, opacity=0.2)
    c.path("M-170,-170 L-132,-206 H140 L170,-170Z", light(card, 0.2))
    c.path("M-26,-206 H24 L28,-170 V-110 H-28 V-170Z", "#e6d7b4", opacity=0.9)
    c.box(60, -84, 84, 60, "#f4eddd", 2)
    for k in range(3):
        c.line(f"M70,{num(-70 + k * 14)} h{num(58 - k * 14)}", "#6b6252", 2.4, opacity=0.7)


@shape("books", box=(-188, -162, 186, 12), focus=(0, 0))
def _books(c: Canvas, _t: Tone) -> None:
    """The stack of books as a shape."""
    books(c)


@shape("crate", box=(-172, -208, 172, 10), focus=(0, 0))
def _crate(c: Canvas, _t: Tone) -> None:
    """The parcel as a shape."""
    crate(c)


@shape("linen_square", box=(-308, -304, 308, 302), focus=(0, 0))
def _linen_square(c: Canvas, t: Tone) -> None:
    """The spread cloth as a shape in its colour."""
    cloth_square(c, t.base)
