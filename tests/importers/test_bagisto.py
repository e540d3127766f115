"""Bagisto tables with quantity prices and sets, and its words in many languages."""

import json

import pytest

from catalog.importers.bagisto.format import BagistoFormat, BagistoWordsFormat
from catalog.models import Price, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, Understood, a_shop, bring_in, complaints, counts, table, twice, understand

pytestmark = pytest.mark.django_db
REAL = DATA / "catalog-other-csv"
WORDS = DATA / "catalog-bagisto-i18n" / "product_translations.json"
READING = BagistoFormat()


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def row(sku: str = "CAP", kind: str = "simple", **cells: str) -> dict[str, str]:
    known = {"sku": sku, "parent_sku": "", "locale": "en", "type": kind, "name": f"The {sku}", "price": "10"}
    return known | {"url_key": f"the-{sku.lower()}", "status": "1", "inventories": "default=3,outlet=4"} | cells


def read(*rows: dict[str, str]) -> Understood:
    return understand(READING, table(*rows))


def test_quantity_prices_and_stock_come_in() -> None:
    tiers = "group=all,qty=2,type=fixed,price=9|group=all,qty=3,type=discount,price=15"
    tiers += "|group=wholesale,qty=5,type=fixed,price=1"
    found = read(row(customer_group_prices=tiers))
    (variant,) = found.only.variants
    assert [(p.min_qty, p.amount) for p in variant.prices] == [(2, Money("9", "EUR")), (3, Money("8.50", "EUR"))]
    assert variant.quantity == 7
    assert [told for _l, _c, told in found.notes] == ["Prices for one group of customers are not brought over."]


def test_a_configurable_product_takes_its_variants_by_their_parent() -> None:
    names = "sku=COAT-S,color=Green,size=S|sku=COAT-M,color=Green,size=M"
    rows = [row("COAT", "configurable", price="", configurable_variants=names)]
    rows += [row(sku, parent_sku="COAT") for sku in ("COAT-S", "COAT-M")]
    product = read(*rows).only
    assert product.draft.code == "the-coat"
    assert [v.values for v in product.variants] == [
        {"Color": "Green", "Size": "S"},
        {"Color": "Green", "Size": "M"},
    ]
    assert "parent_sku" in [column for _line, column, _told in read(row("X", parent_sku="GONE")).refusals]


def test_bookings_and_lists_of_products_come_in_as_drafts() -> None:
    found = read(row("SPA", "booking", booking_options="type=default"), row("ALL", "grouped", price=""))
    assert [product.status for product in found.products] == ["draft", "draft"]
    assert found.products[0].product_type is not None
    assert found.products[0].product_type.kind == "service"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_table_comes_in_and_a_second_run_changes_nothing() -> None:
    content = (REAL / "bagisto-products.csv").read_bytes()
    assert twice("bagisto", content) == ({"created": 22}, {"unchanged": 22})
    assert (Product.objects.filter(status="active").count(), Variant.objects.count()) == (5, 24)
    tiers = Price.objects.filter(variant__sku="SP-001").order_by("min_qty")
    assert [(price.min_qty, price.amount) for price in tiers] == [
        (1, Money("14", "EUR")),
        (2, Money("12", "EUR")),
        (3, Money("7", "EUR")),
    ]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_table_with_errors_is_refused_row_by_row() -> None:
    job = bring_in("bagisto", (REAL / "bagisto-products-with-errors.csv").read_bytes())
    assert counts(job) == {"created": 1, "refused": 1}
    assert complaints(job) == [(3, "type", "“not-a-product-type” is not a kind of product that can be read.")]
    assert Product.objects.get().code == "e2e-valid-001"


def test_words_go_to_the_product_with_that_name_and_others_are_told() -> None:
    bring_in("bagisto", table(row("CAP", name="Warm Cap", url_key="warm-cap")))
    words = [
        {"product_id": "1", "locale": "en", "name": "Warm Cap", "short_description": "Keeps warm."},
        {"product_id": "1", "locale": "de", "name": "Warme Mütze", "short_description": "Hält warm."},
        {"product_id": "1", "locale": "zh_CN", "name": "保暖帽", "short_description": ""},
        {"product_id": "1", "locale": "pl", "name": "Czapka", "short_description": ""},
        {"product_id": "2", "locale": "en", "name": "Warm Cap-Blue-M", "short_description": ""},
    ]
    job = bring_in("bagisto-words", json.dumps(words), name="words.json")
    assert counts(job) == {"changed": 1, "refused": 1}
    product = Product.objects.get()
    assert (product.name, product.i18n["name_de"], product.i18n["name_zh_hans"]) == (
        "Warm Cap",
        "Warme Mütze",
        "保暖帽",
    )
    assert [error.message for error in job.errors.filter(level="note")] == [
        "The storefront does not speak pl; these words were left out."
    ]
    assert complaints(job)[0][2].startswith("These are the words of a variant of “Warm Cap”")


@pytest.mark.skipif(not WORDS.is_file(), reason="the real file is not here")
def test_real_words_in_21_languages_join_the_real_products() -> None:
    assert BagistoWordsFormat().kind == "records"
    bring_in("bagisto", (REAL / "bagisto-products.csv").read_bytes())
    first, second = twice("bagisto-words", WORDS.read_bytes(), name="words.json")
    assert first == {"changed": 7, "refused": 4}
    assert second == {"unchanged": 7, "refused": 4}
    beanie = Product.objects.get(code="arctic-cozy-knit-unisex-beanie")
    told = {key.removeprefix("name_") for key in beanie.i18n if key.startswith("name_")}
    assert told == {"ar", "de", "es", "fr", "ja", "pt_br", "zh_hans"}
