"""Handing over: the parcels a carrier takes leave one after the other, and stand on one list for its driver."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.sequences import take_number
from core.transitions import IllegalTransition
from inventory.models import Warehouse
from markets.customs import crosses_customs
from orders.actions.shipping import ship_fulfillment
from orders.floor.errors import NothingToHandOver, NotPacked, PapersMissing
from orders.floor.work import parcels_to_hand_over
from orders.models import (
    OVER_BORDERS,
    Fulfillment,
    Handover,
    HandoverParcel,
    HandoverState,
    ParcelPacking,
    ParcelState,
)

SERIES = "handover"
Row = HandoverParcel.State


def open_handover(*, warehouse_code: str, carrier: str, fulfillment_ids: Sequence[int]) -> Handover:
    """Write the list of what a carrier is to take. Raises `NothingToHandOver` when nothing named waits for it.

    Parcels that stand on another list already, or left meanwhile, are left out.
    """
    with transaction.atomic():
        list(Fulfillment.objects.lock().filter(pk__in=fulfillment_ids).values_list("pk", flat=True))
        found = parcels_to_hand_over(warehouse_code).filter(pk__in=fulfillment_ids, packing__carrier=carrier)
        taken = HandoverParcel.objects.exclude(state=Row.STAYED).values("fulfillment")
        parcels = list(found.exclude(pk__in=taken).select_related("packing"))
        if not parcels:
            raise NothingToHandOver
        handover = Handover.objects.create(
            number=f"HO-{take_number(SERIES)}",
            warehouse_code=warehouse_code,
            warehouse_name=parcels[0].warehouse_name,
            carrier=carrier,
            day=_local_day(warehouse_code),
            made_by_id=audit.current_actor().user_id,
        )
        HandoverParcel.objects.bulk_create(
            [
                HandoverParcel(
                    handover=handover,
                    fulfillment=parcel,
                    position=position,
                    tracking_no=parcel.packing.tracking_no,
                    weight_g=parcel.packing.weight_g,
                )
                for position, parcel in enumerate(parcels, start=1)
            ]
        )
        audit.record("floor.open_handover", handover, data={"parcels": len(parcels), "carrier": carrier})
    return handover


def close_handover(*, number: str) -> Handover:
    """Everything on the list leaves: stock is booked out, customers are told. What is refused stays, and says why.

    Each parcel is a transaction of its own, so one refusal stops no other, and a list that was interrupted is closed
    by closing it again. A closed list is left as it is.
    """
    handover = Handover.objects.get(number=number)
    if handover.state == HandoverState.CLOSED:
        return handover
    waiting = handover.parcels.filter(state=Row.WAITING).select_related("fulfillment").order_by("position")
    for row in list(waiting):
        _leave(handover, row)
    with transaction.atomic():
        handover = Handover.objects.lock().get(number=number)
        if handover.state == HandoverState.OPEN and not handover.parcels.filter(state=Row.WAITING).exists():
            _close(handover)
            audit.record(
                "floor.close_handover", handover, data={"left": handover.parcels.filter(state=Row.LEFT).count()}
            )
    return handover


def note_carrier_number(*, number: str, carrier_number: str) -> None:
    """What the carrier calls the list, once it was announced there."""
    with transaction.atomic():
        handover = Handover.objects.lock().get(number=number)
        handover.carrier_number = carrier_number[:80]
        handover.save(update_fields=["carrier_number", "updated"])


def _close(handover: Handover) -> None:
    """State and moment together, as the database wants them."""
    handover.closed_at = timezone.now()
    if not handover.may_become("state", HandoverState.CLOSED):
        raise IllegalTransition(handover, "state", handover.state, HandoverState.CLOSED)
    handover.state = HandoverState.CLOSED
    handover.save(update_fields=["state", "closed_at", "updated"])


def _local_day(warehouse_code: str) -> date:
    """Today on the wall of the warehouse."""
    zone = Warehouse.objects.values_list("timezone", flat=True).get(code=warehouse_code)
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def send_box(*, fulfillment_id: int) -> Fulfillment:
    """A closed box leaves with the carrier and under the number it waits for. One that has left changes nothing.

    Raises `NotPacked` for a box that was opened again or waits for no carrier, `PapersMissing` for one over a customs
    border without any paper for customs, and as `ship_fulfillment`.
    """
    parcel = Fulfillment.objects.select_related("order").get(pk=fulfillment_id)
    packing = ParcelPacking.objects.filter(fulfillment=parcel, labeled_at__isnull=False).first()
    if parcel.has_left:
        return parcel
    if parcel.state != ParcelState.PACKED or packing is None:
        raise NotPacked
    papers = parcel.papers.filter(kind__in=OVER_BORDERS)
    if crosses_customs(parcel.ships_from, parcel.order.country) and not papers.exists():
        raise PapersMissing
    return ship_fulfillment(
        fulfillment_id=fulfillment_id,
        carrier=packing.carrier,
        tracking_no=packing.tracking_no,
        tracking_url=packing.tracking_url,
    )


def _leave(handover: Handover, row: HandoverParcel) -> None:
    """Ship one parcel, then write down what became of it. Shipping twice changes nothing, so neither does this."""
    mine = HandoverParcel.objects.filter(pk=row.pk, state=Row.WAITING)
    packing = ParcelPacking.objects.get(fulfillment_id=row.fulfillment_id)
    try:
        if packing.carrier != handover.carrier:  # opened again and given to another one after the list was written
            raise NotPacked
        send_box(fulfillment_id=row.fulfillment_id)
    except DomainError as refusal:
        mine.update(state=Row.STAYED, refusal=str(refusal)[:500])
    else:
        mine.update(state=Row.LEFT, tracking_no=packing.tracking_no)
