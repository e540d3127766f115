"""The buying of the demo shop: once, however often it is seeded, and sound."""

import pytest

from content.demo.seeding.buying import COMING, ORDERED, TOLD, UNSOURCED, seed_buying, seed_proposals
from core import integrity
from inventory.models import PurchaseOrder, PurchaseReceipt, ReplenishmentProposal, StockItem, SupplierStock
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import two_places

pytestmark = pytest.mark.django_db


def test_the_demo_has_orders_on_their_way_and_come_in_part_and_proposals_of_both_kinds() -> None:
    places = two_places()
    leipzig, niigata = places.leipzig, places.niigata
    for sku in ORDERED:
        stocked(a_variant(sku=sku), 30, warehouse=leipzig)
    for sku, _pieces in TOLD:
        stocked(a_variant(sku=sku), 3, warehouse=leipzig)
    for sku in COMING:
        stocked(a_variant(sku=sku), 30, warehouse=niigata)
    for sku in UNSOURCED:
        variant = a_variant(sku=sku)
        stocked(variant, 40, warehouse=leipzig)
        stocked(variant, 1, warehouse=niigata)
    StockItem.objects.update(reorder_point=5)

    for _again in range(2):
        seed_buying()
        seed_proposals()

    order, under_way = PurchaseOrder.objects.order_by("pk")
    assert (under_way.state, under_way.lines.count()) == ("confirmed", len(COMING))
    assert (order.state, PurchaseReceipt.objects.get().has_difference) == ("partly_received", True)
    assert [line.to_come > 0 for line in order.lines.order_by("pk")] == [False, True, True]
    assert SupplierStock.objects.count() == len(TOLD)
    kinds = set(ReplenishmentProposal.objects.values_list("kind", "warehouse__code", "state"))
    assert kinds == {("buy", "LEJ", "open"), ("transfer", "NGT", "open")}
    checks = [check for check in integrity.registered() if check.code[0] in "SU"]
    assert {finding.check.code for finding in integrity.run(checks) if finding.count} == set()
