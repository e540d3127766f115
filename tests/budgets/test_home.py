"""What the home page costs: at most twelve queries when warm, as many for a full shop as for one product."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.actions import drain_dirty
from content.models import HomeSection
from tests.factories.catalog import many_products
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
HOME = "/de/de/"
MOST = 12


@pytest.fixture
def home() -> Callable[[], int]:
    small_world("de")
    for position, kind in enumerate(("hero", "new", "bestsellers", "quotes")):
        HomeSection.objects.create(code=kind, kind=kind, position=position, title=kind.title())
    client = Client()

    def cost() -> int:
        assert client.get(HOME).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HOME).status_code == 200
        return len(queries)

    return cost


def test_the_home_page_costs_the_same_for_one_product_and_for_many(home: Callable[[], int]) -> None:
    many_products(1, category="kitchen", names={"en": "Tea cup"})
    drain_dirty()
    one = home()
    many_products(23, category="kitchen", names={"en": "Tea cup"})
    drain_dirty()
    assert home() == one <= MOST
