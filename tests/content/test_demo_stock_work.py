"""The stock work of the demo shop: once, however often it is seeded, and sound."""

import pytest

from content.demo.seeding.stockwork import BATCHES, CANDLE, OFF, SENT, SHELVES, seed_stock_work
from inventory.models import AlertRoute, Batch, StockAlert, StockItem, StockTake, Transfer
from inventory.stockwork.takes_booking import needs_second_person
from members.actions import sync_roles
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import broken, two_places

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_transfer_on_its_way_a_count_to_review_batches_and_routes_once() -> None:
    sync_roles()
    places = two_places()
    for sku in SENT:
        stocked(a_variant(sku=sku), 40, warehouse=places.niigata)
    stocked(a_variant(sku=CANDLE), 70, warehouse=places.leipzig)
    for _ in OFF:
        stocked(a_variant(), 30, warehouse=places.leipzig)
    StockItem.objects.filter(warehouse=places.leipzig).update(shelf=f"{SHELVES}2-1")

    for _again in range(2):
        seed_stock_work()

    transfer = Transfer.objects.get()
    assert (transfer.state, {line.variant.sku: line.on_its_way for line in transfer.lines.all()}) == (
        "in_transit",
        SENT,
    )
    assert dict(Batch.objects.values_list("code", "quantity")) == {"": 3, **{code: count for code, _, count in BATCHES}}
    assert StockAlert.objects.filter(level="expiring", closed__isnull=True).count() == 1
    take = StockTake.objects.get()
    assert (take.state, sorted(take.lines.exclude(difference=0).values_list("difference", flat=True))) == (
        "review",
        sorted(OFF),
    )
    assert needs_second_person(take).count() == 1
    assert AlertRoute.objects.count() == 2
    assert broken() == {}
