"""What is drawn: the products of the demo catalogue with their shapes and colours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One catalogue line as far as its pictures need it; `noun` goes into the alt text."""

    code: str
    category: str
    shape: str
    colours: tuple[str, ...]
    noun: str


_LINES = """
kesen-kettle|kettles|gooseneck_kettle|ink,bone,pine|Gooseneck kettle
tetsu-kettle|kettles|iron_kettle|ink,rust|Cast-iron kettle
hada-dripper|brewing|dripper|bone,ink,clay|Coffee dripper and cup
mizu-server|brewing|server|clear|Glass coffee server
riba-press|brewing|press|steel,ink|Coffee press
mola-grinder|brewing|grinder|steel,ink|Hand coffee grinder
chazu-tins|tea-ware|tin|rust,pine,bone|Tea tins
sencha-pot|tea-ware|sidepot|clay,ink|Side-handle teapot
matcha-whisk|tea-ware|whisk|natural|Bamboo tea whisk
terra-mug|cups-and-mugs|mug|clay,bone,pine,ink|Stoneware mug
yuno-cups|cups-and-mugs|cups|bone,sea,clay|Four tumblers
espresso-pair|cups-and-mugs|espresso|ink,bone|Espresso cups with saucers
oka-donabe|pots-and-pans|pot|ink,clay|Clay pot with lid
fonda-pan|pots-and-pans|pan|ink|Carbon steel pan
brace-casserole|pots-and-pans|casserole|rust,pine,bone|Enamel casserole
santoku-knife|knives-and-boards|knife|natural|Santoku knife
petty-knife|knives-and-boards|smallknife|natural|Petty knife
oak-board|knives-and-boards|board|oak,walnut|Wooden cutting board
ash-spoons|knives-and-boards|spoons|natural|Three wooden spoons
ordo-plates|plates-and-bowls|plates|bone,ink,sea|Stack of plates
nest-bowls|plates-and-bowls|bowls|bone,clay,pine|Three nested bowls
serving-platter|plates-and-bowls|platter|bone,ink|Oval platter
luz-glasses|glassware|glasses|clear,amber|Six drinking glasses
luz-carafe|glassware|carafe|clear,amber|Glass carafe
lindis-napkins|table-linen|napkins|flax,rust,sea|Folded linen napkins
lindis-tablecloth|table-linen|tablecloth|flax,white|Linen tablecloth
lindis-runner|table-linen|runner|flax,pine|Linen table runner
work-apron|aprons-and-towels|apron|ink,flax,rust|Work apron
kitchen-towels|aprons-and-towels|kitchentowels|white,flax,sea|Three kitchen towels
alta-throw|throws|throw|oat,pine,rust|Folded wool throw
puna-blanket|throws|blanket|oat,ink|Rolled alpaca blanket
tela-cushion|cushions|cushion|oat,rust,sea,pine|Square cushion
floor-cushion|cushions|floorcushion|ink,oat|Floor cushion
hamam-towel|bath|hamam|sea,rust,oat|Striped bath towel
waffle-robe|bath|robe|white,ink|Waffle bathrobe
soap-dish|bath|soapdish|bone,ink|Soap dish with soap
andon-lamp|table-lamps|lamp|bone,pine,ink|Table lamp
clip-lamp|table-lamps|desklamp|ink,bone,rust|Reading lamp
washi-pendant|pendant-lamps|pendant|white|Paper pendant lamp
cord-set|pendant-lamps|cordset|ink,rust,oat|Textile cord set
morning-candle|candles|candle|amber,pine|Candle in a jar
travel-candle|candles|candletin|rust,pine,sea|Candle in a tin
brass-holder|candle-holders|holder|brass|Brass candle holder
stone-holder|candle-holders|tealight|bone,ink|Stone tealight holders
porto-tote|totes-and-weekenders|bag|flax,ink,rust|Canvas tote bag
porto-weekender|totes-and-weekenders|weekender|ink,pine|Weekender bag
riva-backpack|backpacks|backpack|ink,pine,rust|Backpack
kori-pouch|organisers|pouch|flax,ink|Three zip pouches
kori-organiser|organisers|organiser|ink,rust|Cable organiser
passport-wallet|organisers|wallet|ink,cognac|Passport wallet
vento-flask|bottles-and-flasks|flask|bone,ink,pine,rust|Insulated flask
vento-cup|bottles-and-flasks|travelcup|bone,ink,sea|Travel cup
fold-umbrella|on-the-road|umbrella|ink,pine|Folding umbrella
wool-socks|on-the-road|socks|oat,ink,rust|Two pairs of wool socks
page-notebooks|notebooks|notebooks|rust,ink,pine|Three notebooks
log-journal|notebooks|journal|ink,cognac|Travel journal
brass-pen|pens-and-tools|pen|brass,ink|Ballpoint pen
pencil-set|pens-and-tools|pencils|natural|Twelve cedar pencils
desk-tray|pens-and-tools|tray|oak,walnut|Wooden desk tray
foglia-vase|vases|vase|bone,sea,ink|Vase with branches
ikebana-bowl|vases|ikebana|ink,bone|Ikebana bowl with branch
"""


def _product(line: str) -> Product:
    code, category, shape, colours, noun = line.split("|")
    return Product(code, category, shape, tuple(colours.split(",")), noun)


PRODUCTS: tuple[Product, ...] = tuple(map(_product, _LINES.strip().splitlines()))
