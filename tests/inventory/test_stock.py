"""Stock: holds, promises, shipments and corrections; counters and ledger always agree."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import integrity
from inventory import actions
from inventory.errors import CountTooLow, HoldExpired, NotAllocated, OutOfStock, ReasonMissing
from inventory.events import StockRanOut
from inventory.models import Allocation, Reservation, StockAlert, StockItem, StockMovement, Warehouse
from inventory.types import Demand, ShippedItem
from markets.models import Market
from tests.factories.inventory import a_variant, a_warehouse, stocked
from tests.factories.markets import small_world
from tests.tampering import behind_the_databases_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    small_world("de")
    return Market.objects.get(code="de")


@pytest.fixture
def leipzig(market: Market) -> Warehouse:
    return a_warehouse("LEJ", market=market, position=0)


@pytest.fixture
def niigata(market: Market) -> Warehouse:
    return a_warehouse("NGT", market=market, position=1, zone="Asia/Tokyo", country="JP")


def want(line: str, variant_id: int, quantity: int) -> Demand:
    return Demand(line_ref=line, variant_id=variant_id, quantity=quantity)


def clean() -> dict[str, int]:
    checks = [check for check in integrity.registered() if check.code.startswith("S")]
    return {finding.check.code: finding.count for finding in integrity.run(checks) if finding.count}


def test_a_hold_takes_stock_away_from_others_and_gives_it_back(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 3, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 3)], market_code="de")
    item.refresh_from_db()
    assert (item.on_hand, item.reserved, item.available) == (3, 3, 0)
    with pytest.raises(OutOfStock):
        actions.hold_stock(owner=uuid.uuid4(), demands=[want("1", item.variant_id, 1)], market_code="de")
    assert actions.release_hold(owner=owner) == 1
    item.refresh_from_db()
    assert item.available == 3
    assert clean() == {}


def test_all_lines_are_held_or_none(leipzig: Warehouse) -> None:
    plenty = stocked(a_variant(), 9, warehouse=leipzig)
    scarce = stocked(a_variant(), 1, warehouse=leipzig)
    with pytest.raises(OutOfStock) as refusal:
        actions.hold_stock(
            owner=uuid.uuid4(),
            demands=[want("1", plenty.variant_id, 2), want("2", scarce.variant_id, 2)],
            market_code="de",
        )
    assert (refusal.value.line_ref, refusal.value.available, refusal.value.wanted) == ("2", 1, 2)
    assert not Reservation.objects.exists()
    assert not StockMovement.objects.filter(kind="reserve").exists()


def test_the_same_variant_on_two_lines_is_added_up(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 3, warehouse=leipzig)
    with pytest.raises(OutOfStock):
        actions.hold_stock(
            owner=uuid.uuid4(),
            demands=[want("1", item.variant_id, 2), want("2", item.variant_id, 2)],
            market_code="de",
        )


def test_holding_again_replaces_the_hold(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 5, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 5)], market_code="de")
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 2)], market_code="de")
    item.refresh_from_db()
    assert item.reserved == 2
    assert clean() == {}


def test_safety_stock_is_not_sold_and_backorders_are(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 3, warehouse=leipzig)
    StockItem.objects.filter(pk=item.pk).update(safety_stock=2)
    with pytest.raises(OutOfStock):
        actions.hold_stock(owner=uuid.uuid4(), demands=[want("1", item.variant_id, 2)], market_code="de")
    StockItem.objects.filter(pk=item.pk).update(safety_stock=0, backorder_limit=2)
    actions.hold_stock(owner=uuid.uuid4(), demands=[want("1", item.variant_id, 5)], market_code="de")
    assert clean() == {}


def test_a_market_is_served_only_from_its_own_warehouses(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 3, warehouse=leipzig)
    small_world("jp")
    with pytest.raises(OutOfStock):
        actions.hold_stock(owner=uuid.uuid4(), demands=[want("1", item.variant_id, 1)], market_code="jp")


def test_one_parcel_is_preferred_to_two(leipzig: Warehouse, niigata: Warehouse) -> None:
    kettle, cup = a_variant(weight_g=640), a_variant(weight_g=300)
    stocked(kettle, 1, warehouse=leipzig)
    for variant in (kettle, cup):
        stocked(variant, 1, warehouse=niigata)
    demands = [want("1", kettle.pk, 1), want("2", cup.pk, 1)]
    (parcel,) = actions.hold_stock(owner=uuid.uuid4(), demands=demands, market_code="de")
    assert (parcel.warehouse_code, parcel.weight_g) == ("NGT", 940)


def test_a_line_is_split_only_when_no_warehouse_has_enough(leipzig: Warehouse, niigata: Warehouse) -> None:
    cup = a_variant()
    stocked(cup, 2, warehouse=leipzig)
    stocked(cup, 2, warehouse=niigata)
    parcels = actions.hold_stock(owner=uuid.uuid4(), demands=[want("1", cup.pk, 3)], market_code="de")
    assert [(p.warehouse_code, p.lines[0].quantity) for p in parcels] == [("LEJ", 2), ("NGT", 1)]


def test_a_hold_becomes_a_promise_and_the_promise_a_shipment(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 3, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 2)], market_code="de")
    actions.convert_hold(owner=owner, order_ref="MER-1")
    item.refresh_from_db()
    assert (item.on_hand, item.allocated, item.reserved) == (3, 2, 0)
    actions.ship_lines(
        order_ref="MER-1", items=[ShippedItem(line_ref="MER-1/1", warehouse_code="LEJ", quantity=1)], cause="parcel 1"
    )
    item.refresh_from_db()
    assert (item.on_hand, item.allocated) == (2, 1)
    assert actions.release_order(order_ref="MER-1") == 1
    item.refresh_from_db()
    assert (item.on_hand, item.allocated, item.available) == (2, 0, 2)
    assert clean() == {}


def test_the_same_parcel_is_booked_once(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 3, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 2)], market_code="de")
    actions.convert_hold(owner=owner, order_ref="MER-1")
    items = [ShippedItem(line_ref="MER-1/1", warehouse_code="LEJ", quantity=2)]
    for _ in range(2):
        actions.ship_lines(order_ref="MER-1", items=items, cause="parcel 1")
    item.refresh_from_db()
    assert item.on_hand == 1


def test_more_than_was_promised_does_not_leave(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 3, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 1)], market_code="de")
    actions.convert_hold(owner=owner, order_ref="MER-1")
    with pytest.raises(NotAllocated):
        actions.ship_lines(
            order_ref="MER-1", items=[ShippedItem(line_ref="MER-1/1", warehouse_code="LEJ", quantity=2)], cause="p"
        )
    item.refresh_from_db()
    assert item.on_hand == 3


def test_parts_of_a_promise_are_released_by_line(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 5, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 4)], market_code="de")
    actions.convert_hold(owner=owner, order_ref="MER-1")
    assert actions.release_order(order_ref="MER-1", quantities={"MER-1/1": 1}) == 1
    assert actions.release_order(order_ref="MER-1", quantities={"MER-1/1": 1}) == 1
    with pytest.raises(NotAllocated):
        actions.release_order(order_ref="MER-1", quantities={"MER-1/1": 3})
    assert Allocation.objects.get().open_quantity == 2
    assert clean() == {}


def test_an_expired_hold_is_given_back_and_cannot_become_an_order(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 2, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 2)], market_code="de", minutes=15)
    assert actions.expire_holds() == 0
    Reservation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert actions.expire_holds() == 1
    with pytest.raises(HoldExpired):
        actions.convert_hold(owner=owner, order_ref="MER-1")
    item.refresh_from_db()
    assert (item.available, item.allocated) == (2, 0)


def test_a_delivery_is_received_once(leipzig: Warehouse) -> None:
    variant = a_variant()
    for _ in range(2):
        item = actions.receive_stock(
            warehouse_code="LEJ", variant_id=variant.pk, quantity=7, op_key="delivery 12, line 1"
        )
    item.refresh_from_db()
    assert item.on_hand == 7


def test_a_count_needs_a_reason_and_books_the_difference(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 5, warehouse=leipzig)
    with pytest.raises(ReasonMissing):
        actions.correct_stock(stock_item_id=item.pk, counted=4, reason=" ", op_key="count 1")
    item = actions.correct_stock(stock_item_id=item.pk, counted=4, reason="one broken", op_key="count 1")
    assert item.on_hand == 4
    movement = StockMovement.objects.get(kind="adjust")
    assert (movement.quantity, movement.d_on_hand, movement.reason) == (1, -1, "one broken")


def test_a_count_below_what_is_promised_is_refused(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 5, warehouse=leipzig)
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 4)], market_code="de")
    with pytest.raises(CountTooLow):
        actions.correct_stock(stock_item_id=item.pk, counted=3, reason="lost", op_key="count 1")
    item.refresh_from_db()
    assert item.on_hand == 5


def test_the_database_refuses_to_oversell_whatever_the_code_does(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 1, warehouse=leipzig)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(pk=item.pk).update(reserved=2)


def test_alerts_open_change_and_close_with_the_stock(leipzig: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr("inventory.actions.alerts.publish", told.append)
    item = stocked(a_variant(), 6, warehouse=leipzig)
    StockItem.objects.filter(pk=item.pk).update(reorder_point=5)
    actions.review_alerts(variant_ids=[item.variant_id])
    assert not StockAlert.objects.exists()
    owner = uuid.uuid4()
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 1)], market_code="de")
    for _ in range(2):
        actions.review_alerts(variant_ids=[item.variant_id])
    assert StockAlert.objects.get(closed=None).level == "low"
    actions.hold_stock(owner=owner, demands=[want("1", item.variant_id, 6)], market_code="de")
    actions.review_alerts(variant_ids=[item.variant_id])
    assert StockAlert.objects.get(closed=None).level == "out"
    actions.release_hold(owner=owner)
    actions.review_alerts(variant_ids=[item.variant_id])
    assert not StockAlert.objects.filter(closed=None).exists()
    assert [type(event).__name__ for event in told] == ["StockRanLow", "StockRanOut", "StockCameBack"]
    assert isinstance(told[1], StockRanOut)


def test_planted_faults_are_found_and_repaired(leipzig: Warehouse) -> None:
    item = stocked(a_variant(), 5, warehouse=leipzig)
    StockItem.objects.filter(pk=item.pk).update(on_hand=6)
    with behind_the_databases_back():
        Reservation.objects.create(
            owner=uuid.uuid4(),
            line_ref="1",
            stock_item=item,
            quantity=1,
            expires_at=timezone.now() - timedelta(hours=1),
        )
    assert clean() == {"S02": 1, "S03": 1, "S04": 1}
    with pytest.raises(CommandError):
        call_command("stock_audit")
    call_command("stock_audit", fix=True)
    item.refresh_from_db()
    assert item.on_hand == 5
