"""Parcels other people pack: sent over when they may leave, shipped when they say so, refused into somebody's work."""

import json

import pytest
import responses
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from core.outbox import drain
from inventory.actions.carrier_inbox import process_inbox, reread_messages
from inventory.actions.pushing import push_due, push_parcel
from inventory.models import CarrierMessage, ParcelPush, PushState, StockItem, Warehouse
from orders.actions import cancel_order, open_hold, resolve_hold
from orders.models import ExceptionKind, Order, ParcelException, ParcelState
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of
from tests.inventory.carriers.worlds import SECRET, a_threepl
from tests.payments.credit_world import broken
from tests.shared_world import kept

pytestmark = pytest.mark.django_db
DOOR = "https://threepl.example/in"


@kept
def world() -> Order:
    market = open_shop()
    item = item_in(market)
    a_threepl(Warehouse.objects.get())
    order = paid_order(market, (item, 2))
    drain(limit=200)
    return order


def hear(name: str, **payload: object) -> int:
    body, now = json.dumps(payload), timezone.now()
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(name, now, body),
    }
    answer = Client().post("/carriers/threepl/", data=body, content_type="application/json", headers=headers)
    process_inbox()
    drain(limit=200)
    return answer.status_code


@responses.activate
def test_a_paid_order_is_sent_over_once_and_signed() -> None:
    responses.post(DOOR, json={"reference": "X-9"})
    order = world()
    assert push_due() == 1
    assert push_due() == 0
    (call,) = responses.calls
    Webhook(SECRET).verify(call.request.body, {name.lower(): value for name, value in call.request.headers.items()})
    told = json.loads(call.request.body)
    assert told["goods"][0]["quantity"] == 2
    assert told["parcel"] == str(parcel_of(order).pk)
    row = ParcelPush.objects.get()
    assert (row.state, row.external_ref) == (PushState.SENT, "X-9")


@responses.activate
def test_silence_is_tried_again_with_the_same_key() -> None:
    responses.post(DOOR, status=503)
    responses.post(DOOR, json={"reference": "X-9"})
    world()
    push_due()
    ParcelPush.objects.update(next_attempt_at=timezone.now())
    push_due()
    assert len({call.request.headers["webhook-id"] for call in responses.calls}) == 1
    assert ParcelPush.objects.get().state == PushState.SENT


@responses.activate
def test_what_left_there_is_shipped_here_with_its_stock_however_often_it_is_told() -> None:
    responses.post(DOOR, json={"reference": "X-9"})
    order = world()
    push_due()
    ref = str(parcel_of(order).pk)
    for name in ("m1", "m1", "m2"):
        assert hear(name, type="parcel.shipped", parcel=ref, carrier="DHL", tracking_no="00340") == 200
    parcel = parcel_of(order)
    assert (parcel.state, parcel.packages.get().tracking_no) == (ParcelState.HANDED_OVER, "00340")
    assert StockItem.objects.get().on_hand == 8
    assert not broken("S01", "S02", "S10", "S11")


@responses.activate
def test_a_refusal_is_somebodys_work() -> None:
    responses.post(DOOR, json={"reference": "X-9"})
    order = world()
    push_due()
    hear("m1", type="parcel.refused", parcel=str(parcel_of(order).pk), reason="out_of_stock", text="Empty shelf")
    row = ParcelException.objects.get()
    assert row.kind == ExceptionKind.WAREHOUSE
    assert "Empty shelf" in row.said


@responses.activate
def test_a_held_order_waits_and_is_sent_over_when_it_is_free() -> None:
    responses.post(DOOR, json={"reference": "X-9"})
    market = open_shop()
    pushes = ParcelPush.objects.exclude(pk__in=list(ParcelPush.objects.values_list("pk", flat=True)))
    order = paid_order(market, (item_in(market), 1))
    hold = open_hold(number=order.number, reason="Look")
    drain(limit=200)
    assert not pushes.exists()
    resolve_hold(hold_id=hold.pk, resolution="Fine")
    drain(limit=200)
    assert pushes.get().state == PushState.WAITING


@responses.activate
def test_a_canceled_order_is_called_back() -> None:
    responses.post(DOOR, json={"reference": "X-9"})
    responses.post(DOOR, json={"stopped": True})
    order = world()
    push_due()
    cancel_order(number=order.number, reason="Changed my mind")
    drain(limit=200)
    push_due()
    assert ParcelPush.objects.get().state == PushState.CANCELED
    assert json.loads(responses.calls[-1].request.body)["type"] == "parcel.recalled"


@responses.activate
def test_a_parcel_that_changed_is_called_back_and_sent_over_as_it_is_now() -> None:
    responses.post(DOOR, json={"reference": "X-1"})
    responses.post(DOOR, json={})
    responses.post(DOOR, json={"reference": "X-2"})
    order = world()
    push_due()
    row = ParcelPush.objects.get()
    ref, changed = row.parcel_ref, {**row.content, "goods": [{"sku": "other", "name": "Other", "quantity": 1}]}
    wanted = {"account": row.account, "parcel_ref": ref, "order_ref": order.number}
    assert push_parcel(**wanted, content=row.content)[1] is False
    assert push_parcel(**wanted, content=changed)[1] is True
    assert push_parcel(**wanted, content=changed)[1] is False
    push_due()
    assert ParcelPush.objects.get().state == PushState.CANCEL_WAITING
    hear("m1", type="parcel.stopped", parcel=ref)
    push_due()
    row.refresh_from_db()
    assert (row.state, row.external_ref, row.round, row.content) == (PushState.SENT, "X-2", 2, changed)
    names = [call.request.headers["webhook-id"] for call in responses.calls]
    assert len(set(names)) == 3, "a new order is not the old one"


def test_stock_is_counted_as_of_its_moment() -> None:
    order = world()
    item = StockItem.objects.select_related("variant").get()
    assert (item.on_hand, item.allocated) == (10, 2)
    hear("m0", type="stock.counted", as_of=timezone.now().isoformat(), stock=[{"sku": item.variant.sku, "on_hand": 10}])
    hear("late", type="stock.counted", as_of="2026-01-02T00:00:00Z", stock=[{"sku": item.variant.sku, "on_hand": 99}])
    item.refresh_from_db()
    assert item.on_hand == 10, "a newer count has confirmed the books"
    moment = timezone.now().isoformat()
    counted = [{"sku": item.variant.sku, "on_hand": 7}, {"sku": "nobody", "on_hand": 3}]
    for name in ("m1", "m1"):
        hear(name, type="stock.counted", as_of=moment, stock=counted)
    item.refresh_from_db()
    assert item.on_hand == 7
    hear("m2", type="stock.counted", as_of="2026-01-01T00:00:00Z", stock=[{"sku": item.variant.sku, "on_hand": 99}])
    item.refresh_from_db()
    assert item.on_hand == 7
    hear("m3", type="stock.counted", as_of=timezone.now().isoformat(), stock=[{"sku": item.variant.sku, "on_hand": 0}])
    item.refresh_from_db()
    assert item.on_hand == 2, "what is promised stays"
    reread_messages(message_pks=list(CarrierMessage.objects.values_list("pk", flat=True)))
    process_inbox()
    item.refresh_from_db()
    assert item.on_hand == 2, "read again, every count is the same"
    assert order.number
    assert not broken("S01", "S02", "S10")
