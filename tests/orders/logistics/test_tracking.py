"""Reports of carriers: kept once, folded, told, and made into work that ends by itself when the parcel moves on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core.models import Message
from core.outbox import drain
from inventory.actions.asking import ask_due
from inventory.actions.carrier_inbox import process_inbox
from inventory.actions.labels import standing_label
from inventory.actions.teaching import teach_code
from inventory.models import CarrierMessage, TrackedParcel, UnknownCode, Warehouse
from inventory.sourcing.network import forget_networks
from orders.actions import ship_fulfillment
from orders.actions.parcel_exceptions import note_claim, plan_exception, resolve_exception
from orders.actions.parcel_labels import Box, buy_parcel_label, ship_with_label
from orders.actions.tracking import record_reports
from orders.actions.watching import usual_of, watch_parcels
from orders.errors import ReasonMissing
from orders.logistics.errors import ExceptionClosed
from orders.models import ExceptionKind, Lifecycle, Order, Package, ParcelException, ParcelState, TrackingEvent
from tests.factories.cart import item_in, open_shop
from tests.factories.lanes import a_lane, method_of
from tests.factories.orders import paid_order, parcel_of
from tests.inventory.carriers.worlds import an_account
from tests.orders.logistics import worlds
from tests.orders.logistics.worlds import said, tell
from tests.payments.credit_world import broken
from tests.shared_world import kept

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)


@kept
def shipped(tracking_no: str = "T-1") -> tuple[Order, Package]:
    """As every test here finds it."""
    return worlds.shipped(tracking_no)


def kinds() -> list[str]:
    return sorted(ParcelException.objects.filter(resolved_at=None).values_list("kind", flat=True))


def test_a_parcel_follows_its_events_to_the_end() -> None:
    order, package = shipped()
    tell(package, "picked_up", "export_departed", "customs_in_progress", since=BEGAN)
    package.fulfillment.refresh_from_db()
    assert (package.status, package.fulfillment.state) == ("customs_in_progress", ParcelState.CUSTOMS)
    tell(package, "customs_released", "out_for_delivery", "delivered", since=BEGAN + timedelta(days=2))
    order.refresh_from_db()
    package.fulfillment.refresh_from_db()
    assert package.fulfillment.state == ParcelState.DELIVERED
    assert package.fulfillment.delivered_at == BEGAN + timedelta(days=2, hours=12)
    assert order.lifecycle == Lifecycle.COMPLETED
    assert kinds() == []
    assert not broken("O40", "O42")


def test_told_twice_is_kept_once_and_is_no_news() -> None:
    _order, package = shipped()
    events = [said("picked_up", BEGAN), said("in_transit", BEGAN + timedelta(hours=1))]
    assert record_reports(package_id=package.pk, events=events) is True
    assert record_reports(package_id=package.pk, events=events) is False
    assert TrackingEvent.objects.count() == 2


def test_what_is_told_late_does_not_bring_the_parcel_back() -> None:
    order, package = shipped()
    tell(package, "delivered", since=BEGAN + timedelta(days=3))
    tell(package, "picked_up", "customs_action_required", since=BEGAN)
    order.refresh_from_db()
    assert (package.status, order.lifecycle) == ("delivered", Lifecycle.COMPLETED)
    assert kinds() == []


@pytest.mark.parametrize(
    ("code", "kind", "ends"),
    [
        ("customs_action_required", ExceptionKind.CUSTOMS_ASKS, "customs_released"),
        ("delivery_failed", ExceptionKind.FAILED, "out_for_delivery"),
        ("lost", ExceptionKind.LOST, "delivered"),
        ("expired", ExceptionKind.SILENCE, "in_transit"),
        ("refused", ExceptionKind.RETURNING, "delivered"),
    ],
)
def test_trouble_is_work_until_the_parcel_moves_on(code: str, kind: str, ends: str) -> None:
    _order, package = shipped()
    tell(package, "picked_up", code, since=BEGAN)
    assert kinds() == [kind]
    tell(package, ends, since=BEGAN + timedelta(days=2))
    assert kinds() == []
    assert ParcelException.objects.get().resolution


def test_damage_stays_until_somebody_has_dealt_with_it() -> None:
    _order, package = shipped()
    tell(package, "damaged", "delivered", since=BEGAN)
    row = ParcelException.objects.get()
    assert row.is_open
    with pytest.raises(ReasonMissing):
        resolve_exception(exception_id=row.pk, resolution=" ")
    note_claim(exception_id=row.pk, state="filed", reference="C-1")
    resolve_exception(exception_id=row.pk, resolution="Sent again")
    with pytest.raises(ExceptionClosed):
        plan_exception(exception_id=row.pk, owner_id=None, due_at=None)


def test_the_same_trouble_again_is_the_same_work() -> None:
    _order, package = shipped()
    tell(package, "delivery_failed", since=BEGAN)
    tell(package, "delivery_failed", since=BEGAN + timedelta(hours=3))
    assert ParcelException.objects.count() == 1


def test_a_day_later_than_promised_is_told_once() -> None:
    order, package = shipped()
    drain(limit=200)
    promised = package.fulfillment.eta_to
    assert promised is not None
    later = promised + timedelta(days=3)
    for _ in range(2):
        record_reports(package_id=package.pk, events=[], eta=later)
    drain(limit=200)
    package.refresh_from_db()
    assert (package.eta, package.told_eta) == (later, later)
    assert Message.objects.filter(reference=order.number, kind="parcel_eta").count() == 1


def test_the_promised_day_is_no_news() -> None:
    _order, package = shipped()
    record_reports(package_id=package.pk, events=[], eta=package.fulfillment.eta_to)
    package.refresh_from_db()
    assert (package.eta, package.told_eta) == (package.fulfillment.eta_to, None)


def test_silence_is_found_by_the_clock_and_ended_by_a_word() -> None:
    _order, package = shipped()
    now = timezone.now()
    assert watch_parcels(now=now) == 0
    assert watch_parcels(now=now + timedelta(days=12)) == 1
    assert watch_parcels(now=now + timedelta(days=12)) == 0
    assert kinds() == [ExceptionKind.SILENCE]
    tell(package, "in_transit", since=now)
    assert kinds() == []


def test_a_lane_says_how_long_a_way_takes() -> None:
    market = open_shop()
    lane = a_lane(Warehouse.objects.get(), method_of(market), lead_p90=3, customs_days=2)
    order = paid_order(market, (item_in(market), 1))
    parcel = ship_fulfillment(fulfillment_id=parcel_of(order).pk, carrier="DHL", tracking_no="T-2")
    assert usual_of(parcel) == 5
    lane.delete()
    forget_networks()
    assert usual_of(parcel) != 5


def test_any_word_ends_silence_even_one_that_is_told_late() -> None:
    _order, package = shipped()
    now = timezone.now()
    tell(package, "in_transit", since=now)
    assert watch_parcels(now=now + timedelta(days=20)) == 1
    tell(package, "picked_up", since=now - timedelta(hours=3))
    assert kinds() == []


def test_a_long_stay_in_customs_is_found() -> None:
    _order, package = shipped()
    tell(package, "customs_in_progress", since=BEGAN)
    assert watch_parcels(now=BEGAN + timedelta(days=2)) == 0
    assert watch_parcels(now=BEGAN + timedelta(days=6)) == 1
    assert kinds() == [ExceptionKind.CUSTOMS_SLOW]


def test_an_unknown_code_is_work_and_taught_it_moves_the_parcel(django_capture_on_commit_callbacks) -> None:
    _order, package = shipped("SOMETHING1")
    account = an_account("relay", name="DHL")
    drain(limit=200)
    assert TrackedParcel.objects.get(tracking_no="SOMETHING1").account == account
    event = {"code": "QZ1", "eventDateTime": "2026-11-20T10:00:00Z"}
    payload = {"provider": "gls", "answer": {"parcels": [{"unitno": "SOMETHING1", "events": [event]}]}}
    CarrierMessage.objects.create(account=account, event_id="1", kind="gls", payload=payload)
    process_inbox()
    unknown = UnknownCode.objects.get()
    assert (unknown.provider, unknown.carrier_code) == ("gls", "QZ1")
    package.refresh_from_db()
    assert package.status == "label_created"
    with django_capture_on_commit_callbacks(execute=True):
        teach_code(code_id=unknown.pk, canonical="in_transit")
    process_inbox()
    package.refresh_from_db()
    assert package.status == "in_transit"
    assert UnknownCode.objects.get().settled_at is not None


def test_a_parcel_of_the_sandbox_travels_from_label_to_door(settings, time_machine) -> None:
    settings.SANDBOX_CARRIER, settings.SANDBOX_CARRIER_STEP_SECONDS = True, 3600
    time_machine.move_to("2026-11-02T08:00:00Z", tick=False)
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    parcel = parcel_of(order)
    _give_address(parcel.warehouse_code)
    an_account("sandbox", name="Sandbox")
    buy_parcel_label(fulfillment_id=parcel.pk, account="sandbox", service="standard", box=Box(weight_g=900), key="k1")
    ship_with_label(fulfillment_id=parcel.pk)
    drain(limit=200)
    label = standing_label(str(parcel.pk))
    assert label is not None
    assert TrackedParcel.objects.filter(tracking_no=label.tracking_no).count() == 1
    time_machine.move_to("2026-11-02T12:30:00Z", tick=False)
    assert ask_due() == 1
    process_inbox()
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.IN_TRANSIT
    time_machine.move_to("2026-11-05T08:00:00Z", tick=False)
    TrackedParcel.objects.update(next_poll_at=BEGAN)  # the database has a clock of its own
    assert ask_due() == 1
    process_inbox()
    parcel.refresh_from_db()
    order.refresh_from_db()
    assert (parcel.state, order.lifecycle) == (ParcelState.DELIVERED, Lifecycle.COMPLETED)
    drain(limit=200)
    assert ask_due() == 0


def _give_address(code: str) -> None:
    Warehouse.objects.filter(code=code).update(
        address={"name": "Shop", "street": "Street 1", "postal_code": "04103", "city": "Leipzig"}
    )
