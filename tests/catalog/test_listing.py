"""Listings: what a category shows, in which order, and where it leads."""

import pytest

from catalog import actions
from catalog.errors import MovedTo, NotFound
from catalog.listing.matching import LONG_LISTING
from catalog.models import Product
from catalog.queries import category_tree, listing_page
from markets.queries import market_by_code
from tests.factories.catalog import approved_review, make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
COLOURS = ("ink", "bone", "pine")
SIZES = ("s", "m", "l")
MATERIALS = ("clay", "steel", "glass")


@shared_world
def de():
    small_world("de", "jp")
    return market_by_code("de", language="de")


def test_options_must_hold_within_one_variant(de):
    option("colour", dict.fromkeys(COLOURS))
    option("size", dict.fromkeys(SIZES))
    make_product(
        "vase",
        category="kitchen",
        options={"colour": COLOURS, "size": SIZES},
        combinations=[{"colour": "ink", "size": "s"}, {"colour": "bone", "size": "l"}],
    )
    page = listing_page(de, "kitchen", {"colour": ["ink"], "size": ["l"]})
    assert page.total == 0
    assert page.noindex
    assert {value.key: value.disabled for facet in page.facets if facet.key == "size" for value in facet.values} == {
        "s": False,
        "l": False,
    }


def test_newest_and_best_rated_come_first(de):
    old = make_product("old", category="kitchen")
    new = make_product("new", category="kitchen")
    Product.objects.filter(pk=old.pk).update(released_at="2020-01-01T00:00Z")
    approved_review(old, rating=5)
    approved_review(new, rating=3)
    actions.drain_dirty()
    assert [c.name for c in listing_page(de, "kitchen", {"sort": ["newest"]}).cards] == ["New", "Old"]
    page = listing_page(de, "kitchen", {"sort": ["rating"]})
    assert [c.name for c in page.cards] == ["Old", "New"]
    rating = next(facet for facet in page.facets if facet.key == "rating")
    assert {value.key: value.count for value in rating.values} == {"4": 1, "3": 2}


def test_a_category_shows_what_lies_below_it_and_leads_there(de):
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Küche"}})
    actions.put_category(code="coffee", texts={"name": {"en": "Coffee", "de": "Kaffee"}}, parent="kitchen")
    make_product("dripper", category="coffee")
    page = listing_page(de, "küche", {})
    assert page.total == 1
    assert [(link.label, link.url) for link in page.subcategories] == [("Kaffee", "/de/de/c/kaffee/")]
    below = listing_page(de, "kaffee", {})
    assert [crumb.label for crumb in below.crumbs][1:] == ["Küche", "Kaffee"]
    assert below.menu_key == "kitchen"
    tree = category_tree(de)
    assert [(node.label, [child.label for child in node.children]) for node in tree] == [("Küche", ["Kaffee"])]


def test_old_and_foreign_slugs_lead_to_the_current_one(de):
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Küche"}})
    with pytest.raises(MovedTo) as moved:
        listing_page(de, "kitchen", {})
    assert moved.value.slug == "küche"
    with pytest.raises(NotFound):
        listing_page(de, "nowhere", {})


def test_a_product_is_seen_only_where_it_has_a_price_and_is_offered(de):
    product = make_product("cup", category="kitchen", prices={"jp": "900"})
    assert listing_page(de, "kitchen", {}).total == 0
    other = make_product("mug", category="kitchen", prices={"de": "9.00"})
    assert [card.product_id for card in listing_page(de, "kitchen", {}).cards] == [other.pk]
    actions.offer_product(product_id=other.pk, market_code="de", visible=False)
    actions.drain_dirty()
    assert listing_page(de, "kitchen", {}).total == 0
    assert product.pk


def test_a_card_says_from_when_variants_differ_and_offers_the_only_one(de):
    option("colour", {"ink": "#111111", "bone": None}, input="swatch")
    make_product(
        "many", category="kitchen", options={"colour": ("ink", "bone")}, prices={"de": ["12.00", "9.00"]}, stock=[0, 4]
    )
    make_product("single", category="kitchen", prices={"de": "5.00"}, stock=0)
    many, single = listing_page(de, "kitchen", {"sort": ["-price"]}).cards
    assert (many.price.from_price, str(many.price.now.amount.normalize()), many.only_variant_id) == (True, "9", None)
    assert [(one.name, one.hex) for one in many.swatches] == [("Ink", "#111111"), ("Bone", "")]
    assert many.in_stock
    assert (single.price.from_price, single.variant_count, single.in_stock) == (False, 1, False)
    assert single.only_variant_id is not None


def test_a_filter_that_was_shown_stays_when_another_is_chosen(de):
    """In a long listing a filter whose values are all rare is left out; one that became rare by choosing is not."""
    option("colour", dict.fromkeys(COLOURS))
    option("size", dict.fromkeys(SIZES))
    for number, colour in enumerate(("ink", "bone")):
        make_product(
            f"vase-{number}",
            category="kitchen",
            options={"colour": COLOURS, "size": SIZES},
            combinations=[{"colour": colour, "size": "s"}],
        )
    for number in range(LONG_LISTING):
        make_product(
            f"bowl-{number}", category="kitchen", options={"colour": COLOURS}, combinations=[{"colour": "ink"}]
        )
    shown = {facet.key for facet in listing_page(de, "kitchen", {}).facets}
    assert {"colour", "size"} <= shown
    assert shown <= {facet.key for facet in listing_page(de, "kitchen", {"colour": ["bone"]}).facets}
