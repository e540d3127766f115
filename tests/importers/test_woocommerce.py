"""WooCommerce product tables: every kind of product, variations anywhere, and a second run that changes nothing."""

from datetime import UTC, datetime

import pytest
import time_machine

from catalog.importers.woocommerce.format import WooCommerceFormat
from catalog.models import Price, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, a_shop, bring_in, complaints, counts, table, understand

REAL = DATA / "catalog-other-csv" / "shelfshift-woocommerce.csv"
READING = WooCommerceFormat()


def row(kind: str = "simple", sku: str = "MUG", **cells: str) -> dict[str, str]:
    return {"Type": kind, "SKU": sku, "Name": "Mug", "Published": "1", "Regular price": "9.90"} | {
        name.replace("_", " "): value for name, value in cells.items()
    }


def attribute(values: str, *, number: int = 1, name: str = "Size", visible: str = "1") -> dict[str, str]:
    return {
        f"Attribute {number} name": name,
        f"Attribute {number} value(s)": values,
        f"Attribute {number} visible": visible,
    }


SHIRT = row("variable", "SHIRT", Regular_price="") | attribute("S, M")
SMALL = row("variation", "SHIRT-S", Parent="SHIRT", Regular_price="20") | attribute("S", visible="")
MEDIUM = row("variation", "SHIRT-M", Parent="SHIRT", Regular_price="22", Sale_price="18") | attribute("M", visible="")


def test_a_simple_product_says_everything_its_row_says() -> None:
    product = understand(
        READING,
        table(
            row(
                Short_description="A mug.",
                Description="Holds tea.\\nKeeps it warm.",
                Categories="Kitchen > Mugs, Gifts",
                Tags="tea, gift",
                Images="https://pictures.example/1.jpg, https://pictures.example/2.jpg",
                Stock="7",
            )
            | {"Weight (kg)": "0.35", "Length (cm)": "10,5", "GTIN, UPC, EAN, or ISBN": "4006381333931"}
            | attribute("Stone, Clay", name="Material")
        ),
    ).only
    (variant,) = product.variants
    assert product.draft.texts["description"] == {"en": "<p>Holds tea.</p><p>Keeps it warm.</p>"}
    assert product.draft.texts["summary"] == {"en": "A mug."}
    assert (product.category and product.category.steps) == ("Kitchen", "Mugs")
    assert [path.steps for path in product.further_categories or ()] == [("Gifts",)]
    assert product.draft.tags == ("tea", "gift")
    assert [picture.url for picture in product.pictures] == [
        "https://pictures.example/1.jpg",
        "https://pictures.example/2.jpg",
    ]
    assert [choice.name for choice in product.details[0].choices] == ["Stone", "Clay"]
    assert (variant.draft.weight_g, variant.draft.length_mm, variant.draft.gtin) == (350, 105, "4006381333931")
    assert (variant.price, variant.quantity, variant.values) == (Money("9.90", "EUR"), 7, {})


@pytest.mark.parametrize("order", [(SHIRT, SMALL, MEDIUM), (MEDIUM, SMALL, SHIRT), (SMALL, row(), SHIRT, MEDIUM)])
def test_variations_find_their_parent_wherever_it_stands(order: tuple[dict[str, str], ...]) -> None:
    found = understand(READING, table(*order))
    product = found.by_code("shirt")
    assert found.refusals == []
    assert {v.draft.sku: v.values for v in product.variants} == {
        "SHIRT-S": {"Size": "S"},
        "SHIRT-M": {"Size": "M"},
    }
    prices = {v.draft.sku: (v.price, v.compare_at) for v in product.variants}
    assert prices == {
        "SHIRT-S": (Money("20", "EUR"), None),
        "SHIRT-M": (Money("18", "EUR"), Money("22", "EUR")),
    }
    assert product.details == ()


def test_a_parent_without_a_sku_is_named_by_its_number() -> None:
    parent = SHIRT | {"SKU": "", "ID": "12"}
    assert understand(READING, table(parent, SMALL | {"Parent": "id:12"})).only.draft.code == "wc-12"
    known = SHIRT | {"ID": "12"}
    assert len(understand(READING, table(known, SMALL | {"Parent": "id:12"}, MEDIUM)).only.variants) == 2


def test_any_value_of_an_option_becomes_a_variant_for_each_that_is_not_there() -> None:
    found = understand(READING, table(SHIRT, SMALL, MEDIUM | {"Attribute 1 value(s)": ""}))
    product = found.only
    assert [(v.draft.sku, v.values["Size"]) for v in product.variants] == [("SHIRT-S", "S"), ("SHIRT-M-m", "M")]
    assert "it became 1 variant " in found.notes[0][2]


@time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC))
def test_a_sale_with_a_time_gets_a_list_with_that_time_and_a_past_one_is_dropped() -> None:
    ahead = row(Sale_price="5", Date_sale_price_starts="2026-06-01", Date_sale_price_ends="2026-06-30")
    product = understand(READING, table(ahead)).only
    (opened,) = product.price_lists
    assert (opened.begins, opened.ends) == (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
    assert [(p.list_code, p.amount) for p in product.variants[0].prices] == [(opened.code, Money("5", "EUR"))]
    assert product.variants[0].price == Money("9.90", "EUR")
    past = understand(READING, table(ahead | {"Date sale price ends": "2026-04-30", "Date sale price starts": ""})).only
    assert (past.variants[0].price, past.variants[0].prices) == (Money("9.90", "EUR"), ())


@pytest.mark.parametrize(
    ("cells", "status", "note"),
    [
        ({"Type": "grouped", "Regular price": "", "Grouped products": "A, B"}, "draft", "A list of products"),
        ({"Type": "external", "External URL": "https://elsewhere.example"}, "draft", "The product is sold elsewhere"),
        (
            {"Type": "simple, downloadable, virtual", "Download 1 URL": "https://f.example"},
            "active",
            "Files to download",
        ),
        ({"Tax class": "reduced-rate"}, "active", "Tax classes are not brought over"),
        ({"GTIN, UPC, EAN, or ISBN": "12345"}, "active", "This is not a sound EAN or UPC"),
        ({"Published": "-1"}, "draft", ""),
    ],
)
def test_what_cannot_be_sold_here_comes_in_with_a_note(cells: dict[str, str], status: str, note: str) -> None:
    found = understand(READING, table(row() | cells))
    assert found.only.status == status
    assert [message for _line, _column, message in found.notes if message.startswith(note)] or not note


def test_a_virtual_product_is_not_sent() -> None:
    assert understand(READING, table(row("simple, virtual"))).only.is_shipped is False


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Type": "simple, mystery"}, "Type", "“simple, mystery” is not a kind of product that can be read."),
        ({"Name": ""}, "Name", "The product has no name."),
        ({"Regular price": ""}, "Regular price", "The price is missing."),
        ({"Regular price": "free"}, "Regular price", "“free” is not a price. Write it like 19.99."),
        ({"Weight (kg)": "heavy"}, "Weight (kg)", "“heavy” is not a weight."),
        ({"Stock": "1.5"}, "Stock", "“1.5” is not a number of pieces."),
        ({"Published": "perhaps"}, "Published", "“perhaps” is neither yes nor no."),
        ({"Sale price": "5", "Date sale price starts": "soon"}, "Date sale price starts", "“soon” is not a date."),
        (
            {"Type": "variation", "Parent": "GONE"},
            "Parent",
            "The product this variation belongs to is not in the file.",
        ),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(cells: dict[str, str], column: str, sentence: str) -> None:
    found = understand(READING, table(SHIRT, SMALL, MEDIUM, row() | cells))
    assert [product.draft.code for product in found.products] == ["shirt"]
    assert [(line, at) for line, at, _told in found.refusals] == [(5, column)]
    assert found.refusals[0][2].startswith(sentence)


@pytest.mark.django_db
def test_a_table_comes_in_and_a_second_run_changes_nothing() -> None:
    a_shop()
    content = table(SHIRT, SMALL, MEDIUM, row(), row(sku="", Name="Cup", Regular_price="?"))
    job = bring_in("woocommerce", content)
    assert counts(job) == {"created": 2, "refused": 1}
    assert [line for line, _column, _told in complaints(job)] == [6]
    prices = Price.objects.select_related("variant", "price_list").order_by("variant__sku", "price_list__kind")
    assert [(price.variant.sku, price.price_list.kind, price.amount) for price in prices] == [
        ("MUG", "base", Money("9.90", "EUR")),
        ("SHIRT-M", "base", Money("22.00", "EUR")),
        ("SHIRT-M", "sale", Money("18.00", "EUR")),
        ("SHIRT-S", "base", Money("20.00", "EUR")),
    ]
    assert counts(bring_in("woocommerce", content)) == {"unchanged": 2, "refused": 1}


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_file(), reason="the real file is not here")
def test_the_real_table_comes_in_and_a_second_run_changes_nothing() -> None:
    a_shop()
    assert counts(bring_in("woocommerce", REAL.read_bytes())) == {"created": 18}
    assert Product.objects.filter(status="draft").count() == 3
    assert Variant.objects.count() == 28
    assert Price.objects.filter(price_list__kind="sale").count() == 7
    assert counts(bring_in("woocommerce", REAL.read_bytes())) == {"unchanged": 18}
