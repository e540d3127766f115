"""Channels: they share what belongs to nobody, and warehouses of their own are closed to all others."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.types import Availability
from inventory.actions import hold_stock
from inventory.errors import OutOfStock
from inventory.models import Channel, ChannelStock, StockItem
from inventory.queries import available, market_stock, stock_rows
from inventory.stockwork.pools import closed_to
from inventory.stockwork.reports import channel_levels
from inventory.types import Demand
from markets.cache import forget
from markets.models import Market
from tests.admin.people import operator, owner
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, two_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return two_places()


@pytest.fixture
def item(places: Places) -> StockItem:
    found = stocked(a_variant(sku="CUP"), 3, warehouse=places.leipzig)
    stocked(found.variant, 5, warehouse=places.niigata)
    return found


def bazaar(places: Places, *, own: bool = True, **facts: object) -> Channel:
    channel = Channel.objects.create(code="bazaar", name="Bazaar", stock="separate" if own else "pooled", **facts)
    if own:
        ChannelStock.objects.create(channel=channel, warehouse=places.niigata)
    forget()
    return channel


def test_without_channels_everybody_sells_everything(item: StockItem) -> None:
    assert available([item.variant_id], market_code="de") == {item.variant_id: 8}
    assert available([item.variant_id], market_code="de", channel="bazaar") == {item.variant_id: 8}
    assert closed_to("web") == frozenset()


def test_a_channel_with_stock_of_its_own_sells_from_nothing_else_and_nobody_else_from_it(
    item: StockItem, places: Places
) -> None:
    bazaar(places)
    assert available([item.variant_id], market_code="de") == {item.variant_id: 3}
    assert available([item.variant_id], market_code="de", channel="shop") == {item.variant_id: 3}
    assert available([item.variant_id], market_code="de", channel="bazaar") == {item.variant_id: 5}
    assert [row.warehouse_code for row in stock_rows("de", [item.variant_id])] == ["LEJ"]
    with pytest.raises(OutOfStock):
        hold_stock(
            owner=uuid.uuid4(),
            demands=[Demand(line_ref="1", variant_id=item.variant_id, quantity=4)],
            market_code="de",
        )
    (parcel,) = hold_stock(
        owner=uuid.uuid4(),
        demands=[Demand(line_ref="1", variant_id=item.variant_id, quantity=4)],
        market_code="de",
        channel="bazaar",
    )
    assert parcel.warehouse_code == "NGT"


def test_pages_show_what_our_own_channel_can_sell(item: StockItem, places: Places) -> None:
    bazaar(places)
    market = Market.objects.get(code="de").pk
    assert market_stock([item.variant_id]) == (
        Availability(item.variant_id, market, available_total=3, place_code="LEJ"),
    )


def test_a_channel_that_is_closed_or_has_no_warehouse_yet_sells_nothing(item: StockItem, places: Places) -> None:
    bazaar(places, own=False, is_active=False)
    assert channel_levels("bazaar") == {}
    Channel.objects.create(code="fair", name="Fair", stock="separate")
    forget()
    assert channel_levels("fair") == {}
    assert channel_levels("web") == {item.variant_id: 8}


def test_a_marketplace_is_told_fewer_than_there_are(item: StockItem, places: Places) -> None:
    bazaar(places, own=False, keep_back=2)
    assert channel_levels("bazaar") == {item.variant_id: 6}
    Channel.objects.update(keep_back=99)
    assert channel_levels("bazaar") == {item.variant_id: 0}


def test_a_warm_pool_costs_no_query(item: StockItem) -> None:
    stock_rows("de", [item.variant_id])
    with CaptureQueriesContext(connection) as queries:
        stock_rows("de", [item.variant_id])
    assert len(queries) == 1


def test_giving_a_channel_a_warehouse_in_the_admin_changes_what_others_sell(item: StockItem, places: Places) -> None:
    assert available([item.variant_id], market_code="de") == {item.variant_id: 8}
    form = {
        "code": "bazaar", "name": "Bazaar", "kind": "marketplace", "stock": "separate", "keep_back": "0",
        "is_active": "on", "places-TOTAL_FORMS": "1", "places-INITIAL_FORMS": "0",
        "places-0-warehouse": places.niigata.pk,
    }  # fmt: skip
    assert owner().post("/admin/inventory/channel/add/", form).status_code == 302
    assert available([item.variant_id], market_code="de") == {item.variant_id: 3}


def test_what_a_channel_can_sell_is_a_file(item: StockItem, places: Places) -> None:
    bazaar(places)
    browser = operator("inventory.view_channel")
    assert browser.get("/admin/stock/channels/").status_code == 200
    assert "CUP,,5" in browser.get("/admin/stock/channels/", {"channel": "bazaar"}).content.decode("utf-8-sig")
    assert browser.get("/admin/stock/channels/", {"channel": "nobody"}).status_code == 404
    assert operator().get("/admin/stock/channels/").status_code == 403
