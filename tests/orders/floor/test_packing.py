"""The packing table: a box is closed when exactly what was ordered is in it, and leaves as it was closed."""

import pytest

from catalog.models import Variant
from core.models import AuditEntry
from orders.actions import RefundAsked, open_hold, refund_as_shown, ship_fulfillment
from orders.actions.packing import (
    BoxFacts,
    Way,
    finish_packing,
    name_way,
    reopen_packing,
    scan_piece,
    take_scan_back,
)
from orders.customs_gate import CustomsFactsMissing
from orders.errors import OrderOnHold, TrackingNumberTaken
from orders.floor.errors import AllScanned, AlreadyPacked, NotAllScanned, NotOnTheFloor, NotPacked, WrongGoods
from orders.floor.goods import goods_of
from orders.models import Fulfillment, Order, OrderLine, Package, PackCount, ParcelPacking, ParcelState
from orders.types import RefundWish
from orders.workspace.refunds import preview_refund
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import BOX, a_packed_box, a_ready_box, scan_all
from tests.factories.inventory import a_variant
from tests.factories.kinds import set_in
from tests.factories.orders import paid_order, parcel_of
from tests.shared_world import kept
from tests.soundness import broken

pytestmark = pytest.mark.django_db
EAN = "4006381333931"


def is_sound() -> None:
    assert broken("Q02") == []


@kept
def bought(quantity: int = 2) -> tuple[Order, Fulfillment, Variant]:
    market = open_shop()
    item = item_in(market)
    Variant.objects.filter(pk=item.pk).update(gtin=EAN)
    order = paid_order(market, (item, quantity))
    return order, parcel_of(order), item


@pytest.mark.parametrize("spelling", [EAN, f"0{EAN}", f"]E0{EAN}", f"(01)0{EAN}"])
def test_a_piece_is_known_by_its_barcode_however_the_scanner_spells_it(spelling: str) -> None:
    _order, parcel, _item = bought()

    found = scan_piece(fulfillment_id=parcel.pk, typed=spelling)

    assert (found.scanned, found.wanted, found.is_complete) == (1, 2, False)
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.PICKING


def test_wrong_goods_are_named_and_not_counted() -> None:
    _order, parcel, _item = bought()
    other = a_variant()

    with pytest.raises(WrongGoods) as refusal:
        scan_piece(fulfillment_id=parcel.pk, typed=other.sku)
    assert refusal.value.name
    with pytest.raises(WrongGoods) as unknown:
        scan_piece(fulfillment_id=parcel.pk, typed="NOBODY-KNOWS")
    assert unknown.value.name == ""
    assert not PackCount.objects.filter(scanned__gt=0).exists()


@pytest.mark.parametrize("typed", [EAN, f"3*{EAN}"])
def test_one_too_many_is_refused(typed: str) -> None:
    _order, parcel, _item = bought()
    scan_piece(fulfillment_id=parcel.pk, typed=f"2*{EAN}")

    with pytest.raises(AllScanned) as refusal:
        scan_piece(fulfillment_id=parcel.pk, typed=typed)
    assert refusal.value.wanted == 2
    assert PackCount.objects.get().scanned == 2


def test_the_same_thing_in_a_set_and_beside_it_fills_both_places() -> None:
    market = open_shop()
    cup, pot = item_in(market, code="cup"), item_in(market, code="pot")
    order = paid_order(market, (set_in(market, (cup, 2, 1), (pot, 1, 2)), 1), (cup, 1))
    parcel = parcel_of(order)

    for _piece in range(3):
        last = scan_piece(fulfillment_id=parcel.pk, typed=cup.sku)
    assert not last.is_complete
    assert scan_piece(fulfillment_id=parcel.pk, typed=pot.sku).is_complete
    assert sum(one.pieces for one in goods_of(parcel)) == 4


def test_a_box_is_closed_only_with_everything_in_it() -> None:
    order, parcel, _item = bought()
    scan_piece(fulfillment_id=parcel.pk, typed=EAN)

    with pytest.raises(NotAllScanned):
        finish_packing(fulfillment_id=parcel.pk, box=BOX)
    assert not ParcelPacking.objects.exists()

    scan_piece(fulfillment_id=parcel.pk, typed=EAN)
    packing = finish_packing(fulfillment_id=parcel.pk, box=BOX)
    parcel.refresh_from_db()
    assert (parcel.state, packing.weight_g, packing.dimensions_mm) == (ParcelState.PACKED, 900, [300, 200, 150])
    assert order.events.filter(kind="parcel.packed").exists()
    with pytest.raises(AlreadyPacked):
        scan_piece(fulfillment_id=parcel.pk, typed=EAN)
    is_sound()


def test_a_box_that_was_not_scanned_says_why_and_that_is_kept() -> None:
    _order, parcel, _item = bought()

    packing = finish_packing(fulfillment_id=parcel.pk, box=BOX, unchecked_reason="The scanner is broken")

    assert packing.unchecked_reason == "The scanner is broken"
    assert AuditEntry.objects.get(action="floor.finish_packing").reason == "The scanner is broken"
    name_way(fulfillment_id=parcel.pk, way=Way(carrier="DHL"))
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    is_sound()


def test_a_reason_is_not_kept_where_everything_was_scanned() -> None:
    _order, parcel, _item = bought()
    scan_all(parcel)

    assert finish_packing(fulfillment_id=parcel.pk, box=BOX, unchecked_reason="In a hurry").unchecked_reason == ""


def test_a_scan_is_taken_back_and_never_below_nothing() -> None:
    _order, parcel, _item = bought()
    scan_piece(fulfillment_id=parcel.pk, typed=EAN)
    ref = goods_of(parcel)[0].ref

    for _again in range(2):
        take_scan_back(fulfillment_id=parcel.pk, ref=ref)

    assert PackCount.objects.get().scanned == 0


def test_a_parcel_that_may_not_leave_is_not_packed() -> None:
    order, parcel, _item = bought()
    scan_all(parcel)
    open_hold(number=order.number, reason="Strange address")

    with pytest.raises(OrderOnHold):
        finish_packing(fulfillment_id=parcel.pk, box=BOX)
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.PICKING


def test_a_parcel_over_a_border_is_not_closed_before_customs_facts_are_there() -> None:
    order, parcel, _item = bought()
    Fulfillment.objects.filter(pk=parcel.pk).update(ships_from="CN")
    Variant.objects.update(hs_code=None)
    OrderLine.objects.update(hs_code="", origin="")
    scan_all(parcel)

    with pytest.raises(CustomsFactsMissing):
        finish_packing(fulfillment_id=parcel.pk, box=BOX)
    assert order.holds.filter(kind="customs", resolved_at__isnull=True).exists()
    assert not ParcelPacking.objects.exists()


def test_weight_measures_and_number_travel_with_the_parcel() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    parcel = a_ready_box(order, tracking_no="JD0001")

    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")

    package = Package.objects.get()
    assert (package.tracking_no, package.weight_g, package.dimensions_mm) == ("JD0001", 900, [300, 200, 150])
    with pytest.raises(NotOnTheFloor):
        scan_piece(fulfillment_id=parcel.pk, typed="X")
    is_sound()


def test_a_number_is_given_to_one_box_only() -> None:
    market = open_shop()
    item = item_in(market)
    first, second = paid_order(market, (item, 1)), paid_order(market, (item, 1))
    a_ready_box(first, tracking_no="JD0001")
    parcel = a_packed_box(second)

    with pytest.raises(TrackingNumberTaken):
        name_way(fulfillment_id=parcel.pk, way=Way(carrier="DHL", tracking_no="JD0001"))
    name_way(fulfillment_id=parcel.pk, way=Way(carrier="UPS", tracking_no="JD0001"))


def test_an_open_box_has_no_number() -> None:
    _order, parcel, _item = bought()
    with pytest.raises(NotPacked):
        name_way(fulfillment_id=parcel.pk, way=Way(carrier="DHL"))


def test_a_box_that_is_opened_again_loses_its_number_and_keeps_what_was_scanned() -> None:
    market = open_shop()
    parcel = a_ready_box(paid_order(market, (item_in(market), 1)))

    reopen_packing(fulfillment_id=parcel.pk)

    packing = ParcelPacking.objects.get()
    assert (packing.tracking_no, packing.labeled_at) == ("", None)
    assert PackCount.objects.get().scanned == 1
    finish_packing(fulfillment_id=parcel.pk, box=BoxFacts(weight_g=700))
    assert ParcelPacking.objects.get().weight_g == 700
    is_sound()


def test_a_box_whose_order_was_changed_after_it_was_closed_does_not_leave() -> None:
    order, parcel, _item = bought(quantity=2)
    scan_all(parcel)
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    name_way(fulfillment_id=parcel.pk, way=Way(carrier="DHL", tracking_no="JD0001"))
    wishes = (RefundWish(line_id=order.lines.get().pk, quantity=1),)
    asked = RefundAsked(lines=wishes, shipping=False, reason="Changed their mind", key="one-less")
    shown = preview_refund(order, wishes=wishes, shipping=False).total
    refund_as_shown(number=order.number, asked=asked, shown=shown, warehouse_code="LEJ")

    with pytest.raises(NotAllScanned):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    assert not Package.objects.exists()

    reopen_packing(fulfillment_id=parcel.pk)
    take_scan_back(fulfillment_id=parcel.pk, ref=goods_of(parcel)[0].ref)
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL", tracking_no="JD0001")
    is_sound()
