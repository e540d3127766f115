"""How long prices take: rebuilding all of them, verifying them, and pricing a page. Printed; promises are asserted."""

import os
import time
from datetime import UTC, datetime

import pytest
from django.db import connection

from catalog.derived.prices import derive_all_prices
from catalog.derived.verify import wrong_prices
from catalog.models import EffectivePrice, PriceList, Product, Variant
from catalog.prices import price_variants
from markets.models import Market
from tests.factories.catalog import ProductTypeFactory, price_list
from tests.factories.markets import TaxCategoryFactory, demo_markets

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
PER_PRODUCT = 4
PUT = """
INSERT INTO catalog_price (price_list_id, variant_id, min_qty, amount, amount_currency, derived)
SELECT %s, v.id, %s, floor((900 + v.id %% 4000) * %s / 100.0), %s, false FROM catalog_variant v WHERE v.id %% %s = 0
"""
"""Straight into the table: what is measured is what follows. Whole amounts fit every currency."""


def fill(variants: int) -> None:
    """Products of four variants; in every market an ordinary price, a sale for a fifth, tiers and member prices."""
    goods, tax = ProductTypeFactory(), TaxCategoryFactory()
    made = Product.objects.bulk_create(
        [
            Product(code=f"b-{n}", name=f"Thing {n}", product_type=goods, tax_category=tax, status="active")
            for n in range(variants // PER_PRODUCT)
        ],
        batch_size=2000,
    )
    Variant.objects.bulk_create(
        [
            Variant(product=product, sku=f"B-{product.pk}-{n}", signature=f"n={n}", status="active", weight_g=500)
            for product in made
            for n in range(PER_PRODUCT)
        ],
        batch_size=2000,
    )
    for market in Market.objects.filter(active=True):
        code = market.code
        put(price_list(code))
        put(price_list(code, code=f"{code}-sale", kind="sale"), percent=80, every=5)
        put(price_list(code, code=f"{code}-tier", kind="tier"), min_qty=10, percent=70, every=3)
        gold = price_list(code, code=f"{code}-gold", kind="member", audience_key="gold")
        put(gold, percent=75, every=7)


def put(row: PriceList, *, min_qty: int = 1, percent: int = 100, every: int = 1) -> None:
    """A price for every so many variants, a share of their ordinary one."""
    with connection.cursor() as cursor:
        cursor.execute(PUT, [row.pk, min_qty, percent, row.currency, every])


def test_prices_of_a_hundred_thousand_variants_in_ten_markets_are_rebuilt_in_three_minutes() -> None:
    how_many = int(os.environ.get("PRICED_VARIANTS", "100000"))
    demo_markets()
    fill(how_many)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_price, catalog_variant, catalog_pricelist")
    now = datetime.now(UTC)
    began = time.perf_counter()
    derive_all_prices(now)
    first = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_effectiveprice, catalog_publishedprice")
    began = time.perf_counter()
    derive_all_prices(now)
    again = time.perf_counter() - began
    began = time.perf_counter()
    assert list(wrong_prices(now)) == []
    verified = time.perf_counter() - began
    page = list(Variant.objects.order_by("pk").values_list("pk", flat=True)[:48])
    began = time.perf_counter()
    assert len(price_variants("de", page)) == len(page)
    priced = time.perf_counter() - began
    rows = EffectivePrice.objects.count()
    print(
        f"\n{how_many} variants, {Market.objects.filter(active=True).count()} markets, {rows} effective prices:"
        f" rebuilt in {first:.1f} s, again in {again:.1f} s, verified in {verified:.1f} s;"
        f" a page of 48 priced in {priced * 1000:.1f} ms"
    )
    assert first < 180
    assert again < 180
