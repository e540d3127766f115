"""Handing over: what is on the list leaves, what is refused stays, and an interrupted list is gone on with."""

import pytest

from catalog.models import Variant
from inventory.models import StockItem
from markets.types import MarketContext
from orders.actions import open_hold, ship_fulfillment
from orders.actions.handovers import close_handover, open_handover
from orders.actions.packing import Way, name_way, reopen_packing
from orders.actions.papers import issue_paper
from orders.floor.errors import NothingToHandOver
from orders.floor.sheets import handover_pdf, handover_sheet, pick_list_pdf
from orders.floor.work import parcels_to_hand_over
from orders.models import (
    Fulfillment,
    Handover,
    HandoverParcel,
    HandoverState,
    OrderLine,
    Package,
    PaperKind,
    ParcelState,
)
from tests.factories.cart import item_in, open_shop
from tests.factories.floor import a_ready_box, a_wave
from tests.factories.orders import paid_order
from tests.soundness import broken

pytestmark = pytest.mark.django_db
Row = HandoverParcel.State


def is_sound() -> None:
    assert broken("Q02") == []


def boxes(count: int, *, carrier: str = "DHL", market: MarketContext | None = None) -> list[Fulfillment]:
    shop = market or open_shop()
    item = item_in(shop, stock=50)
    return [a_ready_box(paid_order(shop, (item, 1)), carrier=carrier) for _ in range(count)]


def handed_over(parcels: list[Fulfillment], *, carrier: str = "DHL") -> Handover:
    made = open_handover(warehouse_code="LEJ", carrier=carrier, fulfillment_ids=[one.pk for one in parcels])
    return close_handover(number=made.number)


def test_everything_on_the_list_leaves_with_its_number() -> None:
    parcels = boxes(3)

    handover = handed_over(parcels)

    assert (handover.state, handover.number) == (HandoverState.CLOSED, "HO-1")
    assert set(handover.parcels.values_list("state", flat=True)) == {Row.LEFT}
    assert list(handover.parcels.values_list("position", flat=True)) == [1, 2, 3]
    assert set(Fulfillment.objects.values_list("state", flat=True)) == {ParcelState.HANDED_OVER}
    assert set(Package.objects.values_list("tracking_no", flat=True)) == {f"TRACK-{one.pk}" for one in parcels}
    assert StockItem.objects.get().on_hand == 47
    is_sound()


def test_a_parcel_that_may_not_leave_stays_and_says_why_and_the_others_go() -> None:
    first, second = boxes(2)
    open_hold(number=first.order.number, reason="Strange address")

    handover = handed_over([first, second])

    assert handover.state == HandoverState.CLOSED
    stayed = handover.parcels.get(fulfillment=first)
    assert (stayed.state, bool(stayed.refusal)) == (Row.STAYED, True)
    assert handover.parcels.get(fulfillment=second).state == Row.LEFT
    assert list(parcels_to_hand_over("LEJ")) == [first]
    is_sound()


def test_a_parcel_over_a_customs_border_stays_until_a_paper_for_customs_is_made() -> None:
    market = open_shop()
    item = item_in(market)
    order = paid_order(market, (item, 1))
    facts = {"hs_code": "691200", "origin_country": "JP", "customs_description": "Ceramic coffee cup"}
    Variant.objects.filter(pk=item.pk).update(weight_g=300, **facts)
    Fulfillment.objects.filter(order=order).update(ships_from="CN")
    OrderLine.objects.update(weight_g=300)
    parcel = a_ready_box(order)

    assert handed_over([parcel]).parcels.get().state == Row.STAYED

    issue_paper(number=order.number, kind=PaperKind.CN23, parcel=1)
    assert handed_over([parcel]).parcels.get().state == Row.LEFT


def test_a_box_given_to_another_carrier_after_the_list_was_written_is_not_on_it() -> None:
    (parcel,) = boxes(1)
    made = open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[parcel.pk])
    name_way(fulfillment_id=parcel.pk, way=Way(carrier="UPS", tracking_no="1Z"))

    close_handover(number=made.number)

    assert made.parcels.get().state == Row.STAYED
    assert list(parcels_to_hand_over("LEJ")) == [parcel]


def test_a_list_holds_one_carriers_boxes_only_and_each_box_once() -> None:
    market = open_shop()
    mine, other = boxes(1, market=market), boxes(1, carrier="UPS", market=market)
    everything = [*mine, *other]

    made = open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[one.pk for one in everything])

    assert list(made.parcels.values_list("fulfillment", flat=True)) == [mine[0].pk]
    with pytest.raises(NothingToHandOver):
        open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[one.pk for one in everything])
    assert Handover.objects.count() == 1


def test_a_list_that_was_interrupted_is_gone_on_with() -> None:
    first, second = boxes(2)
    made = open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[first.pk, second.pk])
    ship_fulfillment(fulfillment_id=first.pk, carrier="DHL")  # and then the process died

    for _again in range(2):
        close_handover(number=made.number)

    assert set(made.parcels.values_list("state", flat=True)) == {Row.LEFT}
    assert Package.objects.count() == 2
    is_sound()


def test_a_box_that_was_opened_after_the_list_was_written_stays() -> None:
    (parcel,) = boxes(1)
    made = open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[parcel.pk])
    reopen_packing(fulfillment_id=parcel.pk)

    close_handover(number=made.number)

    assert made.parcels.get().state == Row.STAYED
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.PICKING
    is_sound()


def test_nothing_is_handed_over_that_does_not_wait() -> None:
    with pytest.raises(NothingToHandOver):
        open_handover(warehouse_code="LEJ", carrier="DHL", fulfillment_ids=[0])


def test_the_list_names_every_number_and_has_a_line_to_sign_on() -> None:
    handover = handed_over(boxes(2))
    rows = list(handover.parcels.select_related("fulfillment__order"))

    sheet = handover_sheet(handover, rows, country="DE")

    assert [cells[2]["text"] for cells in sheet["rows"]] == [row.tracking_no for row in rows]
    assert sheet["signature"][0]
    assert handover_pdf(handover, country="DE").startswith(b"%PDF")


def test_a_pick_list_can_be_printed() -> None:
    market = open_shop()
    wave = a_wave(paid_order(market, (item_in(market), 2)))

    assert pick_list_pdf(wave, country="US").startswith(b"%PDF")
