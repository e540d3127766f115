"""Box, label and papers on one screen: labels are bought once, given back with an opened box, printed together."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import SettingsWrapper

from orders.actions.packing import finish_packing
from orders.checks import check_floor
from orders.models import Fulfillment, Handover, ParcelPacking, ParcelState
from tests.admin.people import owner
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import BOX, a_packed_box, a_wave, scan_all
from tests.factories.orders import paid_order, parcel_of
from tests.orders.floor.desk import CarrierOutside
from tests.orders.floor.test_floor_screens import key_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def carrier(settings: SettingsWrapper) -> Iterator[None]:
    settings.PARCEL_LABELS = "tests.orders.floor.desk.CarrierOutside"
    settings.PACKING_CARTONS = "tests.orders.floor.desk.two_cartons"
    CarrierOutside.forget()
    yield
    CarrierOutside.forget()


def packed() -> tuple[Fulfillment, Client]:
    market = open_shop()
    return a_packed_box(paid_order(market, (item_in(market), 1))), owner()


def buy(desk: Client, parcel: Fulfillment, offer: str = "post|economy") -> None:
    key = key_of(desk.get(url("floor_parcel", parcel.pk)))
    desk.post(url("floor_buy", parcel.pk), {"key": key, "offer": offer})


def test_a_label_is_bought_from_the_screen_and_its_number_is_the_parcels() -> None:
    parcel, desk = packed()
    page = desk.get(url("floor_parcel", parcel.pk))
    assert [offer.key for offer in page.context["page"].offers] == ["post|economy", "post|express"]

    buy(desk, parcel)

    packing = ParcelPacking.objects.get()
    assert (packing.carrier, packing.tracking_no) == ("Post", f"LABEL-{parcel.pk}")
    assert packing.labeled_at is not None
    assert desk.post(url("floor_label", parcel.pk)).content == f"%PDF LABEL-{parcel.pk}".encode()


def test_the_same_box_is_asked_for_under_the_same_key_and_an_opened_one_under_another() -> None:
    parcel, desk = packed()
    buy(desk, parcel)
    buy(desk, parcel)
    assert len(CarrierOutside.keys) == 1

    desk.post(url("floor_open", parcel.pk), {"key": key_of(desk.get(url("floor_parcel", parcel.pk)))})
    assert CarrierOutside.sold == {}
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.PICKING
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    buy(desk, parcel)
    assert len(CarrierOutside.keys) == 2


def test_a_carrier_that_is_silent_leaves_the_number_to_be_typed() -> None:
    parcel, desk = packed()
    CarrierOutside.is_silent = True

    page = desk.get(url("floor_parcel", parcel.pk))

    assert page.status_code == 200
    assert page.context["page"].offers == ()
    desk.post(url("floor_way", parcel.pk), {"key": key_of(page), "carrier": "DHL", "tracking_no": "JD0001"})
    assert ParcelPacking.objects.get().tracking_no == "JD0001"


def test_the_carton_brings_its_sides_and_is_proposed() -> None:
    market, desk = open_shop(), owner()
    parcel = parcel_of(paid_order(market, (item_in(market), 1)))
    scan_all(parcel)
    page = desk.get(url("floor_parcel", parcel.pk))
    assert page.context["box_form"].initial["carton"] == "S"

    desk.post(url("floor_close", parcel.pk), {"key": key_of(page), "weight_g": "800", "carton": "L"})

    packing = ParcelPacking.objects.get()
    assert (packing.carton, packing.dimensions_mm) == ("L", [400, 300, 200])


def test_labels_of_a_wave_are_printed_in_the_order_of_its_totes() -> None:
    market, desk = open_shop(), owner()
    item = item_in(market, stock=20)
    orders = [paid_order(market, (item, 1)) for _ in range(3)]
    wave = a_wave(*orders)
    for order in orders:
        buy(desk, a_packed_box(order))

    printed = desk.post(url("floor_wave_labels", wave.number, "pdf")).content

    assert printed == b"%PDF " + b" ".join(f"LABEL-{parcel_of(order).pk}".encode() for order in orders)
    assert desk.post(url("floor_wave_labels", wave.number, "exe")).status_code == 404


def test_what_was_handed_over_is_announced_once_and_again_when_nobody_answered() -> None:
    parcel, desk = packed()
    buy(desk, parcel)
    CarrierOutside.is_silent = True
    desk.post(url("floor_handovers", "LEJ"), {"carrier": "Post", "parcel": [parcel.pk]})
    handover = Handover.objects.get()
    assert (handover.carrier_number, handover.parcels.get().state) == ("", "left")

    CarrierOutside.is_silent = False
    for _again in range(2):
        desk.post(url("floor_handover", handover.number))

    handover.refresh_from_db()
    assert handover.carrier_number == "POST-1"
    assert CarrierOutside.told == [[parcel.pk]]


def test_a_path_that_leads_nowhere_stops_the_shop_from_starting(settings: SettingsWrapper) -> None:
    assert check_floor(None) == []

    settings.PARCEL_LABELS = "orders.floor.nowhere.Desk"

    assert [found.id for found in check_floor(None)] == ["orders.E001"]
