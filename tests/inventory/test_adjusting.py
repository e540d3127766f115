"""Corrections by typed reasons: each fits one direction, is booked once, and is added up in a report."""

import pytest
from django.utils import timezone

from core.models import AuditEntry
from inventory.errors import CountTooLow, ReasonDoesNotFit, ReasonMissing
from inventory.models import StockItem, StockMovement
from inventory.reasons import LESS, MORE, Reason, fits
from inventory.stockwork.adjusting import adjust_stock
from inventory.stockwork.reports import corrections
from tests.admin.people import operator, text
from tests.factories.inventory import a_variant, stocked
from tests.inventory.worlds import Places, broken, two_places

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Places:
    return two_places()


@pytest.fixture
def item(places: Places) -> StockItem:
    return stocked(a_variant(sku="CUP"), 10, warehouse=places.leipzig)


def adjusted(item: StockItem, difference: int, reason: str, note: str = "", key: str = "k") -> StockItem:
    return adjust_stock(stock_item_id=item.pk, difference=difference, reason=reason, note=note, op_key=key)


@pytest.mark.parametrize("reason", sorted(LESS))
def test_what_is_gone_is_written_off(item: StockItem, reason: str) -> None:
    for _ in range(2):
        assert adjusted(item, -2, reason, note="Seen").on_hand == 8
    moved = StockMovement.objects.get(kind="writeoff")
    assert (moved.reason_code, moved.d_on_hand) == (reason, -2)
    assert AuditEntry.objects.filter(action="stock.adjust").count() == 1
    assert broken() == {}


def test_what_was_found_is_put_on_the_shelf(item: StockItem) -> None:
    assert adjusted(item, 3, "found").on_hand == 13
    assert StockMovement.objects.get(kind="adjust").reason_code == "found"


@pytest.mark.parametrize(("difference", "reason"), [(2, "damage"), (-2, "found"), (0, "count"), (1, "nonsense")])
def test_a_reason_that_does_not_fit_is_refused(item: StockItem, difference: int, reason: str) -> None:
    with pytest.raises(ReasonDoesNotFit):
        adjusted(item, difference, reason)
    assert not StockMovement.objects.exclude(kind="receive").exists()


def test_some_reasons_say_nothing_without_words(item: StockItem) -> None:
    with pytest.raises(ReasonMissing):
        adjusted(item, -1, "mistake")


def test_what_is_promised_cannot_break(item: StockItem) -> None:
    StockItem.objects.filter(pk=item.pk).update(allocated=9)
    with pytest.raises(CountTooLow):
        adjusted(item, -2, "damage")
    assert adjusted(item, -1, "damage").on_hand == 9


def test_every_reason_fits_at_least_one_direction() -> None:
    assert all(fits(reason, 1) or fits(reason, -1) for reason in Reason.values)
    assert not LESS & MORE


def test_the_report_adds_up_by_reason_and_by_day(item: StockItem) -> None:
    adjusted(item, -2, "damage", key="1")
    adjusted(item, -1, "damage", key="2")
    adjusted(item, 4, "found", key="3")
    sums = {row.reason: (row.times, row.more, row.fewer, row.net) for row in corrections({}).sums}
    assert sums == {"broken or spoiled": (2, 0, 3, -3), "found": (1, 4, 0, 4)}
    assert corrections({"until": "2020-01-31"}).sums == ()
    assert len(corrections({"reason": "found"}).rows) == 1


def test_the_report_is_a_file_too(item: StockItem) -> None:
    adjusted(item, -2, "theft", note="=1+1")
    browser = operator("inventory.view_stockmovement")
    page = browser.get("/admin/stock/corrections/", {"format": "csv"})
    assert "CUP,-2,theft,'=1+1" in page.content.decode("utf-8-sig")
    assert str(timezone.now().date()) in page["Content-Disposition"]


def test_the_form_knows_which_way_a_reason_goes(item: StockItem) -> None:
    browser = operator("inventory.adjust_stock")
    address = f"/admin/inventory/stockitem/{item.pk}/adjust/"
    answers = {"key": "admin:1", "pieces": 2, "reason": "damage", "is_more": "on", "note": "", "batch": ""}
    for _ in range(2):
        assert browser.post(address, answers).status_code == 302
    item.refresh_from_db()
    assert item.on_hand == 8
    browser.post(address, {**answers, "key": "admin:2", "reason": "count"})
    item.refresh_from_db()
    assert item.on_hand == 10
    assert operator("inventory.correct_stock").post(address, answers).status_code == 403
    refused = browser.post(address, {**answers, "key": "admin:3", "reason": "mistake"})
    assert refused.status_code == 422
    assert "Say why" in text(refused)
