"""Which filters a category shows, ranges with units, addresses, and what crawlers are told."""

import re
from decimal import Decimal

import pytest

from catalog import actions
from catalog.actions.vocabulary import note_vocabulary
from catalog.drafts import Detail
from catalog.models import Category, CategoryFacet, FacetDef
from catalog.queries import listing_page
from markets.queries import market_by_code
from tests.factories.catalog import make_product, option
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def de():
    small_world("de", "jp")
    option("colour", {"ink": None, "bone": None})
    actions.put_attribute(code="height", names={"en": "Height"}, data_type="number", unit="cm", filterable=True)
    for code, parent in (("kitchen", None), ("tea", "kitchen")):
        actions.put_category(code=code, texts={"name": {"en": code.title(), "de": code.title()}}, parent=parent)
    for number, (colour, height) in enumerate((("ink", "8.5"), ("bone", "12"), ("ink", "20.25"))):
        make_product(
            f"cup-{number}",
            category="tea",
            options={"colour": ("ink", "bone")},
            combinations=[{"colour": colour}],
            prices={"de": f"{10 + number}.00"},
            details=[Detail(attribute="height", number=Decimal(height))],
        )
    return market_by_code("de", language="de")


def keys(page):
    return [facet.key for facet in page.facets]


def show(category, *facets):
    row = Category.objects.get(code=category)
    for position, key in enumerate(facets):
        CategoryFacet.objects.create(category=row, facet=FacetDef.objects.get(key=key), position=position)
    note_vocabulary(row=row)


def test_a_category_shows_its_own_filters_in_its_order_and_those_below_it_the_same(de):
    assert keys(listing_page(de, "tea", {})) == ["price", "colour", "height"]
    show("kitchen", "height", "price")
    assert keys(listing_page(de, "kitchen", {})) == keys(listing_page(de, "tea", {})) == ["height", "price"]
    show("tea", "colour")
    assert keys(listing_page(de, "tea", {})) == ["colour"]
    assert keys(listing_page(de, "kitchen", {})) == ["height", "price"]


def test_a_filter_that_a_category_does_not_show_means_nothing_there(de):
    show("tea", "price")
    page = listing_page(de, "tea", {"colour": ["ink"], "price_max": ["11"]})
    assert (page.total, [chip.label for chip in page.chips]) == (2, ["Up to 11,00\xa0€"])


def test_a_number_is_a_range_with_its_unit(de):
    page = listing_page(de, "tea", {"height_min": ["8,5"], "height_max": ["12.0"]})
    facet = next(facet for facet in page.facets if facet.key == "height")
    assert (facet.kind, facet.unit, facet.low, facet.high) == ("range", "cm", Decimal("8.5"), Decimal("20.25"))
    assert (facet.selected_low, facet.selected_high) == (Decimal("8.5"), Decimal(12))
    assert page.total == 2
    (chip,) = page.chips
    assert re.sub(r"\s", " ", chip.label) == "Height: 8,5 cm to 12 cm"
    assert chip.remove_url == "/de/de/c/tea/"
    assert page.clear_url == "/de/de/c/tea/"


def test_bounds_the_wrong_way_round_are_turned_and_the_address_has_one_spelling(de):
    page = listing_page(de, "tea", {"price_max": ["10"], "price_min": ["11.50"], "colour": ["ink"]})
    assert page.total == 1
    assert {chip.remove_url for chip in page.chips} == {
        "/de/de/c/tea/?price_min=10&price_max=11.5",
        "/de/de/c/tea/?colour=ink",
    }


@pytest.mark.parametrize(
    "query",
    [
        "colour=nope",
        "colour=",
        "colour=ink%00",
        "height_min=1e999999",
        "height_min=nan",
        "price_min=-1",
        "price_max=999999999999999999",
        "page=0",
        "page=9999999999999999999999",
        "nothing=known&rating=99",
        "brand=%F0%9F%8D%B5",
    ],
)
def test_unknown_values_are_harmless(client, de, query):
    assert client.get(f"/de/de/c/tea/?{query}").status_code in {200, 404}
    assert client.get(f"/de/de/search/?{query}").status_code in {200, 404}


def test_crawlers_are_kept_out_of_combinations(client, de):
    plain = client.get("/de/de/c/tea/")
    assert "X-Robots-Tag" not in plain.headers
    one = client.get("/de/de/c/tea/?colour=ink&price_max=11")
    body = one.content.decode()
    assert one.headers["X-Robots-Tag"] == "noindex, follow"
    assert '<link rel="canonical" href="http://testserver/de/de/c/tea/">' in body
    removing = re.findall(r'<a [^>]*href="[^"]*\?[^"]*"[^>]*data-swap>', body)
    assert removing
    assert all('rel="nofollow"' in link for link in removing)
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /*/c/*?*&" in robots


def test_the_shopper_removes_one_filter_with_a_link(client, de):
    body = client.get("/de/de/c/tea/?colour=ink&colour=bone&sort=price").content.decode()
    links = re.findall(r'<a class="chip" href="([^"]*)" rel="nofollow" data-swap>', body)
    assert links == ["/de/de/c/tea/?colour=bone&amp;sort=price", "/de/de/c/tea/?colour=ink&amp;sort=price"]


def test_filters_neither_come_nor_go_while_values_are_chosen(de):
    """Every product is in stock, so that filter changes nothing; it does not turn up because another was used."""
    before = keys(listing_page(de, "tea", {}))
    assert "availability" not in before
    assert keys(listing_page(de, "tea", {"colour": ["bone"], "height_min": ["12"]})) == before
    assert "availability" in keys(listing_page(de, "tea", {"availability": ["in-stock"]}))
