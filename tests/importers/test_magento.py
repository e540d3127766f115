"""Magento tables: variants before their product, store views, sets, and the shorter tables of its sample data."""

import pytest

from catalog.importers.magento.format import MagentoFormat
from catalog.models import BundleItem, OptionType, Price, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, Understood, a_shop, bring_in, complaints, counts, table, twice, understand

pytestmark = pytest.mark.django_db
REAL = DATA / "catalog-magento"
READING = MagentoFormat()


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def row(sku: str = "MUG", kind: str = "simple", **cells: str) -> dict[str, str]:
    known = {"sku": sku, "store_view_code": "", "product_type": kind, "name": sku.title(), "price": "9.90", "qty": "5"}
    return known | cells


def read(*rows: dict[str, str]) -> Understood:
    return understand(READING, table(*rows))


SMALL = row("TEE-S", additional_attributes="size=S,color=Red")
LARGE = row("TEE-L", additional_attributes="size=L,color=Red", price="11")
TEE = row(
    "TEE",
    "configurable",
    price="",
    configurable_variations="sku=TEE-S,size=S,color=Red|sku=TEE-L,size=L,color=Red",
    additional_attributes="has_options=1,material=Cotton|Linen,eco_collection=Yes,care=Wash cold, dry flat",
    categories="Default Category/Men/Tops,Default Category/Sale",
    url_key="red-tee",
)


def test_variants_stand_before_their_product_and_are_no_products_of_their_own() -> None:
    product = read(SMALL, LARGE, TEE).only
    assert (product.line, product.draft.code, product.draft.slugs) == (4, "tee", {"en": "red-tee"})
    assert [(v.draft.sku, v.values, v.price) for v in product.variants] == [
        ("TEE-S", {"Size": "S", "Color": "Red"}, Money("9.90", "EUR")),
        ("TEE-L", {"Size": "L", "Color": "Red"}, Money("11", "EUR")),
    ]
    assert product.category is not None
    assert product.category.steps == ("Men", "Tops")


def test_packed_attributes_become_details() -> None:
    told = {d.attribute.name: ([c.name for c in d.choices], d.flag) for d in read(SMALL, LARGE, TEE).only.details}
    assert told == {
        "Material": (["Cotton", "Linen"], None),
        "Eco collection": ([], True),
        "Care": (["Wash cold, dry flat"], None),
    }


def test_rows_of_other_store_views_bring_their_words() -> None:
    found = read(row(), row(store_view_code="de", name="Becher"), row(store_view_code="shop_two", name="X"))
    assert found.only.draft.texts["name"] == {"en": "Mug", "de": "Becher"}
    assert [line for line, _column, told in found.notes if "no language of the storefront" in told] == [4]


def test_a_set_takes_the_preset_pieces() -> None:
    pieces = (
        "name=Cup,type=radio,sku=A,default=0|name=Cup,type=radio,sku=B,default=1,default_qty=2.0000|name=Tray,sku=C"
    )
    found = read(row("SET", "bundle", bundle_values=pieces))
    product = found.only
    assert [(c.sku, c.quantity) for c in product.variants[0].components or ()] == [("B", 2), ("C", 1)]
    assert product.draft.kind == "bundle"
    assert "the preset ones were taken" in found.notes[0][2]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "name"),
        ({"product_type": "mystery"}, "product_type"),
        ({"price": "-1"}, "price"),
        ({"price": ""}, "price"),
        ({"qty": "many"}, "qty"),
        ({"country_of_manufacture": "Atlantis"}, "country_of_manufacture"),
        ({"product_type": "configurable", "configurable_variations": "sku=GONE,size=S"}, "configurable_variations"),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(cells: dict[str, str], column: str) -> None:
    job = bring_in("magento", table(SMALL, LARGE, TEE, row() | cells))
    assert counts(job) == {"created": 1, "refused": 1}
    assert {(line, at) for line, at, _told in complaints(job)} == {(5, column)}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_table_comes_in_and_a_second_run_changes_nothing() -> None:
    content = (REAL / "configurable_products.csv.gz").read_bytes()
    first, second = twice("magento", content, name="products.csv.gz")
    assert (first, second) == ({"created": 147}, {"unchanged": 147})
    assert (Product.objects.count(), Variant.objects.count(), Price.objects.count()) == (147, 1847, 1847)
    assert set(OptionType.objects.values_list("name", flat=True)) == {"Size", "Color"}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_samples_of_other_kinds_come_in() -> None:
    for name, created in (
        ("catalog_simpleproduct_products_gear_fitness_equipment.csv", 9),
        ("catalog_simpleproduct_products_gear_bags.csv", 14),
        ("groupedproduct_yoga_grouped.csv", 1),
        ("downloadable_products_training_video_download.csv", 6),
        ("bundle_yoga_bundle.csv", 1),
    ):
        expected = ({"created": created}, {"unchanged": created})
        assert twice("magento", (REAL / name).read_bytes(), name=name) == expected, name
    assert Product.objects.filter(status="draft").count() == 2
    assert Product.objects.get(code="24-wg080").kind == "bundle"
    assert BundleItem.objects.count() == 0  # its pieces are in none of these tables
