"""Pick waves: parcels put together for one round along the shelves, and what is taken for each."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.sequences import take_number
from core.transitions import IllegalTransition
from orders.actions.shipping import lock_parcel, start_packing
from orders.actions.trail import refresh_states, write_event
from orders.floor.batches import BatchPlan, fewer, plan_batches
from orders.floor.errors import (
    NothingToPick,
    ParcelsNotReady,
    TooManyParcels,
    TooManyTaken,
    WaveEnded,
    WaveUnknown,
)
from orders.floor.goods import Goods, goods_in, goods_of, shelves_of
from orders.floor.work import parcels_free_to_leave, parcels_to_pick
from orders.models import (
    INSIDE,
    Fulfillment,
    ParcelState,
    PickTask,
    PickWave,
    ShortPick,
    ShortState,
    WaveParcel,
    WaveState,
)

SERIES = "pick_wave"
MOST = 40
"""Parcels of one wave: what a trolley holds."""


def make_wave(*, warehouse_code: str, fulfillment_ids: Sequence[int]) -> PickWave:
    """Put parcels together for one round. Totes are numbered in the order the parcels are named.

    Raises `NothingToPick`, `TooManyParcels`, and `ParcelsNotReady` for parcels somebody else has or that may not
    leave; no wave is made then.
    """
    chosen = list(dict.fromkeys(fulfillment_ids))
    if not chosen:
        raise NothingToPick
    if len(chosen) > MOST:
        raise TooManyParcels(most=MOST)
    with transaction.atomic():
        named = {row.pk: row for row in Fulfillment.objects.lock().filter(pk__in=chosen).select_related("order")}
        ready = set(parcels_to_pick(warehouse_code).filter(pk__in=chosen).values_list("pk", flat=True))
        if len(ready) < len(chosen):
            raise ParcelsNotReady([named[pk].order.number for pk in chosen if pk in named and pk not in ready])
        goods = goods_in(named.values())
        plan = plan_batches(warehouse_code, _variants(goods.values()))  # locks shelves, which come before numbers
        wave = PickWave.objects.create(
            number=f"PW-{take_number(SERIES)}",
            warehouse_code=warehouse_code,
            warehouse_name=named[chosen[0]].warehouse_name,
            made_by_id=audit.current_actor().user_id,
        )
        totes = WaveParcel.objects.bulk_create(
            [WaveParcel(wave=wave, fulfillment=named[pk], tote=tote) for tote, pk in enumerate(chosen, start=1)]
        )
        _write_tasks(warehouse_code, totes, goods, plan)
        audit.record("floor.make_wave", wave, data={"parcels": len(chosen), "warehouse": warehouse_code})
    return wave


def start_wave(*, number: str) -> tuple[tuple[str, str], ...]:
    """Somebody walks now: its parcels are being picked. Starting again changes nothing.

    A parcel that may not leave any more drops out, and the others go on; returns what dropped out as (order, why).
    Each parcel is a transaction of its own. Raises `WaveUnknown`, `WaveEnded`.
    """
    with transaction.atomic():
        wave = running_wave(number)
        if wave.state == WaveState.OPEN:
            wave.become(state=WaveState.PICKING)
            wave.picker_id, wave.started_at = audit.current_actor().user_id, timezone.now()
            wave.save(update_fields=["picker", "started_at"])
            audit.record("floor.start_wave", wave)
    refused = []
    rows = wave.parcels.filter(is_open=True, fulfillment__state=ParcelState.PLANNED)
    for row in list(rows.select_related("fulfillment__order")):
        try:
            start_packing(fulfillment_id=row.fulfillment_id)
        except DomainError as refusal:
            refused.append((row.fulfillment.order.number, str(refusal)))
            _drop_out(number, row.fulfillment_id, str(refusal))
    with transaction.atomic():
        end_when_done(PickWave.objects.lock().get(number=number))
    return tuple(refused)


def take_pieces(*, number: str, taken: Mapping[int, int]) -> PickWave:
    """So many pieces are in the totes now, by pick: whole numbers, not what was added, so saying it twice is harmless.

    The wave ends when nothing is left to look for. Raises `WaveEnded`, `TooManyTaken`; nothing is changed then.
    """
    with transaction.atomic():
        wave = running_wave(number)
        tasks = {task.pk: task for task in _open_tasks(wave).filter(pk__in=taken)}
        for pk, count in taken.items():
            task = tasks.get(pk)
            if task is None:
                continue
            if count < 0 or count > task.quantity - task.missing:
                raise TooManyTaken(wanted=task.quantity - task.missing)
            task.picked = count
        PickTask.objects.bulk_update(tasks.values(), ["picked"])
        end_when_done(wave)
    return wave


def cancel_wave(*, number: str) -> PickWave:
    """Nobody walks on: parcels that are not picked whole wait to be picked again. Raises `WaveEnded`."""
    with transaction.atomic():
        wave = PickWave.objects.filter(number=number).first()
        if wave is None:
            raise WaveUnknown
        parcels = list(wave.parcels.filter(is_open=True).order_by("fulfillment__order_id", "fulfillment_id"))
    for row in parcels:
        _put_back(row.fulfillment_id)
    with transaction.atomic():
        wave = running_wave(number)
        left = wave.parcels.filter(is_open=True)
        waiting = left.filter(fulfillment__state=ParcelState.PLANNED)
        waiting.update(is_open=False, out_because=_("The pick wave was canceled."))
        left.update(is_open=False)
        wave.ended_at = timezone.now()
        wave.save(update_fields=["ended_at"])
        wave.become(state=WaveState.CANCELED)
        audit.record("floor.cancel_wave", wave)
    return wave


def follow_order(*, number: str) -> int:
    """Bring running waves up to date with an order that was changed, held, canceled or sent; how many totes it touched.

    A parcel that may not leave any more drops out. Of others the wanted pieces are adjusted; what was taken too much
    shows up at the packing table, where every box is compared with its order.
    """
    ids = WaveParcel.objects.filter(fulfillment__order__number=number, is_open=True)
    touched = list(ids.order_by("fulfillment_id").values_list("wave__number", "fulfillment_id"))
    for wave_number, fulfillment_id in touched:
        is_free = parcels_free_to_leave().filter(pk=fulfillment_id, state__in=INSIDE).exists()
        if is_free:
            _adjust(wave_number, fulfillment_id)
        else:
            _put_back(fulfillment_id, even_whole=True)
            _drop_out(wave_number, fulfillment_id, _("It was sent already, or its order was canceled or put on hold."))
    return len(touched)


def running_wave(number: str) -> PickWave:
    """The wave, locked. Raises `WaveUnknown`, `WaveEnded`."""
    wave = PickWave.objects.lock().filter(number=number).first()
    if wave is None:
        raise WaveUnknown
    if not wave.is_running:
        raise WaveEnded
    return wave


def _open_tasks(wave: PickWave) -> QuerySet[PickTask]:
    return PickTask.objects.filter(parcel__wave=wave, parcel__is_open=True)


def _write_tasks(
    warehouse_code: str, totes: Iterable[WaveParcel], goods: Mapping[int, Sequence[Goods]], plan: BatchPlan
) -> None:
    shelves = shelves_of(warehouse_code, _variants(goods.values()))
    PickTask.objects.bulk_create(
        [_task(row, one, shelves, plan) for row in totes for one in goods.get(row.fulfillment_id, ())]
    )


def _variants(goods: Iterable[Sequence[Goods]]) -> set[int | None]:
    return {one.variant_id for found in goods for one in found}


def _task(row: WaveParcel, goods: Goods, shelves: Mapping[int, str], plan: BatchPlan) -> PickTask:
    return PickTask(
        parcel=row,
        order_line_id=goods.line_id,
        ref=goods.ref,
        variant_id=goods.variant_id,
        sku=goods.sku,
        name=goods.name,
        options_text=goods.options_text,
        shelf=shelves.get(goods.variant_id or 0, ""),
        quantity=goods.pieces,
        batches=plan.take(goods.variant_id, goods.pieces),
    )


def end_when_done(wave: PickWave) -> None:
    """The wave, which the caller has locked, is over when every piece was looked for."""
    if wave.state != WaveState.PICKING or any(task.left for task in _open_tasks(wave)):
        return
    wave.parcels.filter(is_open=True).update(is_open=False)
    wave.ended_at = timezone.now()
    wave.save(update_fields=["ended_at"])
    wave.become(state=WaveState.PICKED)
    audit.record("floor.end_wave", wave)


def settle_short(short: ShortPick, state: ShortState, *, note: str = "", booked_off: int = 0) -> None:
    """It is decided what becomes of missing pieces. The caller has locked them and found them open."""
    if not short.may_become("state", state):
        raise IllegalTransition(short, "state", short.state, state)
    short.state, short.note, short.booked_off = state, note.strip()[:300], booked_off
    short.resolved_at, short.resolved_by_id = timezone.now(), audit.current_actor().user_id
    short.save(update_fields=["state", "note", "booked_off", "resolved_at", "resolved_by", "updated"])


def close_tote(parcel: Fulfillment) -> None:
    """A parcel whose box is closed needs nobody to walk for it any more. The caller holds the parcel's lock."""
    row = WaveParcel.objects.filter(fulfillment=parcel, is_open=True).first()
    if row is None:
        return
    wave = PickWave.objects.lock().get(pk=row.wave_id)
    row.tasks.update(picked=F("quantity") - F("missing"))
    WaveParcel.objects.filter(pk=row.pk).update(is_open=False)
    end_when_done(wave)


def _drop_out(number: str, fulfillment_id: int, why: str) -> None:
    with transaction.atomic():
        wave = PickWave.objects.lock().get(number=number)
        wave.parcels.filter(fulfillment_id=fulfillment_id, is_open=True).update(is_open=False, out_because=why[:200])
        end_when_done(wave)


def _put_back(fulfillment_id: int, *, even_whole: bool = False) -> None:
    """A parcel that was being picked waits again; one that was picked whole goes on to the packing table."""
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        tasks = PickTask.objects.filter(parcel__fulfillment=parcel, parcel__is_open=True)
        is_whole = all(task.picked == task.quantity for task in tasks)
        if parcel.state != ParcelState.PICKING or (is_whole and not even_whole):
            return
        parcel.become(state=ParcelState.PLANNED)
        refresh_states(order)
        write_event(order, "parcel.put_back", parcel=parcel.position)


def _adjust(number: str, fulfillment_id: int) -> None:
    with transaction.atomic():
        wave = PickWave.objects.lock().get(number=number)
        row = wave.parcels.filter(fulfillment_id=fulfillment_id, is_open=True).first()
        if row is not None:
            adjust_tote(row)
            end_when_done(wave)


def adjust_tote(row: WaveParcel) -> None:
    """The pieces wanted in a tote are those its parcel wants now. The caller holds the wave's lock.

    What was looked for stays, as far as it is still wanted; nothing new is looked for in a wave that has ended.
    """
    wanted = {one.ref: one for one in goods_of(row.fulfillment)}
    tasks = {task.ref: task for task in row.tasks.all()}
    for ref, task in tasks.items():
        pieces = wanted[ref].pieces if ref in wanted else 0
        task.missing = min(task.missing, pieces)
        task.picked = min(task.picked, pieces - task.missing)
        task.quantity = pieces
        task.batches = fewer(task.batches, pieces)
    PickTask.objects.bulk_update(tasks.values(), ["quantity", "picked", "missing", "batches"])
    new = [one for ref, one in wanted.items() if ref not in tasks and row.is_open]
    place, variants = row.fulfillment.warehouse_code, _variants([new])
    shelves, plan = shelves_of(place, variants), plan_batches(place, variants)
    PickTask.objects.bulk_create([_task(row, one, shelves, plan) for one in new])
