"""The product page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from catalog.size_guide import SizeGuide
from catalog.types.basics import Card, Crumb, Fact, Film, Link, Picture, PriceView, StockState
from catalog.types.opinions import QuestionView, ReviewSummary, ReviewView
from core.money import Money

ChoiceState = Literal["available", "sold_out", "impossible"]
PickerInput = Literal["swatch", "button", "select"]


@dataclass(frozen=True)
class OptionChoice:
    """One radio of an option. Every choice stays selectable; `state` says in words what it leads to."""

    value_key: str
    label: str
    hex: str | None
    selected: bool
    state: ChoiceState
    url: str


@dataclass(frozen=True)
class OptionPicker:
    """An option of the product; the form sends `key=value_key`."""

    key: str
    label: str
    input: PickerInput
    selected_label: str
    choices: tuple[OptionChoice, ...]

    @property
    def sold_out(self) -> str:
        """The choices that are sold out, in words."""
        return self._labels("sold_out")

    @property
    def impossible(self) -> str:
        """The choices that do not go with what else is chosen, in words."""
        return self._labels("impossible")

    def _labels(self, state: ChoiceState) -> str:
        return ", ".join(choice.label for choice in self.choices if choice.state == state)


@dataclass(frozen=True)
class PriceTier:
    """What one piece costs when at least `quantity` are bought."""

    quantity: int
    price: Money


@dataclass(frozen=True)
class SetItem:
    """A part of a set; `price` is what one of it costs alone, `url` is empty when it is not sold alone."""

    name: str
    options: str
    url: str
    quantity: int
    price: Money | None
    variant_id: int = 0
    weight_g: int = 0


@dataclass(frozen=True)
class SetContents:
    """What a set holds. `apart`, `saving` and `percent` only when buying the parts alone costs more."""

    items: tuple[SetItem, ...]
    extras: tuple[SetItem, ...] = ()
    """What goes with it and is sold on its own."""
    apart: Money | None = None
    saving: Money | None = None
    percent: int | None = None


@dataclass(frozen=True)
class ProductPage:
    """Everything the product page shows for one chosen combination; `variant_id` is None for an impossible one."""

    product_id: int
    variant_id: int | None
    sku: str
    name: str
    brand: Link | None
    crumbs: tuple[Crumb, ...]
    pictures: tuple[Picture, ...]
    scale_picture: Picture | None
    summary: str
    description_html: str
    selling_points: tuple[str, ...]
    details: tuple[Fact, ...]
    dimensions: tuple[Fact, ...]
    usage: str
    safety: tuple[Fact, ...]
    price: PriceView
    tax_note: str
    """"tax_and_duty_included", "tax_included" or "tax_added": the template has the words of each."""
    pickers: tuple[OptionPicker, ...]
    selector_json: str
    """{"1,7": [variant id, in stock], …}: sorted option value ids joined by commas; "" when the map is too large."""
    stock_state: StockState
    stock_place: str | None
    max_quantity: int
    reviews: tuple[ReviewView, ...]
    review_summary: ReviewSummary
    questions: tuple[QuestionView, ...]
    related: tuple[Card, ...]
    tags: tuple[str, ...]
    canonical_url: str
    meta_title: str
    meta_description: str
    json_ld: Mapping[str, object]
    options_text: str = ""
    """The chosen combination in words: "Ink · 0.9 l"."""
    url: str = ""
    fragment_url: str = ""
    preorder_until: datetime | None = None
    releases_on: date | None = None
    """The first day the chosen variant leaves, while it is on pre-sale."""
    presale_left: int | None = None
    presale_limit: int | None = None
    prohibited: str = ""
    """Why the chosen variant cannot be sent to this market's country; empty when it can."""
    is_download: bool = False
    """Handed over by download, nothing is sent."""
    weight_g: int = 0
    hs_code: str = ""
    origin: str = ""
    market_copy_html: str = ""
    breadcrumb_json_ld: Mapping[str, object] = field(default_factory=dict)
    menu_key: str = ""
    alternates: Mapping[str, str] = field(default_factory=dict)
    """Language to the path of this page below `/{market}/{language}/`."""
    slug: str = ""
    written_in: frozenset[str] = frozenset()
    """Languages in which the page has words of its own."""
    offered_in: frozenset[str] | None = None
    """Codes of the markets that show it; none known means all."""
    films: tuple[Film, ...] = ()
    size_guide: SizeGuide | None = None
    contents: SetContents | None = None
    """What is in it, when it is a set."""
    tiers: tuple[PriceTier, ...] = ()
    """Lower prices of the chosen variant from larger quantities on, the smallest first."""
    sets: tuple[Card, ...] = ()
    """The sets it is part of."""
