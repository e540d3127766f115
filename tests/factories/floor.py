"""Worlds of the warehouse floor: paid orders whose goods lie on shelves, waves, closed boxes."""

from catalog.models import Variant
from inventory.models import StockItem
from orders.actions.packing import BoxFacts, Way, finish_packing, name_way, scan_piece
from orders.actions.waves import make_wave, start_wave, take_pieces
from orders.floor.goods import goods_of
from orders.models import Fulfillment, Order, PickTask, PickWave
from tests.factories.orders import parcel_of

BOX = BoxFacts(weight_g=900, length_mm=300, width_mm=200, height_mm=150)


def on_shelf(variant: Variant, shelf: str) -> Variant:
    """The variant lies there, wherever it is in stock."""
    StockItem.objects.filter(variant=variant).update(shelf=shelf)
    return variant


def a_wave(*orders: Order, begun: bool = True) -> PickWave:
    """The first parcels of these orders in one wave, in this order."""
    parcels = [parcel_of(order) for order in orders]
    wave = make_wave(warehouse_code=parcels[0].warehouse_code, fulfillment_ids=[parcel.pk for parcel in parcels])
    if begun:
        assert start_wave(number=wave.number) == ()
    wave.refresh_from_db()
    return wave


def pick_all(wave: PickWave) -> PickWave:
    """Everything was on its shelf."""
    tasks = PickTask.objects.filter(parcel__wave=wave, parcel__is_open=True)
    return take_pieces(number=wave.number, taken={task.pk: task.quantity for task in tasks})


def scan_all(parcel: Fulfillment) -> None:
    """Every piece into its box, one after the other."""
    for one in goods_of(parcel):
        for _piece in range(one.pieces):
            scan_piece(fulfillment_id=parcel.pk, typed=one.sku)


def a_packed_box(order: Order) -> Fulfillment:
    """The first parcel of an order, checked and closed."""
    parcel = parcel_of(order)
    scan_all(parcel)
    finish_packing(fulfillment_id=parcel.pk, box=BOX)
    parcel.refresh_from_db()
    return parcel


def a_ready_box(order: Order, *, carrier: str = "DHL", tracking_no: str = "") -> Fulfillment:
    """One that waits for its carrier."""
    parcel = a_packed_box(order)
    name_way(fulfillment_id=parcel.pk, way=Way(carrier=carrier, tracking_no=tracking_no or f"TRACK-{parcel.pk}"))
    return parcel
