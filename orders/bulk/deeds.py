"""What work on many orders does to one of them. Each is an action of its own, with its own refusals."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.actions.shipping import MAY_SHIP, create_fulfillment, ship_fulfillment
from orders.actions.tags import tag_order, untag_order
from orders.desk_errors import CarrierMissing
from orders.models import BulkDeed, Fulfillment, Lifecycle, Order, OrderHold, OrderTagging, ParcelState
from orders.types import ShipItem

Params = Mapping[str, Any]
TO_SEND = (ParcelState.PICKING, ParcelState.PACKED)
PERMISSIONS: Mapping[str, str] = {
    BulkDeed.TAG: "tag_order",
    BulkDeed.UNTAG: "tag_order",
    BulkDeed.PACK: "fulfill_order",
    BulkDeed.SHIP: "fulfill_order",
}
"""Which permission of orders each deed asks."""
UNDONE_BY: Mapping[str, str] = {BulkDeed.TAG: BulkDeed.UNTAG, BulkDeed.UNTAG: BulkDeed.TAG}
"""Deeds that can be taken back, and by what."""
IN_STEPS = frozenset({BulkDeed.SHIP})
"""Deeds of several transactions, each of which may be repeated: they run in none of the caller's."""


def do(deed: str, *, number: str, params: Params) -> bool:
    """Do it to one order; whether anything changed. Raises what its action raises: then nothing changed."""
    return DEEDS[BulkDeed(deed)](number, params)


def pack(number: str, _params: Params) -> bool:
    """Pack everything that is planned for the order, as it was planned."""
    parcels = Fulfillment.objects.filter(order__number=number, state=ParcelState.PLANNED).order_by("position")
    packed = False
    for parcel in parcels.prefetch_related("lines"):
        items = [ShipItem(line_id=row.order_line_id, quantity=row.quantity) for row in parcel.lines.all()]
        if items:
            create_fulfillment(number=number, warehouse_code=parcel.warehouse_code, items=items)
            packed = True
    return packed


def ship(number: str, params: Params) -> bool:
    """Hand every packed parcel of the order to its carrier, or to the one that was named. Raises `CarrierMissing`."""
    parcels = list(Fulfillment.objects.filter(order__number=number, state__in=TO_SEND).order_by("position"))
    for parcel in parcels:
        carrier = str(params.get("carrier") or parcel.carrier)
        if not carrier:
            raise CarrierMissing
        ship_fulfillment(fulfillment_id=parcel.pk, carrier=carrier)
    return bool(parcels)


def left_since(number: str, moment: datetime) -> bool:
    """Whether a parcel of the order left since then."""
    return Fulfillment.objects.filter(order__number=number, shipped_at__gte=moment).exists()


def _tag(number: str, params: Params) -> bool:
    return tag_order(number=number, tag_id=int(params["tag"]))


def _untag(number: str, params: Params) -> bool:
    return untag_order(number=number, tag_id=int(params["tag"]))


DEEDS: Mapping[str, Callable[[str, Params], bool]] = {
    BulkDeed.TAG: _tag,
    BulkDeed.UNTAG: _untag,
    BulkDeed.PACK: pack,
    BulkDeed.SHIP: ship,
}


def ready(orders: QuerySet[Order], deed: str, params: Params) -> QuerySet[Order]:
    """Those for which the deed would do something as they stand now; what is refused is known when it is tried."""
    if deed in (BulkDeed.TAG, BulkDeed.UNTAG):
        tagged = Exists(OrderTagging.objects.filter(order=OuterRef("pk"), tag=params["tag"]))
        return orders.filter(tagged if deed == BulkDeed.UNTAG else ~tagged)
    parcels = Fulfillment.objects.filter(order=OuterRef("pk"))
    if deed == BulkDeed.PACK:
        planned = Exists(parcels.filter(state=ParcelState.PLANNED, lines__isnull=False))
        return orders.filter(planned, lifecycle=Lifecycle.CONFIRMED)
    held = Exists(OrderHold.objects.filter(order=OuterRef("pk"), resolved_at__isnull=True))
    packed = parcels.filter(state__in=TO_SEND)
    if not params.get("carrier"):
        packed = packed.exclude(carrier="")
    may = Q(lifecycle=Lifecycle.CONFIRMED, payment_state__in=MAY_SHIP)
    return orders.filter(may, Exists(packed), ~held)
