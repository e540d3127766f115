"""How parcels of the demo shop travel, and what its warehouses are at: labels, what carriers say, a wave, a closed box.

Labels are the sandbox carrier's: what becomes of a parcel is in its number, so that it goes on as the shop runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from content.demo.seeding import deeds
from content.demo.seeding.clock import at
from content.demo.seeding.deeds import Deed
from content.demo.seeding.purchases import Purchase
from inventory.actions.asking import ask_due
from inventory.actions.carrier_inbox import process_inbox
from inventory.models import CarrierAccount, TrackedParcel
from orders.actions.box_labels import buy_box_label
from orders.actions.packing import BoxFacts, finish_packing, scan_piece
from orders.actions.parcel_labels import Box, buy_parcel_label, ship_with_label
from orders.actions.short_picks import report_missing
from orders.actions.watching import watch_parcels
from orders.actions.waves import make_wave, start_wave, take_pieces
from orders.bulk.deeds import TO_SEND
from orders.floor.goods import goods_of
from orders.floor.work import parcels_to_pick
from orders.logistics.shipments import planned_weight
from orders.models import Fulfillment, ParcelState, PickTask, PickWave

ACCOUNT, SERVICE = "sandbox", "standard"
BEGAN = timedelta(hours=1)
HOUSE = "LEJ"
LEFT_FOR_LATER = 1
"""Parcels that no wave has yet."""


def labelled(story: str) -> Deed:
    """Every parcel leaves with a label of the sandbox; the letter says how it fares (`sandbox.numbers.STORIES`)."""
    return partial(_send_labelled, story)


def heard(_purchase: Purchase, _number: str) -> None:
    """Carriers are asked where every parcel is."""
    ask_about_everything()


def boxed(_purchase: Purchase, number: str) -> None:
    """Checked piece by piece, weighed, labelled: the box waits for its carrier."""
    for parcel in Fulfillment.objects.filter(order__number=number, state=ParcelState.PLANNED).order_by("position"):
        for one in goods_of(parcel):
            scan_piece(fulfillment_id=parcel.pk, typed=f"{one.pieces}*{one.sku}")
        finish_packing(fulfillment_id=parcel.pk, box=BoxFacts(weight_g=planned_weight(parcel)))
        if settings.SANDBOX_CARRIER:
            buy_box_label(fulfillment_id=parcel.pk, account=ACCOUNT, service=SERVICE)


def seed_floor(now: datetime) -> None:
    """What carriers say today, which parcels are in trouble, and a wave on its way along the shelves."""
    ask_about_everything()
    watch_parcels(now=now)
    if PickWave.objects.exists():
        return
    waiting = list(parcels_to_pick(HOUSE).values_list("pk", flat=True))
    chosen = waiting[: len(waiting) - LEFT_FOR_LATER]
    if not chosen:
        return
    with at(now - BEGAN):
        number = make_wave(warehouse_code=HOUSE, fulfillment_ids=chosen).number
        start_wave(number=number)
    first, *others = PickTask.objects.filter(parcel__wave__number=number).order_by("shelf", "sku", "parcel__tote")
    with at(now - BEGAN / 2):
        take_pieces(number=number, taken={first.pk: first.quantity})
        several = next((task for task in others if task.quantity > 1), None)
        if several is not None:
            report_missing(task_id=several.pk, found=several.quantity - 1)


def ask_about_everything() -> None:
    """Ask the sandbox about every parcel it has, whenever it was asked before."""
    TrackedParcel.objects.filter(account__code=ACCOUNT).update(next_poll_at=timezone.now())
    ask_due()
    process_inbox()


def _send_labelled(story: str, purchase: Purchase, number: str) -> None:
    if not settings.SANDBOX_CARRIER:
        deeds.sent(purchase, number)
        return
    with _telling(story):
        for parcel in Fulfillment.objects.filter(order__number=number, state__in=TO_SEND).order_by("position"):
            key = f"demo:{purchase.number}:{parcel.position}"
            buy_parcel_label(fulfillment_id=parcel.pk, account=ACCOUNT, service=SERVICE, box=Box(), key=key)
            ship_with_label(fulfillment_id=parcel.pk)


@contextmanager
def _telling(story: str) -> Iterator[None]:
    """Inside, what the sandbox sells fares like this."""
    account = CarrierAccount.objects.get(code=ACCOUNT)
    before = dict(account.options)
    CarrierAccount.objects.filter(pk=account.pk).update(options=before | {"story": story})
    try:
        yield
    finally:
        CarrierAccount.objects.filter(pk=account.pk).update(options=before)
