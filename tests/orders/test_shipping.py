"""Parcels: what may leave, in parts, and what carriers say about it."""

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from core.models import AuditEntry
from inventory.models import StockItem, StockMovement
from markets.queries import market_by_code
from orders.actions import (
    Tracked,
    add_note,
    cancel_order,
    capture_order,
    create_fulfillment,
    open_hold,
    record_tracking,
    resolve_hold,
    ship_fulfillment,
)
from orders.errors import (
    AlreadyShipped,
    HoldUnknown,
    NothingToCapture,
    NothingToShip,
    OrderNotOpen,
    OrderOnHold,
    ReasonMissing,
)
from orders.models import FulfillmentState, Lifecycle, Order, Package, PaymentState
from orders.queries import orders_to_ship
from orders.types import ShipItem
from payments.actions import refresh_payment
from payments.models import Payment
from tests.factories.cart import item_in, open_shop
from tests.factories.orders import paid_order, parcel_of, payment_for, placed_order
from tests.factories.payments import choose_at_sandbox
from tests.shared_world import shared_world

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@shared_world
def order() -> Order:
    market = open_shop()
    return paid_order(market, (item_in(market), 3))


def test_an_open_hold_stops_the_parcel_until_it_is_resolved(order: Order) -> None:
    hold = open_hold(number=order.number, reason="Strange address")

    with pytest.raises(OrderOnHold):
        ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    assert list(orders_to_ship()) == []
    assert StockItem.objects.get().on_hand == 10

    resolve_hold(hold_id=hold.pk, resolution="Called them")
    assert list(orders_to_ship()) == [order]
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")
    with pytest.raises(HoldUnknown):
        resolve_hold(hold_id=hold.pk, resolution="Again")


@pytest.mark.parametrize("words", ["", "   "])
def test_holds_and_notes_say_why(order: Order, words: str) -> None:
    with pytest.raises(ReasonMissing):
        open_hold(number=order.number, reason=words)
    with pytest.raises(ReasonMissing):
        add_note(number=order.number, note=words)

    assert not order.holds.exists()


def test_part_of_an_order_is_packed_and_the_rest_stays_open(order: Order) -> None:
    line = order.lines.get()
    code = parcel_of(order).warehouse_code

    parcel = create_fulfillment(number=order.number, warehouse_code=code, items=[ShipItem(line_id=line.pk, quantity=1)])
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL", tracking_no="A")

    order.refresh_from_db()
    line.refresh_from_db()
    assert order.fulfillment_state == FulfillmentState.PARTLY_SHIPPED
    assert (line.qty_shipped, line.qty_open) == (1, 2)
    item = StockItem.objects.get()
    assert (item.on_hand, item.allocated) == (9, 2)

    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="B")
    order.refresh_from_db()
    assert order.fulfillment_state == FulfillmentState.SHIPPED
    assert StockMovement.objects.filter(kind="ship").count() == 2


@pytest.mark.parametrize("quantity", [0, 4, -1])
def test_no_more_is_packed_than_was_planned(order: Order, quantity: int) -> None:
    item = ShipItem(line_id=order.lines.get().pk, quantity=quantity)

    with pytest.raises(NothingToShip):
        create_fulfillment(number=order.number, warehouse_code=parcel_of(order).warehouse_code, items=[item])

    assert order.fulfillments.count() == 1


def test_what_was_sent_cannot_be_canceled(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")

    with pytest.raises(AlreadyShipped):
        cancel_order(number=order.number, reason="Too late")

    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.CONFIRMED


def test_a_canceled_order_is_not_shipped(order: Order) -> None:
    parcel = parcel_of(order)
    cancel_order(number=order.number, reason="Changed their mind")

    with pytest.raises(OrderNotOpen):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")

    assert StockItem.objects.get().on_hand == 10


def test_carriers_report_twice_and_out_of_order(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="A")
    package = Package.objects.get()
    reports = [
        Tracked(state="customs", carrier_code="CC", occurred_at=NOON.replace(hour=15)),
        Tracked(state="in_transit", carrier_code="IT", occurred_at=NOON),
        Tracked(state="customs", carrier_code="CC", occurred_at=NOON.replace(hour=15)),
        Tracked(state="delivered", carrier_code="OK", occurred_at=NOON.replace(day=27)),
        Tracked(state="out_for_delivery", carrier_code="OD", occurred_at=NOON.replace(day=26)),
    ]
    states = []
    for report in reports:
        record_tracking(package_id=package.pk, tracked=report)
        states.append(parcel_of(order).state)

    assert states == ["customs", "customs", "customs", "delivered", "delivered"]
    assert package.events.count() == 4
    order.refresh_from_db()
    assert order.lifecycle == Lifecycle.COMPLETED


def test_operations_are_written_into_the_activity_log(order: Order) -> None:
    ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL")

    assert AuditEntry.objects.filter(action="orders.ship_fulfillment", target=f"orders.Order:{order.pk}").exists()


@override_settings(PAYMENT_CAPTURE="manual")
def test_money_that_is_held_is_taken_once() -> None:
    market = market_by_code("de")
    order = placed_order(market, (item_in(market), 1))
    payment = payment_for(order)
    choose_at_sandbox(payment, "succeed")
    refresh_payment(payment_ref=payment.ref)
    order.refresh_from_db()
    assert (order.lifecycle, order.payment_state) == (Lifecycle.CONFIRMED, PaymentState.AUTHORIZED)

    capture_order(number=order.number)

    order.refresh_from_db()
    assert order.payment_state == PaymentState.PAID
    assert Payment.objects.get(order_ref=order.number).captured == order.total
    with pytest.raises(NothingToCapture):
        capture_order(number=order.number)
