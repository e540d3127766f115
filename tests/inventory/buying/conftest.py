"""A market that is served from Leipzig."""

import pytest

from catalog.models import Variant
from inventory.models import Warehouse
from markets.models import Market
from tests.factories.inventory import a_variant, a_warehouse
from tests.factories.markets import small_world


@pytest.fixture
def market() -> Market:
    small_world("de")
    return Market.objects.get(code="de")


@pytest.fixture
def leipzig(market: Market) -> Warehouse:
    return a_warehouse("LEJ", market=market, position=0)


@pytest.fixture
def cup() -> Variant:
    return a_variant(sku="CUP")
