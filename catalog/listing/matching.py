"""Which products match, and how many each further choice would leave: sets of places, cut with one another.

All that is chosen of options, price and stock must hold within one variant: sets of variants are cut before their
products are counted. A value of a filter counts what everything chosen in the *other* filters leaves: values of
one filter widen, filters narrow. Any page of any order costs the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from catalog.derived.listing_facts import FINEST, SMALLEST
from catalog.listing import bits
from catalog.listing.index import EVERYWHERE, FEATURED, IDENTITY, NEWEST, RATING, SOLD, Row, view_of
from catalog.listing.index import Kind as Stored
from catalog.listing.measuring import shown_number, stored_range
from catalog.listing.selection import BEST_RATED, BESTSELLING, CHEAPEST, DEAREST, Range, Selection, chosen_ids
from catalog.listing.selection import NEWEST as NEWEST_FIRST
from catalog.listing.tally import Tally, tallies
from catalog.listing.vocabulary import FacetInfo, Kind, Vocabulary
from catalog.sql import fetch
from core.money import exponent
from markets.queries import active_markets

PAGE_SIZE = 24
BARS = 12
LONG_LISTING = 12
MOST_VALUES = 60
"""A filter of a listing offers at most so many values."""
BY_VARIANT = frozenset({Kind.OPTION, Kind.STOCK})
"""Filters that differ between variants of a product."""

PRODUCTS_AT = """
SELECT s.product_id FROM catalog_listingslot s JOIN catalog_product p ON p.id = s.product_id
LEFT JOIN catalog_popularity b ON b.product_id = p.id AND b.market_id = %(market)s
WHERE s.last = ANY(%(places)s) ORDER BY __ORDER__ p.featured_rank, COALESCE(b.sold, 0) DESC, p.id DESC
"""
LOWEST_PRICE = """(
  SELECT min(e.amount) FROM catalog_effectiveprice e JOIN catalog_variant v ON v.id = e.variant_id
  WHERE v.product_id = p.id AND v.status = 'active' AND e.market_id = %(market)s
    AND e.audience_key = 'public' AND e.min_qty = 1)"""
ORDERS = {
    BESTSELLING: "COALESCE(b.sold, 0) DESC,",
    NEWEST_FIRST: "date_trunc('second', COALESCE(p.released_at, p.created)) DESC,",
    CHEAPEST: f"{LOWEST_PRICE},",
    DEAREST: f"{LOWEST_PRICE} DESC,",
    BEST_RATED: "p.rating_avg DESC NULLS LAST, p.rating_count DESC,",
}
PLACES_OF = "SELECT product_id, first, last FROM catalog_listingslot WHERE product_id = ANY(%s)"


@dataclass(frozen=True)
class Scope:
    """Where a listing looks: a category (0 is the whole shop), or given products in order of relevance.

    `category_ids` are the categories that are counted as a filter.
    """

    market_id: int
    category_id: int = 0
    product_ids: tuple[int, ...] | None = None
    category_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Matches:
    """The products of one page, in order, and how many match in all."""

    product_ids: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Spread:
    """The numbers of a range filter: the lowest, the highest, and products per bar between them."""

    low: Decimal
    high: Decimal
    bars: tuple[int, ...]


@dataclass(frozen=True)
class Counts:
    """Products per (facet id, value id), the spread of each range, and the size of the unfiltered listing.

    `present` are the values that products of the listing have at all, whatever is chosen; `told_apart` the filters
    that would leave some of them out.
    """

    values: Mapping[tuple[int, int], int] = field(default_factory=dict)
    present: frozenset[tuple[int, int]] = frozenset()
    ranges: Mapping[int, Spread] = field(default_factory=dict)
    told_apart: frozenset[int] = frozenset()
    all: int = 0


class _Left:
    """A set of variants with their products, and what is remembered of both."""

    def __init__(self, variants: int, own: int) -> None:
        self.variants, self.own = variants, own

    @cached_property
    def products(self) -> int:
        return bits.products_with(self.variants, self.own)

    @cached_property
    def by_product(self) -> Tally:
        return tallies.of(self.products)

    @cached_property
    def by_variant(self) -> Tally:
        return tallies.of(self.variants, self.own)


class Listing:
    """A scope with what is chosen in it. Reads the index when made: one query while nothing changes."""

    def __init__(self, scope: Scope, selection: Selection, vocabulary: Vocabulary) -> None:
        self._scope, self._selection, self._vocabulary = scope, selection, vocabulary
        self._places = _places_of(scope.product_ids) if scope.product_ids is not None else {}
        self._view = view_of(self._needed())
        self._own = self._view.row(Row(EVERYWHERE, Stored.PRODUCT))
        self._base = _Left(self._everything(), self._own)
        self._tests = {facet.id: test for facet in vocabulary.facets if (test := self._test(facet)) is not None}
        self._offers: dict[int, frozenset[int]] = {}
        self._lefts: dict[int | None, _Left] = {None: self._but(None)}
        self._lefts |= {pk: self._but(pk) for pk in self._tests}

    def page(self) -> Matches:
        """One page of products, in the order asked for. One query."""
        found = self._lefts[None].products
        start = (self._selection.page - 1) * PAGE_SIZE
        if self._scope.product_ids is not None and self._selection.sort not in ORDERS:
            here = set(bits.places(found))
            ordered = [pk for pk in self._scope.product_ids if pk in self._places and self._places[pk][1] in here]
            return Matches(tuple(ordered[start : start + PAGE_SIZE]), len(ordered))
        total = found.bit_count()
        if start >= total:
            return Matches((), total)
        keys = self._keys()
        until = bits.first(found, start + PAGE_SIZE, keys)
        return Matches(self._products_at(until ^ bits.first(until, start, keys)), total)

    def first(self, limit: int) -> tuple[int, ...]:
        """The first `limit` products in the order asked for, more of them than a page shows. One query."""
        return self._products_at(bits.first(self._lefts[None].products, limit, self._keys()))

    def _products_at(self, window: int) -> tuple[int, ...]:
        """The products that have these places, in order."""
        sql = PRODUCTS_AT.replace("__ORDER__", ORDERS.get(self._selection.sort, ""))
        rows = fetch(sql, {"places": bits.places(window), "market": self._scope.market_id})
        return tuple(row[0] for row in rows)

    def counts(self) -> Counts:
        """How many products each value would leave. No query."""
        values: dict[tuple[int, int], int] = {}
        present: set[tuple[int, int]] = set()
        ranges: dict[int, Spread] = {}
        for facet in self._vocabulary.facets:
            left = self._lefts.get(facet.id, self._lefts[None])
            if facet.is_range:
                spread = self._spread(facet, left)
                ranges |= {facet.id: spread} if spread else {}
                continue
            offered = self._offered(facet)
            for value, count, is_present in self._counted(facet, left):
                if offered is not None and value not in offered:
                    continue
                values[facet.id, value] = count
                if is_present:
                    present.add((facet.id, value))
        whole = self._base.products.bit_count()
        apart = frozenset(facet.id for facet in self._vocabulary.facets if self._tells_apart(facet, whole))
        return Counts(values, frozenset(present), ranges, apart, whole)

    def _offered(self, facet: FacetInfo) -> frozenset[int] | None:
        """Of very many values those that most products of the whole listing have, and every chosen one; None: all."""
        if len(facet.values) <= MOST_VALUES or facet.is_range:
            return None
        if facet.id not in self._offers:
            counts = {value: count for value, count, _present in self._counted(facet, self._base) if count}
            most = sorted(counts, key=lambda value: -counts[value])[:MOST_VALUES]
            self._offers[facet.id] = frozenset(most) | set(chosen_ids(facet, self._selection))
        return self._offers[facet.id]

    def _tells_apart(self, facet: FacetInfo, whole: int) -> bool:
        """Asked of the whole listing: what is shown does not come and go while filters are chosen.

        One value that everything has changes nothing; in a long listing an option or a detail that never gathers
        two products is no filter worth reading.
        """
        if facet.is_range:
            found, digits, _shift, _places = self._numbers(facet, self._base.variants)
            return bits.differ(found, digits)
        least = 2 if facet.kind in {Kind.OPTION, Kind.ATTRIBUTE} and whole > LONG_LISTING else 1
        some, most = 0, 0
        for _value, count, _present in self._counted(facet, self._base):
            some, most = some + bool(count), max(most, count)
            if some > 1 and most >= least:
                return True
        return least <= most < whole

    def _counted(self, facet: FacetInfo, left: _Left) -> Iterator[tuple[int, int, bool]]:
        by_variant = facet.kind in BY_VARIANT
        tally = left.by_variant if by_variant else left.by_product
        offered = self._offered(facet) if left is not self._base else None
        for value, row in self._rows_of(facet):
            having = self._view.row(row)
            if not having or (offered is not None and value not in offered):
                continue
            count = tally.products_of_variants(row, having, self._own) if by_variant else tally.products(row, having)
            yield value, count, facet.kind == Kind.STOCK or bool(count or self._base.variants & having)

    def _everything(self) -> int:
        listed = self._view.row(Row(self._scope.market_id, Stored.LISTED))
        if self._scope.product_ids is not None:
            return listed & bits.of_ranges(list(self._places.values()))
        if self._scope.category_id:
            return listed & self._view.row(self._category(self._scope.category_id))
        return listed

    def _but(self, facet_id: int | None) -> _Left:
        """What is left by everything chosen but in one filter."""
        if not self._tests:
            return self._base
        left = self._base.variants
        for pk, test in self._tests.items():
            if pk != facet_id:
                left &= test
        return _Left(left, self._own)

    def _test(self, facet: FacetInfo) -> int | None:
        """The places that have what is chosen of a filter; None when nothing is."""
        if facet.is_range:
            chosen = self._selection.ranges.get(facet.key)
            return None if chosen is None else self._within(facet, chosen)
        wanted = set(chosen_ids(facet, self._selection))
        if not wanted:
            return None
        having = 0
        for value, row in self._rows_of(facet, wanted):
            if value in wanted:
                having |= self._view.row(row)
        return having

    def _within(self, facet: FacetInfo, chosen: Range) -> int:
        found, digits, shift, places = self._numbers(facet, self._base.variants)
        bounds = stored_range(facet, chosen)
        low, high = (
            None if bound is None else int(bound.scaleb(places).to_integral_value(rounding)) + shift
            for bound, rounding in ((bounds.low, ROUND_CEILING), (bounds.high, ROUND_FLOOR))
        )
        return bits.between(found, digits, low, high)

    def _spread(self, facet: FacetInfo, left: _Left) -> Spread | None:
        found, digits, shift, places = self._numbers(facet, left.variants)
        if not found:
            return None
        spread = left.by_variant.remembered(
            facet.id, (found, *digits), lambda: self._bars(found, digits, shift, places)
        )
        return replace(spread, low=shown_number(facet, spread.low), high=shown_number(facet, spread.high))

    def _bars(self, found: int, digits: Sequence[int], shift: int, places: int) -> Spread:
        low, high = bits.lowest(found, digits), bits.highest(found, digits)
        telling = (low ^ high).bit_length()  # all digits above are the same for everything found
        begin = low >> telling << telling
        edges = [edge - begin for edge in bar_edges(low, high)[1:-1]]
        parts = bits.parted(found, digits[:telling], edges)
        bars = tuple(bits.products_with(part, self._own).bit_count() for part in parts)
        return Spread(_shown(low, shift, places), _shown(high, shift, places), bars)

    def _numbers(self, facet: FacetInfo, among: int) -> tuple[int, list[int], int, int]:
        """Those of a set of variants that have the number, its digits, what they were raised by, decimal places."""
        if facet.kind == Kind.PRICE:
            digits = self._view.digits(Row(self._scope.market_id, Stored.PRICE))
            return among, digits, 0, self._decimal_places
        known = self._view.row(Row(EVERYWHERE, Stored.KNOWN, facet.id))
        return among & known, self._view.digits(Row(EVERYWHERE, Stored.NUMBER, facet.id)), SMALLEST, FINEST

    @cached_property
    def _decimal_places(self) -> int:
        """Of the market's currency."""
        markets = active_markets(language="en")
        return next((exponent(market.currency) for market in markets if market.id == self._scope.market_id), 2)

    def _keys(self) -> list[tuple[list[int], bool]]:
        """The sorting keys, most important first, and whether the largest comes first."""
        return [(self._view.digits(row), is_descending) for row, is_descending in self._key_rows()]

    def _key_rows(self) -> list[tuple[Row, bool]]:
        price = Row(self._scope.market_id, Stored.PRICE)
        sold = Row(self._scope.market_id, Stored.ORDER, SOLD)
        first = {
            BESTSELLING: [(sold, True)],
            NEWEST_FIRST: [(Row(EVERYWHERE, Stored.ORDER, NEWEST), True)],
            BEST_RATED: [(Row(EVERYWHERE, Stored.ORDER, RATING), True)],
            CHEAPEST: [(price, False)],
            DEAREST: [(price, True)],
        }.get(self._selection.sort, [])
        return [
            *first,
            (Row(EVERYWHERE, Stored.ORDER, FEATURED), False),
            (sold, True),
            (Row(EVERYWHERE, Stored.ORDER, IDENTITY), True),
        ]

    def _category(self, category_id: int) -> Row:
        return Row(EVERYWHERE, Stored.VALUE, self._vocabulary.built_in.get(Kind.CATEGORY, -1), category_id)

    def _rows_of(self, facet: FacetInfo, wanted: set[int] | None = None) -> Iterator[tuple[int, Row]]:
        """The rows of a filter's values; of categories, of which there are many, only those that are asked about."""
        if facet.kind == Kind.CATEGORY:
            asked = self._scope.category_ids | (wanted or set())
            yield from ((pk, self._category(pk)) for pk in asked)
            return
        market = self._market_of(facet)
        for value in facet.values:
            if facet.kind == Kind.STOCK:
                yield value.id, Row(market, Stored.STOCK)
            else:
                yield value.id, Row(market, Stored.VALUE, facet.id, value.id)

    def _market_of(self, facet: FacetInfo) -> int:
        """Whose rows a filter reads: stock and offers differ between markets."""
        return self._scope.market_id if facet.kind in {Kind.STOCK, Kind.OFFER} else EVERYWHERE

    def _needed(self) -> Iterator[Row]:
        market = self._scope.market_id
        yield Row(EVERYWHERE, Stored.PRODUCT)
        yield Row(market, Stored.LISTED)
        yield from (row.all() for row, _descending in self._key_rows())
        if self._scope.category_id:
            yield self._category(self._scope.category_id)
        for facet in self._vocabulary.facets:
            if facet.kind == Kind.PRICE:
                yield Row(market, Stored.PRICE).all()
            elif facet.is_range:
                yield Row(EVERYWHERE, Stored.KNOWN, facet.id)
                yield Row(EVERYWHERE, Stored.NUMBER, facet.id).all()
            elif facet.kind == Kind.CATEGORY:
                yield from (row for _value, row in self._rows_of(facet, set(chosen_ids(facet, self._selection))))
            elif facet.kind == Kind.STOCK:
                yield from (row for _value, row in self._rows_of(facet))
            elif facet.values:
                yield Row(self._market_of(facet), Stored.VALUE, facet.id).all()


def bar_edges(low: int, high: int) -> list[int]:
    """Where bars between two numbers begin, and the end of the last: nearly as wide as one another, and round."""
    grain = max((high + 1 - low) // (BARS * 8), 1).bit_length() - 1
    inner = [(low + (high + 1 - low) * at // BARS) >> grain << grain for at in range(1, BARS)]
    return [low, *(max(edge, low) for edge in inner), high + 1]


def _shown(number: int, shift: int, places: int) -> Decimal:
    """A number of the index as it is written."""
    return Decimal(number - shift).scaleb(-places)


def first_of(market_id: int, sort: str, limit: int) -> tuple[int, ...]:
    """The first products of the whole shop in an order. Two queries."""
    return Listing(Scope(market_id), Selection(sort=sort), Vocabulary(())).first(limit)


def _places_of(product_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Where each product's variants begin, and its own place."""
    return {pk: (first, last) for pk, first, last in fetch(PLACES_OF, [list(product_ids)])}
