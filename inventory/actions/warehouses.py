"""Warehouses and whom they serve."""

from django.db import transaction

from core import audit
from core.events import publish
from inventory.events import StockChanged
from inventory.models import StockItem, Warehouse
from inventory.sourcing.network import forget_networks

AT_ONCE = 500


@transaction.atomic
def note_warehouse(*, warehouse_id: int) -> None:
    """What follows when an operator changed a warehouse or the markets it serves: what each of them can sell."""
    warehouse = Warehouse.objects.get(pk=warehouse_id)
    audit.record("inventory.change_warehouse", warehouse)
    forget_networks()
    variants = list(
        StockItem.objects.filter(warehouse=warehouse).order_by("variant_id").values_list("variant_id", flat=True)
    )
    for start in range(0, len(variants), AT_ONCE):
        publish(StockChanged(variant_ids=tuple(variants[start : start + AT_ONCE])))
