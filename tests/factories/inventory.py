"""Worlds with stock: a market served from warehouses that hold variants."""

from datetime import time
from itertools import count

from catalog.models import Product, ProductType, Variant
from core.money import Money
from inventory.actions import receive_stock
from inventory.models import DeliveryMethod, DeliveryRate, StockItem, Warehouse, WarehousePriority
from markets.models import Market
from tests.factories.markets import TaxCategoryFactory

_numbers = count(1)


def a_variant(*, weight_g: int = 500, sku: str = "") -> Variant:
    """A variant of a product of its own."""
    number = next(_numbers)
    kind, _ = ProductType.objects.get_or_create(code="physical", defaults={"name": "Goods"})
    product = Product.objects.create(
        code=f"thing-{number}", name=f"Thing {number}", product_type=kind, tax_category=TaxCategoryFactory()
    )
    return Variant.objects.create(product=product, sku=sku or f"T-{number}", weight_g=weight_g)


def a_warehouse(
    code: str = "LEJ", *, market: Market, position: int = 0, zone: str = "Europe/Berlin", country: str = "DE"
) -> Warehouse:
    """A warehouse that serves `market`."""
    place, _ = Warehouse.objects.get_or_create(
        code=code,
        defaults={"name": code, "city": code, "country": country, "timezone": zone, "cutoff": time(14)},
    )
    WarehousePriority.objects.create(market=market, warehouse=place, position=position)
    return place


def stocked(variant: Variant, quantity: int, *, warehouse: Warehouse) -> StockItem:
    """Pieces of a variant in a warehouse, booked as a receipt."""
    return receive_stock(
        warehouse_code=warehouse.code,
        variant_id=variant.pk,
        quantity=quantity,
        op_key=f"test:{warehouse.code}:{variant.pk}:{next(_numbers)}",
    )


def a_method(
    market: Market, code: str = "standard", *, rates: dict[int, str], free_from: str | None = None
) -> DeliveryMethod:
    """A delivery method of two to three days with these brackets (grams → amount)."""
    currency = market.currency_id
    method = DeliveryMethod.objects.create(
        market=market,
        code=code,
        name=code.title(),
        carrier="DHL",
        days_min=2,
        days_max=3,
        free_from=Money(free_from, currency) if free_from else None,
    )
    DeliveryRate.objects.bulk_create(
        DeliveryRate(method=method, up_to_g=up_to_g, amount=Money(amount, currency))
        for up_to_g, amount in rates.items()
    )
    return method
