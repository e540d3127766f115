"""Suppliers tell what they have: files and signed messages, once each, never an older word for a newer one."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from catalog.models import Variant
from core.chores import chores
from inventory.actions import correct_stock
from inventory.buying.actions.feeds import fetch_due_feeds, forget_old_runs, renew_secret, take_file, take_over
from inventory.buying.errors import FeedUnreadable
from inventory.buying.feed_reading import Message, Told, read_csv, read_json
from inventory.buying.push import MOST_REFUSED
from inventory.models import FeedRun, StockItem, StockMovement, SupplierFeed, SupplierStock, Warehouse
from markets.models import Market
from tests.factories.buying import a_feed, a_supplier, promised, sold_by
from tests.factories.inventory import a_warehouse, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(market: Market) -> Warehouse:
    place = a_warehouse("DROP", market=market, position=0)
    Warehouse.objects.filter(pk=place.pk).update(kind="dropship")
    return place


def feed_of(cup: Variant, place: Warehouse | None = None, **facts: Any) -> SupplierFeed:
    supplier = a_supplier()
    sold_by(supplier, cup, supplier_sku="S-1")
    return a_feed(supplier, warehouse=place, **facts)


def tell(feed: SupplierFeed, pieces: int, *, at: datetime, key: str = "") -> FeedRun:
    message = Message(rows=(Told("S-1", pieces),), told_at=at, problems=())
    return take_over(feed_id=feed.pk, message=message, key=key or f"k{at.isoformat()}", received_at=timezone.now())


def test_a_file_is_read_whatever_its_marks_and_its_bad_rows_are_named() -> None:
    for mark in (",", ";", "\t", "|"):
        rows = (
            ("Artikel", "Menge", "Tage"),
            ("A-1", "10+", "5"),
            ("A-2", "viele", ""),
            ("", "3", ""),
            ("'=X", "4", ""),
        )
        text = "\n".join(mark.join(row) for row in rows)
        told = read_csv(text.encode("utf-8-sig"), {"sku": "Artikel", "quantity": "Menge", "lead_days": "Tage"})
        assert told.rows == (Told("A-1", 10, 5), Told("=X", 4))
        assert [problem[:6] for problem in told.problems] == ["Row 2:", "Row 3:"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x81\x8d\x8f\x90\x9d"])
def test_a_file_that_is_no_such_table_is_refused(content: bytes) -> None:
    with pytest.raises(FeedUnreadable):
        read_csv(content, {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"items": []}',
        b'{"told_at": "2026-11-01T00:00:00Z", "items": [1]}',
        b'{"told_at": "2026-11-01T00:00:00", "items": [{"sku": "A", "quantity": 1}]}',
        b'{"told_at": "2999-11-01T00:00:00Z", "items": [{"sku": "A", "quantity": 1}]}',
        b'{"told_at": 7, "items": [{"sku": "A", "quantity": 1}]}',
    ],
)
def test_a_message_that_is_not_as_agreed_is_refused(body: bytes) -> None:
    with pytest.raises(FeedUnreadable):
        read_json(body)


def test_what_a_supplier_has_is_kept_and_an_older_word_is_not(cup: Variant) -> None:
    feed, now = feed_of(cup), timezone.now()
    assert tell(feed, 7, at=now - timedelta(hours=1)).state == "done"
    assert tell(feed, 99, at=now - timedelta(hours=2)).state == "stale"
    assert SupplierStock.objects.get().quantity == 7
    assert not StockMovement.objects.exists()


def test_the_same_file_counts_once(cup: Variant) -> None:
    feed, at = feed_of(cup), timezone.now()
    runs = [take_file(feed_id=feed.pk, content=b"sku,quantity\nS-1,7\nX,1\n", received_at=at) for _ in range(2)]
    assert runs[0].pk == runs[1].pk
    assert (runs[0].rows, runs[0].changed, runs[0].unknown) == (2, 1, 1)


def test_a_drop_shippers_warehouse_follows_and_keeps_its_ledger(cup: Variant, remote: Warehouse) -> None:
    feed, now = feed_of(cup, remote), timezone.now()
    tell(feed, 7, at=now - timedelta(minutes=2))
    tell(feed, 5, at=now - timedelta(minutes=1))
    assert StockItem.objects.get().on_hand == 5
    moved = StockMovement.objects.order_by("pk").values_list("kind", "d_on_hand")
    assert list(moved) == [("adjust", 7), ("adjust", -2)]


@pytest.mark.parametrize("meaning", ["free", "on_shelf"])
def test_what_was_sold_after_the_snapshot_is_not_undone(meaning: str, cup: Variant, remote: Warehouse) -> None:
    feed = feed_of(cup, remote, meaning=meaning)
    stocked(cup, 10, warehouse=remote)
    snapshot = timezone.now()
    promised(cup, 3)
    tell(feed, 10, at=snapshot)
    item = StockItem.objects.get()
    assert (item.on_hand, item.allocated, item.available) == (10, 3, 7)


def test_free_is_less_what_was_promised_before_the_snapshot(cup: Variant, remote: Warehouse) -> None:
    feed = feed_of(cup, remote, meaning="free")
    stocked(cup, 10, warehouse=remote)
    promised(cup, 3)
    tell(feed, 7, at=timezone.now())
    item = StockItem.objects.get()
    assert (item.on_hand, item.available) == (10, 7)


def test_two_late_messages_do_not_count_a_difference_twice(cup: Variant, remote: Warehouse) -> None:
    feed, start = feed_of(cup, remote), timezone.now()
    tell(feed, 8, at=start - timedelta(minutes=20))
    tell(feed, 6, at=start - timedelta(minutes=10))
    tell(feed, 6, at=start - timedelta(minutes=5))
    assert StockItem.objects.get().on_hand == 6


def test_a_count_by_hand_after_the_snapshot_stays(cup: Variant, remote: Warehouse) -> None:
    feed = feed_of(cup, remote)
    item = stocked(cup, 10, warehouse=remote)
    snapshot = timezone.now()
    correct_stock(stock_item_id=item.pk, counted=9, reason="One broke", op_key="c")
    tell(feed, 10, at=snapshot)
    item.refresh_from_db()
    assert item.on_hand == 9


def test_less_than_is_promised_is_told_as_short(cup: Variant, remote: Warehouse) -> None:
    feed = feed_of(cup, remote, meaning="on_shelf")
    stocked(cup, 10, warehouse=remote)
    promised(cup, 4)
    run = tell(feed, 1, at=timezone.now())
    item = StockItem.objects.get()
    assert (item.on_hand, item.allocated, run.short) == (4, 4, 3)
    assert run.problems == ["CUP: 3 short"]


def push(
    feed: SupplierFeed, secret: str, told: object, *, key: str = "m-1", age: int = 0, from_: str = "127.0.0.1"
) -> HttpResponse:
    text, now = json.dumps(told), timezone.now() - timedelta(seconds=age)
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(key, now, text),
    }
    client = Client(enforce_csrf_checks=True)
    address = f"/feeds/suppliers/{feed.public_id}/"
    return client.post(address, text, content_type="application/json", headers=headers, REMOTE_ADDR=from_)  # type: ignore[return-value]


def a_message(pieces: int) -> dict[str, Any]:
    return {"told_at": timezone.now().isoformat(), "items": [{"sku": "S-1", "quantity": pieces}]}


def test_a_signed_message_is_taken_over_once(cup: Variant, remote: Warehouse) -> None:
    feed = feed_of(cup, remote, kind="push")
    secret = renew_secret(feed_id=feed.pk)
    told = a_message(4)
    first, second = push(feed, secret, told), push(feed, secret, told)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert StockItem.objects.get().on_hand == 4
    assert FeedRun.objects.count() == 1


def test_who_does_not_sign_as_agreed_is_turned_away(cup: Variant, remote: Warehouse) -> None:
    feed = feed_of(cup, remote, kind="push")
    secret = renew_secret(feed_id=feed.pk)
    assert push(feed, "whsec_" + "b3RoZXItc2VjcmV0LW9mLXRlc3Rz", a_message(4)).status_code == 401
    assert push(feed, secret, a_message(4), age=3600).status_code == 401
    assert push(feed, secret, {"items": 1}).status_code == 400
    newer = renew_secret(feed_id=feed.pk)
    assert push(feed, secret, a_message(4)).status_code == 401
    SupplierFeed.objects.update(is_active=False)
    assert push(feed, newer, a_message(4)).status_code == 404
    assert not StockItem.objects.exists()


def test_strangers_do_not_use_up_what_a_supplier_may_send(cup: Variant, remote: Warehouse) -> None:
    feed = feed_of(cup, remote, kind="push")
    secret = renew_secret(feed_id=feed.pk)
    other = "whsec_" + "b3RoZXItc2VjcmV0LW9mLXRlc3Rz"
    answers = [push(feed, other, a_message(4), from_="203.0.113.9").status_code for _ in range(MOST_REFUSED + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({401}, 429)
    assert push(feed, secret, a_message(4)).status_code == 200


def test_the_secret_is_not_readable_in_the_database(cup: Variant) -> None:
    feed = feed_of(cup, kind="push")
    secret = renew_secret(feed_id=feed.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM inventory_supplierfeed")
        assert secret not in cursor.fetchone()[0]


def test_old_messages_are_forgotten_unless_somebody_has_to_act(cup: Variant) -> None:
    feed, long_ago = feed_of(cup), timezone.now() - timedelta(days=200)
    for key, short in (("done", 0), ("open", 3)):
        FeedRun.objects.create(feed=feed, key=key, told_at=long_ago, state="done", short=short)
    FeedRun.objects.update(received_at=long_ago)
    tell(feed, 7, at=timezone.now(), key="new")
    assert forget_old_runs() == 1
    assert set(FeedRun.objects.values_list("key", flat=True)) == {"open", "new"}


def test_an_address_that_does_not_answer_is_tried_later_and_written_down(cup: Variant) -> None:
    feed = feed_of(cup, kind="csv_url", url="http://127.0.0.1:1/stock.csv")
    assert [fetch_due_feeds(), fetch_due_feeds()] == [1, 0]
    feed.refresh_from_db()
    run = FeedRun.objects.get()
    assert (feed.failures, run.state, len(run.problems)) == (1, "failed", 1)
    assert feed.next_at is not None
    assert feed.next_at > timezone.now() + timedelta(minutes=30)


def test_a_feed_that_has_gone_silent_or_fails_again_and_again_is_work(cup: Variant) -> None:
    feed = feed_of(cup, kind="push", silent_hours=2)
    waits = next(one for one in chores() if one.key == "feed_silent")
    assert list(waits.rows()) == []
    SupplierFeed.objects.update(last_told_at=timezone.now() - timedelta(hours=3))
    assert list(waits.rows()) == [feed]
    SupplierFeed.objects.update(last_told_at=timezone.now(), failures=3)
    assert list(waits.rows()) == [feed]
    SupplierFeed.objects.update(is_active=False)
    assert list(waits.rows()) == []
