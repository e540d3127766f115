"""Shopify product tables: three dialects, broken rows, and a second run that changes nothing."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from catalog.models import PictureWish, Price, Product, Variant
from core.jobs import cancel_job, resume_job, run_job, start_job
from core.models import Job, OutboxMessage
from core.money import Money
from inventory.models import StockItem
from markets.models import Market
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world

pytestmark = pytest.mark.django_db
REAL = Path(__file__).parents[3] / "shared" / "data" / "catalog-shopify-csv"
HEAD = "Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,"
HEAD += "Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Status"

Import = Callable[..., Job]


@pytest.fixture
def bring_in() -> Import:
    small_world("de", "jp")
    a_warehouse("LEJ", market=Market.objects.get(code="de"))

    def run(text: str | bytes, *, dry_run: bool = False, market: str = "de") -> Job:
        content = text.encode() if isinstance(text, str) else text
        params = {"format": "shopify", "market": market, "language": "en", "reader": "en"}
        job = start_job(
            kind="import.catalogue",
            title="test",
            params=params,
            file=ContentFile(content, name="products.csv"),
            dry_run=dry_run,
        )
        return run_job(job.pk)

    return run


def table(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


def counts(job: Job) -> dict[str, int]:
    assert job.state == Job.State.DONE, job.failure
    return dict(job.result["counts"])


def complaints(job: Job) -> list[tuple[int, str, str]]:
    return [(e.line, e.column, e.message) for e in job.errors.filter(level="refused")]


SHIRT = (
    "shirt,Linen shirt,<p>Soft <script>alert(1)</script><b>linen</b></p>,Acme,"
    '"linen, shirt",TRUE,Size,S,,180,5,49.90,,,',
    "shirt,,,,,,,M,SH-M,190,7,49.90,59.90,https://pictures.example/shirt.jpg,",
)


def test_a_product_comes_in_with_everything_the_rows_say(bring_in: Import) -> None:
    assert counts(bring_in(table(*SHIRT))) == {"created": 1}
    product = Product.objects.get(code="shirt")
    assert (product.name, product.status, product.tags) == ("Linen shirt", "active", ["linen", "shirt"])
    assert product.description == "<p>Soft <b>linen</b></p>"
    assert product.brand is not None
    assert product.brand.name == "Acme"
    small, medium = product.variants.order_by("position")
    assert (small.sku, small.weight_g) == ("SHIRT-S", 180)
    assert (medium.sku, medium.weight_g) == ("SH-M", 190)
    prices = {
        (sku, kind): Money(amount, "EUR")
        for sku, kind, amount in Price.objects.values_list("variant__sku", "price_list__kind", "amount")
    }
    assert prices == {
        ("SHIRT-S", "base"): Money("49.90", "EUR"),
        ("SH-M", "base"): Money("59.90", "EUR"),
        ("SH-M", "sale"): Money("49.90", "EUR"),
    }
    assert dict(StockItem.objects.values_list("variant__sku", "on_hand")) == {"SHIRT-S": 5, "SH-M": 7}
    assert PictureWish.objects.get().url == "https://pictures.example/shirt.jpg"


def test_a_second_run_changes_nothing(bring_in: Import) -> None:
    bring_in(table(*SHIRT))
    before = OutboxMessage.objects.count()
    assert counts(bring_in(table(*SHIRT))) == {"unchanged": 1}
    assert OutboxMessage.objects.count() == before
    assert Variant.objects.count() == 2
    assert StockItem.objects.get(variant__sku="SH-M").on_hand == 7


def test_a_changed_price_is_a_change_of_that_product_only(bring_in: Import) -> None:
    other = "mug,Mug,,,,TRUE,Title,Default Title,MUG,300,1,9.90,,,"
    bring_in(table(*SHIRT, other))
    assert counts(bring_in(table(*SHIRT, other.replace("9.90", "8.90")))) == {"unchanged": 1, "changed": 1}


def test_a_dry_run_tells_and_changes_nothing(bring_in: Import) -> None:
    job = bring_in(table(*SHIRT, "mug,,,,,TRUE,Title,Default Title,MUG,300,1,9.90,,,"), dry_run=True)
    assert counts(job) == {"created": 1, "refused": 1}
    assert not Product.objects.exists()
    assert not StockItem.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("mug,Mug,,,,TRUE,,,MUG,300,1,abc,,,", "Variant Price", "“abc” is not a price. Write it like 19.99."),
        ("mug,Mug,,,,TRUE,,,MUG,300,1,,,,", "Variant Price", "The price is missing."),
        ("mug,Mug,,,,TRUE,,,MUG,300,1,9.999,,,", "Variant Price", "“9.999” has more decimals than EUR has (2)."),
        ("mug,Mug,,,,TRUE,,,MUG,heavy,1,9.90,,,", "Variant Grams", "“heavy” is not a weight in grams."),
        ("mug,Mug,,,,TRUE,,,MUG,300,1.5,9.90,,,", "Variant Inventory Qty", "“1.5” is not a number of pieces."),
        ("mug,Mug,,,,TRUE,,,MUG,300,1,-1,,,", "Variant Price", "“-1” is not a price. Write it like 19.99."),
        ("mug,Mug,,,,TRUE,,,MUG,300,1,NaN,,,", "Variant Price", "“NaN” is not a price. Write it like 19.99."),
        ("mug,,,,,TRUE,,,MUG,300,1,9.90,,,", "Title", "The product has no title."),
        (",Mug,,,,TRUE,,,MUG,300,1,9.90,,,", "Handle", "The row has no handle, so it belongs to no product."),
        (
            "mug,Mug,,,,TRUE,,,MUG,300,1,9.90,,,sometimes",
            "Status",
            "The status “sometimes” is not known. Use active, draft or archived.",
        ),
        (
            "shirt,Another,,,,TRUE,Size,S,X,1,1,1.00,,,",
            "Handle",
            "The handle belongs to the product on line 2. Give this one a handle of its own.",
        ),
    ],
)
def test_a_broken_row_is_named_and_the_others_go_in(bring_in: Import, row: str, column: str, sentence: str) -> None:
    between = "cup,Cup,,,,TRUE,,,CUP,200,1,5.00,,,"
    job = bring_in(table(*SHIRT, between, row))
    assert counts(job) == {"created": 2, "refused": 1}
    assert complaints(job) == [(5, column, sentence)]
    assert not Product.objects.filter(code="mug").exists()


def test_a_repeated_combination_and_a_foreign_sku_are_refused(bring_in: Import) -> None:
    twice = ("mug,Mug,,,,TRUE,Size,S,M1,1,1,1.00,,,", "mug,,,,,,,S,M2,1,1,1.00,,,")
    stolen = "cup,Cup,,,,TRUE,,,SH-M,1,1,1.00,,,"
    job = bring_in(table(*SHIRT, *twice, stolen))
    assert counts(job) == {"created": 1, "refused": 2}
    assert complaints(job) == [
        (5, "Option1 Value", "This combination of options stands on line 4 already."),
        (6, "", "The SKU stands on line 3 already, in another product."),
    ]


def test_unknown_columns_are_reported_and_harmless(bring_in: Import) -> None:
    text = table(*SHIRT).replace(HEAD, HEAD + ",Moon phase").replace("\n", ",x\n").replace("Moon phase,x", "Moon phase")
    job = bring_in(text)
    assert job.result["unknown_columns"] == ["Moon phase"]
    assert [(e.line, e.column) for e in job.errors.filter(level="note")] == [(1, "Moon phase")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty"),
        ("a,b\n1,2\n", "does not look like a Shopify product table"),
        ('Handle,Price\n"open,1\n', "Look for a quotation mark that is not closed"),
        (b"PK\x03\x04\x00\x00\x00", "damaged"),
        (b"%PDF-1.7", "not a text file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(bring_in: Import, text: str | bytes, sentence: str) -> None:
    job = bring_in(text)
    assert job.state == Job.State.FAILED
    assert sentence in job.failure
    assert not Product.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_are_read(bring_in: Import, encoding: str) -> None:
    row = "krug,Krüge für Tee,,Bäcker & Söhne,,TRUE,,,KRUG,300,1,9.90,,,"
    assert counts(bring_in(table(row).encode(encoding))) == {"created": 1}
    assert Product.objects.get().name == "Krüge für Tee"


def test_other_separators_and_line_ends_are_read(bring_in: Import) -> None:
    row = "mug,Mug,,,,TRUE,,,MUG,300,1,9.90,,,"
    assert counts(bring_in(table(row).replace(",", ";").replace("\n", "\r\n"))) == {"created": 1}


def test_prices_follow_the_currency_of_the_market(bring_in: Import) -> None:
    job = bring_in(table("mug,Mug,,,,TRUE,,,MUG,300,1,9.90,,,"), market="jp")
    assert complaints(job) == [(2, "Variant Price", "“9.90” has more decimals than JPY has (0).")]


def test_a_killed_import_goes_on_where_it_was(bring_in: Import) -> None:
    rows = [f"mug-{n},Mug {n},,,,TRUE,,,MUG-{n},300,1,9.90,,," for n in range(50)]
    job = bring_in(table(*rows[:25]))
    Job.objects.filter(pk=job.pk).update(state="queued", checkpoint={"units": 20, "counts": {"created": 20}})
    Product.objects.filter(code="mug-3").update(name="Kept by an operator")
    again = run_job(job.pk)
    assert counts(again) == {"created": 20, "unchanged": 5}
    assert Product.objects.get(code="mug-3").name == "Kept by an operator"


def test_a_cancelled_import_stops_and_goes_on_when_it_is_resumed(bring_in: Import) -> None:
    rows = [f"mug-{n},Mug {n},,,,TRUE,,,MUG-{n},300,1,9.90,,," for n in range(50)]
    job = start_job(
        kind="import.catalogue",
        title="test",
        params={"format": "shopify", "market": "de", "language": "en"},
        file=ContentFile(table(*rows).encode(), name="p.csv"),
    )
    Job.objects.filter(pk=job.pk).update(wants_cancel=True)
    assert run_job(job.pk).state == "canceled"
    assert not Product.objects.exists()
    assert resume_job(job_id=job.pk).state == "queued"
    assert counts(run_job(job.pk)) == {"created": 50}
    waiting = start_job(
        kind="import.catalogue",
        title="t",
        params={"format": "shopify", "market": "de", "language": "en"},
        file=ContentFile(b"x", name="p.csv"),
    )
    assert cancel_job(job_id=waiting.pk).state == "canceled"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
@pytest.mark.parametrize(
    ("name", "first", "variants"),
    [
        ("gatsby-example-products.csv", {"created": 99, "refused": 1}, 297),
        ("product_template_umsu2.csv", {"created": 1}, 3),
        ("shelfshift-shopify.csv", {"created": 3}, 16),
    ],
)
def test_real_tables_come_in_and_a_second_run_changes_nothing(
    bring_in: Import, name: str, first: dict[str, int], variants: int
) -> None:
    content = (REAL / name).read_bytes()
    assert counts(bring_in(content)) == first
    assert Variant.objects.count() == variants
    second = {"unchanged": first["created"]} | ({"refused": first["refused"]} if "refused" in first else {})
    assert counts(bring_in(content)) == second


def test_the_command_prints_what_became_of_every_product(bring_in: Import, tmp_path: Path) -> None:
    path, errors = tmp_path / "p.csv", tmp_path / "errors.csv"
    path.write_text(table(*SHIRT, "mug,Mug,,,,TRUE,,,MUG,300,1,=1+1,,,"), encoding="utf-8")
    out = io.StringIO()
    call_command("import_products", path, format="shopify", market="de", errors=errors, stdout=out)
    assert "refused: line 4, Variant Price “=1+1”" in out.getvalue()
    assert "1 created, 0 changed, 0 unchanged, 1 refused." in out.getvalue()
    assert "'=1+1" in errors.read_text(encoding="utf-8-sig")


def test_the_command_fails_for_a_file_that_is_no_table(bring_in: Import, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="does not look like"):
        call_command("import_products", path, format="shopify", market="de")
    with pytest.raises(CommandError, match="no file"):
        call_command("import_products", tmp_path / "none.csv", format="shopify", market="de")
