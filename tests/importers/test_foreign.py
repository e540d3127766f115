"""What the readers of other systems share: exact measures, words, languages, and the right format for a file."""

from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importers.foreign import measures
from catalog.importers.foreign.cells import moment
from catalog.importers.foreign.languages import Languages
from catalog.importers.foreign.numbers import flag
from catalog.importers.foreign.packed import pairs
from catalog.importers.foreign.places import country_named
from catalog.importers.foreign.shelf import Shelf
from catalog.importers.foreign.texts import as_html, as_line
from catalog.importers.formats import Kind, Row
from catalog.importers.inspecting import look_at
from catalog.importers.reading.opening import How
from tests.importers.reading import DATA, zipped

AMOUNTS = st.decimals(min_value=0, max_value=1000, places=3)


@given(AMOUNTS, st.sampled_from(sorted(measures.GRAMS)))
def test_weights_are_never_further_off_than_half_a_gram(amount: Decimal, unit: str) -> None:
    exact = amount * measures.GRAMS[unit]
    if exact <= measures.HEAVIEST_G:
        assert abs(Decimal(measures.grams(f"{amount:f}", unit)) - exact) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("text", "unit", "grams"),
    [
        ("1", "lbs", 454),
        ("2.2046", "lb", 1000),
        ("0,35", "kg", 350),
        ("12 oz", "kg", 340),
        ("", "kg", 0),
        (".5", "kg", 500),
    ],
)
def test_weights_are_converted_exactly(text: str, unit: str, grams: int) -> None:
    assert measures.grams(text, unit) == grams


@pytest.mark.parametrize("text", ["heavy", "-1", "NaN", "1 stone", "99999999", "1e9"])
def test_what_is_no_weight_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a weight"):
        measures.grams(text, "kg")


@pytest.mark.parametrize(
    ("title", "unit", "bare"),
    [
        ("weight (lbs)", "lb", "weight"),
        ("length (in)", "in", "length"),
        ("attribute 1 value(s)", "s", "attribute 1 value(s)"),
    ],
)
def test_a_unit_in_a_title_is_seen(title: str, unit: str, bare: str) -> None:
    assert (measures.unit_in(title), measures.without_unit(title)) == (unit, bare)


def test_words_are_shaped() -> None:
    assert as_html("One\n\nTwo & three") == "<p>One</p><p>Two &amp; three</p>"
    assert as_html("<p>Kept</p>") == "<p>Kept</p>"
    assert as_line("<p>Salt &amp; pepper</p><p>Mill</p>") == "Salt & pepper Mill"
    assert as_line("word " * 100, 20) == "word word word…"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("pt_BR", "pt-br"),
        ("zh_CN", "zh-hans"),
        ("zh_Hans", "zh-hans"),
        ("de_AT", "de"),
        ("zh-cht", None),
        ("pt", None),
        ("he", None),
    ],
)
def test_languages_are_told_apart_by_their_codes(code: str, language: str | None) -> None:
    assert Languages(frozenset({"en", "de", "pt-br", "zh-hans"})).of(code) == language


def test_packed_pairs_keep_commas_of_values() -> None:
    assert pairs("size=S,care=Wash cold, dry flat,color=Red") == {
        "size": "S",
        "care": "Wash cold, dry flat",
        "color": "Red",
    }


def test_countries_are_known_by_code_and_name() -> None:
    assert [country_named(text) for text in ("de", "Germany", "hong kong", "")] == ["DE", "DE", "HK", None]
    with pytest.raises(ValueError, match="is not a country"):
        country_named("Atlantis")


def test_days_begin_and_end() -> None:
    assert moment("2026-05-31", is_end=True) == moment("2026-06-01")
    assert moment("2026-05-31 12:30:00") == moment("2026-05-31T12:30:00Z")
    with pytest.raises(ValueError, match="is not a date"):
        moment("2026-02-31")
    with pytest.raises(ValueError, match="neither yes nor no"):
        flag("perhaps", default=True)


def test_rows_put_aside_come_back_together_in_the_order_of_the_first() -> None:
    with Shelf() as shelf:
        for line, key in ((2, "b"), (3, "a"), (4, "b")):
            shelf.put(key, Row(line, {"sku": f"{key}{line}", "empty": ""}, {"sku": "SKU"}))
        found = [(key, [(row.line, row.get("sku"), row.get("empty")) for row in rows]) for key, rows in shelf.groups()]
    assert found == [("b", [(2, "b2", ""), (4, "b4", "")]), ("a", [(3, "a3", "")])]


FILES = {
    "catalog-other-csv/bagisto-products.csv": "bagisto",
    "catalog-other-csv/medusa-exported-products-semicolon.csv": "medusa",
    "catalog-other-csv/medusa-v1-template.csv": "medusa",
    "catalog-other-csv/saleor-populatedb_data.json": "saleor",
    "catalog-other-csv/shelfshift-bigcommerce-legacy.csv": "bigcommerce",
    "catalog-other-csv/shelfshift-bigcommerce-modern.csv": "bigcommerce",
    "catalog-other-csv/shelfshift-squarespace.csv": "squarespace",
    "catalog-other-csv/shelfshift-wix.csv": "wix",
    "catalog-other-csv/shelfshift-woocommerce.csv": "woocommerce",
    "catalog-other-csv/shopware-products.csv": "shopware",
    "catalog-spree-demo/products.csv": "spree",
    "catalog-bagisto-i18n/product_translations.json": "bagisto-words",
    "catalog-icecat/products.jsonl.gz": "icecat",
    "catalog-magento/configurable_products.csv.gz": "magento",
    "catalog-magento/catalog_simpleproduct_products_gear_bags.csv": "magento",
    "catalog-retail-demo-store/products.yaml.gz": "retaildemo",
    "catalog-shopify-csv/gatsby-example-products.csv": "shopify",
}


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_is_recognised_and_every_column_is_known(name: str) -> None:
    path = DATA / name
    if not path.is_file():
        pytest.skip("the real file is not here")
    with path.open("rb") as file:
        seen = look_at(file, path.name, How())
    found = seen.detected()
    assert found is not None
    assert found.code == FILES[name]
    titles = () if found.kind == Kind.DOCUMENT else seen.titles
    unknown = [title for title in titles if not found.meaning_of(title) and not found.is_left_alone(title)]
    assert unknown == []


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("Product.csv", "ProductModel.csv", "ProductSubcategory.csv"), "adventureworks"),
        (("pms_product.csv", "pms_sku_stock.csv"), "mall"),
        (("products.csv", "product_translations.csv"), "spree-files"),
    ],
)
def test_an_archive_is_recognised_by_its_files(names: tuple[str, ...], code: str) -> None:
    found = look_at(BytesIO(zipped(dict.fromkeys(names, "a,b\n1,2\n"))), "x.zip", How()).detected()
    assert found is not None
    assert found.code == code
