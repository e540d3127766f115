"""Spree tables: variants once per currency, custom fields, and translations beside them."""

import pytest

from catalog.importers.spree.format import SpreeFilesFormat, SpreeFormat
from catalog.models import PictureWish, Price, Product, ProductAttribute, Variant
from core.money import Money
from tests.importers.reading import DATA, a_shop, bring_in, complaints, counts, table, twice, understand, zipped

pytestmark = pytest.mark.django_db
REAL = DATA / "catalog-spree-demo"
READING, FILES = SpreeFormat(), SpreeFilesFormat()

KETTLE = {
    "slug": "kettle",
    "sku": "KETTLE",
    "name": "Kettle",
    "price": "0",
    "currency": "EUR",
    "status": "active",
    "category1": "Kitchen -> Kettles",
    "custom_field.custom.wattage": "2200W",
    "image1_src": "https://pictures.example/kettle.webp",
}
BLACK = {
    "slug": "kettle",
    "sku": "KETTLE-B",
    "price": "49.90",
    "currency": "EUR",
    "option1_name": "Color",
    "option1_value": "Black",
    "weight": "2.2",
    "weight_unit": "lb",
    "width": "10",
    "dimensions_unit": "in",
    "inventory_count": "5",
}
BLACK_USD = {"slug": "kettle", "sku": "KETTLE-B", "price": "54.90", "compare_at_price": "59.90", "currency": "USD"}


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def test_the_rows_of_a_slug_are_one_product_with_prices_for_every_market() -> None:
    product = understand(READING, table(KETTLE, BLACK, BLACK_USD)).only
    (variant,) = product.variants
    assert (variant.draft.sku, variant.values, variant.price) == ("KETTLE-B", {"Color": "Black"}, Money("49.90", "EUR"))
    assert [(p.market, p.kind, p.amount) for p in variant.prices] == [
        ("us", "base", Money("59.90", "USD")),
        ("us", "sale", Money("54.90", "USD")),
    ]
    assert (variant.draft.weight_g, variant.draft.width_mm, variant.quantity) == (998, 254, 5)
    assert product.category is not None
    assert product.category.steps == ("Kitchen", "Kettles")
    assert [(d.attribute.name, d.text) for d in product.details] == [("Wattage", {"en": "2200W"})]


def test_a_currency_no_market_sells_in_is_noted() -> None:
    found = understand(READING, table(KETTLE, BLACK, BLACK_USD | {"currency": "SEK"}))
    assert found.only.variants[0].prices == ()
    assert [told for _line, _column, told in found.notes] == ["No market sells in SEK; these prices were left out."]


def test_translations_in_a_zip_bring_languages_and_tell_of_those_nobody_speaks() -> None:
    words = table(
        {"slug": "kettle", "locale": "de", "name": "Wasserkocher"},
        {"slug": "kettle", "locale": "nl", "name": "Waterkoker"},
    )
    content = zipped({"products.csv": table(KETTLE, BLACK), "product_translations.csv": words})
    found = understand(FILES, content, name="spree.zip")
    assert found.only.draft.texts["name"] == {"en": "Kettle", "de": "Wasserkocher"}
    assert ["nl" in told for _line, _column, told in found.notes] == [True]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "name"),
        ({"price": "0"}, "price"),
        ({"price": "cheap"}, "price"),
        ({"status": "perhaps"}, "status"),
        ({"price": "5", "weight": "3", "weight_unit": "stone"}, "weight"),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(cells: dict[str, str], column: str) -> None:
    cup = {"slug": "cup", "sku": "CUP", "name": "Cup", "price": "5", "currency": "EUR"} | cells
    job = bring_in("spree", table(KETTLE, BLACK, cup))
    assert counts(job) == {"created": 1, "refused": 1}
    assert [(line, at) for line, at, _told in complaints(job)] == [(4, column)]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_table_comes_in_and_a_second_run_changes_nothing() -> None:
    names = ("products.csv", "product_translations.csv", "customers.csv")
    content = zipped({name: (REAL / name).read_bytes() for name in names})
    assert twice("spree-files", content, name="spree.zip") == ({"created": 37}, {"unchanged": 37})
    assert (Product.objects.filter(status="active").count(), Variant.objects.count()) == (37, 87)
    assert Price.objects.filter(price_list__market__code="de", price_list__kind="base").count() == 87
    assert Price.objects.filter(price_list__market__code="us", price_list__kind="base").count() == 87
    assert all(product.i18n["name_de"] and product.i18n["name_fr"] for product in Product.objects.all())
    assert PictureWish.objects.filter(variant=None).count() == 37
    assert ProductAttribute.objects.filter(attribute__name="Warranty").count() == 37
    assert counts(bring_in("spree", (REAL / "products.csv").read_bytes())) == {"unchanged": 37}
