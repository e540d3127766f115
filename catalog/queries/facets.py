"""Filters, chips and sorts of a listing, from counts. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.listing.matching import Counts, Spread
from catalog.listing.selection import (
    BEST_RATED,
    BESTSELLING,
    CHEAPEST,
    DEAREST,
    FEATURED,
    NEWEST,
    RELEVANCE,
    Range,
    Selection,
    address,
)
from catalog.listing.vocabulary import FacetInfo, Kind, Value, Vocabulary
from catalog.types import Chip, Facet, FacetValue, SortOption
from core.money import Money, exponent, format_money
from markets.formatting import format_number


@dataclass(frozen=True)
class Place:
    """A listing's path, and what its filters are called."""

    path: str
    vocabulary: Vocabulary
    currency: str
    language: str
    category_ids: frozenset[int] = frozenset()
    """Categories offered as a filter; none on a category page, where they are links."""

    def to(self, selection: Selection) -> str:
        return address(self.path, selection, self.vocabulary)


def facets_of(place: Place, selection: Selection, counts: Counts) -> tuple[Facet, ...]:
    """Filters that tell products of this listing apart, and every one that is in use."""
    return tuple(_facets(place, selection, counts))


def chips_of(place: Place, selection: Selection) -> tuple[Chip, ...]:
    """One chip per chosen value, one for each range."""
    chips = [
        Chip(_chip_label(facet, facet.by_key[key]), place.to(selection.toggled(facet.key, key)))
        for facet in place.vocabulary.facets
        for key in selection.values.get(facet.key, ())
    ]
    chips += [
        Chip(_range_label(place, facet, selection.ranges[facet.key]), place.to(selection.without_range(facet.key)))
        for facet in place.vocabulary.facets
        if facet.key in selection.ranges
    ]
    return tuple(chips)


def sorts_of(place: Place, selection: Selection) -> tuple[SortOption, ...]:
    """The ways to sort, the running one marked."""
    first = (RELEVANCE, _("Most relevant")) if selection.query else (FEATURED, _("Recommended"))
    labels = [
        first,
        (BESTSELLING, _("Bestselling")),
        (NEWEST, _("Newest")),
        (CHEAPEST, _("Price, low to high")),
        (DEAREST, _("Price, high to low")),
        (BEST_RATED, _("Best rated")),
    ]
    return tuple(
        SortOption(key, label, key == selection.sort, place.to(selection.sorted_by(key))) for key, label in labels
    )


def kept_fields(selection: Selection) -> tuple[tuple[str, str], ...]:
    """Hidden fields of the filter form: the search text."""
    return (("q", selection.query),) if selection.query else ()


def _facets(place: Place, selection: Selection, counts: Counts) -> Iterator[Facet]:
    for facet in place.vocabulary.facets:
        if facet.is_range:
            if facet.key in selection.ranges or facet.id in counts.told_apart:
                yield _range_facet(facet, place, selection.ranges.get(facet.key, Range()), counts.ranges.get(facet.id))
            continue
        values = tuple(_values(facet, selection, counts, place.category_ids))
        if values and (facet.key in selection.values or facet.id in counts.told_apart):
            yield Facet(facet.key, facet.label, "values", values)


def _values(
    facet: FacetInfo, selection: Selection, counts: Counts, category_ids: frozenset[int]
) -> Iterator[FacetValue]:
    """Values that occur in this listing. Chosen ones stay; one that would find nothing is disabled, not removed."""
    chosen = selection.values.get(facet.key, ())
    for value in facet.values:
        if facet.kind == Kind.CATEGORY and value.id not in category_ids:
            continue
        count = counts.values.get((facet.id, value.id), 0)
        selected = value.key in chosen
        if count or selected or (facet.id, value.id) in counts.present:
            yield FacetValue(
                key=value.key,
                label=value.label,
                count=count,
                selected=selected,
                hex=value.hex,
                disabled=not count and not selected,
            )


def _range_facet(facet: FacetInfo, place: Place, chosen: Range, spread: Spread | None) -> Facet:
    tallest = max(spread.bars, default=0) if spread else 0
    return Facet(
        key=facet.key,
        label=facet.label,
        kind="range",
        low=_digits(facet, spread.low if spread else None, place.currency),
        high=_digits(facet, spread.high if spread else None, place.currency),
        selected_low=_digits(facet, chosen.low, place.currency),
        selected_high=_digits(facet, chosen.high, place.currency),
        histogram=tuple(round(100 * bar / tallest) for bar in spread.bars) if spread and tallest else (),
        currency=place.currency if facet.kind == Kind.PRICE else "",
        unit=facet.unit,
    )


def _digits(facet: FacetInfo, number: Decimal | None, currency: str) -> Decimal | None:
    """A price with the digits of its currency, none of them when it is whole; a number without needless zeros."""
    if number is None:
        return None
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.quantize(Decimal(1).scaleb(-exponent(currency))) if facet.kind == Kind.PRICE else number.normalize()


def _chip_label(facet: FacetInfo, value: Value) -> str:
    if facet.kind == Kind.ATTRIBUTE and value.key in {"yes", "no"}:
        # Translators: a filter and its answer, such as "Dishwasher safe: Yes".
        return _("%(label)s: %(value)s") % {"label": facet.label, "value": value.label}
    return value.label


def _range_label(place: Place, facet: FacetInfo, chosen: Range) -> str:
    low, high = (_shown(place, facet, number) for number in (chosen.low, chosen.high))
    if low and high:
        # Translators: a range of prices or sizes, such as "€20 to €180".
        words = _("%(low)s to %(high)s") % {"low": low, "high": high}
    elif low:
        words = _("From %(low)s") % {"low": low}
    else:
        words = _("Up to %(high)s") % {"high": high}
    if facet.kind == Kind.PRICE:
        return words
    return _("%(label)s: %(value)s") % {"label": facet.label, "value": words}


def _shown(place: Place, facet: FacetInfo, number: Decimal | None) -> str:
    if number is None:
        return ""
    if facet.kind == Kind.PRICE:
        return format_money(Money(number, place.currency), place.language)
    text = format_number(number, place.language)
    return f"{text}\u202f{facet.unit}" if facet.unit else text
