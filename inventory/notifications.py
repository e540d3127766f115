"""Messages about stock: to shoppers that something is back, to operators that something needs them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from catalog.selling import sellables
from core.notifications import send
from inventory.models import BackInStock, StockAlert
from inventory.stockwork.routing import Bulletin, by_level, due_bulletins, note_told
from markets.current import in_market
from markets.queries import find_market


def tell_back_in_stock(wish: BackInStock) -> None:
    """One message in the language of the wish, sent once; the wish is fulfilled with it."""
    market = find_market(wish.market.code, language=wish.language)
    if market is None:
        return
    with in_market(market):
        item = sellables([wish.variant_id], market.code, market.language).get(wish.variant_id)
    if item is None or not item.is_sellable:
        return
    send(
        "back_in_stock",
        to=wish.email,
        language=wish.language,
        market=market.code,
        reference=item.sku,
        dedupe_key=f"back-in-stock:{wish.pk}",
        context={
            "name": item.name,
            "options": item.options_text,
            "product_url": f"{settings.SHOP_URL}{item.product_url}",
        },
    )
    wish.notified_at = timezone.now()
    wish.save(update_fields=["notified_at"])


MOST_LISTED = 40
"""So many alerts are named in one message; how many more there are is said."""


def tell_alerts(now: datetime | None = None) -> int:
    """Write to every operator who is to hear now. Returns how many messages; again at once: none."""
    with transaction.atomic():
        due = due_bulletins(now)
        for bulletin in due:
            _tell_operator(bulletin)
            note_told(bulletin)
    return len(due)


def _tell_operator(bulletin: Bulletin) -> None:
    language = bulletin.listener.language or settings.LANGUAGE_CODE
    listed = bulletin.alerts[:MOST_LISTED]
    with translation.override(language):
        levels = [
            {"title": str(StockAlert.Level(level).label), "alerts": [_line(alert, language) for alert in mine]}
            for level, mine in by_level(listed).items()
        ]
        address = f"{settings.SHOP_URL}{reverse('admin:inventory_alerts')}"
    send(
        "stock_alerts",
        to=bulletin.listener.email,
        language=language,
        dedupe_key=bulletin.dedupe_key,
        context={
            "count": len(bulletin.alerts),
            "more": len(bulletin.alerts) - len(listed),
            "levels": levels,
            "address": address,
        },
        zone=str(bulletin.listener.zone),
        link=address,
    )


def _line(alert: StockAlert, language: str) -> dict[str, Any]:
    item = alert.stock_item
    return {
        "sku": item.variant.sku,
        "name": item.variant.product.text("name", language),
        "place": item.warehouse.name_i18n,
        "available": item.available,
    }
