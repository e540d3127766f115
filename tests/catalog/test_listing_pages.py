"""The pages of a long listing hold every product once, in whatever order."""

import pytest

from catalog.listing.matching import Listing, Scope
from catalog.listing.selection import Selection
from catalog.listing.vocabulary import vocabulary
from markets.queries import market_by_code
from markets.types import MarketContext
from tests.factories.catalog import many_products
from tests.factories.markets import small_world
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def de() -> MarketContext:
    """A market with sixty products."""
    small_world("de", "jp")
    many_products(60)
    return market_by_code("de", language="de")


@pytest.mark.parametrize("sort", ["featured", "newest", "price", "-price", "rating"])
def test_pages_meet_without_a_gap_in_every_order(de: MarketContext, sort: str) -> None:
    words = vocabulary("de")
    pages = [Listing(Scope(de.id), Selection(sort=sort, page=page), words).page().product_ids for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [24, 24, 12, 0]
    assert len({pk for page in pages for pk in page}) == 60
    if sort in {"featured", "newest", "rating"}:
        assert [pk for page in pages for pk in page] == sorted((pk for page in pages for pk in page), reverse=True)
