"""What a shopper chose, read from an address and written back to one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from catalog.listing.vocabulary import FacetInfo, Kind, Vocabulary

FEATURED, RELEVANCE, BESTSELLING, NEWEST, CHEAPEST, DEAREST, BEST_RATED = (
    "featured", "relevance", "bestselling", "newest", "price", "-price", "rating"
)  # fmt: skip
SORTS = (BESTSELLING, NEWEST, CHEAPEST, DEAREST, BEST_RATED)
MOST_VALUES = 40
MOST_PAGES = 10_000
MOST_QUERY = 120
HIGHEST = Decimal(10) ** 10

Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Range:
    """Bounds of a number, both included; at least one is there."""

    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Selection:
    """Chosen values and ranges per facet key, sort, page and search text."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    sort: str = FEATURED
    page: int = 1
    query: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.values or self.ranges)

    def toggled(self, facet: str, value: str) -> "Selection":
        """With `value` ticked, or not when it was; back on the first page."""
        now = self.values.get(facet, ())
        chosen = tuple(one for one in now if one != value) if value in now else (*now, value)
        values = {**self.values, facet: chosen}
        return replace(self, values={key: one for key, one in values.items() if one}, page=1)

    def without_range(self, facet: str) -> "Selection":
        return replace(self, ranges={key: one for key, one in self.ranges.items() if key != facet}, page=1)

    def cleared(self) -> "Selection":
        """No filter; the search text and the sort stay."""
        return replace(self, values={}, ranges={}, page=1)

    def sorted_by(self, sort: str) -> "Selection":
        return replace(self, sort=sort, page=1)

    def on_page(self, page: int) -> "Selection":
        return replace(self, page=page)


def read_selection(parameters: Parameters, vocabulary: Vocabulary) -> Selection:
    """The selection an address says. What means nothing is left out: an address is never an error."""
    values, ranges = {}, {}
    for facet in vocabulary.facets:
        if facet.is_range and (chosen := _range(parameters, facet)) is not None:
            ranges[facet.key] = chosen
        known = [key for key in dict.fromkeys(parameters.get(facet.key, ())) if key in facet.by_key]
        if known:
            values[facet.key] = tuple(known[:MOST_VALUES])
    query = " ".join(_last(parameters, "q").split())[:MOST_QUERY].replace("\x00", "")
    sort = _last(parameters, "sort")
    return Selection(
        values=values,
        ranges=ranges,
        sort=sort if sort in SORTS else (RELEVANCE if query else FEATURED),
        page=_page(_last(parameters, "page")),
        query=query,
    )


def address(path: str, selection: Selection, vocabulary: Vocabulary) -> str:
    """The address of a selection: one spelling for each, with readable keys, facets in their order."""
    pairs: list[tuple[str, str]] = []
    if selection.query:
        pairs.append(("q", selection.query))
    for facet in vocabulary.facets:
        chosen = selection.values.get(facet.key, ())
        pairs.extend((facet.key, value.key) for value in facet.values if value.key in chosen)
    for facet in vocabulary.facets:
        bounds = selection.ranges.get(facet.key, Range())
        ends = ((f"{facet.key}_min", bounds.low), (f"{facet.key}_max", bounds.high))
        pairs.extend((name, plain(number)) for name, number in ends if number is not None)
    if selection.sort in SORTS:
        pairs.append(("sort", selection.sort))
    if selection.page > 1:
        pairs.append(("page", str(selection.page)))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def chosen_ids(facet: FacetInfo, selection: Selection) -> list[int]:
    """The ids of the chosen values of a facet."""
    return [facet.by_key[key].id for key in selection.values.get(facet.key, ())]


def plain(amount: Decimal) -> str:
    """An amount without needless zeros: 20, 19.5."""
    return f"{amount.normalize():f}"


def _last(parameters: Parameters, key: str) -> str:
    found = parameters.get(key) or ("",)
    return found[-1].strip()


def _range(parameters: Parameters, facet: FacetInfo) -> Range | None:
    low, high = (_number(_last(parameters, f"{facet.key}_{end}"), facet) for end in ("min", "max"))
    if low is not None and high is not None and low > high:
        low, high = high, low
    return None if low is None and high is None else Range(low, high)


def _number(text: str, facet: FacetInfo) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= HIGHEST:
        return None
    if facet.kind == Kind.PRICE:
        return number.quantize(Decimal("0.01")) if number >= 0 else None
    return number.quantize(Decimal("0.0001"))


def _page(text: str) -> int:
    return min(int(text), MOST_PAGES) if text.isascii() and text.isdecimal() and int(text[:9]) > 0 else 1
