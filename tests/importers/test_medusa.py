"""Medusa tables of both versions, with commas or semicolons, and prices per currency."""

import pytest

from catalog.importers.medusa.format import MedusaFormat
from catalog.models import Price, Variant
from core.money import Money
from tests.importers.reading import DATA, Understood, a_shop, bring_in, complaints, counts, table, twice, understand

pytestmark = pytest.mark.django_db
REAL = DATA / "catalog-other-csv"


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def row(sku: str = "T-S", size: str = "S", **cells: str) -> dict[str, str]:
    known = {"Product Handle": "tee", "Product Title": "Tee", "Product Status": "published", "Variant Sku": sku}
    known |= {"Variant Option 1 Name": "size", "Variant Option 1 Value": size, "Variant Price EUR": "20"}
    return known | {"Variant Price USD": "25", "Variant Weight": "200"} | cells


def read(*rows: dict[str, str], separator: str = ",") -> Understood:
    return understand(MedusaFormat(), table(*rows, separator=separator))


@pytest.mark.parametrize("separator", [",", ";"])
def test_rows_with_a_handle_are_variants_with_prices_for_every_market(separator: str) -> None:
    product = read(row(), row("T-M", "M"), separator=separator).only
    assert [(v.draft.sku, v.values, v.price) for v in product.variants] == [
        ("T-S", {"size": "S"}, Money("20", "EUR")),
        ("T-M", {"size": "M"}, Money("20", "EUR")),
    ]
    assert [(p.market, p.amount) for p in product.variants[0].prices] == [("us", Money("25", "USD"))]
    assert (product.status, product.variants[0].draft.weight_g) == ("active", 200)


def test_the_first_version_names_its_columns_otherwise() -> None:
    older = {"Product Handle": "cup", "Product Title": "Cup", "Variant SKU": "C", "Price Europe [EUR]": "7.00"}
    older |= {
        "Price EUR": "6.50",
        "Option 1 Name": "Size",
        "Option 1 Value": "S",
        "Image 1 Url": "https://p.example/1.jpg",
    }
    product = read(older).only
    assert product.variants[0].price == Money("6.50", "EUR")
    assert product.variants[0].values == {"Size": "S"}
    assert [picture.url for picture in product.pictures] == ["https://p.example/1.jpg"]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Product Title": ""}, "Product Title"),
        ({"Product Status": "perhaps"}, "Product Status"),
        ({"Variant Price EUR": "", "Variant Price USD": ""}, "Variant Sku"),
        ({"Variant Price EUR": "20.999"}, "Variant Price EUR"),
        ({"Product Deleted At": "2024-01-01"}, "Product Deleted At"),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(cells: dict[str, str], column: str) -> None:
    job = bring_in("medusa", table(row(), row("CUP", "S") | {"Product Handle": "cup"} | cells))
    assert counts(job) == {"created": 1, "refused": 1}
    assert [(line, at) for line, at, _told in complaints(job)] == [(3, column)]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
@pytest.mark.parametrize(
    ("name", "created", "refused", "variants", "prices"),
    [
        ("medusa-exported-products-comma.csv", 2, 0, 3, 6),
        ("medusa-exported-products-semicolon.csv", 2, 0, 3, 6),
        ("medusa-product-with-categories.csv", 1, 0, 2, 4),
        ("medusa-v1-template.csv", 2, 1, 2, 2),
    ],
)
def test_real_tables_come_in_and_a_second_run_changes_nothing(
    name: str, created: int, refused: int, variants: int, prices: int
) -> None:
    broken = {"refused": refused} if refused else {}
    assert twice("medusa", (REAL / name).read_bytes()) == (
        {"created": created} | broken,
        {"unchanged": created} | broken,
    )
    assert (Variant.objects.count(), Price.objects.count()) == (variants, prices)
