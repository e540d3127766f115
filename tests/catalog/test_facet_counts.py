"""Whatever is chosen, a listing finds and counts what a plain reading of the rules finds and counts.

One shop of random products, two hundred random sets of filters: options, details, brands, stocks, ratings, prices and
sizes, several values each, with and without a category.
"""

import random
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import actions
from catalog.derived.listing_facts import SMALLEST
from catalog.drafts import Detail
from catalog.listing.matching import BARS, Listing, Scope, bar_edges
from catalog.listing.selection import read_selection
from catalog.listing.vocabulary import vocabulary
from catalog.models import Category, Product
from markets.cache import forget
from markets.queries import market_by_code
from tests.factories.catalog import approved_review, make_product, option
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
COLOURS = ("ink", "bone", "pine", "clay")
SIZES = ("s", "m", "l")
MATERIALS = ("oak", "steel", "glass")
BRANDS = ("kesen", "riba")
SHELVES = {"kitchen": None, "tea": "kitchen", "bath": None}
PRODUCTS = 40


@dataclass(frozen=True)
class Made:
    """What is true of a product."""

    id: int
    shelves: frozenset[str]
    brand: str | None
    materials: tuple[str, ...]
    is_safe: bool | None
    height: Decimal | None
    stars: Decimal | None
    rank: int
    variants: tuple[dict[str, object], ...]


@pytest.fixture(scope="module")
def module_shop(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        small_world("de", "jp")
        yield _random_shop(random.Random(11))
        transaction.set_rollback(True)


@pytest.fixture
def shop(module_shop, db):
    forget()
    return module_shop


def _random_shop(chance):
    option("colour", dict.fromkeys(COLOURS))
    option("size", dict.fromkeys(SIZES))
    actions.put_attribute(code="material", names={"en": "Material"}, data_type="enum", filterable=True)
    actions.put_attribute(code="safe", names={"en": "Safe"}, data_type="bool", filterable=True)
    actions.put_attribute(code="height", names={"en": "Height"}, data_type="number", unit="cm", filterable=True)
    for code in MATERIALS:
        actions.put_attribute_option(attribute="material", code=code, names={"en": code.title()})
    for code in BRANDS:
        actions.put_brand(code=code, name=code.title())
    for code, parent in SHELVES.items():
        actions.put_category(code=code, texts={"name": {"en": code.title(), "de": code.title()}}, parent=parent)
    made = [_random_product(chance, number) for number in range(PRODUCTS)]
    actions.refresh_derived(product_ids=[product.id for product in made])
    return made


def _random_product(chance, number):
    shelf = chance.choice(list(SHELVES))
    everything = [{"colour": colour, "size": size} for colour in COLOURS for size in SIZES]
    chosen = chance.sample(everything, chance.randint(1, 6))
    amounts = [Decimal(chance.randint(500, 6000)) / 100 for _ in chosen]
    stock = [chance.choice([0, 3]) for _ in chosen]
    materials = tuple(chance.sample(MATERIALS, chance.randint(1, 2)))
    is_safe = chance.choice([True, False, None])
    height = chance.choice([None, Decimal(chance.randint(-50, 400)) / 4])
    details = [Detail(attribute="material", options=materials)]
    details += [] if is_safe is None else [Detail(attribute="safe", flag=is_safe)]
    details += [] if height is None else [Detail(attribute="height", number=height)]
    brand = chance.choice([*BRANDS, None])
    product = make_product(
        f"thing-{number}",
        category=shelf,
        options={"colour": COLOURS, "size": SIZES},
        combinations=chosen,
        prices={"de": [str(amount) for amount in amounts]},
        stock=stock,
        details=details,
        draft={"brand": brand, "featured_rank": chance.randint(1, 5)},
        refresh=False,
    )
    stars = chance.choice([None, 2, 3, 4, 5])
    if stars is not None:
        approved_review(product, rating=stars)
    parent = SHELVES[shelf]
    return Made(
        id=product.pk,
        shelves=frozenset({shelf, parent} - {None}),
        brand=brand,
        materials=materials,
        is_safe=is_safe,
        height=height,
        stars=stars,
        rank=Product.objects.get(pk=product.pk).featured_rank,
        variants=tuple(
            {**values, "price": amount, "stock": left > 0}
            for values, amount, left in zip(chosen, amounts, stock, strict=True)
        ),
    )


VALUES = {
    "colour": COLOURS,
    "size": SIZES,
    "material": MATERIALS,
    "safe": ("yes", "no"),
    "brand": BRANDS,
    "availability": ("in-stock",),
    "rating": ("4", "3"),
    "offer": ("sale",),
}
HAS = {
    "colour": lambda p, v, value: v["colour"] == value,
    "size": lambda p, v, value: v["size"] == value,
    "material": lambda p, v, value: value in p.materials,
    "safe": lambda p, v, value: p.is_safe is not None and p.is_safe == (value == "yes"),
    "brand": lambda p, v, value: p.brand == value,
    "availability": lambda p, v, value: v["stock"],
    "rating": lambda p, v, value: p.stars is not None and p.stars >= int(value),
    "offer": lambda p, v, value: False,
}
NUMBER = {"price": lambda p, v: v["price"], "height": lambda p, v: p.height}
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        **{
            key: st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)
            for key, values in VALUES.items()
        },
        **{
            f"{key}_{end}": st.decimals(-20, 120, places=2).map(lambda number: [str(number)])
            for key in NUMBER
            for end in ("min", "max")
        },
    },
)


def bounds(choice, key):
    low, high = (
        next((Decimal(text) for text in choice.get(f"{key}_{end}", ()) if key != "price" or Decimal(text) >= 0), None)
        for end in ("min", "max")
    )
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def fits(product, variant, choice, *, without=None):
    for key, has in HAS.items():
        if key != without and key in choice and not any(has(product, variant, value) for value in choice[key]):
            return False
    for key, number_of in NUMBER.items():
        low, high = bounds(choice, key)
        if key == without or (low is None and high is None):
            continue
        number = number_of(product, variant)
        if number is None or (low is not None and number < low) or (high is not None and number > high):
            return False
    return True


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=CHOICES, shelf=st.sampled_from([None, *SHELVES]))
def test_matches_and_counts_are_those_of_a_plain_reading(shop, choice, shelf):
    words = vocabulary("de")
    category = Category.objects.get(code=shelf).pk if shelf else 0
    market = market_by_code("de", language="de")
    listing = Listing(Scope(market.id, category), read_selection(choice, words), words)
    here = [product for product in shop if shelf is None or shelf in product.shelves]

    found = [p for p in here if any(fits(p, v, choice) for v in p.variants)]
    page, counts = listing.page(), listing.counts()
    assert page.total == len(found)
    assert list(page.product_ids) == [p.id for p in sorted(found, key=lambda p: (p.rank, -p.id))][:24]
    assert counts.all == len(here)

    for facet in words.facets:
        if facet.key in HAS:
            for value in facet.values:
                having = [
                    p
                    for p in here
                    if any(
                        HAS[facet.key](p, v, value.key) and fits(p, v, choice, without=facet.key) for v in p.variants
                    )
                ]
                assert counts.values.get((facet.id, value.id), 0) == len(having), (facet.key, value.key)
                is_there = any(HAS[facet.key](p, v, value.key) for p in here for v in p.variants)
                assert not is_there or (facet.id, value.id) in counts.present
        if facet.key in NUMBER:
            check_spread(facet, here, choice, counts)


def check_spread(facet, here, choice, counts):
    """Bounds of what the other filters leave, and as many products per bar as have a variant there."""
    number_of = NUMBER[facet.key]
    left = [
        (number_of(p, v), p.id)
        for p in here
        for v in p.variants
        if fits(p, v, choice, without=facet.key) and number_of(p, v) is not None
    ]
    spread = counts.ranges.get(facet.id)
    if not left:
        assert spread is None
        return
    assert (spread.low, spread.high) == (min(left)[0], max(left)[0])
    digits = 2 if facet.key == "price" else 4
    low, high = (int(number.scaleb(digits)) for number in (spread.low, spread.high))
    shift = SMALLEST if facet.key == "height" else 0
    edges = [edge - shift for edge in bar_edges(low + shift, high + shift)]
    assert (edges[0], edges[-1], len(edges)) == (low, high + 1, BARS + 1)
    assert edges == sorted(edges)
    whole = [(int(number.scaleb(digits)), pk) for number, pk in left]
    expected = [len({pk for number, pk in whole if start <= number < end}) for start, end in pairwise(edges)]
    assert list(spread.bars) == expected
