"""Squarespace tables: the first row of a product describes it, the next ones are variants."""

import pytest

from catalog.importers.squarespace.format import SquarespaceFormat
from catalog.models import PictureWish, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, Understood, a_shop, bring_in, complaints, counts, table, twice, understand

REAL = DATA / "catalog-other-csv" / "shelfshift-squarespace.csv"
OIL = {
    "Product ID [Non Editable]": "1",
    "Product Type [Non Editable]": "PHYSICAL",
    "Product URL": "oil",
    "Title": "Oil",
}
OIL |= {"SKU": "OIL-1", "Option Name 1": "Size", "Option Value 1": "1 oz", "Price": "36.00", "Sale Price": "30.00"}
OIL |= {"On Sale": "Yes", "Stock": "Unlimited", "Weight": "0.5", "Visible": "Yes", "Categories": "/care/oils, /gifts"}
OIL |= {"Hosted Image URLs": "https://p.example/1.jpg https://p.example/2.jpg"}
LARGE = {
    "SKU": "OIL-4",
    "Option Name 1": "Size",
    "Option Value 1": "4 oz",
    "Price": "48.00",
    "On Sale": "No",
    "Stock": "9",
}


def read(*rows: dict[str, str]) -> Understood:
    return understand(SquarespaceFormat(), table(*rows))


def test_rows_without_a_title_are_variants_of_the_one_above() -> None:
    product = read(OIL, LARGE).only
    assert [(v.draft.sku, v.values, v.price, v.compare_at, v.quantity) for v in product.variants] == [
        ("OIL-1", {"Size": "1 oz"}, Money("30.00", "EUR"), Money("36.00", "EUR"), None),
        ("OIL-4", {"Size": "4 oz"}, Money("48.00", "EUR"), None, 9),
    ]
    assert product.category is not None
    assert product.category.steps == ("care", "oils")
    assert [path.steps for path in product.further_categories or ()] == [("gifts",)]
    assert len(product.pictures) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Price": ""}, "Price"),
        ({"Title": ""}, "Title"),
        ({"Product Type [Non Editable]": "PET"}, "Product Type [Non Editable]"),
        ({"Weight": "light"}, "Weight"),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(cells: dict[str, str], column: str) -> None:
    a_shop()
    other = OIL | {"Product ID [Non Editable]": "2", "Product URL": "x", "SKU": "X"} | cells
    job = bring_in("squarespace", table(OIL, LARGE, other))
    assert counts(job) == {"created": 1, "refused": 1}
    assert [(line, at) for line, at, _told in complaints(job)] == [(4, column)]


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_the_real_table_comes_in_and_a_second_run_changes_nothing() -> None:
    a_shop()
    assert twice("squarespace", REAL.read_bytes()) == ({"created": 8}, {"unchanged": 8})
    assert (Product.objects.count(), Variant.objects.count()) == (8, 9)
    assert PictureWish.objects.count() == 8
