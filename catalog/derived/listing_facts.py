"""What is true of products as far as listings ask, read for many of them at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from catalog.listing.index import EVERYWHERE, FEATURED, IDENTITY, NEWEST, RATING, SOLD, Kind, Row
from catalog.sql import fetch
from core.money import exponent

PRODUCTS = """
SELECT p.id, p.featured_rank, COALESCE(p.released_at, p.created), p.rating_avg, p.rating_count,
       t.requires_shipping, p.preorder_until
FROM catalog_product p JOIN catalog_producttype t ON t.id = p.product_type_id
WHERE p.id = ANY(%(products)s) ORDER BY p.id
"""
VARIANTS = """
SELECT v.product_id, v.id FROM catalog_variant v
WHERE v.product_id = ANY(%(products)s) AND v.status = 'active' ORDER BY v.product_id, v.id
"""
OPTIONS = """
SELECT v.id, f.id, u.value_id
FROM catalog_variant v
CROSS JOIN LATERAL unnest(v.value_ids) AS u(value_id)
JOIN catalog_optionvalue o ON o.id = u.value_id
JOIN catalog_facetdef f ON f.option_type_id = o.option_type_id
WHERE v.product_id = ANY(%(products)s) AND v.status = 'active'
"""
PRICES = """
SELECT e.variant_id, e.market_id, e.amount, e.amount_currency
FROM catalog_effectiveprice e JOIN catalog_variant v ON v.id = e.variant_id AND v.status = 'active'
WHERE v.product_id = ANY(%(products)s) AND e.audience_key = 'public' AND e.min_qty = 1
"""
VALUES = """
SELECT r.product_id, r.market_id, r.facet_id, r.value_id, f.kind
FROM catalog_facetrow r JOIN catalog_facetdef f ON f.id = r.facet_id
WHERE r.product_id = ANY(%(products)s)
"""
NUMBERS = """
SELECT a.product_id, f.id, a.number
FROM catalog_productattribute a JOIN catalog_facetdef f ON f.attribute_id = a.attribute_id
WHERE a.product_id = ANY(%(products)s) AND a.number IS NOT NULL
"""
SALES = "SELECT product_id, market_id, sold FROM catalog_popularity WHERE product_id = ANY(%(products)s)"
BUYABLE = """
SELECT v.id, m.id
FROM catalog_variant v
JOIN catalog_product p ON p.id = v.product_id
JOIN catalog_producttype t ON t.id = p.product_type_id
CROSS JOIN markets_market m
LEFT JOIN catalog_variantavailability a ON a.variant_id = v.id AND a.market_id = m.id
WHERE v.id = ANY(%(variants)s)
  AND (a.available_total > 0 OR NOT t.requires_shipping OR p.preorder_until > %(at)s)
"""
SMALLEST = 1 << 47
"""Added to numbers of details, so that those below zero have digits too."""
FINEST = 4
"""Decimal places of numbers of details."""


@dataclass
class Facts:
    """A product's numbers, and what is true of it and of its variants. Row to the variants it holds for."""

    id: int
    waits_until: datetime | None
    keys: dict[int, int]
    variant_ids: list[int] = field(default_factory=list)
    everywhere: set[Row] = field(default_factory=set)
    """Rows that hold for the product and all its variants."""
    of_variants: defaultdict[Row, set[int]] = field(default_factory=lambda: defaultdict(set))
    numbers: dict[Row, int] = field(default_factory=dict)
    prices: defaultdict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """Market to variant to amount in the smallest unit."""
    sold: dict[int, int] = field(default_factory=dict)
    """Market to pieces sold lately."""
    markets: set[int] = field(default_factory=set)
    """Where it can be seen."""


def read_facts(product_ids: Collection[int], at: datetime) -> list[Facts]:
    """The facts of these products, by rising id. Eight queries."""
    asked = {"products": list(product_ids), "at": at}
    found = {row[0]: _numbers_of(row, at) for row in fetch(PRODUCTS, asked)}
    owners: dict[int, Facts] = {}
    for product, variant in fetch(VARIANTS, asked):
        found[product].variant_ids.append(variant)
        owners[variant] = found[product]
    for variant, facet, value in fetch(OPTIONS, asked):
        owners[variant].of_variants[Row(EVERYWHERE, Kind.VALUE, facet, value)].add(variant)
    for variant, market, amount, currency in fetch(PRICES, asked):
        owners[variant].prices[market][variant] = scaled(amount, exponent(currency))
    _read_values(found, asked)
    for product, facet, number in fetch(NUMBERS, asked):
        found[product].numbers[Row(EVERYWHERE, Kind.NUMBER, facet)] = SMALLEST + scaled(number, FINEST)
    for product, market, sold in fetch(SALES, asked):
        found[product].sold[market] = sold
    for variant, market in buyable(owners, at):
        owners[variant].of_variants[Row(market, Kind.STOCK)].add(variant)
    return [found[pk] for pk in sorted(found)]


def buyable(variant_ids: Iterable[int], at: datetime) -> list[tuple[int, int]]:
    """Which of these variants which market can sell now: in stock there, nothing to send, or sold ahead."""
    return [(row[0], row[1]) for row in fetch(BUYABLE, {"variants": list(variant_ids), "at": at})]


def scaled(amount: Decimal, digits: int) -> int:
    """A number in units of its last digit."""
    return int(amount.scaleb(digits))


def _numbers_of(row: tuple[int, int, datetime, Decimal | None, int, bool, datetime | None], at: datetime) -> Facts:
    pk, featured, since, average, ratings, is_sent, preorder = row
    rating = 0 if average is None else (scaled(average, 2) << 20) | min(ratings, (1 << 20) - 1)
    keys = {FEATURED: featured, NEWEST: max(int(since.timestamp()), 0), RATING: rating, IDENTITY: pk}
    waits = preorder if is_sent and preorder is not None and preorder > at else None
    return Facts(pk, waits, keys)


def _read_values(found: Mapping[int, Facts], asked: Mapping[str, object]) -> None:
    for product, market, facet, value, kind in fetch(VALUES, asked):
        if kind == "category" and value == 0:
            found[product].markets.add(market)
        elif kind == "offer":
            found[product].everywhere.add(Row(market, Kind.VALUE, facet, value))
        else:
            found[product].everywhere.add(Row(EVERYWHERE, Kind.VALUE, facet, value))


def marked(facts: Facts) -> Iterator[tuple[Row, int]]:
    """Every row of bits that has any of a product's places, with them: bit n is variant n, the bit after, itself."""
    bit_of = {variant: 1 << at for at, variant in enumerate(facts.variant_ids)}
    own = 1 << len(facts.variant_ids)
    whole = own * 2 - 1
    yield Row(EVERYWHERE, Kind.PRODUCT), own
    for row in facts.everywhere:
        yield row, whole
    for row, variants in facts.of_variants.items():
        yield row, sum(bit_of[variant] for variant in variants)
    for row, number in facts.numbers.items():
        yield row._replace(kind=Kind.KNOWN), whole
        yield from _digits(row, number, whole)
    for subject, key in facts.keys.items():
        yield from _digits(Row(EVERYWHERE, Kind.ORDER, subject), key, own)
    for market, sold in facts.sold.items():
        yield from digits_of_sold(market, sold, own)
    for market in facts.markets & facts.prices.keys():
        amounts = facts.prices[market]
        yield Row(market, Kind.LISTED), sum(bit_of[variant] for variant in amounts)
        for variant, amount in amounts.items():
            yield from _digits(Row(market, Kind.PRICE), amount, bit_of[variant])
        yield from _digits(Row(market, Kind.PRICE), min(amounts.values()), own)


def digits_of_sold(market_id: int, sold: int, bits: int) -> Iterator[tuple[Row, int]]:
    """The rows of bits that say how much a market bought."""
    yield from _digits(Row(market_id, Kind.ORDER, SOLD), sold, bits)


def _digits(row: Row, number: int, bits: int) -> Iterator[tuple[Row, int]]:
    for at in range(number.bit_length()):
        if number >> at & 1:
            yield row._replace(value=at), bits
