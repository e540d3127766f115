"""What waits on the floor of a warehouse. Reads only."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from inventory.models import Warehouse
from orders.actions.shipping import MAY_SHIP
from orders.models import (
    WAVES_RUNNING,
    Fulfillment,
    FulfillmentLine,
    Lifecycle,
    OrderHold,
    ParcelState,
    PickWave,
    ShortPick,
    ShortState,
    WaveParcel,
)


def parcels_free_to_leave() -> QuerySet[Fulfillment]:
    """Parcels of confirmed and paid orders that nothing stops, wherever they are."""
    held = OrderHold.objects.filter(order=OuterRef("order"), resolved_at__isnull=True)
    day = timezone.now().date()
    return Fulfillment.objects.filter(
        ~Exists(held),
        Q(not_before__isnull=True) | Q(not_before__lte=day),
        order__lifecycle=Lifecycle.CONFIRMED,
        order__payment_state__in=MAY_SHIP,
    )


def packed_here() -> QuerySet[Warehouse]:
    """Warehouses whose goods our own people pick and pack: drop-shippers and third parties do it by themselves."""
    return Warehouse.objects.exclude(kind__in=[Warehouse.Kind.DROPSHIP, Warehouse.Kind.THIRD_PARTY])


def parcels_to_pick(warehouse_code: str = "") -> QuerySet[Fulfillment]:
    """Parcels nobody picks yet: what is promised first comes first, then what was ordered first.

    Those with pieces that were not on their shelf wait until it is decided what becomes of them.
    """
    goods = FulfillmentLine.objects.filter(fulfillment=OuterRef("pk"), order_line__requires_shipping=True)
    picked = WaveParcel.objects.filter(fulfillment=OuterRef("pk"), is_open=True)
    short = ShortPick.objects.filter(fulfillment=OuterRef("pk"), state=ShortState.OPEN)
    found = parcels_free_to_leave().filter(Exists(goods), ~Exists(picked), ~Exists(short), state=ParcelState.PLANNED)
    found = found.filter(warehouse_code__in=packed_here().values("code"))
    if warehouse_code:
        found = found.filter(warehouse_code=warehouse_code)
    return found.order_by(F("eta_from").asc(nulls_last=True), "order__placed_at", "pk")


def parcels_to_pack(warehouse_code: str = "") -> QuerySet[Fulfillment]:
    """Parcels whose goods are in a tote, or on the packing table: picked, and in no running wave.

    Those with pieces that were not on their shelf wait until it is decided what becomes of them.
    """
    running = WaveParcel.objects.filter(fulfillment=OuterRef("pk"), is_open=True)
    short = ShortPick.objects.filter(fulfillment=OuterRef("pk"), state=ShortState.OPEN)
    found = Fulfillment.objects.filter(~Exists(running), ~Exists(short), state=ParcelState.PICKING)
    if warehouse_code:
        found = found.filter(warehouse_code=warehouse_code)
    return found.order_by("updated", "pk")


def parcels_to_label(warehouse_code: str = "") -> QuerySet[Fulfillment]:
    """Closed boxes without a carrier."""
    found = Fulfillment.objects.filter(state=ParcelState.PACKED).exclude(packing__labeled_at__isnull=False)
    if warehouse_code:
        found = found.filter(warehouse_code=warehouse_code)
    return found.order_by("updated", "pk")


def parcels_to_hand_over(warehouse_code: str = "") -> QuerySet[Fulfillment]:
    """Closed boxes that wait for their carrier."""
    found = Fulfillment.objects.filter(state=ParcelState.PACKED, packing__labeled_at__isnull=False)
    if warehouse_code:
        found = found.filter(warehouse_code=warehouse_code)
    return found.order_by("packing__carrier", "packing__labeled_at", "pk")


def shorts_to_decide(warehouse_code: str = "") -> QuerySet[ShortPick]:
    """Pieces that were not on their shelf."""
    found = ShortPick.objects.filter(state=ShortState.OPEN)
    return found.filter(warehouse_code=warehouse_code) if warehouse_code else found


def waves_running(warehouse_code: str = "") -> QuerySet[PickWave]:
    """Waves somebody walks or has to walk."""
    found = PickWave.objects.filter(state__in=WAVES_RUNNING)
    return found.filter(warehouse_code=warehouse_code) if warehouse_code else found


@dataclass(frozen=True, kw_only=True)
class FloorCounts:
    """How many parcels wait for each step in one warehouse."""

    code: str
    name: str
    to_pick: int
    waves: int
    to_pack: int
    to_label: int
    to_hand_over: int
    shorts: int


def floor_counts() -> tuple[FloorCounts, ...]:
    """Every active warehouse whose goods are packed here, with what waits there. Seven queries for all of them."""
    houses = packed_here().filter(is_active=True)
    steps = {
        "to_pick": _by_place(parcels_to_pick()),
        "waves": _by_place(waves_running()),
        "to_pack": _by_place(parcels_to_pack()),
        "to_label": _by_place(parcels_to_label()),
        "to_hand_over": _by_place(parcels_to_hand_over()),
        "shorts": _by_place(shorts_to_decide()),
    }
    return tuple(
        FloorCounts(
            code=house.code,
            name=house.name_i18n,
            **{step: counted.get(house.code, 0) for step, counted in steps.items()},
        )
        for house in houses.order_by("code")
    )


def _by_place(rows: QuerySet[Fulfillment] | QuerySet[PickWave] | QuerySet[ShortPick]) -> dict[str, int]:
    counted = rows.order_by().values("warehouse_code").annotate(n=Count("pk"))
    return {row["warehouse_code"]: row["n"] for row in counted}
