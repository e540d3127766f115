"""What catalog pages and the cart receive: frozen values, ready to show. Templates get nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.money import Money

StockState = Literal["in_stock", "low", "out", "preorder"]
ChoiceState = Literal["available", "sold_out", "impossible"]
FacetKind = Literal["values", "range"]
PickerInput = Literal["swatch", "button", "select"]
SuggestionKind = Literal["query", "product", "category", "page"]


@dataclass(frozen=True)
class Link:
    """A label with an address."""

    label: str
    url: str


@dataclass(frozen=True)
class Picture:
    """One picture: `srcset` is empty when there are no smaller files."""

    url: str
    srcset: str
    width: int
    height: int
    alt: str


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


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumb; the last one has no address."""

    label: str
    url: str | None = None


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet. `key` is what the form sends; `disabled` when it would find nothing."""

    key: str
    label: str
    count: int
    selected: bool
    url: str
    hex: str | None = None
    disabled: bool = False


@dataclass(frozen=True)
class Facet:
    """A filter. Kind "values" has `values`; kind "range" has the bounds and a histogram (heights 0 to 100).

    The form sends `key=value` once per chosen value, or `key_min` and `key_max` of a range.
    """

    key: str
    label: str
    kind: FacetKind
    values: tuple[FacetValue, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    selected_low: Decimal | None = None
    selected_high: Decimal | None = None
    histogram: tuple[int, ...] = ()
    currency: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Chip:
    """An applied filter and the address without it."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class SortOption:
    """A way to sort; `key` is what the form sends as `sort`."""

    key: str
    label: str
    selected: bool
    url: str


@dataclass(frozen=True)
class ListingPage:
    """A category or a search. `form_url` is the address of the filter form; `kept` its hidden fields."""

    title: str
    description: str
    crumbs: tuple[Crumb, ...]
    subcategories: tuple[Link, ...]
    cards: tuple[Card, ...]
    total: int
    seen_from: int
    seen_to: int
    next_url: str | None
    prev_url: str | None
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    sorts: tuple[SortOption, ...]
    clear_url: str
    query: str
    did_you_mean: Link | None
    corrected: str | None
    canonical_url: str
    noindex: bool
    meta_title: str
    meta_description: str
    total_unfiltered: int = 0
    page_number: int = 1
    page_count: int = 1
    form_url: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    way_on: tuple[Link, ...] = ()
    """Categories offered when nothing was found."""
    extra_hits: tuple[Link, ...] = ()
    """Pages that answer the query, such as the returns policy."""
    picture: Picture | None = None
    json_ld: Mapping[str, object] = field(default_factory=dict)
    menu_key: str = ""
    """The code of the first-level category this belongs to, to mark it in the menu."""
    alternates: Mapping[str, str] = field(default_factory=dict)
    """Language to the path of this page below `/{market}/{language}/`."""
    written_in: frozenset[str] | None = None
    """Languages in which the page has words of its own; none known means all."""


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


@dataclass(frozen=True)
class Fact:
    """A line of a fact list."""

    label: str
    value: str


@dataclass(frozen=True)
class ReviewView:
    """A review in the reader's language where there is a translation; the original stays at hand."""

    title: str
    body: str
    rating: int
    author: str
    date: date
    language: str
    translated: bool
    market: str
    verified: bool = False
    original_title: str = ""
    original_body: str = ""
    pictures: tuple[Picture, ...] = ()
    id: int = 0
    rewarded: bool = False
    answer: str = ""
    answer_language: str = ""
    helpful: int = 0


@dataclass(frozen=True)
class QuestionView:
    """A question with the shop's answer, in the language both were written in."""

    id: int
    body: str
    author: str
    language: str
    answer: str
    asked: date


@dataclass(frozen=True)
class ReviewSummary:
    """`distribution` goes from five stars down; its entries and `languages` are links that filter the list."""

    average: Decimal | None
    count: int
    distribution: tuple["StarFilter", ...]
    languages: tuple["LanguageFilter", ...]
    shown: int = 0
    more_url: str | None = None
    photos: "ReviewFilter | None" = None
    """Only reviews with pictures; none where there are no such reviews."""
    is_filtered: bool = False
    clear_url: str = ""


@dataclass(frozen=True)
class ReviewFilter:
    """A link that narrows reviews down, or widens them again when it is `selected`."""

    count: int
    selected: bool
    url: str


@dataclass(frozen=True)
class StarFilter:
    """How many reviews give so many stars, and the link to them; no link where there are none."""

    stars: int
    count: int
    percent: int
    selected: bool
    url: str


@dataclass(frozen=True)
class LanguageFilter:
    """Reviews in one language; an empty code means all of them."""

    code: str
    label: str
    count: int
    selected: bool
    url: str


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


@dataclass(frozen=True)
class Suggestion:
    """A row under the search field. `label_parts` are (text, bold): what was not typed is bold."""

    kind: SuggestionKind
    label_parts: tuple[tuple[str, bool], ...]
    url: str
    picture: Picture | None = None
    price: PriceView | None = None
    in_stock: bool | None = None

    @property
    def label(self) -> str:
        return "".join(text for text, _bold in self.label_parts)


@dataclass(frozen=True)
class MenuNode:
    """A category of the menu with those below it."""

    code: str
    label: str
    url: str
    children: tuple["MenuNode", ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True)
class Sellable:
    """What the cart needs to know about a variant. `is_sellable` is false for drafts and hidden products."""

    variant_id: int
    product_id: int
    sku: str
    name: str
    options_text: str
    picture: Picture | None
    weight_g: int
    hs_code: str
    origin: str
    tax_category: str
    purchase_limit: int | None
    product_url: str
    requires_shipping: bool
    is_sellable: bool
    customs_description: str = ""


@dataclass(frozen=True)
class ConsideredPrice:
    """A price that applied, and whether it won. `reason` says why not, for operators."""

    price_list_id: int
    price_list: str
    kind: str
    min_qty: int
    amount: Money
    priority: int
    won: bool
    reason: str


@dataclass(frozen=True)
class PricedVariant:
    """The price of one variant for a quantity and an audience, with the list it came from.

    `list_amount` is the ordinary price when it is higher; `prior_low` the lowest of the 30 days before the
    reduction began, for reductions everybody sees.
    """

    variant_id: int
    amount: Money
    list_amount: Money | None
    prior_low: Money | None
    price_list_id: int
    kind: str
    considered: tuple[ConsideredPrice, ...] = ()


@dataclass(frozen=True)
class Availability:
    """What a market can sell of a variant now, and the place it would leave from."""

    variant_id: int
    market_id: int
    available_total: int
    place_code: str = ""
