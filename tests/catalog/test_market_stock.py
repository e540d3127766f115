"""A market sells what its own warehouses have: pages, filters and cards agree on that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog import actions
from catalog.models import VariantAvailability
from catalog.queries import cards_for, listing_page, product_page
from catalog.types import Availability
from inventory.actions import note_warehouse, receive_stock
from inventory.models import Warehouse, WarehousePriority
from markets.models import Market
from markets.queries import market_by_code
from tests.factories.catalog import make_product, option, put_stock
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_markets():
    """Leipzig serves Germany alone, Osaka Japan alone."""
    small_world("de", "jp")
    for code, market in (("leipzig", "de"), ("osaka", "jp")):
        a_warehouse(code, market=Market.objects.get(code=market))


@pytest.fixture
def cup(two_markets):
    """Stocked in Leipzig only."""
    option("colour", {"ink": None, "bone": None})
    product = make_product("cup", category="kitchen", options={"colour": ("ink", "bone")}, stock=0)
    actions.put_category(code="kitchen", texts={"name": {"en": "Kitchen", "de": "Kitchen", "ja": "Kitchen"}})
    return product


def in_stock_count(market):
    return listing_page(market, "kitchen", {"availability": ["in-stock"]}).total


def test_a_market_without_the_stocked_warehouse_shows_sold_out(cup, run_outbox):
    ink = cup.variants.get(sku="CUP-INK")
    receive_stock(warehouse_code="leipzig", variant_id=ink.pk, quantity=5, op_key="delivery-1")
    run_outbox()
    de, jp = market_by_code("de", language="de"), market_by_code("jp", language="ja")

    assert [row.available_total for row in VariantAvailability.objects.filter(variant=ink)] == [5]
    assert product_page(de, "cup", {"variant": ["CUP-INK"]}).stock_state == "low"
    assert product_page(jp, "cup", {"variant": ["CUP-INK"]}).stock_state == "out"
    assert [card.in_stock for card in cards_for(de, [cup.pk])] == [True]
    assert [card.in_stock for card in cards_for(jp, [cup.pk])] == [False]
    assert (in_stock_count(de), in_stock_count(jp)) == (1, 0)


def test_stock_must_be_of_the_chosen_variant(cup, run_outbox):
    ink = cup.variants.get(sku="CUP-INK")
    receive_stock(warehouse_code="leipzig", variant_id=ink.pk, quantity=5, op_key="delivery-1")
    run_outbox()
    de = market_by_code("de", language="de")
    assert listing_page(de, "kitchen", {"availability": ["in-stock"], "colour": ["ink"]}).total == 1
    assert listing_page(de, "kitchen", {"availability": ["in-stock"], "colour": ["bone"]}).total == 0


def test_what_is_sold_out_again_leaves_the_filter_at_once(cup):
    de = market_by_code("de", language="de")
    put_stock({row.pk: 3 for row in cup.variants.all()})
    assert in_stock_count(de) == 1
    put_stock({row.pk: 0 for row in cup.variants.all()})
    assert in_stock_count(de) == 0


def test_a_market_that_is_no_longer_named_sells_none(cup):
    ink = cup.variants.get(sku="CUP-INK")
    de, jp = Market.objects.get(code="de"), Market.objects.get(code="jp")
    both = [Availability(ink.pk, market.pk, 4, "leipzig") for market in (de, jp)]
    actions.note_availability(changes=both)
    actions.note_availability(changes=both[:1])
    assert list(VariantAvailability.objects.filter(variant=ink).values_list("market", flat=True)) == [de.pk]


def test_a_warehouse_that_serves_another_market_is_told_to_pages(cup, run_outbox):
    ink = cup.variants.get(sku="CUP-INK")
    receive_stock(warehouse_code="leipzig", variant_id=ink.pk, quantity=5, op_key="delivery-1")
    run_outbox()
    place = Warehouse.objects.get(code="leipzig")
    WarehousePriority.objects.create(warehouse=place, market=Market.objects.get(code="jp"), position=8)
    note_warehouse(warehouse_id=place.pk)
    run_outbox()
    assert in_stock_count(market_by_code("jp", language="ja")) == 1

    Warehouse.objects.filter(pk=place.pk).update(is_active=False)
    note_warehouse(warehouse_id=place.pk)
    run_outbox()
    for code, language in (("de", "de"), ("jp", "ja")):
        assert in_stock_count(market_by_code(code, language=language)) == 0


def test_what_is_sold_ahead_counts_as_buyable_until_the_clock_says_otherwise(two_markets):
    soon = timezone.now() + timedelta(days=2)
    product = make_product("lamp", category="kitchen", stock=0, draft={"preorder_until": soon})
    de = market_by_code("de", language="de")
    assert listing_page(de, "kitchen", {"availability": ["in-stock"]}).total == 1
    later = soon + timedelta(minutes=1)
    assert actions.mark_due(at=later) >= 1
    actions.refresh_derived(product_ids=[product.pk], at=later)
    assert listing_page(de, "kitchen", {"availability": ["in-stock"]}).total == 0
