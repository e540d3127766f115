"""Tell operators when stock needs them and shoppers when it is back."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from core.events import publish
from inventory.buying.too_much import too_full
from inventory.events import StockCameBack, StockRanLow, StockRanOut
from inventory.models import BackInStock, StockAlert, StockItem

Level = StockAlert.Level
STANDING = (Level.LOW, Level.OUT, Level.OVER)
"""How much there is: one of them at a time. Age and dates stand beside them."""


def review_alerts(*, variant_ids: Sequence[int]) -> None:
    """Open, change and close the alerts of these variants' stock rows. Running it twice changes nothing more."""
    with transaction.atomic():
        items = list(StockItem.objects.lock().filter(variant_id__in=list(variant_ids)).select_related("warehouse"))
        rows = StockAlert.objects.filter(stock_item__in=items, closed__isnull=True, level__in=STANDING)
        present = {alert.stock_item_id: alert for alert in rows}
        full = too_full(items)
        for item in items:
            _review(item, present.get(item.pk), has_too_much=item.pk in full)


def _review(item: StockItem, alert: StockAlert | None, *, has_too_much: bool) -> None:
    wanted = level_of(item, has_too_much=has_too_much)
    if alert is not None and alert.level == wanted:
        return
    if alert is not None:
        alert.closed = timezone.now()
        alert.save(update_fields=["closed"])
    if wanted:
        StockAlert.objects.create(stock_item=item, level=wanted)
    _tell(item, wanted, was=alert.level if alert else "")


def level_of(item: StockItem, *, has_too_much: bool) -> str:
    """`out`, `low`, `over` or nothing."""
    if item.available <= 0:
        return Level.OUT
    if item.reorder_point is not None and item.available <= item.reorder_point:
        return Level.LOW
    return Level.OVER if has_too_much else ""


def _tell(item: StockItem, level: str, *, was: str) -> None:
    if level == Level.OUT:
        publish(StockRanOut(stock_item_id=item.pk, variant_id=item.variant_id, warehouse_code=item.warehouse.code))
    elif level == Level.LOW and was != Level.OUT:
        publish(
            StockRanLow(
                stock_item_id=item.pk,
                variant_id=item.variant_id,
                warehouse_code=item.warehouse.code,
                available=item.available,
            )
        )
    if was == Level.OUT:
        publish(StockCameBack(variant_id=item.variant_id))


def keep_alerts(*, level: str, stock_item_ids: Iterable[int]) -> tuple[int, int]:
    """Let exactly these rows have an open alert of a level that is found by looking, not by a movement.

    Returns how many were opened and closed. Running it twice changes nothing more.
    """
    wanted = set(stock_item_ids)
    with transaction.atomic():
        rows = StockAlert.objects.select_for_update().filter(level=level, closed__isnull=True).order_by("pk")
        present = {alert.stock_item_id: alert.pk for alert in rows}
        gone = [alert for item, alert in present.items() if item not in wanted]
        StockAlert.objects.filter(pk__in=gone).update(closed=timezone.now())
        new = [StockAlert(stock_item_id=pk, level=level) for pk in sorted(wanted - present.keys())]
        StockAlert.objects.bulk_create(new, ignore_conflicts=True)
        return len(new), len(gone)


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
