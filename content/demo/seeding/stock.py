"""What lies where on the first day."""

from catalog.models import Variant
from content.demo.texts import table
from inventory.actions import receive_stock, stock_item
from inventory.models import StockItem

REORDER_AT = 5


def seed_stock() -> None:
    """Opening stock per warehouse, booked once as a receipt; rows exist also where nothing lies."""
    ids = dict(Variant.objects.values_list("sku", "pk"))
    for product in table("products"):
        for variant in product["variants"]:
            for warehouse, quantity in variant["stock"].items():
                _row(ids[variant["sku"]], variant["sku"], warehouse, quantity)


def _row(variant_id: int, sku: str, warehouse: str, quantity: int) -> None:
    if quantity:
        item = receive_stock(
            warehouse_code=warehouse, variant_id=variant_id, quantity=quantity, op_key=f"opening:{warehouse}:{sku}"
        )
    else:
        item = stock_item(warehouse_code=warehouse, variant_id=variant_id)
    if item.reorder_point is None:
        StockItem.objects.filter(pk=item.pk).update(reorder_point=REORDER_AT, shelf=_shelf(sku))


def _shelf(sku: str) -> str:
    number = sum(sku.encode())
    return f"{chr(65 + number % 6)}-{number % 12 + 1:02}-{number % 4 + 1}"
