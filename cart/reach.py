"""How heavy an order may be on its way to a country. One query."""

from inventory.models import DeliveryRate


def heaviest_delivery(market_code: str, country: str) -> int:
    """The most grams any delivery method of the market takes to the country in one order; 0 when none goes there."""
    rows = DeliveryRate.objects.filter(method__market__code=market_code, method__is_active=True)
    limits = [
        limit
        for countries, limit in rows.values_list("method__countries", "up_to_g")
        if country in (countries or [country])
    ]
    return max(limits, default=0)
