"""Icecat records: exact numbers, units, the price in cents, and what an attribute says of the category."""

import gzip
import json
import re
from decimal import Decimal
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.importers.formats import Setting
from catalog.importers.icecat.attributes import attribute_of
from catalog.importers.icecat.format import IcecatFormat
from catalog.models import AttributeDef, Category, Price, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, a_shop, twice, understand

REAL = DATA / "catalog-icecat" / "products.jsonl.gz"
READING = IcecatFormat()
SOME = 60
RATINGS = 80


def record(**values: Any) -> str:
    known = {
        "id": "42",
        "name": "K-1",
        "title": "Kettle K-1",
        "ean": ["0000000000000", "4006381333931"],
        "short_description": "Boils water.",
        "img_high": "http://images.example/k.jpg",
        "date_released": "2019-12-10T00:00:00Z",
        "supplier": "Acme",
        "price": 4995,
    }
    return json.dumps(known | values)


def read(*lines: str, currency: str = "EUR") -> Any:
    setting = Setting(language="en", currency=currency, market="de")
    return understand(READING, "\n".join(lines), setting, name="p.jsonl")


def test_a_record_becomes_a_product_with_one_variant() -> None:
    found = read(
        record(
            attr_t_product_type="Kettle",
            attr_n_package_weight=1250.5,
            attr_n_weight=1000.0,
            attr_n_width=210.0,
            attr_t_country_of_origin="Germany",
            attr_t_harmonized_system__hs__code="8516.79.70",
        )
    )
    product = found.only
    (variant,) = product.variants
    assert (product.draft.code, variant.draft.sku, variant.price) == ("42", "42", Money("49.95", "EUR"))
    assert product.category is not None
    assert product.category.steps == ("Electronics", "Kettle")
    assert (variant.draft.gtin, variant.draft.hs_code, variant.draft.origin_country) == (
        "4006381333931",
        "85167970",
        "DE",
    )
    assert (variant.draft.weight_g, variant.draft.width_mm, variant.draft.height_mm) == (1251, 210, None)
    assert (product.vendor, product.draft.model_code) == ("Acme", "K-1")


def test_details_keep_their_kind_and_exact_value() -> None:
    product = read(
        record(attr_t_product_colour="Black,Silver", attr_n_cable_length=0.1, attr_b_colour=True, attr_t_awg="26")
    ).only
    told = {detail.attribute.code: detail for detail in product.details}
    assert [choice.name for choice in told["product-colour"].choices] == ["Black", "Silver"]
    assert (told["cable-length-n"].number, told["cable-length-n"].attribute.unit) == (Decimal("0.1"), "m")
    assert told["colour-b"].flag is True
    assert told["awg"].text == {"en": "26"}


@pytest.mark.parametrize(
    ("key", "code", "name", "unit"),
    [
        ("attr_n_package_weight", "package-weight-n", "Package weight", "g"),
        ("attr_n_width", "width-n", "Width", "mm"),
        ("attr_n_usb_2_0_ports_quantity", "usb-2-0-ports-quantity-n", "USB 2 0 ports quantity", ""),
        ("attr_t_contrast_ratio__typical_", "contrast-ratio-typical", "Contrast ratio (typical)", ""),
        ("attr_t_operating_temperature__t_t_", "operating-temperature-t-t", "Operating temperature", ""),
    ],
)
def test_keys_are_read_as_names_with_units(key: str, code: str, name: str, unit: str) -> None:
    attribute = attribute_of(key)
    assert attribute is not None
    assert (attribute.code, attribute.name, attribute.unit) == (code, name, unit)


@pytest.mark.parametrize("key", ["attr_n_pallet_width", "attr_n_last_change", "attr_n_weight__imperial_", "weight"])
def test_what_is_of_no_use_to_a_shopper_is_no_detail(key: str) -> None:
    assert attribute_of(key) is None


def test_original_is_not_a_sort_of_thing() -> None:
    toner = read(record(attr_t_type="Original", attr_t_printing_colours="Black")).only
    assert toner.category.steps == ("Electronics", "Printing supplies")
    assert read(record(attr_t_type="Original")).only.category.steps == ("Electronics",)


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"price": 0}, "price"),
        ({"price": 49.95}, "price"),
        ({"price": None}, "price"),
        ({"title": ""}, "title"),
        ({"id": "x"}, "id"),
    ],
)
def test_a_broken_record_is_named_and_the_others_go_in(values: dict[str, Any], column: str) -> None:
    found = read(record(), record(id="43") if "id" in values else record(**{"id": "43", **values}), record(**values))
    assert len(found.products) >= 1
    assert {at for _line, at, _told in found.refusals} == {column}


def test_cents_do_not_fit_a_currency_without_them() -> None:
    assert read(record(), currency="JPY").refusals == [(1, "price", "“49.95” has more decimals than JPY has (0).")]


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_real_records_come_in_and_a_second_run_changes_nothing() -> None:
    a_shop()
    with gzip.open(REAL) as file:
        content = b"".join(islice(file, SOME))
    assert twice("icecat", gzip.compress(content), name="p.jsonl.gz") == ({"created": SOME}, {"unchanged": SOME})
    assert (Product.objects.count(), Variant.objects.count(), Price.objects.count()) == (SOME, SOME, SOME)
    assert Category.objects.get(parent=None).name == "Electronics"
    assert AttributeDef.objects.filter(unit="g").exists()


@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_every_real_record_can_be_read() -> None:
    found = understand(READING, REAL.read_bytes(), name="products.jsonl.gz")
    assert (len(found.products), found.refusals) == (19_406, [])
    assert sum(bool(product.variants[0].draft.gtin) for product in found.products) == 19_405


def a_folder(folder: Path) -> Path:
    """As it is handed out: the records, the ratings beside them, and a text."""
    lines = [
        record(id="11", title="Copper kettle", name="K-1", ean=[], attr_t_product_type="Kettle"),
        record(id="12", title="Travel bag", name="B-1", ean=[], attr_t_product_type="Bag"),
    ]
    (folder / "products.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    (folder / "ratings.csv").write_text("query,docid,rating\ncopper kettle,11,3\ncopper kettle,12,0\n")
    (folder / "ratings_individual.csv").write_text("query,docid,name,agent_1_rating\ncopper kettle,11,Kettle,3\n")
    (folder / "SOURCE.md").write_text("# Where it is from")
    return folder


@pytest.mark.django_db
def test_a_folder_is_imported_and_its_ratings_find_the_products(tmp_path: Path) -> None:
    a_shop()
    folder, said = a_folder(tmp_path), StringIO()
    call_command("import_products", str(folder), stdout=StringIO())
    assert sorted(Product.objects.values_list("code", flat=True)) == ["11", "12"]
    call_command("evaluate_search", str(folder / "ratings.csv"), stdout=said)
    assert "rated products on sale: 2 of 2" in said.getvalue()
    assert "NDCG@10 of those: 1.0000" in said.getvalue()


@pytest.mark.django_db
def test_ratings_of_products_nobody_has_are_refused(tmp_path: Path) -> None:
    a_shop()
    with pytest.raises(CommandError, match="None of the rated products"):
        call_command("evaluate_search", str(a_folder(tmp_path) / "ratings.csv"), stdout=StringIO())


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.exists(), reason="the data is not here")
def test_a_sample_of_the_real_records_is_found_by_their_ratings(tmp_path: Path) -> None:
    a_shop()
    ratings = (REAL.parent / "ratings.csv").read_text("utf-8").splitlines()
    ratings = ratings[: 1 + RATINGS]
    wanted = {line.split(",")[-2] for line in ratings[1:]}
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        chosen = [line for line in lines if line.split('"', 4)[3] in wanted]  # every record begins with its id
    assert len(chosen) == len(wanted)
    (tmp_path / "products.jsonl").write_text("".join(chosen), "utf-8")
    (tmp_path / "ratings.csv").write_text("\n".join(ratings), "utf-8")
    said = StringIO()
    call_command("import_products", str(tmp_path), stdout=StringIO())
    call_command("evaluate_search", str(tmp_path / "ratings.csv"), stdout=said)
    found = re.search(r"NDCG@10 of those: (\d\.\d+)", said.getvalue())
    assert found
    assert float(found[1]) > 0.5
