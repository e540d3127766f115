"""What catalogue pages cost: at most twelve queries when warm, as many for one product as for twenty-four."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import actions
from catalog.drafts import GalleryPicture
from tests.factories.catalog import approved_review, many_products, option, picture
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
MOST = 12


def cost(client, address):
    """Queries of the second look."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.fixture
def shop():
    small_world("de")
    option("colour", {"ink": "#111111", "bone": "#eeeeee"}, input="swatch")


def fill(how_many):
    return many_products(
        how_many, category="kitchen", options={"colour": ("ink", "bone")}, names={"en": "Tea cup", "de": "Tasse"}
    )


@pytest.mark.parametrize(
    "address",
    [
        "/de/de/c/kitchen/",
        "/de/de/c/kitchen/?colour=ink&price_max=99&sort=price",
        "/de/de/c/kitchen/?colour=ink&colour=bone&availability=in-stock&price_min=1&sort=-price",
        "/de/de/search/?q=tasse",
        "/de/de/search/suggest/?q=tas",
    ],
)
def test_a_listing_costs_no_more_for_many_products_than_for_one(client, shop, address):
    """A search that finds next to nothing asks one question more: whether another spelling was meant."""
    fill(1)
    actions.drain_dirty()
    one = cost(client, address)
    fill(23)
    actions.drain_dirty()
    assert one - 1 <= cost(client, address) <= one <= MOST


def test_a_product_page_costs_the_same_with_much_to_say(client, shop):
    product = fill(1)[0]
    address = "/de/de/p/tasse/"
    bare = cost(client, address)
    fill(6)
    assets = [picture(f"cup-{number}") for number in range(3)]
    actions.set_gallery(product_id=product.pk, pictures=[GalleryPicture(asset_id=asset.pk) for asset in assets])
    for variant in product.variants.all():
        actions.set_variant_pictures(variant_id=variant.pk, asset_ids=[assets[0].pk])
    for stars in (3, 4, 5):
        approved_review(product, rating=stars)
    actions.drain_dirty()
    assert cost(client, address) <= MOST
    assert bare <= MOST
    assert cost(client, "/de/de/p/tasse/choose/?colour=bone") <= MOST


def test_a_home_page_row_of_cards_costs_three_queries(shop):
    from catalog.queries import cards_for
    from markets.queries import market_by_code

    made = [product.pk for product in fill(5)]
    market = market_by_code("de", language="de")
    cards_for(market, made)
    with CaptureQueriesContext(connection) as queries:
        assert len(cards_for(market, made)) == 5
    assert len(queries) == 3
