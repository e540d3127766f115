"""What the rules of our own table promise: what is told moves, what is not stays, and everything that moves is said."""

from decimal import Decimal
from pathlib import Path

import pytest

from catalog import actions
from catalog.actions.wishes import address_of
from catalog.drafts import Detail, GalleryPicture
from catalog.importers.formats import CERTAIN, NO, Head, Kind
from catalog.importers.portolan.columns import COLUMNS, Shape, title_of
from catalog.importers.portolan.format import PortolanFormat
from catalog.models import AttributeDef, ComponentWish, PictureWish, Price, Product, ProductAttribute, Variant
from core.models import AuditEntry, Job, JobItem
from inventory.models import StockItem, StockMovement
from markets.models import Market
from tests.factories.catalog import make_product, option, picture
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world
from tests.importers.own_format import bring_in, complaints, counts, export
from tests.importers.snapshots import snapshot
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs" / "import-format.md"


def table(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def moved(job: Job) -> dict[str, list[list[str]]]:
    return {item.title: item.changes for item in JobItem.objects.filter(job=job) if item.changes}


@shared_world
def shop() -> Product:
    small_world("de", "jp")
    a_warehouse("LEJ", market=Market.objects.get(code="de"))
    option("size", {"s": None, "m": None})
    return make_product(
        "kettle", names={"en": "Kettle", "de": "Kessel"}, options={"size": ["s", "m"]},
        draft={"tags": ("tea",), "model_code": "K1"}, variant={"gtin": "4006381333931"}, prices={"de": "49.90"},
    )  # fmt: skip


def test_what_is_not_told_stays_and_what_moves_is_said(shop: Product) -> None:
    before = snapshot()
    job = bring_in(table("product,name[de]", "kettle,Wasserkessel"))
    assert counts(job) == {"changed": 1}
    assert moved(job) == {"kettle": [["de", "name", "Kessel", "Wasserkessel"]]}
    after = snapshot()
    assert after["products"]["kettle"].pop("texts")["name[de]"] == "Wasserkessel"
    before["products"]["kettle"].pop("texts")
    assert after == before


def test_every_kind_of_difference_is_said_with_old_and_new(shop: Product) -> None:
    rows = table(
        "product,sku,tags,price[de-base],price[de-base@5],stock[LEJ],weight_g,visible[jp]",
        "kettle,KETTLE-S,tea | steel,44.90,40,7,650,no",
    )
    tried = bring_in(rows, dry_run=True)
    assert counts(tried) == {"changed": 1}
    assert sorted(moved(tried)["kettle"]) == sorted([
        ["", "tags", "tea", "tea, steel"], ["KETTLE-S", "weight_g", "500", "650"],
        ["KETTLE-S de-base", "price", "49.9", "44.90"], ["KETTLE-S de-base@5", "price", "", "40"],
        ["KETTLE-S LEJ", "stock", "", "7"], ["jp", "visible", "yes", "no"],
    ])  # fmt: skip
    assert not StockItem.objects.exists()
    assert str(Price.objects.get(variant__sku="KETTLE-S").amount) == "€49.90"
    assert counts(bring_in(rows)) == {"changed": 1}
    assert counts(bring_in(rows)) == {"unchanged": 1}
    assert StockItem.objects.get(variant__sku="KETTLE-S").on_hand == 7
    assert StockMovement.objects.get(kind="adjust").reason == "import"


def test_empty_in_brackets_empties_and_an_empty_cell_does_not(shop: Product) -> None:
    actions.put_attribute(code="power", names={"en": "Power"}, data_type="number")
    actions.set_details(product_id=shop.pk, details=[Detail(attribute="power", number=Decimal(5))])
    head = "product,sku,tags,model,gtin,price[de-base],attribute[power]"
    assert counts(bring_in(table(head, "kettle,KETTLE-S,,,,,"))) == {"unchanged": 1}
    cells = ",".join(["[empty]"] * 5)
    assert counts(bring_in(table(head, f"kettle,KETTLE-S,{cells}"))) == {"changed": 1}
    shop.refresh_from_db()
    assert (shop.tags, shop.model_code) == ([], "")
    assert Variant.objects.get(sku="KETTLE-S").gtin == ""
    assert Variant.objects.get(sku="KETTLE-M").gtin == "4006381333931"
    assert list(Price.objects.values_list("variant__sku", flat=True)) == ["KETTLE-M"]
    assert not ProductAttribute.objects.exists()


def test_a_new_product_is_made_of_what_a_person_would_write(shop: Product) -> None:
    job = bring_in(table(
        "product,status,sku,name[en],brand,option[1],value[1],price,compare_at,stock[LEJ],attribute[power:number:W],"
        "attribute[material],image[1],weight_g",
        "mug,active,MUG-R,Mug,Fjord,Colour,red,9.90,12.90,24,12.5,oak | ash,https://pictures.example/1.jpg,300",
        ",,MUG-B,,,,blue,9.90,,3,,,,310",
    ))  # fmt: skip
    assert counts(job) == {"created": 1}, complaints(job)
    product = Product.objects.get(code="mug")
    assert (product.status, product.brand and product.brand.name) == ("active", "Fjord")
    assert [row.sku for row in product.variants.order_by("position", "pk")] == ["MUG-R", "MUG-B"]
    assert sorted(
        (row.price_list.code, row.variant.sku, str(row.amount.amount))
        for row in Price.objects.filter(variant__product=product).select_related("price_list", "variant")
    ) == [
        ("de-base", "MUG-B", "9.9000"), ("de-base", "MUG-R", "12.9000"), ("de-import-sale", "MUG-R", "9.9000"),
    ]  # fmt: skip
    power = AttributeDef.objects.get(code="power")
    assert (power.data_type, power.unit) == ("number", "W")
    assert AttributeDef.objects.get(code="material").data_type == "enum"
    assert PictureWish.objects.get(product=product).url == "https://pictures.example/1.jpg"
    assert AuditEntry.objects.filter(action="catalog.import_product").count() == 1


def test_a_reduction_that_is_over_leaves_the_sale_list(shop: Product) -> None:
    head = "product,sku,price,compare_at"
    bring_in(table(head, "kettle,KETTLE-S,39.90,49.90"))
    job = bring_in(table(head, "kettle,KETTLE-S,49.90,"))
    assert moved(job) == {"kettle": [["KETTLE-S de-import-sale", "price", "39.9", ""]]}
    assert list(Price.objects.filter(variant__sku="KETTLE-S").values_list("price_list__code", flat=True)) == ["de-base"]


def test_a_set_waits_for_pieces_that_come_later(shop: Product) -> None:
    head = "product,kind,status,sku,name[en],component[1],component_quantity[1],component[2],price"
    the_set = "tea-set,bundle,active,SET,Tea set,KETTLE-S,1,BOWL,59.90"
    job = bring_in(table(head, the_set, "bowl,,active,BOWL,Bowl,,,,5.00"))
    assert counts(job) == {"created": 2}
    bundle = Product.objects.get(code="tea-set")
    assert bundle.status == "active"
    assert sorted(bundle.variants.get().components.values_list("component_variant__sku", flat=True)) == [
        "BOWL", "KETTLE-S",
    ]  # fmt: skip
    assert not ComponentWish.objects.exists()
    assert counts(bring_in(table(head, the_set))) == {"unchanged": 1}


def test_a_set_whose_pieces_never_come_stays_a_draft(shop: Product) -> None:
    head = "product,kind,status,sku,name[en],component[1],component[2],price"
    rows = table(head, "tea-set,bundle,active,SET,Tea set,KETTLE-S,NEVER,59.90")
    job = bring_in(rows)
    assert Product.objects.get(code="tea-set").status == "draft"
    assert any("stays a draft" in message for _line, _column, message in complaints(job))
    assert counts(bring_in(rows)) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("rows", "line", "column", "sentence"),
    [
        (("product,sku,price[nowhere]", "kettle,KETTLE-S,5"), 2, "price[nowhere]", "no price list “nowhere”"),
        (("product,sku,stock[XXX]", "kettle,KETTLE-S,5"), 2, "stock[XXX]", "no warehouse “XXX”"),
        (("product,sku,stock[LEJ]", "kettle,KETTLE-S,-5"), 2, "stock[LEJ]", "below zero"),
        (("product,sku,gtin", "kettle,KETTLE-S,123"), 2, "gtin", "8, 12, 13 or 14 digits"),
        (("product,sku,battery", "kettle,KETTLE-S,perhaps"), 2, "battery", "neither yes nor no"),
        (("product,new_until", "kettle,tomorrow"), 2, "new_until", "not a date"),
        (("product,tax_category", "kettle,luxury"), 2, "tax_category", "no tax category"),
        (("product,maker", "kettle,Nobody"), 2, "maker", "email address or a website"),
        (("product,sku,price[de-base]", "kettle,NEW,5"), 2, "sku", "no such variant"),
        (("row,product,code,name[en]", "colour,,x,X"), 2, "row", "is none of"),
        (("product,sku", "fresh,F-1"), 2, "name", "new and has no name"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_changes_nothing(
    shop: Product,
    rows: tuple[str, ...],
    line: int,
    column: str,
    sentence: str,
) -> None:
    before = snapshot()
    job = bring_in(table(*rows))
    assert counts(job) == {"refused": 1}
    (said,) = complaints(job)
    assert (said[0], said[1]) == (line, column)
    assert sentence in said[2]
    assert snapshot() == before


def test_a_refused_product_takes_back_the_words_it_brought(shop: Product) -> None:
    rows = table("product,sku,name[en],brand,stock[LEJ]", "one,ONE,One,Newbrand,-1", "two,TWO,Two,Newbrand,1")
    assert counts(bring_in(rows)) == {"refused": 1, "created": 1}
    two = Product.objects.get(code="two")
    assert two.brand is not None
    assert two.brand.name == "Newbrand"


def test_pictures_of_the_shop_itself_are_found_again_and_put_in_order(
    shop: Product,
    tmp_path: Path,
) -> None:
    first, second = picture("first"), picture("second")
    shown = [GalleryPicture(asset_id=asset.pk) for asset in (first, second)]
    actions.set_gallery(product_id=shop.pk, pictures=shown)
    assert counts(bring_in(export(tmp_path))) == {"unchanged": 1}
    job = bring_in(table("product,image[1],image[2]", f"kettle,{address_of(second)},{address_of(first)}"))
    assert counts(job) == {"changed": 1}
    assert list(shop.media.order_by("position").values_list("asset__code", flat=True)) == ["second", "first"]
    assert not PictureWish.objects.filter(state="waiting").exists()


def test_the_manual_knows_every_column() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for column in COLUMNS:
        beginning = f"| `{column.name}` | {column.per} | {column.shape} | {column.about} |"
        assert any(row.startswith(beginning) for row in text.splitlines()), column.name


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Name[de]", "name[de]"), ("name[PT-BR]", "name[pt-br]"), (" price [ de-base@10 ] ", "price[de-base@10]"),
        ("stock[LEJ]", "stock[LEJ]"), ("image_alt[1,ja]", "image_alt[1,ja]"), ("attribute[a:number:W]",
         "attribute[a:number:W]"), ("price[de-base@ten]", None), ("image[first]", None), ("sku[de]", None),
        ("attribute", None), ("price[]", None), ("nonsense", None), ("image_alt[1]", None),
    ],
)  # fmt: skip
def test_titles_are_read_as_the_manual_says(title: str, code: str | None) -> None:
    found = title_of(title)
    assert (found.code if found else None) == code


def test_the_format_knows_its_own_tables() -> None:
    known = PortolanFormat()
    mine = ("row", "product", "sku", "name[en]", "price[de-base]")
    assert known.recognises(Head("p.csv", Kind.TABLE, mine)) == CERTAIN
    assert known.recognises(Head("p.csv", Kind.TABLE, ("Handle", "Title", "Variant SKU"))) == NO
    assert known.meaning_of("name[tlh]") is None
    assert {column.shape for column in COLUMNS} == set(Shape)
