"""Pre-sales and downloads in our own table: out and in again, opened, changed, ended; files and keys stay at home."""

from pathlib import Path

import pytest

from catalog import actions
from catalog.actions.downloads import add_keys
from catalog.actions.presales import release_presale
from catalog.models import BundleItem, DownloadTerms, LicenceKey, Presale, Variant
from core.models import Job, JobItem
from inventory.models import StockItem
from markets.models import Market
from markets.queries import market_by_code
from tests.factories.cart import item_in
from tests.factories.inventory import a_warehouse
from tests.factories.kinds import download_in, in_days, presale_in, set_in
from tests.factories.markets import small_world
from tests.importers.own_format import bring_in, complaints, counts, export
from tests.importers.snapshots import wipe_catalogue
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db


@shared_world
def ahead() -> Variant:
    """Sold ahead for thirty days, at most a hundred pieces."""
    small_world("de")
    a_warehouse("LEJ", market=Market.objects.get(code="de"))
    market = market_by_code("de", language="en")
    return presale_in(market, most_in_all=100)


@pytest.fixture
def pattern(ahead: Variant) -> Variant:
    """A download of five times in thirty days, with licence keys."""
    variant = download_in(market_by_code("de", language="en"), most=5, days=30, keys=True)
    add_keys(variant_id=variant.pk, values=["secret-key"])
    return variant


def table(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def moved(job: Job) -> list[list[str]]:
    return [change for item in JobItem.objects.filter(job=job) for change in item.changes]


def told(variant: Variant, cells: str, columns: str = "presale_from,presale_most") -> Job:
    return bring_in(table(f"product,sku,{columns}", f"{variant.product.code},{variant.sku},{cells}"))


def presale(variant: Variant) -> tuple[object, ...]:
    row = Presale.objects.get(variant=variant)
    return row.release_on, row.warehouse_code, row.most_in_all, row.is_open


@pytest.mark.parametrize("format_code", ["csv", "xlsx"])
def test_pre_sales_and_terms_come_back_as_they_were(tmp_path: Path, pattern: Variant, format_code: str) -> None:
    content = export(tmp_path, format_code=format_code)
    assert moved(again := bring_in(content, name=f"p.{format_code}")) == []
    assert set(counts(again)) == {"unchanged"}
    assert b"secret-key" not in content
    before = [
        (row.variant.sku, row.release_on, row.warehouse_code, row.most_in_all, row.most_per_order)
        for row in Presale.objects.all()
    ]
    terms = list(DownloadTerms.objects.values_list("variant__sku", "most_downloads", "days", "gives_keys"))
    Presale.objects.all().delete()
    DownloadTerms.objects.all().delete()
    wipe_catalogue()

    job = bring_in(content, name=f"p.{format_code}")

    assert set(counts(job)) == {"created"}, complaints(job)
    assert before == [
        (row.variant.sku, row.release_on, row.warehouse_code, row.most_in_all, row.most_per_order)
        for row in Presale.objects.all()
    ]
    assert terms == list(DownloadTerms.objects.values_list("variant__sku", "most_downloads", "days", "gives_keys"))
    assert not LicenceKey.objects.exists()
    missing = [(column, message) for _line, column, message in complaints(job) if column == "download"]
    assert missing == [("download", "This file is not here. Add it to the product under Downloads.")]


def test_a_pre_sale_is_moved_and_what_the_file_does_not_say_stays(ahead: Variant) -> None:
    warehouse = Presale.objects.get(variant=ahead).warehouse_code
    job = told(ahead, in_days(60).isoformat(), "presale_from")
    assert counts(job) == {"changed": 1}
    assert [change[1] for change in moved(job)] == ["presale_from"]
    assert presale(ahead) == (in_days(60), warehouse, 100, True)


def test_a_limit_below_what_is_sold_is_refused_and_nothing_moves(ahead: Variant) -> None:
    Presale.objects.filter(variant=ahead).update(sold=20)
    before = presale(ahead)
    job = told(ahead, f"{in_days(60)},10")
    assert counts(job) == {"refused": 1}
    assert "20 pieces are sold already" in complaints(job)[0][2]
    assert presale(ahead) == before


def test_an_emptied_day_ends_the_pre_sale(ahead: Variant) -> None:
    assert counts(told(ahead, "[empty]", "presale_from")) == {"changed": 1}
    assert not Presale.objects.get(variant=ahead).is_open
    assert counts(told(ahead, "[empty]", "presale_from")) == {"unchanged": 1}


def test_a_day_that_is_past_opens_nothing_and_says_so(ahead: Variant) -> None:
    release_presale(variant_id=ahead.pk)
    job = told(ahead, in_days(-3).isoformat(), "presale_from")
    assert counts(job) == {"unchanged": 1}
    assert "past" in complaints(job)[0][2]
    assert not Presale.objects.get(variant=ahead).is_open


def test_a_new_pre_sale_needs_a_warehouse_that_is_there(ahead: Variant) -> None:
    Presale.objects.all().delete()
    a_warehouse("NRT", market=Market.objects.get(code="de"), position=5)
    rows = {"": "Say which warehouse", "XXX": "There is no warehouse"}
    for code, sentence in rows.items():
        job = told(ahead, f"{in_days(9)},{code}", "presale_from,presale_warehouse")
        assert counts(job) == {"refused": 1}
        assert sentence in complaints(job)[0][2]
    assert counts(told(ahead, f"{in_days(9)},NRT", "presale_from,presale_warehouse")) == {"changed": 1}
    assert StockItem.objects.get(variant=ahead, warehouse__code="NRT").backorder_limit > 0


def test_several_products_of_a_batch_change_stock_and_pre_sales_in_one_order(ahead: Variant) -> None:
    """Pre-sales are locked before stock: the first product's stock must not stand before the second's pre-sale."""
    other = presale_in(market_by_code("de", language="en"), days=10)
    actions.drain_dirty()
    place = Presale.objects.get(variant=ahead).warehouse_code
    rows = [f"{each.product.code},{each.sku},{in_days(70)},7" for each in (ahead, other)]
    job = bring_in(table(f"product,sku,presale_from,stock[{place}]", *rows))
    assert counts(job) == {"changed": 2}, complaints(job)
    assert {row.release_on for row in Presale.objects.all()} == {in_days(70)}


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [("soon,5", "is not a date"), (f"{in_days(9)},0", "above zero"), (f"{in_days(9)},many", "not a whole number")],
)
def test_cells_that_cannot_be_read_are_named(ahead: Variant, cells: str, sentence: str) -> None:
    job = told(ahead, cells)
    assert counts(job) == {"refused": 1}
    assert sentence in complaints(job)[0][2]


def test_terms_of_downloads_are_changed_and_emptied(pattern: Variant) -> None:
    job = told(pattern, "3,[empty],no", "downloads_most,download_days,licence_keys")
    assert counts(job) == {"changed": 1}, complaints(job)
    row = DownloadTerms.objects.get(variant=pattern)
    assert (row.most_downloads, row.days, row.gives_keys) == (3, None, False)


def test_what_is_sent_has_no_downloads(ahead: Variant) -> None:
    job = told(ahead, "3", "downloads_most")
    assert counts(job) == {"refused": 1}
    assert "This product is sent" in complaints(job)[0][2]
    assert not DownloadTerms.objects.exists()


def test_a_piece_that_carries_nothing_of_the_price_comes_back_so(tmp_path: Path, ahead: Variant) -> None:
    market = market_by_code("de", language="en")
    pieces = [(item_in(market), 1, 5), (item_in(market), 2, 0)]
    set_in(market, *pieces)
    before = set(BundleItem.objects.values_list("component_variant__sku", "quantity", "price_weight"))
    job = bring_in(export(tmp_path))
    assert moved(job) == []
    assert set(BundleItem.objects.values_list("component_variant__sku", "quantity", "price_weight")) == before
