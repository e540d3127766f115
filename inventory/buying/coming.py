"""What is on order and on its way. It never counts as available; only buying looks at it. Reads only."""

from collections import defaultdict
from collections.abc import Collection

from inventory.buying.transfers import coming_by_transfer
from inventory.models import PurchaseLine, PurchaseOrder

STATES = ("draft", *PurchaseOrder.COMING)


def on_order(variant_ids: Collection[int] | None = None) -> dict[tuple[int, int], int]:
    """Pieces still to come by purchase orders, drafts included, by (warehouse, variant). One query."""
    rows = PurchaseLine.objects.filter(order__state__in=STATES).select_related("order")
    if variant_ids is not None:
        rows = rows.filter(variant__in=variant_ids)
    found: defaultdict[tuple[int, int], int] = defaultdict(int)
    for line in rows:
        found[line.order.warehouse_id, line.variant_id] += line.to_come
    return dict(found)


def coming(variant_ids: Collection[int] | None = None) -> dict[tuple[int, int], int]:
    """The same with transfers."""
    found = defaultdict(int, on_order(variant_ids))
    for place, pieces in coming_by_transfer(variant_ids).items():
        found[place] += pieces
    return dict(found)
