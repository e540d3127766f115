"""What many pages show: links, pictures, prices, cards."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.money import Money

StockState = Literal["in_stock", "low", "out", "preorder"]


@dataclass(frozen=True)
class Link:
    """A label with an address."""

    label: str
    url: str


@dataclass(frozen=True)
class PictureSource:
    """The same picture in a format that not every browser reads, such as `image/webp`."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """One picture: `srcset` is empty when there are no smaller files. `sources` are preferred, the first most."""

    url: str
    srcset: str
    width: int
    height: int
    alt: str
    sources: tuple[PictureSource, ...] = ()

    @property
    def large_url(self) -> str:
        """The widest file there is."""
        return self.srcset.rpartition(", ")[2].partition(" ")[0] or self.url


@dataclass(frozen=True)
class Captions:
    """What is said in a film, to read along; `chosen` for the language of the page."""

    language: str
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Film:
    """A film; `poster` is empty when there is no picture to show before it plays."""

    url: str
    type: str
    width: int
    height: int
    label: str
    poster: str = ""
    captions: tuple[Captions, ...] = ()


@dataclass(frozen=True)
class PriceView:
    """A price as a market shows it. `was`, `prior_low` and `percent` are set only for a true reduction.

    `percent` is computed from `prior_low`, the lowest price of the 30 days before the reduction began.
    `unit` is the price per litre, kilogram and the like, as text.
    """

    now: Money
    was: Money | None = None
    prior_low: Money | None = None
    percent: int | None = None
    from_price: bool = False
    unit: str | None = None
    own: bool = False
    """The price of a group the shopper belongs to."""


@dataclass(frozen=True)
class Swatch:
    """A colour with its name; `hex` is empty for a material without one colour."""

    name: str
    hex: str


@dataclass(frozen=True)
class Card:
    """A product in a grid. `tags` are of "new" and "sale". `only_variant_id` when nothing is to be chosen."""

    product_id: int
    url: str
    name: str
    brand: str
    picture: Picture | None
    second_picture: Picture | None
    price: PriceView
    rating: Decimal | None
    review_count: int
    swatches: tuple[Swatch, ...]
    tags: tuple[str, ...]
    variant_count: int
    only_variant_id: int | None
    in_stock: bool
    releases_on: date | None = None
    """The first day it leaves, while it is on pre-sale."""


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumb; the last one has no address."""

    label: str
    url: str | None = None


@dataclass(frozen=True)
class Fact:
    """A line of a fact list."""

    label: str
    value: str


@dataclass(frozen=True)
class MenuNode:
    """A category of the menu with those below it."""

    code: str
    label: str
    url: str
    children: tuple["MenuNode", ...] = ()
    picture: Picture | None = None
