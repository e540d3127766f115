"""Tell operators when stock runs low and shoppers when it is back."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from core.events import publish
from inventory.events import StockCameBack, StockRanLow, StockRanOut
from inventory.models import BackInStock, StockAlert, StockItem


def review_alerts(*, variant_ids: Sequence[int]) -> None:
    """Open, change and close the alerts of these variants' stock rows. Running it twice changes nothing more."""
    with transaction.atomic():
        items = StockItem.objects.lock().filter(variant_id__in=list(variant_ids)).select_related("warehouse")
        for item in items:
            _review(item)


def _review(item: StockItem) -> None:
    wanted = level_of(item)
    alert = StockAlert.objects.filter(stock_item=item, closed__isnull=True).first()
    if alert is not None and alert.level == wanted:
        return
    if alert is not None:
        alert.closed = timezone.now()
        alert.save(update_fields=["closed"])
    if wanted:
        StockAlert.objects.create(stock_item=item, level=wanted)
    _tell(item, wanted, was=alert.level if alert else "")


def level_of(item: StockItem) -> str:
    """`out`, `low` or nothing."""
    if item.available <= 0:
        return StockAlert.Level.OUT
    if item.reorder_point is not None and item.available <= item.reorder_point:
        return StockAlert.Level.LOW
    return ""


def _tell(item: StockItem, level: str, *, was: str) -> None:
    if level == StockAlert.Level.OUT:
        publish(StockRanOut(stock_item_id=item.pk, variant_id=item.variant_id, warehouse_code=item.warehouse.code))
    elif level == StockAlert.Level.LOW and was != StockAlert.Level.OUT:
        publish(
            StockRanLow(
                stock_item_id=item.pk,
                variant_id=item.variant_id,
                warehouse_code=item.warehouse.code,
                available=item.available,
            )
        )
    if was == StockAlert.Level.OUT:
        publish(StockCameBack(variant_id=item.variant_id))


def ask_when_back(*, email: str, variant_id: int, market_id: int, language: str) -> BackInStock:
    """Remember who wants to hear when a variant is back. Asking twice is asking once."""
    wish, _ = BackInStock.objects.get_or_create(
        email=email.strip().lower(),
        variant_id=variant_id,
        market_id=market_id,
        notified_at=None,
        defaults={"language": language},
    )
    return wish
