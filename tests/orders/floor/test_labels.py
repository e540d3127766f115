"""Box, label and papers on one screen: labels are bought once, given back with an opened box, and told together."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from inventory.models import Box, LabelRecord, LabelState, Warehouse
from orders.actions.packing import finish_packing
from orders.models import Fulfillment, Handover, ParcelPacking, ParcelState
from tests.admin.people import operator, owner
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import BOX, a_packed_box, a_wave, scan_all
from tests.factories.orders import paid_order, parcel_of
from tests.inventory.carriers.worlds import an_account
from tests.orders.floor.test_floor_screens import key_of, url

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "Shop", "street": "Street 1", "postal_code": "04109", "city": "Leipzig"}


@pytest.fixture(autouse=True)
def carrier(settings: Any, tmp_path: Path) -> None:
    settings.SANDBOX_CARRIER = True
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    an_account("sandbox", name="Sandbox Post", label_format="zpl")


def packed(count: int = 1) -> list[Fulfillment]:
    """Closed boxes, each of an order of its own."""
    market = open_shop()
    item = item_in(market, stock=20, variant={"weight_g": 500})
    boxes = [a_packed_box(paid_order(market, (item, 1))) for _ in range(count)]
    Warehouse.objects.update(address=ADDRESS)
    return boxes


def deed(desk: Client, parcel: Fulfillment, name: str, **more: str) -> int:
    """Press a button of the parcel's page."""
    key = key_of(desk.get(url("floor_parcel", parcel.pk)))
    return desk.post(url(name, parcel.pk), {"key": key, **more}).status_code


def buy(desk: Client, parcel: Fulfillment, service: str = "standard") -> int:
    return deed(desk, parcel, "floor_buy", offer=f"sandbox|{service}")


def test_a_label_is_bought_from_the_screen_and_its_number_is_the_boxes() -> None:
    [parcel] = packed()
    desk = owner()
    page = desk.get(url("floor_parcel", parcel.pk))
    assert [one.service for one in page.context["page"].offers.offers] == ["standard", "express"]

    buy(desk, parcel)
    buy(desk, parcel)

    record, packing = LabelRecord.objects.get(), ParcelPacking.objects.get()
    assert (packing.carrier, packing.tracking_no) == ("Sandbox Post", record.tracking_no)
    assert (record.weight_g, packing.labeled_at is not None) == (BOX.weight_g, True)
    printed = desk.post(url("floor_label", parcel.pk))
    assert printed.content.startswith(b"^XA")
    assert "attachment" in printed["Content-Disposition"]


def test_whoever_may_not_use_the_accounts_is_offered_nothing_and_buys_nothing() -> None:
    [parcel] = packed()
    packer = operator("orders.pack_parcel")

    assert packer.get(url("floor_parcel", parcel.pk)).context["page"].offers.offers == ()
    assert buy(packer, parcel) == 403
    assert not LabelRecord.objects.exists()


def test_an_opened_box_gives_its_label_back_and_a_closed_one_buys_another() -> None:
    [parcel] = packed()
    desk = owner()
    buy(desk, parcel)

    deed(desk, parcel, "floor_open")

    parcel.refresh_from_db()
    assert (parcel.state, LabelRecord.objects.get().state) == (ParcelState.PICKING, LabelState.CANCELED)
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    buy(desk, parcel)
    assert LabelRecord.objects.filter(state=LabelState.BOUGHT).count() == 1


def test_a_label_given_back_elsewhere_leaves_its_box_without_a_number() -> None:
    [parcel] = packed()
    desk = owner()
    buy(desk, parcel)

    desk.post(url("workspace_label_back", parcel.order.number, parcel.pk), {"key": "k1", "reason": "Wrong service"})

    packing = ParcelPacking.objects.get()
    assert (packing.tracking_no, packing.labeled_at) == ("", None)
    buy(desk, parcel)
    packing.refresh_from_db()
    assert packing.tracking_no == LabelRecord.objects.get(state=LabelState.BOUGHT).tracking_no


def test_a_label_bought_on_the_orders_page_is_used_for_the_box() -> None:
    [parcel] = packed()
    desk = owner()
    form = {"key": "k1", "account": "sandbox", "service": "express", "weight_g": "900", "length_mm": "0",
            "width_mm": "0", "height_mm": "0"}  # fmt: skip
    desk.post(url("workspace_label_buy", parcel.order.number, parcel.pk), form)
    record = LabelRecord.objects.get()
    assert desk.get(url("floor_parcel", parcel.pk)).context["page"].standing == record.tracking_no

    deed(desk, parcel, "floor_use_label")

    assert ParcelPacking.objects.get().tracking_no == record.tracking_no


def test_a_carrier_that_is_silent_leaves_the_number_to_be_typed(settings: Any) -> None:
    [parcel] = packed()
    desk = owner()
    settings.SANDBOX_CARRIER = False

    page = desk.get(url("floor_parcel", parcel.pk))

    assert page.context["page"].offers.offers == ()
    assert page.context["page"].offers.silent == ("Sandbox Post",)
    desk.post(url("floor_way", parcel.pk), {"key": key_of(page), "carrier": "DHL", "tracking_no": "JD0001"})
    assert ParcelPacking.objects.get().tracking_no == "JD0001"


def test_the_carton_brings_its_sides_and_the_smallest_that_takes_everything_is_proposed() -> None:
    market, desk = open_shop(), owner()
    for code, side in (("S", 200), ("L", 400)):
        Box.objects.create(
            code=code, name=code, length_mm=side, width_mm=side, height_mm=side, tare_g=80, max_weight_g=20_000
        )
    parcel = parcel_of(paid_order(market, (item_in(market, variant={"weight_g": 500}), 1)))
    scan_all(parcel)
    page = desk.get(url("floor_parcel", parcel.pk))
    assert page.context["box_form"].initial == {"carton": "S", "weight_g": 580}

    desk.post(url("floor_close", parcel.pk), {"key": key_of(page), "weight_g": "800", "carton": "L"})

    packing = ParcelPacking.objects.get()
    assert (packing.carton, packing.dimensions_mm) == ("L", [400, 400, 400])


def test_labels_of_a_wave_are_printed_in_the_order_of_its_totes() -> None:
    market, desk = open_shop(), owner()
    item = item_in(market, stock=20, variant={"weight_g": 500})
    Warehouse.objects.update(address=ADDRESS)
    orders = [paid_order(market, (item, 1)) for _ in range(3)]
    wave = a_wave(*reversed(orders))
    for order in orders:
        buy(desk, a_packed_box(order))

    printed = desk.post(url("floor_wave_labels", wave.number, "zpl")).content.decode()

    numbers = [ParcelPacking.objects.get(fulfillment__order=order).tracking_no for order in reversed(orders)]
    assert sorted(numbers, key=printed.index) == numbers
    assert desk.post(url("floor_wave_labels", wave.number, "exe")).status_code == 404


def test_labels_on_paper_are_one_file() -> None:
    market, desk = open_shop(), owner()
    an_account("sandbox", code="paper")
    item = item_in(market, stock=20, variant={"weight_g": 500})
    Warehouse.objects.update(address=ADDRESS)
    orders = [paid_order(market, (item, 1)) for _ in range(2)]
    wave = a_wave(*orders)
    for order in orders:
        deed(desk, a_packed_box(order), "floor_buy", offer="paper|standard")

    printed = desk.post(url("floor_wave_labels", wave.number, "pdf")).content

    assert len(PdfReader(io.BytesIO(printed)).pages) == 2


def test_the_carrier_is_told_of_what_left_with_the_list_and_again_when_it_did_not_answer(settings: Any) -> None:
    first, second = packed(2)
    desk = owner()
    buy(desk, first)
    buy(desk, second)
    settings.SANDBOX_CARRIER = False
    desk.post(url("floor_handovers", "LEJ"), {"carrier": "Sandbox Post", "parcel": [first.pk]})
    handover = Handover.objects.get()
    assert (handover.carrier_number, handover.parcels.get().state) == ("", "left")
    assert desk.get(url("floor_handover", handover.number)).context["may_announce"]

    settings.SANDBOX_CARRIER = True
    for _again in range(2):
        desk.post(url("floor_handover", handover.number))

    handover.refresh_from_db()
    told = dict(LabelRecord.objects.values_list("parcel_ref", "manifest_ref"))
    assert told == {str(first.pk): handover.carrier_number, str(second.pk): ""}
    assert handover.carrier_number


def test_closing_the_day_tells_of_what_has_left_and_leads_to_the_floor_for_what_waits() -> None:
    first, second = packed(2)
    desk = owner()
    buy(desk, first)
    buy(desk, second)
    deed(desk, first, "floor_leave")
    page = desk.get(url("workspace_labels"))
    assert url("floor_handovers", "LEJ") in page.content.decode()

    desk.post(url("workspace_labels"), {"close": "LEJ|sandbox"})

    told = dict(LabelRecord.objects.values_list("parcel_ref", "manifest_ref"))
    assert told[str(first.pk)]
    assert not told[str(second.pk)]
