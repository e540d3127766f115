"""Pieces that were not on their shelf: reported by who looked, decided by who may."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.retries import again_when_contended
from inventory.stockwork.adjusting import book_off
from orders.actions.changing_places import move_planned
from orders.actions.shipping import sibling_of, take_out
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.actions.waves import adjust_tote, end_when_done, running_wave, settle_short
from orders.floor.errors import NothingToPick, ShortDecided, StillWanted, TooManyTaken, WaveEnded
from orders.floor.goods import Goods, goods_of
from orders.models import (
    INSIDE,
    Fulfillment,
    FulfillmentLine,
    Order,
    ParcelState,
    PickTask,
    PickWave,
    ShortPick,
    ShortState,
)
from orders.types import ShipItem

WITHIN = timedelta(hours=4)
"""How soon it should be decided: the buyer was told that the parcel is being packed."""


def report_missing(*, task_id: int, found: int) -> ShortPick | None:
    """`found` pieces were there and no more; the rest waits for a decision. Nothing is reported when all were there.

    Reported again for the same pick, the count is the newer one. Raises `WaveEnded`, `TooManyTaken`.
    """
    with transaction.atomic():
        task = PickTask.objects.select_related("parcel__wave", "parcel__fulfillment__order").get(pk=task_id)
        order = lock_order(task.parcel.fulfillment.order.number)
        wave = running_wave(task.parcel.wave.number)
        task.refresh_from_db(fields=["quantity", "picked", "missing"])
        task.parcel.refresh_from_db(fields=["is_open"])
        if not task.parcel.is_open:
            raise WaveEnded
        if not 0 <= found <= task.quantity:
            raise TooManyTaken(wanted=task.quantity)
        task.picked, task.missing = found, task.quantity - found
        task.save(update_fields=["picked", "missing"])
        short = ShortPick.objects.lock().filter(task=task, state=ShortState.OPEN).first()
        if task.missing == 0:
            if short is not None:
                settle_short(short, ShortState.FOUND)
            end_when_done(wave)
            return None
        short = _write_short(short, task)
        write_event(order, "parcel.short", parcel=task.parcel.fulfillment.position, sku=task.sku, missing=task.missing)
        audit.record("floor.report_missing", order, data={"sku": task.sku, "missing": task.missing})
        end_when_done(wave)
    return short


def found_after_all(*, short_id: int) -> ShortPick:
    """The pieces were somewhere else and are in their tote now. Raises `ShortDecided`."""
    with transaction.atomic():
        order, parcel, short = _lock(short_id)
        task = PickTask.objects.select_related("parcel").get(pk=short.task_id)
        if task.parcel.fulfillment_id == parcel.pk:
            task.picked, task.missing = task.quantity, 0
            task.save(update_fields=["picked", "missing"])
        settle_short(short, ShortState.FOUND)
        audit.record("floor.found_after_all", order, data={"sku": task.sku, "pieces": short.missing})
    return short


def set_missing_apart(*, short_id: int) -> Fulfillment:
    """Let the rest of the parcel leave now: what misses gets a parcel of its own, which waits for the decision.

    A set leaves whole, so a missing component keeps its whole set here. Raises `ShortDecided`, `NothingToPick` when
    nothing would be left to send.
    """
    with transaction.atomic():
        order, parcel, short = _lock(short_id)
        apart = _apart(order, parcel, short)
        if not parcel.lines.exists():
            raise NothingToPick
        refresh_states(order)
        write_event(order, "parcel.set_apart", parcel=parcel.position, apart=apart.position, sku=short.task.sku)
        audit.record("floor.set_missing_apart", order, data={"parcel": parcel.pk, "apart": apart.pk})
    return apart


@again_when_contended
def send_from_elsewhere(*, short_id: int, warehouse_code: str, books_off: bool) -> ShortPick:
    """The missing units leave from another warehouse of the same country, which has them to sell.

    With `books_off` the pieces nobody found are taken off this warehouse's stock in the same breath. Raises
    `ShortDecided`, `ChangeRefused`, `OutOfStock`, `CountTooLow`; nothing is changed then.
    """
    with transaction.atomic():
        order, parcel, short = _lock(short_id)
        goods = _goods(parcel, short)
        units = min(goods.units_for(short.missing), _units_in(parcel, goods))
        _apart(order, parcel, short)
        wanted = [ShipItem(line_id=goods.line_id, quantity=units)]
        move_planned(order, wanted, warehouse_code, reason=_("Pieces nobody found."))
        refresh_states(order)
        write_event(order, "order.moved", warehouse=warehouse_code)
        booked = _book_off(short) if books_off else 0
        settle_short(short, ShortState.MOVED, note=warehouse_code, booked_off=booked)
        audit.record("floor.send_from_elsewhere", order, data={"sku": goods.sku, "warehouse": warehouse_code})
    return short


def give_up_missing(*, short_id: int, books_off: bool) -> ShortPick:
    """The order does not want the pieces any more: they were refunded or canceled on its page.

    Raises `ShortDecided`, `StillWanted`, `CountTooLow`.
    """
    with transaction.atomic():
        order, parcel, short = _lock(short_id)
        wanted = sum(one.pieces for one in goods_of(parcel) if one.ref == short.task.ref)
        here = short.task.picked if short.task.parcel.fulfillment_id == parcel.pk else 0
        if parcel.state in INSIDE and wanted > here:
            raise StillWanted
        booked = _book_off(short) if books_off else 0
        settle_short(short, ShortState.GIVEN_UP, booked_off=booked)
        audit.record("floor.give_up_missing", order, data={"sku": short.task.sku, "pieces": short.missing})
    return short


def _lock(short_id: int) -> tuple[Order, Fulfillment, ShortPick]:
    rows = ShortPick.objects.values_list("fulfillment__order__number", "task__parcel__wave_id")
    number, wave_id = rows.get(pk=short_id)
    order = lock_order(number)
    PickWave.objects.lock().get(pk=wave_id)
    short = ShortPick.objects.lock().select_related("task__parcel__wave", "task__parcel__fulfillment").get(pk=short_id)
    if short.state != ShortState.OPEN:
        raise ShortDecided
    return order, Fulfillment.objects.get(pk=short.fulfillment_id), short


def _write_short(short: ShortPick | None, task: PickTask) -> ShortPick:
    if short is not None:
        short.missing = task.missing
        short.save(update_fields=["missing", "updated"])
        return short
    return ShortPick.objects.create(
        task=task,
        fulfillment=task.parcel.fulfillment,
        warehouse_code=task.parcel.wave.warehouse_code,
        missing=task.missing,
        due_at=timezone.now() + WITHIN,
        reported_by_id=audit.current_actor().user_id,
    )


def _goods(parcel: Fulfillment, short: ShortPick) -> Goods:
    """What misses, as the parcel wants it now. Raises `ShortDecided` when it does not want any of it."""
    found = next((one for one in goods_of(parcel) if one.ref == short.task.ref), None)
    if found is None:
        raise ShortDecided
    return found


def _units_in(parcel: Fulfillment, goods: Goods) -> int:
    row = FulfillmentLine.objects.filter(fulfillment=parcel, order_line_id=goods.line_id).first()
    return row.quantity if row else 0


def _apart(order: Order, parcel: Fulfillment, short: ShortPick) -> Fulfillment:
    """The parcel the missing units are planned in alone; made unless they are alone already."""
    goods = _goods(parcel, short)
    row = FulfillmentLine.objects.get(fulfillment=parcel, order_line_id=goods.line_id)
    units = min(goods.units_for(short.missing), row.quantity)
    if parcel.state == ParcelState.PLANNED and row.quantity == units and parcel.lines.count() == 1:
        return parcel
    apart = sibling_of(parcel, order.fulfillments.count() + 1, ParcelState.PLANNED)
    if apart.not_before is not None:  # released, or nobody would have picked it
        apart.not_before = None
        apart.save(update_fields=["not_before", "updated"])
    FulfillmentLine.objects.create(fulfillment=apart, order_line_id=goods.line_id, quantity=units)
    take_out(row, units)
    short.fulfillment = apart
    short.save(update_fields=["fulfillment", "updated"])
    PickTask.objects.filter(pk=short.task_id).update(missing=0)
    adjust_tote(short.task.parcel)
    end_when_done(short.task.parcel.wave)
    return apart


def _book_off(short: ShortPick) -> int:
    if short.task.variant_id is None:
        return 0
    book_off(
        warehouse_code=short.warehouse_code,
        variant_id=short.task.variant_id,
        pieces=short.missing,
        note=_("Not on its shelf when it was picked."),
        op_key=f"short:{short.pk}",
    )
    return short.missing
