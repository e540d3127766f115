"""Goods that are kept in batches: the list names which are taken, and those are the ones that leave."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.actions import book_delivery
from inventory.models import Batch, BatchMovement, StockItem
from inventory.stockwork.batch_deeds import keep_batches
from orders.actions import RefundAsked, refund_as_shown, ship_fulfillment
from orders.actions.waves import cancel_wave, follow_order
from orders.floor.pages import stops_of, tasks_of
from orders.floor.sheets import pick_sheet
from orders.models import Order, PickTask, PickWave
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import a_wave, on_shelf
from tests.factories.orders import paid_order, parcel_of
from tests.soundness import broken

pytestmark = pytest.mark.django_db


def two_orders(first: int, second: int) -> tuple[Order, Order, StockItem]:
    """Both want tea, of which three pieces expire soon and ten later; pieces without a batch are gone."""
    market = open_shop()
    tea = on_shelf(item_in(market), "T-1")
    orders = paid_order(market, (tea, first)), paid_order(market, (tea, second))
    shelf = StockItem.objects.get(variant=tea, warehouse__code="LEJ")
    keep_batches(variant_id=tea.pk)
    for code, days, pieces in (("LATE", 200, 10), ("SOON", 20, 3)):
        book_delivery(
            stock_item_id=shelf.pk,
            quantity=pieces,
            reason="",
            op_key=uuid.uuid4().hex,
            batch=code,
            expires_on=timezone.now().date() + timedelta(days=days),
        )
    return *orders, shelf


def named(wave: PickWave) -> list[tuple[str, ...]]:
    return [one.batches for stop in stops_of(tasks_of(wave)) for one in stop.picks]


def left(shelf: StockItem, order: Order) -> dict[str, int]:
    rows = BatchMovement.objects.filter(movement__order_ref=order.number, batch__stock_item=shelf, quantity__lt=0)
    return {code: -count for code, count in rows.values_list("batch__code", "quantity")}


def send(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no=order.number)


def test_the_list_names_batches_once_and_they_leave_in_whatever_order_their_parcels_do() -> None:
    first, second, shelf = two_orders(2, 3)
    one, other = a_wave(first), a_wave(second)

    assert named(one) == [("Batch SOON",)]
    assert named(other) == [("Batch SOON × 1", "Batch LATE × 2")]
    (row,) = pick_sheet(other, stops_of(tasks_of(other)), (), country="DE")["rows"]
    assert row[3]["details"] == ["1: Batch SOON × 1, Batch LATE × 2"]
    send(second)
    assert left(shelf, second) == {"SOON": 1, "LATE": 2}
    send(first)
    assert left(shelf, first) == {"SOON": 2}
    assert broken("Q02", "S20") == []


def test_what_is_no_longer_wanted_is_not_taken_and_others_may_name_it() -> None:
    first, second, _shelf = two_orders(3, 3)
    wave = a_wave(first)
    wishes = (RefundWish(line_id=first.lines.get().pk, quantity=2),)
    asked = RefundAsked(lines=wishes, shipping=False, reason="Changed their mind", key="two-less")
    shown = preview_refund(first, wishes=wishes, shipping=False).total
    refund_as_shown(number=first.number, asked=asked, shown=shown, warehouse_code="LEJ")
    follow_order(number=first.number)

    assert named(wave) == [("Batch SOON",)]
    assert PickTask.objects.get(parcel__wave=wave).batches == [["SOON", 1]]
    assert named(a_wave(second)) == [("Batch SOON × 2", "Batch LATE × 1")]


def test_a_batch_named_by_a_wave_that_was_canceled_is_free_again() -> None:
    first, second, _shelf = two_orders(3, 3)
    wave = a_wave(first)
    cancel_wave(number=wave.number)

    assert named(a_wave(second)) == [("Batch SOON",)]


def test_what_is_past_its_date_by_now_does_not_leave_although_it_was_named() -> None:
    first, _second, shelf = two_orders(2, 1)
    a_wave(first)
    Batch.objects.filter(stock_item=shelf, code="SOON").update(is_blocked=True)
    send(first)

    assert left(shelf, first) == {"LATE": 2}
