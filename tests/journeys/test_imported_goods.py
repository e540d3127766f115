"""A merchant brings a catalogue from another shop, and a shopper finds and buys something of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.actions import drain_dirty
from catalog.models import Variant
from orders.models import Order, PaymentState
from tests.factories.cart import open_shop
from tests.journeys.shopping import Shopper

pytestmark = pytest.mark.django_db
REAL = Path(__file__).parents[3] / "shared" / "data" / "catalog-shopify-csv"
WRITTEN = (
    "Handle,Title,Body (HTML),Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,"
    "Variant Price\n"
    "olive-bowl,Olive wood bowl,<p>Turned by hand.</p>,Meadow,Size,Small,OB-S,420,3,39.00\n"
    "olive-bowl,,,,,Large,OB-L,900,2,59.00\n"
)


def buy(sku: str, words: str) -> Order:
    """Find it by its name, open its page, order it and pay."""
    shopper = Shopper()
    variant = Variant.objects.get(sku=sku)
    assert variant.product.name in shopper.get(f"search/?q={words}").text
    assert shopper.follow(shopper.path(f"p/{variant.product.code}/")).status == 200
    assert shopper.add(variant).status == 303
    to_provider = shopper.order()
    assert to_provider.status == 303, to_provider.text
    back = shopper.choose(to_provider.location, "succeed")
    shopper.follow(back.location)
    return Order.objects.get()


def test_imported_goods_are_found_and_bought(tmp_path: Path, run_outbox: Callable[[], int]) -> None:
    open_shop("de")
    path = tmp_path / "products.csv"
    path.write_text(WRITTEN, encoding="utf-8")
    call_command("import_products", path, format="shopify", market="de")
    run_outbox()
    drain_dirty()
    order = buy("OB-L", "olive")
    assert order.payment_state == PaymentState.PAID
    assert str(order.items_total.amount.normalize()) == "59"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_goods_of_a_real_table_are_found_and_bought(run_outbox: Callable[[], int]) -> None:
    open_shop("de")
    call_command("import_products", REAL / "shelfshift-shopify.csv", format="shopify", market="de")
    run_outbox()
    drain_dirty()
    order = buy("TheBandTShirt-MG", "band")
    assert order.payment_state == PaymentState.PAID
