"""The product most tests sell, written in half the statements the catalogue's actions take.

One variant, no options, nothing told but names, prices and stock. The rows are the ones `make_product` leaves behind by
way of the actions, without the log of who did it; `tests/catalog/test_plain_products.py` holds the two side by side.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog import actions
from catalog.actions.derived import mark_dirty
from catalog.actions.products import set_texts
from catalog.actions.routes import route_new
from catalog.models import Price, PriceList, Product, ProductType, Variant, VariantAvailability
from catalog.translating.noting import note_texts
from core.money import Money
from markets.models import Market
from tests.factories.markets import TaxCategoryFactory


def plain_product(
    *,
    code: str,
    names: Mapping[str, str],
    variant: Mapping[str, Any],
    prices: Mapping[PriceList, str],
    stock: int,
) -> Product:
    """On sale in the markets of these price lists, each for its amount. `variant` is what is said of the only one."""
    kind, _ = ProductType.objects.get_or_create(code="goods", defaults={"name": "Goods"})
    product = Product(code=code, product_type=kind, tax_category=TaxCategoryFactory(), status=Product.Status.ACTIVE)
    product.released_at = timezone.now()
    set_texts(product, {"name": names})
    product.save(force_insert=True)
    note_texts([product])
    route_new(products=[(product, {})])
    only = Variant.objects.create(product=product, **{"sku": code.upper(), "value_ids": [], **variant})
    Price.objects.bulk_create(
        Price(price_list=row, variant=only, min_qty=1, amount=Money(Decimal(amount), row.currency))
        for row, amount in prices.items()
    )
    VariantAvailability.objects.bulk_create(
        VariantAvailability(variant=only, market_id=market, available_total=stock, place_code="leipzig")
        for market in Market.objects.values_list("pk", flat=True)
    )
    mark_dirty(product_ids=[product.pk])
    actions.refresh_derived(product_ids=[product.pk])
    return Product.objects.get(pk=product.pk)
