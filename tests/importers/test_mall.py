"""mall: SKUs with options in JSON, quantity prices, deleted products and zero prices."""

import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.importers.formats import Setting
from catalog.importers.mall.format import MallFormat
from catalog.models import Brand, OptionValue, Price, Product, Variant
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
REAL = DATA / "catalog-mall-zh"
CHINESE = Setting(language="zh-hans", currency="EUR", market="de")


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def phone(**cells: str) -> dict[str, str]:
    known = {"id": "27", "name": "手机", "product_category_id": "19", "delete_status": "0", "publish_status": "1"}
    known |= {
        "price": "2699.00",
        "promotion_type": "3",
        "brand_name": "小米",
        "sub_title": "string",
        "weight": "208.00",
    }
    return known | {"album_pics": "string,https://pictures.example/1.jpg"} | cells


def sku(code: str, colour: str, price: str = "100.00", **cells: str) -> dict[str, str]:
    options = f'[{{"key":"颜色","value":"{colour}"}}]'
    return {"product_id": "27", "sku_code": code, "price": price, "stock": "86", "sp_data": options} | cells


def archive(product: dict[str, str], *skus: dict[str, str]) -> bytes:
    ladder = [
        {"product_id": "27", "count": count, "discount": share} for count, share in (("2", "0.85"), ("0", "0.00"))
    ]
    return zipped(
        {
            "pms_product.csv": table(product, phone(id="28", name="平板", price="5.00")),
            "pms_sku_stock.csv": table(*(skus or (sku("A", "黑色"), sku("B", "蓝色")))),
            "pms_product_ladder.csv": table(*ladder),
            "pms_product_category.csv": table(
                {"id": "2", "parent_id": "0", "name": "手机数码"}, {"id": "19", "parent_id": "2", "name": "手机通讯"}
            ),
            "pms_product_attribute.csv": table({"id": "45", "name": "屏幕", "type": "1"}),
            "pms_product_attribute_value.csv": table(
                {"product_id": "27", "product_attribute_id": "45", "value": "5.8"}
            ),
        }
    )


def read(product: dict[str, str], *skus: dict[str, str]) -> Understood:
    return understand(MallFormat(), archive(product, *skus), CHINESE, name="mall.zip")


def test_skus_are_variants_with_quantity_prices() -> None:
    product = read(phone()).by_code("mall-27")
    assert [(v.draft.sku, v.values) for v in product.variants] == [("A", {"颜色": "黑色"}), ("B", {"颜色": "蓝色"})]
    assert [(p.min_qty, p.amount) for p in product.variants[0].prices] == [(2, Money("85.00", "EUR"))]
    assert product.category is not None
    assert product.category.steps == ("手机数码", "手机通讯")
    assert [(d.attribute.name, d.choices[0].name) for d in product.details] == [("屏幕", "5.8")]
    assert product.draft.texts["name"] == {"zh-hans": "手机"}
    assert product.draft.texts["summary"] == {}
    assert [picture.url for picture in product.pictures] == ["https://pictures.example/1.jpg"]


def test_quantity_prices_count_only_while_they_are_switched_on() -> None:
    assert read(phone(promotion_type="0")).by_code("mall-27").variants[0].prices == ()


@pytest.mark.parametrize(
    ("cells", "skus", "column", "sentence"),
    [
        ({"delete_status": "1"}, (), "pms_product.csv: delete_status", "The product was deleted in the other shop."),
        ({"name": ""}, (), "pms_product.csv: name", "The product has no name."),
        ({}, (sku("A", "黑色", "0.00"),), "pms_sku_stock.csv: price", "The price is missing."),
        ({}, (sku("A", "黑色", sp_data="{"),), "pms_sku_stock.csv: sp_data", "The options of the SKU cannot be read."),
    ],
)
def test_a_broken_product_is_named_and_the_others_go_in(
    cells: dict[str, str], skus: tuple[dict[str, str], ...], column: str, sentence: str
) -> None:
    job = bring_in("mall", archive(phone(**cells), *skus), name="mall.zip", language="zh-hans")
    assert counts(job) == {"created": 1, "refused": 1}
    assert (column, sentence) in [(at, told) for _line, at, told in complaints(job)]


def test_a_folder_of_tables_is_read_like_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(archive(phone()))) as files:
        files.extractall(tmp_path)
    (tmp_path / "picture.gif").write_bytes(b"GIF89a")
    out = StringIO()
    call_command("import_products", tmp_path, market="de", language="zh-hans", stdout=out)
    assert "2 created, 0 changed, 0 unchanged, 0 refused." in out.getvalue()
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CommandError, match="nothing to read"):
        call_command("import_products", empty, market="de")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_real_tables_come_in_and_a_second_run_changes_nothing() -> None:
    content = zipped({path.name: path.read_bytes() for path in REAL.glob("*.csv")})
    first, second = twice("mall", content, name="mall.zip", language="zh-hans")
    assert (first, second) == ({"created": 20, "refused": 18}, {"unchanged": 20, "refused": 18})
    assert (Product.objects.count(), Variant.objects.count()) == (20, 96)
    assert Price.objects.filter(min_qty__gt=1).count() == 8
    assert Product.objects.get(code="mall-27").i18n["name_zh_hans"].startswith("小米8")
    assert Brand.objects.filter(name="小米").exists()
    assert OptionValue.objects.filter(name_zh_hans="黑色").exists()
