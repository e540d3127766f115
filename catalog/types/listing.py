"""Listings, filters and suggestions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from catalog.types.basics import Card, Crumb, Link, Picture, PriceView

FacetKind = Literal["values", "range"]
SuggestionKind = Literal["query", "product", "category", "page"]


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet. `key` is what the form sends; `disabled` when it would find nothing."""

    key: str
    label: str
    count: int
    selected: bool
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
    left_out: tuple[str, ...] = ()
    """Words of the query the results do without."""
    bestsellers: tuple[Card, ...] = ()
    """What others buy, offered when nothing was found."""
    picture: Picture | None = None
    json_ld: Mapping[str, object] = field(default_factory=dict)
    category_id: int | None = None
    menu_key: str = ""
    """The code of the first-level category this belongs to, to mark it in the menu."""
    alternates: Mapping[str, str] = field(default_factory=dict)
    """Language to the path of this page below `/{market}/{language}/`."""
    written_in: frozenset[str] | None = None
    """Languages in which the page has words of its own; none known means all."""


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
