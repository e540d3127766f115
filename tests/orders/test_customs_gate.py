"""Parcels over a customs border: without the facts of a declaration they wait, in sight."""

import pytest
from django.utils import timezone

from catalog.models import Variant
from markets.events import TaxIdDecided
from orders.actions import ship_fulfillment
from orders.actions.holds import resolve_hold
from orders.customs_gate import CustomsFactsMissing, lacking_for_customs, notice_customs_facts
from orders.errors import OrderOnHold
from orders.models import Fulfillment, Order, OrderHold, OrderLine, OrderLinePart, ParcelState
from orders.reactions import note_tax_id_decided
from tests.factories.cart import item_in, open_shop
from tests.factories.kinds import set_in
from tests.factories.orders import paid_order, parcel_of

pytestmark = pytest.mark.django_db
READY = {"hs_code": "691200", "origin_country": "JP", "customs_description": "Ceramic coffee cup", "weight_g": 300}


def from_abroad(**facts: object) -> tuple[Order, Fulfillment]:
    """A paid order whose parcel starts outside the customs union."""
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    parcel = parcel_of(order)
    Fulfillment.objects.filter(pk=parcel.pk).update(ships_from="CN")
    Variant.objects.update(**{**READY, **facts})
    OrderLine.objects.update(hs_code="", origin="")
    parcel.refresh_from_db()
    return order, parcel


def open_holds(order: Order) -> list[OrderHold]:
    return list(order.holds.filter(resolved_at__isnull=True))


def test_a_parcel_without_a_goods_code_is_refused_with_a_list_and_opens_one_work_item() -> None:
    order, parcel = from_abroad(hs_code=None, customs_description="gift")
    with pytest.raises(CustomsFactsMissing) as refusal:
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    (line,) = refusal.value.lacking
    assert line.missing == ("hs_code", "description")
    assert "goods code, customs description in Latin letters" in str(refusal.value)
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.PLANNED
    (hold,) = open_holds(order)
    assert (hold.kind, hold.facts["goods"]) == ("customs", line.sku)
    assert hold.reason == str(refusal.value)
    with pytest.raises(CustomsFactsMissing):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    assert len(open_holds(order)) == 1


def test_when_the_facts_are_there_the_work_item_closes_by_itself_and_the_parcel_leaves() -> None:
    order, parcel = from_abroad(hs_code=None)
    with pytest.raises(CustomsFactsMissing):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    Variant.objects.update(**READY)
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    parcel.refresh_from_db()
    assert parcel.state == ParcelState.HANDED_OVER
    assert open_holds(order) == []


def test_closing_the_work_item_by_hand_does_not_let_the_parcel_go() -> None:
    order, parcel = from_abroad(origin_country=None)
    with pytest.raises(CustomsFactsMissing):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    resolve_hold(hold_id=open_holds(order)[0].pk, resolution="send it anyway")
    with pytest.raises(CustomsFactsMissing):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    assert len(open_holds(order)) == 1


def test_a_parcel_inside_the_country_needs_no_customs_facts() -> None:
    order, parcel = from_abroad(hs_code=None, origin_country=None, customs_description="")
    Fulfillment.objects.filter(pk=parcel.pk).update(ships_from=order.country)
    ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")
    assert open_holds(order) == []


def test_other_holds_still_stop_a_parcel_that_has_all_facts() -> None:
    order, parcel = from_abroad()
    assert lacking_for_customs(parcel, order) == ()
    OrderHold.objects.create(order=order, kind="fraud", key="fraud:1", reason="odd")
    with pytest.raises(OrderOnHold):
        ship_fulfillment(fulfillment_id=parcel.pk, carrier="DHL")


def test_a_parcel_is_noticed_before_anybody_packs_it() -> None:
    order, _parcel = from_abroad(weight_g=0)
    OrderLine.objects.update(weight_g=0)
    assert notice_customs_facts(number=order.number) == 1
    assert notice_customs_facts(number=order.number) == 1
    assert [hold.kind for hold in open_holds(order)] == ["customs"]


def test_a_late_answer_about_a_tax_number_is_written_down_once() -> None:
    market = open_shop()
    order = paid_order(market, (item_in(market), 1))
    event = TaxIdDecided(tax_id=7, reference=order.number, status="valid")
    note_tax_id_decided(event)
    note_tax_id_decided(event)
    assert order.events.filter(kind="tax_id.decided").count() == 1
    assert order.placed_at <= timezone.now()
    note_tax_id_decided(TaxIdDecided(tax_id=8, reference="nobody", status="valid"))


def test_a_set_without_a_goods_code_is_declared_by_its_components() -> None:
    market = open_shop()
    cup, lid = item_in(market, code="cup"), item_in(market, code="lid")
    order = paid_order(market, (set_in(market, (cup, 1, 1), (lid, 1, 1)), 1))
    parcel = parcel_of(order)
    Fulfillment.objects.filter(pk=parcel.pk).update(ships_from="CN")
    parcel.refresh_from_db()
    Variant.objects.update(**READY)
    OrderLine.objects.update(hs_code="", origin="")
    Variant.objects.exclude(pk=cup.pk).update(hs_code=None)
    OrderLinePart.objects.filter(sku=lid.sku).update(hs_code="")

    (lacks,) = lacking_for_customs(parcel, order)
    assert (lacks.sku, lacks.missing) == (lid.sku, ("hs_code",))
    Variant.objects.filter(pk=lid.pk).update(hs_code="691200")
    assert lacking_for_customs(parcel, order) == ()
