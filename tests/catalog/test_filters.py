"""Filters: matches and counts against a plain reading of the rules, pages, addresses."""

import random
from decimal import Decimal

import pytest
from django.db import transaction

from catalog import actions
from catalog.drafts import Detail
from catalog.errors import NotFound
from catalog.queries import listing_page
from markets.cache import forget
from markets.queries import market_by_code
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
COLOURS = ("ink", "bone", "pine")
SIZES = ("s", "m", "l")
MATERIALS = ("clay", "steel", "glass")


@pytest.fixture(scope="module")
def module_shop(django_db_setup, django_db_blocker):
    """The shop is only looked at, so one serves all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        small_world("de", "jp")
        yield _random_shop()
        transaction.set_rollback(True)


@pytest.fixture
def shop(module_shop, db):
    forget()
    return module_shop


@pytest.fixture
def de(shop):
    return market_by_code("de", language="de")


def _random_shop():
    """Thirty products of random variants, prices, stock, brand, material."""
    option("colour", {"ink": "#111111", "bone": "#eeeeee", "pine": "#2f5246"}, input="swatch")
    option("size", dict.fromkeys(SIZES))
    actions.put_attribute(code="material", names={"en": "Material"}, data_type="enum", filterable=True)
    for code in MATERIALS:
        actions.put_attribute_option(attribute="material", code=code, names={"en": code.title()})
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Kitchen"}})
    for code in ("kesen", "riba"):
        actions.put_brand(code=code, name=code.title())
    chance = random.Random(7)
    everything = [{"colour": colour, "size": size} for colour in COLOURS for size in SIZES]
    facts = []
    for number in range(30):
        chosen = chance.sample(everything, chance.randint(1, 5))
        amounts = [f"{chance.randint(5, 60)}.00" for _ in chosen]
        stock = [chance.choice([0, 3]) for _ in chosen]
        brand, material = chance.choice(["kesen", "riba", None]), chance.choice(MATERIALS)
        product = make_product(
            f"thing-{number}",
            category="kitchen",
            options={"colour": COLOURS, "size": SIZES},
            combinations=chosen,
            prices={"de": amounts},
            stock=stock,
            details=[Detail(attribute="material", options=(material,))],
            draft={"brand": brand, "featured_rank": number},
            refresh=False,
        )
        variants = [
            {**values, "price": Decimal(amount), "stock": left > 0}
            for values, amount, left in zip(chosen, amounts, stock, strict=True)
        ]
        facts.append({"id": product.pk, "brand": brand, "material": material, "variants": variants})
    actions.refresh_derived(product_ids=[fact["id"] for fact in facts])
    return facts


CHOICES = [
    {},
    {"colour": ["ink"]},
    {"colour": ["ink", "pine"]},
    {"colour": ["ink"], "size": ["l"]},
    {"colour": ["bone"], "size": ["s", "m"], "material": ["clay"]},
    {"brand": ["kesen"], "material": ["steel", "glass"]},
    {"availability": ["in-stock"], "colour": ["pine"]},
    {"price_min": ["20"], "price_max": ["40"], "size": ["m"]},
    {"price_max": ["15"], "availability": ["in-stock"], "brand": ["riba"], "colour": ["ink", "bone"]},
    {"price_min": ["59"], "size": ["l"], "colour": ["pine"], "brand": ["kesen"]},
]


def fits(product, variant, choice, *, without=None):
    low = Decimal(choice.get("price_min", ["0"])[0])
    high = Decimal(choice.get("price_max", ["1000"])[0])
    tests = {
        "colour": lambda: variant["colour"] in choice["colour"],
        "size": lambda: variant["size"] in choice["size"],
        "brand": lambda: product["brand"] in choice["brand"],
        "material": lambda: product["material"] in choice["material"],
        "availability": lambda: variant["stock"],
    }
    held = all(test() for key, test in tests.items() if key in choice and key != without)
    return held and (without == "price" or low <= variant["price"] <= high)


def count(shop, choice, key, value):
    """Products with a variant that has the value and fits everything but this facet."""
    having = {
        "colour": lambda p, v: v["colour"] == value,
        "size": lambda p, v: v["size"] == value,
        "brand": lambda p, v: p["brand"] == value,
        "material": lambda p, v: p["material"] == value,
        "availability": lambda p, v: v["stock"],
    }[key]
    return sum(any(having(p, v) and fits(p, v, choice, without=key) for v in p["variants"]) for p in shop)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_matches_and_counts_agree_with_a_plain_reading(de, shop, choice):
    page = listing_page(de, "kitchen", choice)
    expected = [p["id"] for p in shop if any(fits(p, v, choice) for v in p["variants"])]
    assert page.total == len(expected)
    assert [card.product_id for card in page.cards] == expected[:24]
    assert page.total_unfiltered == 30
    for facet in page.facets:
        for value in facet.values:
            assert value.count == count(shop, choice, facet.key, value.key), (facet.key, value.key)
            assert value.selected == (value.key in choice.get(facet.key, []))
            assert value.disabled == (value.count == 0 and not value.selected)


def test_the_price_filter_shows_the_range_that_the_other_filters_leave(de, shop):
    """Of the variants that are left: choosing all of the range leaves every one of them."""
    choice = {"colour": ["ink"], "price_max": ["30"]}
    facet = next(f for f in listing_page(de, "kitchen", choice).facets if f.kind == "range")
    left = [v["price"] for p in shop for v in p["variants"] if v["colour"] == "ink"]
    assert (facet.low, facet.high, facet.selected_high) == (min(left), max(left), Decimal(30))
    assert len(facet.histogram) == 12
    assert max(facet.histogram) == 100


def test_two_values_widen_and_two_facets_narrow(de, shop):
    one = listing_page(de, "kitchen", {"colour": ["ink"]}).total
    assert listing_page(de, "kitchen", {"colour": ["ink", "bone"]}).total >= one
    assert listing_page(de, "kitchen", {"colour": ["ink"], "size": ["l"]}).total <= one


def test_a_chip_removes_only_itself_and_links_are_readable(de, shop):
    page = listing_page(de, "kitchen", {"colour": ["pine", "ink"], "price_min": ["20"], "sort": ["price"]})
    assert [chip.label for chip in page.chips] == ["Pine", "Ink", "From 20,00\xa0€"]
    removed = {chip.label: chip.remove_url for chip in page.chips}
    assert removed["Ink"] == "/de/de/c/kitchen/?colour=pine&price_min=20&sort=price"
    assert page.clear_url == "/de/de/c/kitchen/?sort=price"


def test_what_means_nothing_in_an_address_is_left_out(de, shop):
    odd = {
        "colour": ["nope", "ink"],
        "price_min": ["abc"],
        "price_max": ["NaN"],
        "sort": ["x"],
        "page": ["-1"],
        "q": ["z"],
    }
    page = listing_page(de, "kitchen", odd)
    assert [chip.label for chip in page.chips] == ["Ink"]
    assert page.page_number == 1
    assert next(sort for sort in page.sorts if sort.selected).key == "featured"


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("price", lambda p: (min(v["price"] for v in p["variants"]), p["id"])),
        ("-price", lambda p: (-min(v["price"] for v in p["variants"]), p["id"])),
    ],
)
def test_sorting_by_price(de, shop, sort, key):
    cards = listing_page(de, "kitchen", {"sort": [sort]}).cards
    amounts = [card.price.now.amount for card in cards]
    assert amounts == sorted((key(p)[0] * (1 if sort == "price" else -1) for p in shop), reverse=sort == "-price")[:24]


def test_pages_are_real_and_say_how_much_was_seen(de, shop):
    first = listing_page(de, "kitchen", {})
    assert (first.seen_from, first.seen_to, first.total, first.page_count) == (1, 24, 30, 2)
    assert first.next_url == "/de/de/c/kitchen/?page=2"
    second = listing_page(de, "kitchen", {"page": ["2"]})
    assert (second.seen_from, second.seen_to, second.prev_url, second.next_url) == (25, 30, "/de/de/c/kitchen/", None)
    assert not {card.product_id for card in first.cards} & {card.product_id for card in second.cards}
    with pytest.raises(NotFound):
        listing_page(de, "kitchen", {"page": ["3"]})


def test_only_plain_pages_are_for_search_engines(de, shop):
    assert not listing_page(de, "kitchen", {}).noindex
    second = listing_page(de, "kitchen", {"page": ["2"]})
    assert (second.noindex, second.canonical_url) == (False, "/de/de/c/kitchen/?page=2")
    for params in ({"colour": ["ink"]}, {"sort": ["price"]}, {"price_max": ["30"]}):
        page = listing_page(de, "kitchen", params)
        assert (page.noindex, page.canonical_url) == (True, "/de/de/c/kitchen/")


def test_of_very_many_values_the_most_common_are_offered_and_every_chosen_one(de, shop, monkeypatch):
    monkeypatch.setattr("catalog.listing.matching.MOST_VALUES", 2)
    counts = {value: count(shop, {}, "colour", value) for value in COLOURS}
    rarest = min(COLOURS, key=lambda value: (counts[value], -COLOURS.index(value)))

    def offered(choice):
        facet = next(facet for facet in listing_page(de, "kitchen", choice).facets if facet.key == "colour")
        return {value.key: value.count for value in facet.values}

    assert offered({}) == {value: counts[value] for value in COLOURS if value != rarest}
    assert rarest in offered({"colour": [rarest]})
    assert set(offered({"size": ["m"]})) == set(offered({}))
