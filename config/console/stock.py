"""What runs low, as a table of variants by warehouse."""

from django.urls import reverse
from django.utils.translation import get_language, pgettext

from config.console.types import LowStock, StockTable
from inventory.models import StockAlert, StockItem

ROWS = 8


def low_stock() -> StockTable:
    """Variants with open alerts, sold-out ones first. Two queries."""
    alerts = StockAlert.objects.filter(closed__isnull=True, level__in=["low", "out"]).order_by("-level", "opened")
    latest = list(alerts.values_list("stock_item__variant_id", "stock_item_id", "level")[: ROWS * 3])
    chosen = list(dict.fromkeys(variant for variant, _item, _level in latest))[:ROWS]
    items = list(
        StockItem.objects.filter(variant_id__in=chosen, warehouse__is_active=True)
        .select_related("warehouse", "variant__product")
        .order_by("warehouse__pk")
    )
    places = {item.warehouse_id: item.warehouse.city_i18n for item in items}
    rows = []
    for variant in chosen:
        mine = {item.warehouse_id: item for item in items if item.variant_id == variant}
        levels = {item: level for of, item, level in latest if of == variant}
        if mine:
            rows.append(_row(mine, list(places), levels))
    return StockTable(places=tuple(places.values()), rows=tuple(rows))


def _row(mine: dict[int, StockItem], places: list[int], levels: dict[int, str]) -> LowStock:
    troubled = [item for item in mine.values() if item.pk in levels]
    first = (troubled or list(mine.values()))[0]
    return LowStock(
        name=first.variant.product.text("name", get_language() or "en"),
        sku=first.variant.sku,
        counts=tuple(mine[place].available if place in mine else None for place in places),
        is_out="out" in levels.values(),
        places=pgettext("between places", ", ").join(item.warehouse.city_i18n for item in troubled),
        url=reverse("admin:inventory_stockitem_change", args=[first.pk]),
    )
