"""Real sizes of the shapes, for dimension lines and for scenes drawn to scale.

Each line is: shape | left,top,right,bottom of the measured part | width cm | height cm |
degrees by which the shape is turned for the dimension picture. An empty width or height
means that this direction is not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

_LINES = """
gooseneck_kettle|-290,-290,236,10|29|20|0
iron_kettle|-205,-330,172,12|21.5|22|0
dripper|-100,-280,146,12|12.5|17|0
server|-128,-194,150,12|15|11.5|0
press|-98,-352,172,12|18|23.5|0
grinder|-64,-314,64,10|5.5|18.5|0
tin|-108,-260,108,14|8.2|11.5|0
sidepot|-190,-205,236,10|15|9|0
whisk|-82,-312,82,8|6|11|0
mug|-98,-170,148,12|11.5|8.5|0
cups|66,-130,190,18|8|9|0
espresso|-36,-96,220,44|12|6.5|0
pot|-214,-232,214,12|29|16.5|0
pan|-180,-396,180,180|24|45|-42
casserole|-232,-244,232,14|34.5|17.5|0
knife|-394,-52,388,58|30|4.6|36
smallknife|-322,-25,310,31|22|3|36
board|-128,-404,138,8|22|32|0
spoons|-178,-300,184,180||30|0
plates|-226,-178,226,14|27|9.5|0
bowls|-166,-196,166,20|24|11|0
platter|-290,-184,290,184|38|24|32
glasses|84,-164,212,14|8.5|10.5|0
carafe|-102,-348,102,12|10.2|27.5|0
napkins|-200,-200,196,8|23||0
tablecloth|-296,-262,296,150|200||0
runner|-106,-150,106,124|45||0
apron|-172,-396,172,14|70|85|0
kitchentowels|-230,-334,230,16||70|0
throw|-226,-214,226,62|40||0
blanket|-206,-182,206,16|40||0
cushion|-197,-378,197,0|50|50|0
floorcushion|-252,-206,252,20|60||0
hamam|-150,-334,136,52|90||0
robe|-190,-388,190,20||112|0
soapdish|-153,-77,153,10|13|3|0
lamp|-160,-380,160,14|22|31|0
desklamp|-24,-402,164,16|19|46|0
pendant|-178,-350,178,0|50|48|0
cordset|-186,-220,126,80|20||0
candle|-84,-166,84,12|8|9|0
candletin|-104,-110,104,16|7.5|4.5|0
holder|-86,-258,86,12|7.5|14|0
tealight|-2,-76,182,36|8|5.5|0
bag|-186,-292,186,12|42|36|0
weekender|-234,-224,234,14|54|31|0
backpack|-160,-418,160,14|29|42|0
pouch|-212,-246,160,46|26||0
organiser|-208,-196,208,186|24|22|0
wallet|-140,-138,150,200|10.5|14|0
flask|-76,-432,76,12|7.3|23.5|0
travelcup|-84,-252,84,12|8.5|14|0
umbrella|-56,-326,58,278|6|29|-18
socks|-190,-224,196,180|24||0
notebooks|-196,-214,132,226|14.8|21|0
journal|-162,-224,160,222|14.5|21.5|-4
pen|-320,-36,318,22|13.8|1|45
pencils|-212,-252,212,226||18.5|0
tray|-262,-140,262,36|31||0
vase|-94,-221,94,10|12|18|0
ikebana|-196,-104,196,34|21|6.5|0
"""


@dataclass(frozen=True)
class Size:
    """The measured part of a shape and its real extent in centimetres."""

    box: tuple[float, float, float, float]
    width: str
    height: str
    turn: float

    @property
    def cm_per_unit(self) -> float:
        """How many centimetres one drawing unit stands for."""
        left, top, right, bottom = self.box
        if self.width:
            return float(self.width) / (right - left)
        return float(self.height) / (bottom - top)


def _size(line: str) -> tuple[str, Size]:
    name, box, width, height, turn = line.split("|")
    left, top, right, bottom = (float(part) for part in box.split(","))
    return name, Size((left, top, right, bottom), width, height, float(turn))


SIZES: dict[str, Size] = dict(_size(line) for line in _LINES.strip().splitlines())
