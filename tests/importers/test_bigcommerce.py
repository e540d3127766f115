"""BigCommerce tables: rows below a product, colours of swatches, and the older export."""

import pytest

from catalog.importers.bigcommerce.format import BigCommerceFormat
from catalog.models import OptionValue, PictureWish, Product, Variant
from core.money import Money
from tests.importers.reading import DATA, Understood, a_shop, bring_in, complaints, counts, table, twice, understand

REAL = DATA / "catalog-other-csv"
TOWEL = {"Item": "Product", "Name": "Towel", "Type": "physical", "SKU": "TOW", "Inventory Tracking": "variant"}
TOWEL |= {
    "Price": "49.00",
    "Sale Price": "0.00",
    "Categories": "Home/Bath;23",
    "Product URL": "/soft-towel/",
    "Weight": "0.5",
}
SILVER = {"Item": "Variant", "SKU": "TOW-S", "Current Stock": "3"}
SILVER |= {"Options": "Type=Rectangle|Name=Size|Value=XSType=Swatch|Name=Color|Value=Silver[#CCCCCC]"}
BLACK = SILVER | {"SKU": "TOW-B", "Price": "52.00", "Current Stock": "0"}
BLACK |= {"Options": "Type=Rectangle|Name=Size|Value=XSType=Swatch|Name=Color|Value=Black[#000000]"}
PICTURE = {"Item": "Image", "Internal Image URL (Export)": "https://p.example/1.jpg"}


def read(*rows: dict[str, str]) -> Understood:
    return understand(BigCommerceFormat(), table(*rows))


def test_rows_below_a_product_are_its_variants_and_pictures() -> None:
    product = read(TOWEL, SILVER, BLACK, PICTURE).only
    assert [(v.draft.sku, v.values, v.price, v.quantity, v.draft.weight_g) for v in product.variants] == [
        ("TOW-S", {"Size": "XS", "Color": "Silver"}, Money("49.00", "EUR"), 3, 500),
        ("TOW-B", {"Size": "XS", "Color": "Black"}, Money("52.00", "EUR"), 0, 500),
    ]
    colour = next(option for option in product.options or () if option.name == "Color")
    assert {choice.name: choice.hex for choice in colour.choices} == {"Silver": "#cccccc", "Black": "#000000"}
    assert (product.draft.code, product.draft.slugs) == ("soft-towel", {"en": "soft-towel"})
    assert product.category is not None
    assert product.category.steps == ("Home", "Bath")
    assert [picture.url for picture in product.pictures] == ["https://p.example/1.jpg"]


def test_the_older_export_is_read_as_well() -> None:
    shirt = {
        "Item Type": "Product",
        "Product Name": "Shirt",
        "Product Code/SKU": "SH",
        "Price": "30",
        "Sale Price": "24",
    }
    piece = {"Item Type": "  SKU", "Product Name": "[RT]Size=S,[CS]Color=Red:#ff0000", "Product Code/SKU": "SH-S"}
    product = read(shirt, piece | {"Price": ""}).only
    (variant,) = product.variants
    assert (variant.values, variant.price, variant.compare_at) == (
        {"Size": "S", "Color": "Red"},
        Money("24", "EUR"),
        Money("30", "EUR"),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ((TOWEL | {"Name": "", "Product URL": "/x/"},), (6, "Name")),
        ((TOWEL | {"Price": "", "Product URL": "/x/", "SKU": "X"},), (6, "Price")),
        ((TOWEL | {"Product URL": "/x/", "SKU": "X", "Weight": "heavy"},), (6, "Weight")),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(rows: tuple[dict[str, str], ...], place: tuple[int, str]) -> None:
    a_shop()
    job = bring_in("bigcommerce", table(TOWEL, SILVER, BLACK, PICTURE, *rows))
    assert counts(job) == {"created": 1, "refused": 1}
    assert [(line, at) for line, at, _told in complaints(job)] == [place]


@pytest.mark.django_db
@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_tables_come_in_and_a_second_run_changes_nothing() -> None:
    a_shop()
    modern, legacy = (f"shelfshift-bigcommerce-{name}.csv" for name in ("modern", "legacy"))
    assert twice("bigcommerce", (REAL / modern).read_bytes()) == ({"created": 13}, {"unchanged": 13})
    assert (Product.objects.count(), Variant.objects.count()) == (13, 68)
    assert OptionValue.objects.get(option_type__name="Color", name="Silver").hex == "#cccccc"
    assert PictureWish.objects.count() == 48
    assert twice("bigcommerce", (REAL / legacy).read_bytes()) == ({"created": 1}, {"unchanged": 1})
