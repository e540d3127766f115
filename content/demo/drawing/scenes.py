"""Life pictures: products together in a room, drawn to one scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from content.demo.drawing.canvas import Canvas
from content.demo.drawing.colours import BASES, Tone, dark
from content.demo.drawing.matter import wood
from content.demo.drawing.pictures import HEIGHT, WIDTH, put
from content.demo.drawing.registry import SHAPES
from content.demo.drawing.sizes import SIZES
from content.demo.drawing.stage import cloth_ground, leaf_shadows, night, table, wall, window

PROP_SCALE = {"books": 0.062, "crate": 0.1, "linen_square": 0.075}

# code | room | pixels per centimetre | shape colour x y [turn [factor]] ; ...
_LINES = """
kesen-kettle|day|15|vase sea 170 790; gooseneck_kettle ink 500 866; mug clay 232 930
tetsu-kettle|dusk|19|tin rust 150 800; iron_kettle ink 450 880; cups bone 220 930
hada-dripper|day|25|gooseneck_kettle ink 600 800 0 0.72; dripper bone 330 910
mizu-server|day|24|tin pine 640 806; server clear 330 904
riba-press|day|21|vase bone 640 792; press steel 330 890; espresso ink 590 930
mola-grinder|dusk|23|press ink 600 806; grinder steel 300 890
sencha-pot|day|27|tin pine 170 796; sidepot clay 420 890; cups bone 560 950
matcha-whisk|linen|34|bowls bone 560 830 0 0.5; whisk natural 330 900
terra-mug|day|27|books oat 560 800; mug clay 330 908
espresso-pair|dusk|26|press ink 610 796 0 0.8; espresso ink 320 890
oka-donabe|night|15|holder brass 660 800; pot ink 370 880; cups clay 670 930 0 0.8
fonda-pan|desk|15|linen_square sea 480 560 4; pan ink 330 610 0 0.95; spoons natural 640 540 12
brace-casserole|day|13|board oak 620 792; casserole rust 360 880; bowls bone 680 930
santoku-knife|desk|22|linen_square flax 420 540 -5; knife natural 400 520
oak-board|day|14|board oak 300 830; carafe clear 560 850; bowls clay 640 930
ordo-plates|linen|16|carafe clear 610 800; plates sea 330 890; napkins flax 640 940 0 0.8
nest-bowls|day|17|vase sea 650 796; bowls bone 350 890
luz-glasses|day|17|carafe clear 170 800; glasses clear 460 890
luz-carafe|linen|18|vase bone 640 790; carafe clear 300 880; cups sea 590 930
lindis-napkins|linen|17|plates bone 540 800; napkins flax 320 900; holder brass 690 920
lindis-tablecloth|bench|3.1|tablecloth flax 400 850; vase sea 300 640 0 2.0; plates bone 500 650 0 1.5
work-apron|peg|7.2|apron ink 400 700
kitchen-towels|peg|6.6|kitchentowels white 390 640; pot ink 590 945 0 1.5
alta-throw|bed|12|cushion rust 570 770 5 0.72; throw oat 340 890
puna-blanket|bed|12|cushion pine 230 770 -5 0.72; blanket oat 440 890
tela-cushion|bed|8.4|cushion sea 250 790; cushion oat 560 800 4; throw pine 420 930 0 0.9
hamam-towel|peg|4.6|hamam sea 400 600; soapdish bone 580 938 0 2.6
waffle-robe|peg|5|robe white 400 790
andon-lamp|night|15|lamp pine 330 850; books oat 600 890
clip-lamp|night|14|desklamp ink 250 850; books oat 590 900
washi-pendant|dusk|8.4|pendant white 400 520; ikebana ink 400 860 0 1.2
morning-candle|night|28|books oat 570 820 0 0.8; candle amber 320 890
brass-holder|night|17|plates ink 560 830; holder brass 300 870; holder brass 430 890 0 0.8
porto-tote|bench|11.4|vase sea 640 794 0 0.9; bag flax 350 880
porto-weekender|bench|10|weekender ink 380 880; books oat 660 930 0 0.9
riva-backpack|bench|11|backpack ink 330 880; flask pine 640 900
passport-wallet|desk|22|wallet ink 330 560 -8; pen brass 640 560 20; socks oat 300 1040
vento-flask|bench|19|flask pine 460 870; travelcup bone 240 910; books oat 640 930 0 0.6
fold-umbrella|desk|17|umbrella ink 250 480 8; wallet cognac 560 560 6
wool-socks|desk|19|linen_square white 400 540 4; socks oat 400 520
page-notebooks|desk|19|notebooks rust 360 520 -4; pen brass 650 520 30; pencils natural 360 1080
log-journal|desk|21|journal ink 340 520 -6; pen brass 650 640 24
desk-tray|day|20|desklamp bone 560 800 0 0.62; tray oak 380 900
foglia-vase|day|21|vase bone 330 880; bowls clay 640 930 0 0.7
ikebana-bowl|dusk|24|ikebana ink 400 890
kori-organiser|desk|20|organiser ink 400 500 -5; wallet cognac 620 1010 10
"""


@dataclass(frozen=True)
class Thing:
    """One product standing or lying in a scene."""

    shape: str
    colour: str
    x: float
    y: float
    turn: float = 0
    factor: float = 1


@dataclass(frozen=True)
class Scene:
    """A room and what is in it."""

    room: str
    pixels_per_cm: float
    things: tuple[Thing, ...]


def thing(text: str) -> Thing:
    """Read one thing of a scene line."""
    name, colour, *numbers = text.split()
    return Thing(name, colour, *(float(n) for n in numbers))


def _scene(line: str) -> tuple[str, Scene]:
    code, room, scale, things = line.split("|")
    return code, Scene(room, float(scale), tuple(thing(t) for t in things.split(";")))


SCENES: dict[str, Scene] = dict(_scene(line) for line in _LINES.strip().splitlines())


def day(c: Canvas) -> None:
    """A kitchen table by a window in the morning."""
    wall(c)
    window(c, x=c.width * 0.18, y=20, pane=(c.width * 0.125, c.height * 0.215))
    leaf_shadows(c, x=c.width * 0.27, y=c.height * 0.3, spread=c.width * 0.24)
    table(c, c.height * 0.735)


def dusk(c: Canvas) -> None:
    """A warm plastered wall late in the day."""
    wall(c, "#e6d5c3", "#bfa48c")
    window(c, x=c.width * 0.42, y=30, pane=(c.width * 0.12, c.height * 0.2), opacity=0.42, colour="#ffdfae")
    table(c, c.height * 0.735, "#8a6242")


def linen(c: Canvas) -> None:
    """A table laid with pale cloth."""
    wall(c, "#e5e6e0", "#cbd0cc")
    window(c, x=c.width * 0.16, y=20, pane=(c.width * 0.125, c.height * 0.215))
    cloth_ground(c, c.height * 0.72, "#e6ddca")


def bed(c: Canvas) -> None:
    """A bed with washed sheets under a window."""
    wall(c, "#e2e0d8", "#c9c8c0")
    window(c, x=c.width * 0.3, y=10, pane=(c.width * 0.125, c.height * 0.2))
    leaf_shadows(c, x=c.width * 0.4, y=c.height * 0.26, spread=c.width * 0.22, count=20)
    cloth_ground(c, c.height * 0.66, "#dfdbd0")


def bench(c: Canvas) -> None:
    """A hall bench against a sand-coloured wall."""
    wall(c, "#e9dfd0", "#cdbda7")
    window(c, x=c.width * 0.34, y=20, pane=(c.width * 0.12, c.height * 0.2), opacity=0.5)
    table(c, c.height * 0.75, "#a58a68")


def peg(c: Canvas) -> None:
    """A tiled-colour wall with light from the side and a low shelf."""
    wall(c, "#e1e5e2", "#c3cbc7")
    window(c, x=c.width * 0.12, y=20, pane=(c.width * 0.14, c.height * 0.2), opacity=0.5)
    table(c, c.height * 0.88, "#b08d63")


def lamplight(c: Canvas) -> None:
    """A dark room in the evening."""
    night(c, c.height * 0.74)
    c.oval(
        c.width * 0.42,
        c.height * 0.6,
        c.width * 0.6,
        c.height * 0.4,
        c.radial([(0, "#ffcf8a", 0.3), (1, "#ffcf8a", 0)]),
    )


def desk(c: Canvas) -> None:
    """A wooden desk seen from straight above, with window light across it."""
    w, h = c.width, c.height
    for i, shade in enumerate((0.02, 0.08, 0.0, 0.05)):
        x1, x2 = w * i / 4, w * (i + 1) / 4
        wood(c, f"M{x1},0 H{x2} V{h} H{x1}Z", dark("#b98f63", shade), strength=0.4)
        c.line(f"M{x2},0 V{h}", dark("#b98f63", 0.6), 2, opacity=0.5)
    window(c, x=w * 0.3, y=-40, pane=(w * 0.2, h * 0.3), opacity=0.3)
    c.box(0, 0, w, h, c.linear([(0, "#fff3d8", 0.2), (0.5, "#000", 0), (1, "#1d120a", 0.34)], "slant"))


ROOMS: dict[str, Callable[[Canvas], None]] = {
    "day": day,
    "dusk": dusk,
    "linen": linen,
    "bed": bed,
    "bench": bench,
    "peg": peg,
    "night": lamplight,
    "desk": desk,
}


def scale_of(item: Thing, pixels_per_cm: float) -> float:
    """Return the drawing scale of a thing in a scene."""
    known = PROP_SCALE.get(item.shape)
    per_unit = known if known is not None else SIZES[item.shape].cm_per_unit
    return per_unit * pixels_per_cm * item.factor


def put_thing(c: Canvas, item: Thing, pixels_per_cm: float) -> None:
    """Draw one thing where the scene wants it."""
    put(c, SHAPES[item.shape], Tone(item.colour), (item.x, item.y), scale_of(item, pixels_per_cm), item.turn)


def furnish(c: Canvas, scene: Scene) -> None:
    """Draw a room and everything in it."""
    ROOMS[scene.room](c)
    for item in scene.things:
        if item.colour not in BASES:
            raise ValueError(f"unknown colour {item.colour}")
        put_thing(c, item, scene.pixels_per_cm)


def life_picture(code: str) -> str:
    """The scene of one product."""
    c = Canvas(width=WIDTH, height=HEIGHT, seed=f"{code}-life")
    furnish(c, SCENES[code])
    return c.svg()
