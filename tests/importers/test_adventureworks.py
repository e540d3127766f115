"""AdventureWorks: models with colours and sizes, words in many languages, prices with four digits."""

import pytest

from catalog.importers.adventureworks.format import AdventureWorksFormat
from catalog.models import Category, Product, Variant
from core.money import Money
from tests.importers.reading import (
    DATA,
    Understood,
    a_shop,
    bring_in,
    complaints,
    counts,
    table,
    twice,
    understand,
    zipped,
)

pytestmark = pytest.mark.django_db
REAL = DATA / "catalog-adventureworks"
READING = AdventureWorksFormat()


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def bike(number: str, size: str, price: str = "540.0000", **cells: str) -> dict[str, str]:
    known = {"ProductID": number, "ProductNumber": f"BK-{size}", "Name": f"Road-1 Red, {size}", "Color": "Red"}
    known |= {"Size": size, "SizeUnitMeasureCode": "CM ", "ListPrice": price, "ProductModelID": "7"}
    return known | {"ProductSubcategoryID": "2", "Weight": "20.50", "WeightUnitMeasureCode": "LB "} | cells


def archive(*rows: dict[str, str]) -> bytes:
    return zipped(
        {
            "Product.csv": table(*rows),
            "ProductModel.csv": table({"ProductModelID": "7", "Name": "Road-1"}),
            "ProductCategory.csv": table({"ProductCategoryID": "1", "Name": "Bikes"}),
            "ProductSubcategory.csv": table(
                {"ProductSubcategoryID": "2", "ProductCategoryID": "1", "Name": "Road Bikes"}
            ),
            "DimProductSubcategory.psv": "2|2|Road Bikes|Bicicleta|Vélo|1\n",
            "DimProduct_i18n.csv": table(
                {
                    "ProductAlternateKey": "BK-58",
                    "name_fr": "Vélo 1 rouge, 58",
                    "desc_de": "Ein Rad.",
                    "desc_he": "אופניים",
                },
                {"ProductAlternateKey": "BK-62", "name_fr": "Vélo 1 rouge, 62"},
            ),
            "ProductInventory.csv": table({"ProductID": "1", "Quantity": "4"}, {"ProductID": "1", "Quantity": "3"}),
            "ProductPhoto.csv": table({"ProductID": "1", "image_file": "bike.gif"}),
        }
    )


def read(*rows: dict[str, str]) -> Understood:
    return understand(READING, archive(*rows), name="aw.zip")


def test_products_of_a_model_are_variants_of_one() -> None:
    found = read(bike("1", "58"), bike("2", "62"))
    product = found.only
    assert [(v.draft.sku, v.values) for v in product.variants] == [
        ("BK-58", {"Colour": "Red", "Size": "58 cm"}),
        ("BK-62", {"Colour": "Red", "Size": "62 cm"}),
    ]
    assert (product.variants[0].quantity, product.variants[0].draft.weight_g) == (7, 9299)
    assert product.draft.texts["name"] == {"en": "Road-1", "fr": "Vélo 1 rouge"}
    assert product.draft.texts["description"] == {"de": "<p>Ein Rad.</p>"}
    assert product.category is not None
    assert (product.category.steps, product.category.names["fr"]) == (("Bikes", "Road Bikes"), "Vélo")
    told = " ".join(message for _line, _column, message in found.notes)
    assert "GIF" in told
    assert "does not speak he;" in told


def test_prices_with_more_digits_are_rounded_and_said_so() -> None:
    found = read(bike("1", "58", "60.7450"))
    assert found.only.variants[0].price == Money("60.75", "EUR")
    assert "The price was rounded to 60.75." in [told for _line, _column, told in found.notes]


def test_parts_without_a_price_are_refused_one_by_one() -> None:
    job = bring_in("adventureworks", archive(bike("1", "58"), bike("2", "62", ".0000")), name="aw.zip")
    assert counts(job) == {"created": 1, "refused": 1}
    assert complaints(job) == [(3, "Product.csv: ListPrice", "The price is missing.")]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_tables_come_in_and_a_second_run_changes_nothing() -> None:
    files = {path.name: path.read_bytes() for path in REAL.iterdir() if path.is_file()}
    first, second = twice("adventureworks", zipped(files), name="aw.zip")
    assert first == {"created": 128, "refused": 200}
    assert second == {"unchanged": 128, "refused": 200}
    assert Variant.objects.count() == 304
    told = Product.objects.get(code="hl-mountain-frame").i18n
    assert {
        "description_ar",
        "description_de",
        "description_fr",
        "description_ja",
        "description_zh_hans",
    } <= told.keys()
    assert Category.objects.filter(parent=None).count() == 4
