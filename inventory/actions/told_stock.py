"""Stock as another warehouse counts it: absolute numbers of a moment, booked as differences of that moment."""

import hashlib

from django.db import transaction
from django.db.models import Sum

from catalog.models import Variant
from core import audit
from inventory.actions.counters import Change, apply
from inventory.carriers.threepl.messages import StockNews
from inventory.models import CarrierAccount, StockItem, StockMovement, Warehouse

Kind = StockMovement.Kind


def set_told_stock(*, account: CarrierAccount, news: StockNews, key: str) -> bool:
    """Bring the counters to what was counted at `as_of`; whether any of it is ours. The same key is booked once.

    What moved here after that moment is left alone: the difference is that between the count and what our books said
    then. A count that comes after a newer one was booked changes nothing. What is promised stays promised: the row does
    not fall below it, and the missing pieces are seen by the alerts.
    """
    warehouse = account.warehouse
    if warehouse is None:
        return False
    op_key = f"told:{hashlib.sha256(f'{account.code}:{key}'.encode()).hexdigest()}"
    with transaction.atomic():
        variants = dict(Variant.objects.filter(sku__in=list(news.on_hand)).values_list("pk", "sku"))
        changes = [
            change
            for item in _rows(warehouse, list(variants))
            if (change := _difference(item, news, news.on_hand[variants[item.variant_id]], op_key))
        ]
        apply(changes)
        if changes:
            audit.record(
                "inventory.told_stock", warehouse, data={"rows": len(changes), "as_of": news.as_of.isoformat()}
            )
    return bool(variants)


def _rows(warehouse: Warehouse, variant_ids: list[int]) -> list[StockItem]:
    """The rows, locked in order; a variant that never lay there gets one."""
    StockItem.objects.bulk_create(
        [StockItem(warehouse=warehouse, variant_id=pk) for pk in sorted(variant_ids)], ignore_conflicts=True
    )
    return list(StockItem.objects.filter(warehouse=warehouse, variant_id__in=variant_ids).lock())


def _difference(item: StockItem, news: StockNews, counted: int, op_key: str) -> Change | None:
    movements = StockMovement.objects.filter(stock_item=item)
    if (
        movements.filter(op_key=op_key).exists()
        or movements.filter(kind=Kind.ADJUST, op_key__startswith="told:", created__gt=news.as_of).exists()
    ):
        return None
    since = movements.filter(created__gt=news.as_of).aggregate(moved=Sum("d_on_hand"))["moved"] or 0
    then = item.on_hand - since
    least = max(0, item.allocated + item.reserved - item.backorder_limit)
    difference = max(counted - then, least - item.on_hand)
    if not difference:
        return None
    return Change(
        stock_item_id=item.pk,
        variant_id=item.variant_id,
        kind=Kind.ADJUST,
        quantity=abs(difference),
        d_on_hand=difference,
        reason=f"{item.warehouse.code}: {counted} @ {news.as_of:%Y-%m-%d %H:%M}",
        op_key=op_key,
    )
