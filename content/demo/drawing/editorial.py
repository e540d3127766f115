"""Pictures that belong to pages rather than products: hero, rooms, story, journal, sharing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from content.demo.drawing.canvas import Canvas, num
from content.demo.drawing.scenes import Thing, put_thing, thing
from content.demo.drawing.stage import (
    cloth_ground,
    leaf_shadows,
    night,
    plate,
    table,
    wall,
    window,
)

# category | plate | pixels per centimetre | shape colour x y [turn [factor]] ; ...
_TILES = """
coffee-and-tea|cream|22|gooseneck_kettle ink 500 570 0 0.78; dripper bone 270 630
table-setting|leaf|19|carafe clear 590 540; napkins flax 340 610
lighting|blush|15.5|lamp pine 360 630; holder brass 640 640
tableware|sand|18|plates sea 440 560; bowls bone 330 640 0 0.72
travel|sand|9.6|weekender pine 400 590; flask rust 668 620
paper|dusk|17|notebooks rust 410 410 0 1.25
kitchen|cream|13.5|board oak 560 560; casserole rust 350 630
table|mist|15.5|vase bone 590 580; plates bone 330 630
textiles|leaf|12.5|cushion sea 500 560 5 0.72; throw oat 350 630
bath|mist|34|soapdish bone 390 560
gifts|blush|28|candle amber 310 600; candletin pine 540 640
writing|dusk|16|desklamp ink 500 570 0 0.72; tray oak 370 640
cooking|dusk|15|board walnut 600 560 0 0.9; pot ink 350 630
living|mist|13|cushion oat 510 560 -4 0.7; blanket ink 360 640
kitchen-and-bath|leaf|4.7|hamam rust 410 520
lamps|blush|12.5|desklamp ink 480 610
candlelight|sand|24|holder brass 300 640; tealight bone 530 650
bags|sand|10.5|bag flax 300 600; backpack ink 590 640 0 0.9
companions|mist|19|flask pine 470 590; travelcup bone 310 640
"""

TILES: dict[str, tuple[str, float, tuple[Thing, ...]]] = {}
for _line in _TILES.strip().splitlines():
    _code, _ground, _scale, _things = _line.split("|")
    TILES[_code] = (_ground, float(_scale), tuple(thing(_t) for _t in _things.split(";")))


def _draw(c: Canvas, pixels_per_cm: float, things: tuple[Thing, ...]) -> None:
    for t in things:
        put_thing(c, t, pixels_per_cm)


def tile(code: str) -> str:
    """A square picture of a room or category: a few things on one plate."""
    ground, scale, things = TILES[code]
    c = Canvas(width=800, height=800, seed=f"tile-{code}")
    plate(c, ground, None if code == "paper" else 560)
    _draw(c, scale, things)
    return c.svg()


BREAKFAST = (
    Thing("vase", "sea", 1260, 912, 0, 1.04),
    Thing("tin", "rust", 1440, 900, 0, 1.15),
    Thing("gooseneck_kettle", "ink", 2010, 1000, 0, 1.08),
    Thing("dripper", "bone", 1530, 1062, 0, 1.15),
    Thing("mug", "clay", 1180, 1100, 0, 1.15),
)


def hero() -> str:
    """The wide opening picture; the left part stays calm for words."""
    c = Canvas(width=2400, height=1200, seed="hero")
    wall(c)
    window(c, x=420, y=10, pane=(270, 262))
    leaf_shadows(c, x=760, y=360, spread=460, count=34)
    table(c, 868)
    _draw(c, 22.5, BREAKFAST)
    return c.svg()


def hero_small() -> str:
    """The opening picture for narrow screens."""
    c = Canvas(width=1000, height=1100, seed="hero-m")
    wall(c)
    window(c, x=210, y=10, pane=(130, 236))
    leaf_shadows(c, x=300, y=330, spread=250)
    table(c, 800)
    _draw(
        c,
        16,
        (
            Thing("vase", "sea", 200, 866, 0, 1.2),
            Thing("gooseneck_kettle", "ink", 640, 934),
            Thing("dripper", "bone", 350, 990),
            Thing("mug", "clay", 180, 1030),
        ),
    )
    return c.svg()


def story() -> str:
    """A dark workshop bench with kettles waiting to be packed."""
    c = Canvas(width=1400, height=1000, seed="story")
    night(c, 760)
    _draw(
        c,
        19,
        (
            Thing("crate", "oat", 1120, 806, 0, 0.74),
            Thing("crate", "oat", 1180, 636, 0, 0.5),
            Thing("gooseneck_kettle", "bone", 880, 826, 0, 0.8),
            Thing("gooseneck_kettle", "pine", 500, 836, 0, 0.84),
            Thing("iron_kettle", "ink", 260, 896, 0, 1.05),
            Thing("gooseneck_kettle", "ink", 740, 934, 0, 0.98),
            Thing("candle", "amber", 1180, 948, 0, 1.0),
        ),
    )
    c.oval(1130, 790, 520, 360, c.radial([(0, "#ffcf8a", 0.22), (1, "#ffcf8a", 0)]))
    return c.svg()


def journal_linen() -> str:
    """Washed linen on a table beside a vase."""
    c = Canvas(width=1200, height=800, seed="journal-linen")
    wall(c)
    window(c, x=190, y=10, pane=(150, 172))
    leaf_shadows(c, x=400, y=220, spread=220)
    cloth_ground(c, 590, "#e6ddca")
    _draw(
        c,
        19,
        (
            Thing("vase", "bone", 900, 676, 0, 0.95),
            Thing("napkins", "sea", 470, 700, 0, 1.1),
            Thing("glasses", "clear", 760, 736, 0, 0.6),
        ),
    )
    return c.svg()


def journal_travel() -> str:
    """A packed bag, a flask and books on a bench."""
    c = Canvas(width=1200, height=800, seed="journal-travel")
    wall(c, "#e9dfd0", "#cdbda7")
    window(c, x=470, y=10, pane=(150, 168), opacity=0.5)
    table(c, 620, "#a58a68")
    _draw(
        c,
        10.5,
        (
            Thing("backpack", "rust", 250, 700),
            Thing("weekender", "pine", 590, 716),
            Thing("flask", "ink", 930, 728),
            Thing("books", "oat", 1060, 750, 0, 0.8),
        ),
    )
    return c.svg()


def journal_light() -> str:
    """A lamp, candles and books in a dark room."""
    c = Canvas(width=1200, height=800, seed="journal-light")
    night(c, 610)
    c.oval(470, 470, 560, 400, c.radial([(0, "#ffcf8a", 0.34), (1, "#ffcf8a", 0)]))
    _draw(
        c,
        13.5,
        (
            Thing("lamp", "bone", 460, 686, 0, 1.15),
            Thing("books", "oat", 790, 714),
            Thing("tealight", "ink", 190, 720, 0, 1.1),
        ),
    )
    return c.svg()


def logo(c: Canvas, x: float, y: float, r: float, colour: str) -> None:
    """The mark of the shop: a globe with two meridians."""
    k = r / 10
    with c.placed(x, y, k):
        c.add(
            f'<g fill="none" stroke="{colour}" stroke-width="1.5"><circle r="10"/>'
            '<path d="M0 -10c4.2 3 6 6.3 6 10s-1.8 7-6 10M0 -10c-1.4 3-2 6.3-2 10s.6 7 2 10"/>'
            "</g>"
        )


def share() -> str:
    """The picture shown when a page is shared: still life and wordmark."""
    c = Canvas(width=1200, height=630, seed="og")
    wall(c)
    window(c, x=190, y=0, pane=(140, 140))
    table(c, 460)
    _draw(
        c,
        13,
        (
            Thing("vase", "sea", 640, 500, 0, 0.82),
            Thing("gooseneck_kettle", "ink", 930, 548),
            Thing("mug", "clay", 690, 590),
        ),
    )
    logo(c, 118, 218, 38, "#1b2420")
    c.add(
        '<text x="176" y="241" font-family="P052,Palatino,serif" font-size="76" '
        f'letter-spacing="{num(-0.9)}" fill="#1b2420">Meridian</text>'
    )
    return c.svg()


def brand_mark(size: int) -> str:
    """The mark alone on the brand green, for icons."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="{size}" '
        f'height="{size}"><rect width="32" height="32" rx="{7 if size <= 32 else 0}" '
        'fill="#1f4a3d"/><g fill="none" stroke="#fff" stroke-width="1.6" '
        'transform="translate(4 4)"><circle cx="12" cy="12" r="10"/>'
        '<path d="M12 2c4.2 3 6 6.3 6 10s-1.800 7-6 10M12 2c-1.400 3-2 6.300-2 10s.6 7 2 10"/>'
        "</g></svg>"
    )


@dataclass(frozen=True)
class Page:
    """A page picture: how it is drawn, exported and described."""

    name: str
    kind: str
    draw: Callable[[], str]
    size: tuple[int, int]
    widths: tuple[int, ...]
    alt: str


PAGES: tuple[Page, ...] = (
    Page(
        "hero",
        "hero",
        hero,
        (2400, 1200),
        (800, 1600, 2400),
        "Kettle, dripper and cup on a wooden table in morning light",
    ),
    Page(
        "hero-m",
        "hero",
        hero_small,
        (1000, 1100),
        (500, 1000),
        "Kettle, dripper and cup on a wooden table in morning light",
    ),
    Page("story", "story", story, (1400, 1000), (700, 1400), "A workshop bench with kettles waiting to be packed"),
    Page(
        "journal-linen", "journal", journal_linen, (1200, 800), (600, 1200), "Linen napkins and a vase on a laid table"
    ),
    Page(
        "journal-travel",
        "journal",
        journal_travel,
        (1200, 800),
        (600, 1200),
        "A backpack, a weekender and a flask on a bench",
    ),
    Page(
        "journal-light", "journal", journal_light, (1200, 800), (600, 1200), "A table lamp and candles in a dark room"
    ),
    Page("og", "og", share, (1200, 630), (1200,), "Meridian"),
)
