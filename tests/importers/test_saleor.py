"""Saleor fixtures: channels by currency, attributes, stock and gift cards."""

import csv
import io
import json
from typing import Any

import pytest

from catalog.importers.reading.sheets import REASON_COLUMN
from catalog.importers.refused import has_refused_rows, refused_rows
from catalog.importers.saleor.format import SaleorFormat
from catalog.models import Category, Price, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, Understood, a_shop, bring_in, complaints, counts, twice, understand

pytestmark = pytest.mark.django_db
REAL = DATA / "catalog-other-csv" / "saleor-populatedb_data.json"


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def fixture(**changed: Any) -> str:
    """One mug in two sizes; `changed` replaces fields of single objects."""
    objects: dict[str, tuple[str, int, dict[str, Any]]] = {
        "category": ("product.category", 1, {"name": "Mugs", "parent": 2}),
        "root": ("product.category", 2, {"name": "Kitchen", "parent": None}),
        "type": ("product.producttype", 1, {"name": "Mug", "kind": "normal", "is_shipping_required": True}),
        "product": (
            "product.product",
            1,
            {
                "name": "Mug",
                "slug": "mug",
                "product_type": 1,
                "category": 1,
                "description": {"blocks": [{"type": "paragraph", "data": {"text": "<b>Holds</b> tea"}}]},
            },
        ),
        "shown": ("product.productchannellisting", 1, {"product": 1, "is_published": True}),
        "small": ("product.productvariant", 1, {"sku": "MUG-S", "product": 1, "weight": "0.35:kg"}),
        "large": ("product.productvariant", 2, {"sku": "MUG-L", "product": 1, "weight": None}),
        "attribute": ("attribute.attribute", 1, {"name": "Size"}),
        "choice": ("attribute.attributevariant", 1, {"attribute": 1, "variant_selection": True}),
        "stock": ("warehouse.stock", 1, {"product_variant": 1, "quantity": 4}),
    }
    for place, size in ((1, "S"), (2, "L")):
        objects[f"value{place}"] = ("attribute.attributevalue", place, {"name": size, "attribute": 1})
        objects[f"has{place}"] = ("attribute.assignedvariantattribute", place, {"variant": place, "assignment": 1})
        chosen = {"value": place, "assignment": place}
        objects[f"chosen{place}"] = ("attribute.assignedvariantattributevalue", place, chosen)
        price = {"variant": place, "currency": "EUR", "price_amount": "9.900", "discounted_price_amount": "8.000"}
        objects[f"price{place}"] = ("product.productvariantchannellisting", place, price)
    for name, fields in changed.items():
        objects[name][2].update(fields)
    return json.dumps([{"model": model, "pk": key, "fields": fields} for model, key, fields in objects.values()])


def read(content: str) -> Understood:
    return understand(SaleorFormat(), content, name="saleor.json")


def test_objects_are_joined_to_a_product() -> None:
    product = read(fixture()).only
    assert [(v.draft.sku, v.values, v.price, v.compare_at) for v in product.variants] == [
        ("MUG-S", {"Size": "S"}, Money("8.000", "EUR"), Money("9.900", "EUR")),
        ("MUG-L", {"Size": "L"}, Money("8.000", "EUR"), Money("9.900", "EUR")),
    ]
    assert (product.variants[0].draft.weight_g, product.variants[0].quantity) == (350, 4)
    assert product.draft.texts["description"] == {"en": "<p><b>Holds</b> tea</p>"}
    assert product.category is not None
    assert (product.category.steps, product.status) == (("Kitchen", "Mugs"), "active")


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"product": {"name": ""}}, "name"),
        ({"price1": {"currency": "PLN"}, "price2": {"currency": "PLN"}}, "name"),
        ({"price1": {"price_amount": "9.999"}}, "price_amount"),
        ({"value2": {"name": "S"}}, ""),
    ],
)
def test_a_broken_product_is_named(changed: dict[str, Any], column: str) -> None:
    job = bring_in("saleor", fixture(**changed), name="saleor.json")
    assert counts(job) == {"refused": 1}
    assert column in [at for _line, at, _told in complaints(job)]


def test_a_document_of_something_else_is_refused() -> None:
    assert "no products of Saleor" in bring_in("saleor", '[{"model": "x"}]', name="x.json").failure


@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_the_real_fixture_comes_in_and_a_second_run_changes_nothing() -> None:
    first, second = twice("saleor", REAL.read_bytes(), name="saleor.json", market="us")
    assert (first, second) == ({"created": 32}, {"unchanged": 32})
    assert (Product.objects.count(), Variant.objects.count(), Price.objects.count()) == (32, 73, 73)
    assert Product.objects.filter(product_type__kind="giftcard").count() == 3
    assert Category.objects.filter(parent=None).count() >= 3


def test_refused_products_of_a_document_are_listed_with_the_reason() -> None:
    job = bring_in("saleor", fixture(price1={"price_amount": "9.999"}), name="saleor.json")
    assert counts(job) == {"refused": 1}
    assert has_refused_rows(job)
    with refused_rows(job) as (ending, pieces):
        rows = list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))
    assert ending == "csv"
    assert rows[0][-1] == REASON_COLUMN
    title = job.items.get().title
    assert {(row[0], row[-1]) for row in rows[1:]} == {(title, said) for _line, _column, said in complaints(job)}
