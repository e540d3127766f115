"""What the made-up catalogue is described with: the same shelves, brands and details for every number of products."""

from dataclasses import dataclass, field
from random import Random

ROOMS = ("Kitchen", "Bathroom", "Garden", "Bedroom", "Office", "Nursery", "Workshop", "Outdoor", "Dining", "Living")
PARTS = ("Storage", "Textiles", "Lighting", "Tools", "Decoration", "Furniture")
THINGS = (
    "Kettle", "Teapot", "Cup", "Bowl", "Plate", "Tray", "Lamp", "Lantern", "Candle", "Vase", "Basket", "Box", "Shelf",
    "Stool", "Bench", "Table", "Chair", "Blanket", "Cushion", "Towel", "Rug", "Curtain", "Knife", "Board", "Grater",
    "Trowel", "Planter", "Hose", "Mirror", "Clock", "Frame", "Hook", "Rack", "Jar", "Bottle", "Flask", "Pan", "Pot",
)  # fmt: skip
QUALITIES = (
    "Quiet", "Heavy", "Light", "Round", "Tall", "Low", "Folding", "Stacking", "Woven", "Brushed", "Glazed", "Raw",
    "Polished", "Small", "Wide", "Deep", "Narrow", "Travel", "Everyday", "Sunday", "Northern", "Coastal", "Alpine",
)  # fmt: skip
MAKES = ("Aru", "Belo", "Cima", "Doro", "Elva", "Fjor", "Gala", "Hina", "Istra", "Juno", "Kesen", "Lumo", "Miro")
ENDINGS = ("wa", "lin", "tek", "ra", "now", "mar", "sen", "dal", "vik", "to", "sa", "ner", "hus", "ja", "ko", "li")
COLOURS = ("ink", "bone", "pine", "clay", "sand", "moss", "sky", "plum", "rust", "slate", "snow", "straw")
SIZES = ("xs", "s", "m", "l", "xl", "xxl")
CHOICES = {
    "material": ("oak", "steel", "stoneware", "glass", "linen", "wool", "bamboo", "brass", "cotton", "cork"),
    "style": ("plain", "rustic", "classic", "modern", "coastal", "nordic", "industrial", "japanese"),
    "care": ("hand", "machine", "wipe", "dry", "air"),
    "finish": ("matt", "gloss", "satin", "raw", "oiled", "waxed"),
    "season": ("spring", "summer", "autumn", "winter", "all-year"),
}
"""Details with choices: five of the ten filters that products bring; two are options, two numbers, one a yes or no."""


@dataclass(frozen=True)
class Shelf:
    """A category: its number, that of the one above it, its code."""

    id: int
    parent_id: int | None
    code: str
    name: str


@dataclass
class Tree:
    """Ten first-level categories, sixty below them, one hundred and thirty at the bottom."""

    shelves: list[Shelf] = field(default_factory=list)
    leaves: list[Shelf] = field(default_factory=list)


def tree() -> Tree:
    made = Tree()

    def add(parent: Shelf | None, name: str) -> Shelf:
        shelf = Shelf(len(made.shelves) + 1, parent.id if parent else None, name.lower().replace(" ", "-"), name)
        made.shelves.append(shelf)
        return shelf

    tops = [add(None, room) for room in ROOMS]
    middle = [add(top, f"{top.name} {part}") for top in tops for part in PARTS]
    for number in range(130):
        above = middle[number % len(middle)]
        made.leaves.append(add(above, f"{above.name} {THINGS[number % len(THINGS)]}s {number + 1}"))
    return made


def brands() -> list[str]:
    return [f"{make}{ending}" for make in MAKES for ending in ENDINGS][:200]


def product_name(chance: Random) -> str:
    return f"{chance.choice(QUALITIES)} {chance.choice(QUALITIES).lower()} {chance.choice(THINGS).lower()}"
