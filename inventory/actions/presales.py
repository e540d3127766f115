"""Stock of pre-sales: sold short while they are open, covered by what comes in once they are over."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from core.events import publish
from inventory.events import StockChanged
from inventory.models import StockItem, Warehouse

ENDLESS = 1_000_000
"""How much may be sold short when a pre-sale has no limit."""


def sell_short(*, variant_id: int, warehouse_code: str, most: int | None) -> None:
    """Pieces that will come to this warehouse may be promised before they are there, and nowhere else."""
    with transaction.atomic():
        place = Warehouse.objects.get(code=warehouse_code)
        StockItem.objects.get_or_create(warehouse=place, variant_id=variant_id)
        end_selling_short(variant_id=variant_id)
        rows = StockItem.objects.lock().filter(variant=variant_id, warehouse=place)
        short = F("allocated") + F("reserved") - F("on_hand")
        rows.update(backorder_limit=Greatest(short, ENDLESS if most is None else most), backorder_ends=False)
        publish(StockChanged(variant_ids=(variant_id,)))


def end_selling_short(*, variant_id: int) -> None:
    """Nothing more is promised than is there; what was promised before is covered by the next pieces that come in."""
    with transaction.atomic():
        short = F("allocated") + F("reserved") - F("on_hand")
        StockItem.objects.lock().filter(variant=variant_id).update(
            backorder_limit=Greatest(short, 0), backorder_ends=True
        )
        publish(StockChanged(variant_ids=(variant_id,)))
