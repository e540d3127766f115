"""Shopware tables: prices with and without tax, variants of a parent."""

import pytest

from catalog.importers.formats import Setting
from catalog.importers.shopware.format import ShopwareFormat
from catalog.models import Brand, Price, Product, Variant
from core.money import Money
from tests.importers.reading import (
    DATA,
    EURO,
    Understood,
    a_shop,
    bring_in,
    complaints,
    counts,
    table,
    twice,
    understand,
)

pytestmark = pytest.mark.django_db
REAL = DATA / "catalog-other-csv" / "shopware-products.csv"
DOLLAR = Setting(language="en", currency="USD", market="us")


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def row(number: str = "SW1", **cells: str) -> dict[str, str]:
    known = {"id": f"id-{number}", "parent_id": "", "product_number": number, "name": "Lamp", "tax_rate": "19"}
    known |= {
        "price_net": "41.680672268908",
        "price_gross": "49.60",
        "price_net_usd": "44.123",
        "price_gross_usd": "52",
    }
    return known | {"stock": "8", "manufacturer_name": "Acme", "categories": "Home > Lamps", "weight": "1.5"} | cells


def read(*rows: dict[str, str], setting: Setting = EURO) -> Understood:
    return understand(ShopwareFormat(), table(*rows, separator=";"), setting)


def test_a_market_takes_the_price_it_keeps() -> None:
    (german,) = read(row()).only.variants
    assert german.price == Money("49.60", "EUR")
    assert [(p.market, p.amount) for p in german.prices] == [("us", Money("44.12", "USD"))]
    found = read(row(), setting=DOLLAR)
    assert found.only.variants[0].price == Money("44.12", "USD")
    assert "The price was rounded to 44.12." in [told for _line, _column, told in found.notes]
    assert german.draft.weight_g == 1500


def test_variants_follow_their_parent_and_inherit_what_they_do_not_say() -> None:
    red = row("SW1.1", parent_id="id-SW1", optionIds="Colour: Red", price_gross="", price_net="", weight="")
    product = read(row(), red).only
    (variant,) = product.variants
    assert (variant.values, variant.price, variant.draft.weight_g) == ({"Colour": "Red"}, Money("49.60", "EUR"), 1500)
    assert product.category is not None
    assert product.category.steps == ("Home", "Lamps")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "name"),
        ({"price_gross": ""}, "price_gross"),
        ({"stock": "x"}, "stock"),
        ({"parent_id": "gone"}, "parent_id"),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(cells: dict[str, str], column: str) -> None:
    job = bring_in("shopware", table(row(), row("SW2") | cells, separator=";"))
    assert counts(job) == {"created": 1, "refused": 1}
    assert [(line, at) for line, at, _told in complaints(job)] == [(3, column)]


@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_the_real_table_comes_in_and_a_second_run_changes_nothing() -> None:
    assert twice("shopware", REAL.read_bytes()) == ({"created": 59}, {"unchanged": 59})
    assert (Product.objects.count(), Variant.objects.count(), Price.objects.count()) == (59, 59, 59)
    assert Brand.objects.count() == 35
