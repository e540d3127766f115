"""Wix tables: product, variant and media rows, and the surcharges of the older export."""

import pytest

from catalog.importers.wix.format import WixFormat
from catalog.models import OptionValue, Price, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, Understood, a_shop, bring_in, complaints, counts, table, twice, understand

REAL = DATA / "catalog-other-csv" / "shelfshift-wix.csv"
BAG = {"handle": "Bag_1", "fieldType": "PRODUCT", "name": "Bag", "visible": "TRUE", "productOptionName1": "Color"}
BAG |= {"productOptionChoices1": "#800080:purple;#FFFFFF:white"}
WHITE = {"handle": "Bag_1", "fieldType": "VARIANT", "price": "20", "strikethroughPrice": "25", "inventory": "IN_STOCK"}
WHITE |= {"sku": "B-W", "weight": "0.5", "productOptionName1": "Color", "productOptionChoices1": "white"}
PURPLE = WHITE | {"sku": "B-P", "inventory": "12", "productOptionChoices1": "purple", "strikethroughPrice": ""}
MEDIA = {"handle": "Bag_1", "fieldType": "MEDIA", "media": "https://p.example/1.jpg"}


def read(*rows: dict[str, str]) -> Understood:
    return understand(WixFormat(), table(*rows))


def test_rows_of_a_handle_are_a_product_with_variants_and_pictures() -> None:
    product = read(BAG, WHITE, PURPLE, MEDIA).only
    assert [(v.draft.sku, v.values, v.price, v.compare_at, v.quantity) for v in product.variants] == [
        ("B-W", {"Color": "white"}, Money("20", "EUR"), Money("25", "EUR"), None),
        ("B-P", {"Color": "purple"}, Money("20", "EUR"), None, 12),
    ]
    (option,) = product.options or ()
    assert {choice.name: choice.hex for choice in option.choices} == {"white": "#ffffff", "purple": "#800080"}
    assert [picture.url for picture in product.pictures] == ["https://p.example/1.jpg"]


def test_the_older_export_adds_surcharges_and_takes_discounts_off() -> None:
    cup = {"handleId": "cup", "fieldType": "Product", "name": "Cup", "price": "10.00", "productOptionName1": "Size"}
    cup |= {"discountMode": "PERCENT", "discountValue": "15", "productOptionDescription1": "S;L"}
    large = {"handleId": "cup", "fieldType": "Variant", "surcharge": "2.50", "productOptionName1": "Size"}
    large |= {"productOptionDescription1": "L", "inventory": "OutOfStock"}
    (variant,) = read(cup, large).only.variants
    assert (variant.compare_at, variant.price, variant.quantity) == (Money("12.50", "EUR"), Money("10.63", "EUR"), 0)


def test_what_a_shopper_could_write_is_noted() -> None:
    found = read(BAG | {"modifierName1": "Engraving"}, WHITE)
    assert [told for _line, _column, told in found.notes if "modifiers" in told]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column"),
    [
        (BAG | {"handle": "x", "name": "", "price": "5"}, "name"),
        (BAG | {"handle": "x", "price": ""}, "price"),
        (WHITE | {"handle": "x"}, "fieldType"),
        (BAG | {"handle": "x", "price": "5", "inventory": "a few"}, "inventory"),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(row: dict[str, str], column: str) -> None:
    a_shop()
    job = bring_in("wix", table(BAG, WHITE, PURPLE, row))
    assert counts(job) == {"created": 1, "refused": 1}
    assert [(line, at) for line, at, _told in complaints(job)] == [(5, column)]


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_the_real_table_comes_in_and_a_second_run_changes_nothing() -> None:
    a_shop()
    assert twice("wix", REAL.read_bytes()) == ({"created": 3}, {"unchanged": 3})
    assert (Product.objects.count(), Variant.objects.count()) == (3, 8)
    assert Price.objects.filter(price_list__kind="sale").count() == 7
    assert OptionValue.objects.get(name="purple").hex == "#800080"
