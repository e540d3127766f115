"""What markets promise after the sale, where it is more than the law asks for."""

from orders.models import AftersalesPolicy, ExchangeFirst, Resolution, WayBack

MORE = ("fr", "gb", "us")


def seed_after_sales() -> None:
    """Another one or store credit besides money back, and a way back at the shop's cost, in a few markets."""
    for market in MORE:
        AftersalesPolicy.objects.get_or_create(
            market=market,
            defaults={
                "resolutions": [Resolution.EXCHANGE, Resolution.CREDIT],
                "way_back": WayBack.SHOP,
                "exchange_sends": ExchangeFirst.AFTER,
            },
        )
