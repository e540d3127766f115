"""What lies where on the first day."""

from datetime import timedelta

from django.utils import timezone

from catalog.models import Variant
from content.demo.seeding.clock import at
from content.demo.texts import table
from inventory.actions import receive_shipment
from inventory.models import StockItem

OPENED = timedelta(days=45)
REORDER_AT = 5


def seed_stock() -> None:
    """Opening stock per warehouse, booked once as a receipt, before anything was sold; rows exist also where nothing
    lies."""
    ids = dict(Variant.objects.values_list("sku", "pk"))
    variants = [variant for product in table("products") for variant in product["variants"]]
    for warehouse in table("logistics")["warehouses"]:
        code = warehouse["code"]
        pieces = {ids[variant["sku"]]: variant["stock"][code] for variant in variants}
        with at(timezone.now() - OPENED):
            receive_shipment(warehouse_code=code, pieces=pieces, op_key="opening stock")
    _shelve()


def _shelve() -> None:
    """A shelf for every row that has none, and a reorder point where pieces lie; an operator's choice stays."""
    rows = list(StockItem.objects.filter(shelf="").select_related("variant"))
    for row in rows:
        row.shelf = _shelf(row.variant.sku)
        row.reorder_point = REORDER_AT if row.on_hand else None
    StockItem.objects.bulk_update(rows, ["reorder_point", "shelf"], batch_size=500)


def _shelf(sku: str) -> str:
    number = sum(sku.encode())
    return f"{chr(65 + number % 6)}-{number % 12 + 1:02}-{number % 4 + 1}"
