"""Messages about stock to shoppers."""

from django.conf import settings
from django.utils import timezone

from catalog.selling import sellables
from core.notifications import send
from inventory.models import BackInStock
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
