"""The floor's screens: who may do what, every step works by plain forms, and one parcel more asks nothing more."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Warehouse
from orders.floor.work import parcels_to_pick
from orders.models import (
    Fulfillment,
    Handover,
    Package,
    ParcelState,
    PickWave,
    ShippingPaper,
    ShortPick,
    ShortState,
    WaveState,
)
from tests.admin.people import operator, owner, shopper
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import a_ready_box, a_wave, on_shelf, scan_all
from tests.factories.orders import paid_order, parcel_of

pytestmark = pytest.mark.django_db
KEY = re.compile(r'name="key" value="([^"]+)"')


def url(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def key_of(answer: HttpResponse) -> str:
    found = KEY.search(answer.content.decode())
    assert found is not None
    return found[1]


SCREENS = [
    ("floor", (), "orders.view_pickwave"),
    ("floor_plan", ("LEJ",), "orders.view_pickwave"),
    ("floor_table", ("LEJ",), "orders.pack_parcel"),
    ("floor_handovers", ("LEJ",), "orders.view_handover"),
    ("floor_shorts", (), "orders.view_shortpick"),
]


@pytest.mark.parametrize(("name", "args", "permission"), SCREENS)
def test_a_screen_is_for_those_with_its_permission(name: str, args: tuple[str, ...], permission: str) -> None:
    open_shop()

    assert Client().get(url(name, *args)).status_code == 302
    assert shopper().get(url(name, *args)).status_code == 302
    assert operator("orders.view_order").get(url(name, *args)).status_code == 403
    assert operator(permission).get(url(name, *args)).status_code == 200


DEEDS = [
    ("floor_wave_start", "orders.pick_wave"),
    ("floor_wave_cancel", "orders.plan_wave"),
    ("floor_pick", "orders.pick_wave"),
    ("floor_pick_scan", "orders.pick_wave"),
]


@pytest.mark.parametrize(("name", "permission"), DEEDS)
def test_a_deed_on_a_wave_is_for_those_with_its_permission(name: str, permission: str) -> None:
    market = open_shop()
    wave = a_wave(paid_order(market, (item_in(market), 1)), begun=False)

    assert operator("orders.view_pickwave").post(url(name, wave.number)).status_code == 403
    wave.refresh_from_db()
    assert wave.state == WaveState.OPEN


def test_from_the_list_to_the_signature_by_plain_forms_alone() -> None:
    market = open_shop()
    item = on_shelf(item_in(market), "A-1")
    order = paid_order(market, (item, 2))
    parcel, desk = parcel_of(order), owner()

    made = desk.post(url("floor_plan", "LEJ"), {"parcel": [parcel.pk]})
    wave = PickWave.objects.get()
    assert made.headers["Location"] == url("floor_wave", wave.number)
    assert b"A-1" in desk.get(made.headers["Location"]).content
    assert desk.post(url("floor_wave_start", wave.number)).headers["Location"] == url("floor_pick", wave.number)
    page = desk.get(url("floor_pick", wave.number))
    stop = page.context["page"].stop
    desk.post(url("floor_pick_scan", wave.number), {"stop": stop.key, "code": item.sku})
    taken = {"stop": stop.key, f"task_{stop.picks[0].task}": "2", "deed": "taken"}
    assert desk.post(url("floor_pick", wave.number), taken).headers["Location"] == url("floor_wave", wave.number)

    found = desk.get(url("floor_table", "LEJ"), {"code": f"{wave.number}/1"})
    assert found.headers["Location"] == url("floor_parcel", parcel.pk)
    for _piece in range(2):
        desk.post(url("floor_scan", parcel.pk), {"code": item.sku})
    page = desk.get(url("floor_parcel", parcel.pk))
    desk.post(url("floor_close", parcel.pk), {"key": key_of(page), "weight_g": "900"})
    page = desk.get(url("floor_parcel", parcel.pk))
    desk.post(url("floor_way", parcel.pk), {"key": key_of(page), "carrier": "DHL", "tracking_no": "JD0001"})
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.PACKED

    left = desk.post(url("floor_handovers", "LEJ"), {"carrier": "DHL", "parcel": [parcel.pk]})
    handover = Handover.objects.get()
    assert left.headers["Location"] == url("floor_handover", handover.number)
    assert b"JD0001" in desk.get(left.headers["Location"]).content
    assert desk.get(url("floor_handover_list", handover.number)).headers["Content-Type"] == "application/pdf"
    assert Package.objects.get().tracking_no == "JD0001"


def test_the_papers_of_a_wave_are_printed_together() -> None:
    market, desk = open_shop(), owner()
    item = item_in(market, stock=20)
    wave = a_wave(*[paid_order(market, (item, 1)) for _ in range(2)])
    page = desk.get(url("floor_wave", wave.number)).context["page"]
    assert [kind for kind, _title in page.papers] == ["packing_slip"]

    printed = desk.post(url("floor_wave_papers", wave.number, "packing_slip"))

    assert printed.headers["Content-Type"] == "application/pdf"
    assert ShippingPaper.objects.count() == 2
    assert desk.post(url("floor_wave_papers", wave.number, "pro_forma")).status_code == 404
    assert desk.post(url("floor_wave_papers", wave.number, "cn23")).status_code == 302
    assert operator("orders.view_pickwave").post(url("floor_wave_papers", wave.number, "cn23")).status_code == 403


def test_a_wrong_scan_is_said_and_the_field_is_ready_for_the_next_one() -> None:
    market = open_shop()
    parcel = parcel_of(paid_order(market, (item_in(market), 1)))
    desk = operator("orders.pack_parcel")

    answer = desk.post(url("floor_scan", parcel.pk), {"code": "NOBODY-KNOWS"}, follow=True)

    page = answer.content.decode()
    assert "NOBODY-KNOWS" in page
    assert "autofocus" in page
    assert "sounds/wrong" in page
    assert "sounds/wrong" not in desk.get(url("floor_parcel", parcel.pk)).content.decode()


def test_closing_a_box_that_is_not_complete_keeps_what_was_typed() -> None:
    market = open_shop()
    parcel = parcel_of(paid_order(market, (item_in(market), 1)))
    desk = operator("orders.pack_parcel")
    key = key_of(desk.get(url("floor_parcel", parcel.pk)))

    answer = desk.post(url("floor_close", parcel.pk), {"key": key, "weight_g": "900", "length_mm": "10"})
    assert answer.status_code == 422
    assert b'value="900"' in answer.content

    answer = desk.post(url("floor_close", parcel.pk), {"key": key, "weight_g": "900", "reason": "Broken scanner"})
    assert answer.status_code == 422
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.PICKING


def test_closing_unchecked_is_for_those_who_may() -> None:
    market = open_shop()
    parcel = parcel_of(paid_order(market, (item_in(market), 1)))
    desk = operator("orders.pack_parcel", "orders.pack_unchecked")
    key = key_of(desk.get(url("floor_parcel", parcel.pk)))

    desk.post(url("floor_close", parcel.pk), {"key": key, "weight_g": "900", "reason": "Broken scanner"})

    parcel.refresh_from_db()
    assert (parcel.state, parcel.packing.unchecked_reason) == (ParcelState.PACKED, "Broken scanner")


def test_what_is_not_there_is_written_down_from_the_phone_and_decided_at_the_desk() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 2))
    wave, desk = a_wave(order), owner()
    stop = desk.get(url("floor_pick", wave.number)).context["page"].stop

    desk.post(
        url("floor_pick", wave.number),
        {"stop": stop.key, f"task_{stop.picks[0].task}": "1", "deed": "missing"},
    )

    short = ShortPick.objects.get()
    assert short.missing == 1
    page = desk.get(url("floor_short", short.pk))
    desk.post(url("floor_short_found", short.pk), {"key": key_of(page)})
    short.refresh_from_db()
    assert short.state == ShortState.FOUND


def test_saying_that_no_more_are_there_needs_how_many_were() -> None:
    market = open_shop()
    wave, desk = a_wave(paid_order(market, (item_in(market), 2))), owner()
    stop = desk.get(url("floor_pick", wave.number)).context["page"].stop

    answer = desk.post(
        url("floor_pick", wave.number), {"stop": stop.key, f"task_{stop.picks[0].task}": "2", "deed": "missing"}
    )

    assert answer.status_code == 422
    wave.refresh_from_db()
    assert wave.state == WaveState.PICKING
    assert not ShortPick.objects.exists()


def test_a_stop_that_is_not_wanted_any_more_leads_to_the_next_one() -> None:
    market = open_shop()
    wave, desk = a_wave(paid_order(market, (item_in(market), 2))), owner()

    for name in ("floor_pick", "floor_pick_scan"):
        answer = desk.post(url(name, wave.number), {"stop": "0", "code": "X"})
        assert answer.headers["Location"] == url("floor_pick", wave.number)


def test_parcels_that_others_pack_are_not_picked_here() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    parcel, desk = parcel_of(order), owner()
    Warehouse.objects.filter(code="LEJ").update(kind=Warehouse.Kind.THIRD_PARTY)

    assert parcel not in parcels_to_pick()
    assert desk.get(url("floor_plan", "LEJ")).status_code == 404
    assert desk.get(url("floor")).context["places"] == ()
    page = desk.get(url("floor_parcel", parcel.pk)).context["page"]
    desk.post(url("floor_scan", parcel.pk), {"code": order.lines.get().sku})

    assert page.held
    parcel.refresh_from_db()
    assert (parcel.state, parcel.pack_counts.count()) == (ParcelState.PLANNED, 0)


def test_booking_off_stock_asks_for_the_permission_to_correct_stock() -> None:
    market = open_shop()
    wave = a_wave(paid_order(market, (item_in(market), 2)))
    stop = owner().get(url("floor_pick", wave.number)).context["page"].stop
    owner().post(
        url("floor_pick", wave.number), {"stop": stop.key, f"task_{stop.picks[0].task}": "1", "deed": "missing"}
    )
    short = ShortPick.objects.get()
    desk = operator("orders.view_shortpick", "orders.resolve_shortpick")
    key = key_of(desk.get(url("floor_short", short.pk)))

    answer = desk.post(url("floor_short_give_up", short.pk), {"key": key, "books_off": "on"})

    assert answer.status_code == 403
    short.refresh_from_db()
    assert short.state == ShortState.OPEN


def test_a_label_is_offered_by_nobody_where_none_is_set_up() -> None:
    market = open_shop()
    parcel = a_ready_box(paid_order(market, (item_in(market), 1)))

    assert operator("orders.pack_parcel").post(url("floor_label", parcel.pk)).status_code == 404


@pytest.mark.parametrize("name", ["floor_plan", "floor_handovers"])
def test_more_parcels_ask_as_many_questions_as_one(name: str) -> None:
    market, desk = open_shop(), owner()
    item = item_in(market, stock=50)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert desk.get(url(name, "LEJ")).status_code == 200
        return len(seen)

    def more(count: int) -> None:
        for _ in range(count):
            order = paid_order(market, (item, 1))
            if name == "floor_handovers":
                a_ready_box(order)

    more(1)
    asked()
    one = asked()
    more(3)
    assert asked() == one


def test_more_goods_in_a_box_ask_as_many_questions_as_one() -> None:
    market, desk = open_shop(), owner()
    small = parcel_of(paid_order(market, (item_in(market), 1)))
    large = parcel_of(paid_order(market, *[(item_in(market), 1) for _ in range(4)]))

    def asked(parcel: Fulfillment) -> int:
        scan_all(parcel)
        desk.get(url("floor_parcel", parcel.pk))
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(url("floor_parcel", parcel.pk)).status_code == 200
        return len(seen)

    assert asked(small) == asked(large)
