"""Stock as another warehouse counts it: which of its messages counts for which goods. See `snapshots`."""

import hashlib

from django.db import transaction
from django.utils import timezone

from catalog.models import Variant
from core import audit
from inventory.actions.snapshots import Snapshot, book_snapshot
from inventory.carriers.threepl.messages import StockNews, stock_news
from inventory.models import CarrierAccount, CarrierMessage

KIND = "stock.counted"
OWNER = "told:"
"""How the keys of corrections by other warehouses begin."""


def set_told_stock(*, account: CarrierAccount, news: StockNews, key: str) -> bool:
    """Bring the counters to what was counted; whether any of it is ours. Safe to repeat.

    A count from the future is one of now. Goods of which a newer message has spoken are left alone, whichever of the
    two comes first. What is promised stays promised (see `book_snapshot`).
    """
    warehouse = account.warehouse
    if warehouse is None:
        return False
    as_of = min(news.as_of, timezone.now())
    with transaction.atomic():
        CarrierAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)  # one after the other
        skus = set(news.on_hand) - _overtaken(account, news, key)
        variants = dict(Variant.objects.filter(sku__in=list(news.on_hand)).values_list("pk", "sku"))
        snapshot = Snapshot(
            warehouse_id=warehouse.pk,
            pieces={pk: news.on_hand[sku] for pk, sku in variants.items() if sku in skus},
            as_of=as_of,
            owner=OWNER,
            op_key=f"{OWNER}{hashlib.sha256(f'{account.code}:{key}'.encode()).hexdigest()}",
            reason=account.name,
        )
        booked = book_snapshot(snapshot)
        if booked.changed or booked.short:
            data = {"rows": booked.changed, "as_of": as_of.isoformat(), "short": booked.short}
            audit.record("inventory.told_stock", warehouse, data=data)
    return bool(variants)


def _overtaken(account: CarrierAccount, news: StockNews, key: str) -> set[str]:
    """Goods that a message of a later moment names. One that is of a later moment came after this one's moment."""
    later = CarrierMessage.objects.filter(account=account, kind=KIND, received_at__gt=news.as_of)
    later = later.exclude(event_id=key).exclude(state=CarrierMessage.State.FAILED)
    found: set[str] = set()
    for payload in later.values_list("payload", flat=True).iterator():
        other = stock_news(payload)
        if other is not None and other.as_of > news.as_of:
            found |= set(other.on_hand)
    return found
