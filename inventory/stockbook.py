"""What the catalogue's imports and exports ask about stock; see `catalog.stockbook`."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from inventory.models import StockItem, Warehouse


class WarehouseStock:
    """The counters as they stand."""

    def on_hand(self, variant_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
        """Pieces on hand per variant and warehouse code."""
        found: defaultdict[int, dict[str, int]] = defaultdict(dict)
        rows = StockItem.objects.filter(variant_id__in=variant_ids)
        for variant_id, code, pieces in rows.values_list("variant_id", "warehouse__code", "on_hand"):
            found[variant_id][code] = pieces
        return found

    def warehouse_codes(self) -> tuple[str, ...]:
        """The codes of all warehouses."""
        return tuple(Warehouse.objects.order_by("code").values_list("code", flat=True))
