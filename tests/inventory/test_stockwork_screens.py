"""The screens of stock work: who may open and press what, what a refusal keeps, and how many queries a page costs."""

import re
import uuid
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from inventory.models import StockAlert, StockItem, StockTake, StockTakeLine, Transfer, TransferLine
from inventory.stockwork.batch_deeds import keep_batches, name_batch
from inventory.stockwork.take_files import count_sheet
from inventory.stockwork.takes import begin_counting, count_shelves, end_counting, plan_take
from inventory.stockwork.transfer_papers import packing_sheet
from inventory.stockwork.transfers import draft_transfer, set_aside, ship_transfer
from tests.admin.people import operator, shopper, text
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, broken, counters, two_places
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
TRANSFERS, TAKES = "/admin/stock/transfers/", "/admin/stock/takes/"


class Shelves(NamedTuple):
    """Ten cups in the first of two places."""

    places: Places
    item: StockItem


@shared_world
def shelves() -> Shelves:
    places = two_places()
    return Shelves(places, stocked(a_variant(sku="CUP"), 10, warehouse=places.leipzig))


@pytest.fixture
def places(shelves: Shelves) -> Places:
    return shelves.places


@pytest.fixture
def item(shelves: Shelves) -> StockItem:
    return shelves.item


def planner() -> Client:
    return operator("inventory.view_transfer", "inventory.plan_transfer", "inventory.ship_transfer")


def planned(item: StockItem, pieces: int = 6) -> str:
    return draft_transfer(from_code="LEJ", to_code="NGT", lines={item.variant_id: pieces}).number


def counting(**facts: object) -> str:
    number = plan_take(warehouse_code="LEJ", **facts).number
    begin_counting(number=number)
    return number


def test_a_transfer_from_the_form_to_the_other_shelf(item: StockItem, places: Places) -> None:
    browser = planner()
    form = {
        "key": str(uuid.uuid4()), "from_code": "LEJ", "to_code": "NGT", "due": "2026-12-01", "lines": "CUP 6",
    }  # fmt: skip
    for _ in range(2):
        assert browser.post(TRANSFERS, form).status_code == 302
    transfer = Transfer.objects.get()
    line = transfer.lines.get()
    address = f"{TRANSFERS}{transfer.number}/"
    for deed in (
        {"deed": "aside"},
        {"deed": "ship", f"n-{line.pk}": "6", "carrier": "DHL", "tracking_no": "1Z"},
        {"deed": "receive", f"n-{line.pk}": "4", "key": "a"},
        {"deed": "close", f"loss-{line.pk}": "lost", "remark": ""},
    ):
        assert browser.post(address, deed).status_code == 302, deed
        assert browser.get(address).status_code == 200
    assert counters(places.niigata, item.variant_id)[0] == 4
    assert Transfer.objects.get().state == "received"
    assert broken() == {}


@pytest.mark.parametrize(
    ("asked", "ends"), [("", ["LEJ", "NGT"]), ("?to_code=LEJ", ["NGT", "LEJ"]), ("?from_code=NGT", ["NGT", "LEJ"])]
)
def test_the_form_of_a_transfer_begins_with_two_different_places(places: Places, asked: str, ends: list[str]) -> None:
    chosen = re.findall(r'<option value="(\w+)" selected', text(planner().get(f"{TRANSFERS}{asked}")))
    assert chosen == ends


def test_lines_nobody_can_read_are_named_and_kept(item: StockItem) -> None:
    form = {"key": str(uuid.uuid4()), "from_code": "LEJ", "to_code": "NGT", "lines": "NOBODY 2\nCUP x"}
    answer = planner().post(TRANSFERS, form)
    assert answer.status_code == 422
    assert "Nothing is called NOBODY." in text(answer)
    assert "CUP x: no number of pieces." in text(answer)
    assert "NOBODY 2\nCUP x" in text(answer)
    assert not Transfer.objects.exists()


def test_a_refused_deed_says_why_and_keeps_what_was_typed(item: StockItem) -> None:
    number = planned(item)
    set_aside(number=number)
    line = TransferLine.objects.get()
    answer = planner().post(f"{TRANSFERS}{number}/", {"deed": "ship", f"n-{line.pk}": "7", "carrier": "DHL"})
    assert answer.status_code == 422
    assert f'name="n-{line.pk}" inputmode="numeric" value="7"' in text(answer)
    assert 'value="DHL"' in text(answer)
    assert Transfer.objects.get().state == "ready"


def test_a_line_can_be_added_and_taken_out(item: StockItem) -> None:
    number = planned(item)
    browser = planner()
    browser.post(f"{TRANSFERS}{number}/", {"deed": "line", "line": "CUP 2"})
    assert TransferLine.objects.get().quantity == 2
    browser.post(f"{TRANSFERS}{number}/", {"deed": f"drop:{TransferLine.objects.get().pk}"})
    assert not TransferLine.objects.exists()


@pytest.mark.parametrize("deed", ["aside", "cancel", "ship", "line"])
def test_others_are_turned_away_from_transfers(item: StockItem, deed: str) -> None:
    number = planned(item)
    address, before = f"{TRANSFERS}{number}/", AuditEntry.objects.count()
    assert operator("inventory.view_transfer").post(address, {"deed": deed}).status_code == 403
    assert shopper().post(address, {"deed": deed}).status_code == 302
    assert Client().post(address, {"deed": deed}).status_code == 302
    assert AuditEntry.objects.count() == before
    assert operator().get(address).status_code == 403
    assert planner().get(f"{TRANSFERS}TR-0/").status_code == 404


def test_a_shelf_is_scanned_counted_and_booked(item: StockItem, places: Places) -> None:
    browser = operator("inventory.view_stocktake", "inventory.count_stock", "inventory.book_stocktake")
    form = {"warehouse_code": "LEJ", "scope": "all", "part": "", "review_above": "5", "note": "", "is_blind": "on"}
    assert browser.post(TAKES, form).status_code == 302
    address = f"{TAKES}{StockTake.objects.get().number}/"
    browser.post(address, {"deed": "begin"})
    scan = {"deed": "scan", "code": "CUP", "pieces": "8", "key": "one"}
    for _ in range(2):
        assert browser.post(address, scan).status_code == 302
    line = StockTakeLine.objects.get()
    assert line.counted == 8
    assert ">10<" not in text(browser.get(f"{address}?view=all"))
    browser.post(address, {"deed": "end", "rest": "leave"})
    assert '<strong dir="ltr">-2</strong>' in text(browser.get(address))
    browser.post(address, {"deed": f"explain:{line.pk}", f"reason-{line.pk}": "damage", f"remark-{line.pk}": "Chipped"})
    assert browser.post(address, {"deed": "book"}).status_code == 302
    assert counters(places.leipzig, item.variant_id)[0] == 8
    assert broken() == {}


def test_counts_are_typed_by_shelf_or_come_from_a_file(item: StockItem) -> None:
    number = counting()
    browser = operator("inventory.count_stock", "inventory.view_stocktake")
    line = StockTakeLine.objects.get()
    assert browser.post(f"{TAKES}{number}/", {"deed": "count", f"n-{line.pk}": "9"}).status_code == 302
    line.refresh_from_db()
    assert line.counted == 9
    refused = browser.post(f"{TAKES}{number}/?view=all", {"deed": "count", f"n-{line.pk}": "nine"})
    assert refused.status_code == 422
    assert 'value="nine"' in text(refused)
    file = SimpleUploadedFile("counts.csv", b"sku,counted\nCUP,7\n", content_type="text/csv")
    assert browser.post(f"{TAKES}{number}/", {"deed": "upload", "file": file}).status_code == 302
    line.refresh_from_db()
    assert line.counted == 7


def test_a_large_difference_is_agreed_to_by_somebody_else_only(item: StockItem) -> None:
    number = counting(review_above=1)
    line = StockTakeLine.objects.get()
    one = operator("inventory.count_stock", "inventory.book_stocktake", "inventory.approve_difference")
    other = operator("inventory.approve_difference", "inventory.view_stocktake")
    one.post(f"{TAKES}{number}/", {"deed": "count", f"n-{line.pk}": "3"})
    one.post(f"{TAKES}{number}/", {"deed": "end"})
    assert one.post(f"{TAKES}{number}/", {"deed": f"agree:{line.pk}"}).status_code == 422
    assert one.post(f"{TAKES}{number}/", {"deed": "book"}).status_code == 422
    assert other.post(f"{TAKES}{number}/", {"deed": f"agree:{line.pk}"}).status_code == 302
    assert one.post(f"{TAKES}{number}/", {"deed": "book"}).status_code == 302


@pytest.mark.parametrize("deed", ["begin", "end", "book", "cancel", "count", "scan", "agree:1"])
def test_others_are_turned_away_from_stock_takes(item: StockItem, deed: str) -> None:
    number = counting()
    before = AuditEntry.objects.count()
    assert operator("inventory.view_stocktake").post(f"{TAKES}{number}/", {"deed": deed}).status_code == 403
    assert shopper().post(f"{TAKES}{number}/", {"deed": deed}).status_code == 302
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("level", ["out", "low", "expiring", "over", "ageing", "nonsense"])
def test_alerts_are_shown_by_level(item: StockItem, level: str) -> None:
    StockAlert.objects.create(stock_item=item, level="low")
    page = text(
        operator("inventory.view_stockalert", "inventory.plan_transfer").get(f"/admin/stock/alerts/?level={level}")
    )
    assert (">CUP<" in page) is (level == "low")


@pytest.mark.parametrize("view", ["all", "soon", "blocked", "unnamed"])
def test_batches_are_shown(item: StockItem, view: str) -> None:
    keep_batches(variant_id=item.variant_id)
    page = text(operator("inventory.view_batch").get(f"/admin/stock/batches/?view={view}"))
    assert ("CUP" in page) is (view in ("all", "unnamed"))


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_ten_rows_cost_as_many_queries_as_one(item: StockItem, places: Places) -> None:
    browser = operator(
        "inventory.view_transfer", "inventory.view_stocktake", "inventory.view_stockalert", "inventory.view_batch",
        "inventory.view_stockmovement", "inventory.plan_transfer", "inventory.book_stocktake",
        "inventory.count_stock",
    )  # fmt: skip
    number = planned(item, 1)
    take = counting(review_above=100)
    StockAlert.objects.create(stock_item=item, level="out")
    keep_batches(variant_id=item.variant_id)
    pages = (
        TRANSFERS, f"{TRANSFERS}{number}/", TAKES, f"{TAKES}{take}/?view=all", "/admin/stock/alerts/",
        "/admin/stock/batches/", "/admin/stock/corrections/",
    )  # fmt: skip
    before = {page: queries_of(browser, page) for page in pages}
    for _ in range(9):
        other = stocked(a_variant(), 5, warehouse=places.leipzig)
        keep_batches(variant_id=other.variant_id)
        planned(other, 1)
        TransferLine.objects.create(transfer=Transfer.objects.get(number=number), variant=other.variant, quantity=1)
        StockTakeLine.objects.create(stock_take=StockTake.objects.get(number=take), stock_item=other)
        counting(review_above=100)
        StockAlert.objects.create(stock_item=other, level="out")
    assert {page: queries_of(browser, page) for page in pages} == before


def test_a_sent_transfer_shows_what_is_on_its_way(item: StockItem) -> None:
    number = planned(item)
    set_aside(number=number)
    ship_transfer(number=number, at=timezone.now())
    page = text(planner().get(f"{TRANSFERS}{number}/"))
    assert "6 pieces are on their way" in page


def test_what_arrives_is_scanned_and_a_double_click_books_once(item: StockItem, places: Places) -> None:
    number = planned(item)
    set_aside(number=number)
    ship_transfer(number=number, at=timezone.now())
    browser, address = planner(), f"{TRANSFERS}{number}/"
    for key in ("a", "a", "b"):
        scan = {"deed": "scan", "code": "cup", "pieces": "2", "key": key}
        assert browser.post(address, scan).status_code == 302
    assert counters(places.niigata, item.variant_id)[0] == 4
    stranger = browser.post(address, {"deed": "scan", "code": "NOBODY", "pieces": "1", "key": "c"})
    assert stranger.status_code == 422
    assert "NOBODY is not part of this transfer." in text(stranger)


def test_the_list_to_pack_by_is_a_file_in_walking_order(item: StockItem, places: Places) -> None:
    other = stocked(a_variant(sku="ANT"), 5, warehouse=places.leipzig)
    StockItem.objects.filter(pk=item.pk).update(shelf="A-1")
    StockItem.objects.filter(pk=other.pk).update(shelf="B-1")
    number = draft_transfer(from_code="LEJ", to_code="NGT", lines={other.variant_id: 2, item.variant_id: 6}).number
    rows = planner().get(f"{TRANSFERS}{number}/?format=csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[:2] for row in rows] == [["shelf", "sku"], ["A-1", "CUP"], ["B-1", "ANT"]]


def test_the_packing_list_names_goods_batches_and_both_houses_and_travels_as_a_pdf(item: StockItem) -> None:
    keep_batches(variant_id=item.variant_id)
    for code, days, pieces in (("LATE", 90, 5), ("SOON", 9, 4)):
        until = timezone.now().date() + timedelta(days=days)
        name_batch(stock_item_id=item.pk, code=code, expires_on=until, pieces=pieces)
    number = planned(item)
    before = packing_sheet(Transfer.objects.select_related("from_warehouse", "to_warehouse").get())
    set_aside(number=number)
    ship_transfer(number=number, at=timezone.now(), carrier="DHL")
    sheet = packing_sheet(Transfer.objects.select_related("from_warehouse", "to_warehouse").get())

    goods = sheet["rows"][0][1]
    assert [words.split(" · ")[::2] for words in goods["details"][1:]] == [["Batch SOON", "4 ×"], ["Batch LATE", "2 ×"]]
    assert before["rows"][0][1] == goods
    assert (sheet["number"], sheet["rows"][0][2]["text"]) == (number, "6")
    assert {"DHL", "6"} <= {fact["value"] for fact in sheet["meta"]}
    answer = planner().get(f"{TRANSFERS}{number}/?format=pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert operator().get(f"{TRANSFERS}{number}/?format=pdf").status_code == 403


def test_the_count_sheet_has_what_is_left_and_never_what_the_books_say(item: StockItem, places: Places) -> None:
    other = stocked(a_variant(sku="ANT"), 5, warehouse=places.leipzig)
    number = counting(is_blind=False)
    count_shelves(number=number, counts={StockTakeLine.objects.get(stock_item=other).pk: 5})
    sheet = count_sheet(StockTake.objects.select_related("warehouse").get())
    assert [[one["text"] for one in row] for row in sheet["rows"]] == [["–", item.variant.product.name, "CUP", "____"]]
    answer = operator("inventory.view_stocktake").get(f"{TAKES}{number}/?format=pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_booked_take_offers_nothing_more(item: StockItem) -> None:
    number = counting(review_above=100)
    count_shelves(number=number, counts={StockTakeLine.objects.get().pk: 10})
    end_counting(number=number)
    browser = operator("inventory.view_stocktake", "inventory.book_stocktake", "inventory.count_stock")
    browser.post(f"{TAKES}{number}/", {"deed": "book"})
    page = text(browser.get(f"{TAKES}{number}/"))
    assert 'value="book"' not in page
    assert 'value="scan"' not in page
