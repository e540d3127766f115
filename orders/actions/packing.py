"""The packing table: every piece is scanned into its box before the box is closed and gets its number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from orders.actions.shipping import lock_parcel, must_be_free, must_be_new, must_be_released, start_packing
from orders.actions.trail import refresh_states, write_event
from orders.actions.waves import close_tote
from orders.customs_gate import refuse_without_customs_facts
from orders.errors import TrackingNumberTaken
from orders.floor.codes import read_scan
from orders.floor.comparing import counts_of, differing, refuse_changed_box
from orders.floor.errors import (
    AllScanned,
    AlreadyPacked,
    NotAllScanned,
    NothingToPick,
    NotOnTheFloor,
    NotPacked,
    PackedElsewhere,
    WrongGoods,
)
from orders.floor.goods import goods_of, name_of_code, with_code
from orders.floor.work import packed_here
from orders.models import (
    INSIDE,
    Fulfillment,
    PackCount,
    ParcelPacking,
    ParcelState,
    ShortPick,
    ShortState,
)

NO_WAY: Mapping[str, Any] = {
    "carrier": "",
    "carrier_service": "",
    "tracking_no": "",
    "tracking_url": "",
    "labeled_at": None,
}


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """What a scan put into the box: so many of how many are in it now."""

    ref: str
    name: str
    scanned: int
    wanted: int
    is_complete: bool
    """Whether everything that belongs into the box is in it."""


@dataclass(frozen=True, kw_only=True)
class BoxFacts:
    """A box on the scale. Measures are of the outside; zeros for a box that was not measured."""

    weight_g: int
    carton: str = ""
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


@dataclass(frozen=True, kw_only=True)
class Way:
    """With whom and under which number a box travels."""

    carrier: str
    tracking_no: str = ""
    tracking_url: str = ""
    service: str = ""


def scan_piece(*, fulfillment_id: int, typed: str) -> Scanned:
    """Put what the scanner read into the box. A code may speak of several pieces ("12*4006381333931").

    Raises `WrongGoods` for what does not belong into this box, `AllScanned` for one too many, `AlreadyPacked`,
    `NotOnTheFloor`; nothing is counted then. A parcel nobody has picked is being picked from now on.
    """
    _begin(fulfillment_id)
    scan = read_scan(typed)
    with transaction.atomic():
        _order, parcel = lock_parcel(fulfillment_id)
        _must_be_open(parcel)
        goods = goods_of(parcel)
        named = with_code(goods, scan.code)
        if not named:
            raise WrongGoods(scanned=scan.code[:60], name=name_of_code(scan.code) if scan.code else "")
        counts = counts_of(parcel)
        room = [one for one in named if counts.get(one.ref, 0) + scan.pieces <= one.pieces]
        if not room:
            raise AllScanned(name=named[0].name, wanted=sum(one.pieces for one in named))
        chosen = room[0]
        counts[chosen.ref] = counts.get(chosen.ref, 0) + scan.pieces
        PackCount.objects.update_or_create(fulfillment=parcel, ref=chosen.ref, defaults={"scanned": counts[chosen.ref]})
    return Scanned(
        ref=chosen.ref,
        name=chosen.name,
        scanned=counts[chosen.ref],
        wanted=chosen.pieces,
        is_complete=not differing(goods, counts),
    )


def take_scan_back(*, fulfillment_id: int, ref: str) -> None:
    """One piece of this comes out of the box again. With nothing in it nothing happens. Raises `AlreadyPacked`."""
    with transaction.atomic():
        _order, parcel = lock_parcel(fulfillment_id)
        _must_be_open(parcel)
        row = PackCount.objects.filter(fulfillment=parcel, ref=ref, scanned__gt=0).first()
        if row is not None:
            row.scanned -= 1
            row.save(update_fields=["scanned"])


def finish_packing(*, fulfillment_id: int, box: BoxFacts, unchecked_reason: str = "") -> ParcelPacking:
    """Close the box: every piece that belongs into it was scanned and nothing else, or it is said why not.

    Raises `NotAllScanned`, `CustomsFactsMissing`, `OrderOnHold`, `NotPaid`, `NotReleased`, `AlreadyPacked`,
    `NotOnTheFloor`, `NothingToPick` for a parcel without goods; the box stays open then.
    """
    refuse_without_customs_facts(fulfillment_id=fulfillment_id)
    _begin(fulfillment_id)
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        _must_be_open(parcel)
        must_be_free(order)
        must_be_released(parcel)
        goods = goods_of(parcel)
        if not goods:
            raise NothingToPick
        wrong = differing(goods, counts_of(parcel))
        if wrong and not unchecked_reason.strip():
            raise NotAllScanned(wrong)
        packing = ParcelPacking.objects.filter(fulfillment=parcel).first() or ParcelPacking(fulfillment=parcel)
        packing.weight_g, packing.carton = box.weight_g, box.carton
        packing.length_mm, packing.width_mm, packing.height_mm = box.length_mm, box.width_mm, box.height_mm
        packing.unchecked_reason = unchecked_reason.strip()[:200] if wrong else ""
        packing.packed_by_id, packing.packed_at = audit.current_actor().user_id, timezone.now()
        packing.save()
        parcel.become(state=ParcelState.PACKED)
        close_tote(parcel)
        refresh_states(order)
        write_event(order, "parcel.packed", parcel=parcel.position, warehouse=parcel.warehouse_code)
        audit.record(
            "floor.finish_packing", order, data={"parcel": parcel.pk, "weight_g": box.weight_g}, reason=unchecked_reason
        )
    return packing


def reopen_packing(*, fulfillment_id: int) -> Fulfillment:
    """Open a closed box that is still here: its number is dropped, what was scanned stays. Raises `NotPacked`."""
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        if parcel.state != ParcelState.PACKED:
            raise NotPacked
        ParcelPacking.objects.filter(fulfillment=parcel).update(**NO_WAY)
        parcel.become(state=ParcelState.PICKING)
        refresh_states(order)
        write_event(order, "parcel.reopened", parcel=parcel.position)
        audit.record("floor.reopen_packing", order, data={"parcel": parcel.pk})
    return parcel


def name_way(*, fulfillment_id: int, way: Way) -> ParcelPacking:
    """Say with whom a closed box travels, and under which number where there is one: it is ready to leave.

    Raises `NotPacked`, `NotAllScanned` when the order was changed after the box was closed, `TrackingNumberTaken`.
    """
    number = way.tracking_no.strip()
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        packing = ParcelPacking.objects.lock().filter(fulfillment=parcel).first()
        if parcel.state != ParcelState.PACKED or packing is None:
            raise NotPacked
        refuse_changed_box(parcel, packing)
        must_be_new(way.carrier, number)
        taken = ParcelPacking.objects.filter(carrier=way.carrier, tracking_no=number).exclude(pk=packing.pk)
        if number and taken.exists():
            raise TrackingNumberTaken
        packing.carrier, packing.carrier_service = way.carrier, way.service
        packing.tracking_no, packing.tracking_url = number, way.tracking_url
        packing.labeled_at = timezone.now()
        try:
            with transaction.atomic():
                packing.save()
        except IntegrityError:  # somebody else was faster with the same number
            raise TrackingNumberTaken from None
        audit.record("floor.name_way", order, data={"parcel": parcel.pk, "carrier": way.carrier, "tracking": number})
    return packing


def forget_number(*, fulfillment_id: int, tracking_no: str) -> None:
    """The number is worth nothing any more: a box that waits under it is without one. Another number stays."""
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        waiting = ParcelPacking.objects.filter(fulfillment=parcel, tracking_no=tracking_no, labeled_at__isnull=False)
        if parcel.state == ParcelState.PACKED and waiting.update(**NO_WAY):
            audit.record("floor.forget_number", order, data={"parcel": parcel.pk, "tracking": tracking_no})


def _begin(fulfillment_id: int) -> None:
    """Whoever scans into a planned parcel picks it. Raises as `start_packing`; `NotOnTheFloor`, `PackedElsewhere`."""
    place, state = Fulfillment.objects.values_list("warehouse_code", "state").get(pk=fulfillment_id)
    if not packed_here().filter(code=place).exists():
        raise PackedElsewhere
    if state == ParcelState.PLANNED:
        start_packing(fulfillment_id=fulfillment_id)
    elif state not in INSIDE:
        raise NotOnTheFloor


def _must_be_open(parcel: Fulfillment) -> None:
    if parcel.state == ParcelState.PACKED:
        raise AlreadyPacked
    if parcel.state not in INSIDE:
        raise NotOnTheFloor


def open_shorts(parcel: Fulfillment) -> int:
    """How many decisions about missing pieces this parcel waits for."""
    return ShortPick.objects.filter(fulfillment=parcel, state=ShortState.OPEN).count()
