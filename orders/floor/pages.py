"""Rounds along the shelves as their screens show them. Reads only."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from markets.customs import crosses_customs
from orders.floor.goods import named
from orders.floor.labelling import bought_labels
from orders.floor.types import ParcelRow, PickPage, Stop, TotePick, ToteRow, WavePage
from orders.models import (
    OF_ORDERS,
    OVER_BORDERS,
    Fulfillment,
    PaperKind,
    PickTask,
    PickWave,
    WaveParcel,
    WaveState,
)
from orders.workspace.types import State, Tone

SHOWN = 100
"""Parcels a list shows; the oldest first, so that nothing is forgotten behind it."""
TONES: dict[str, Tone] = {
    WaveState.OPEN: "warn",
    WaveState.PICKING: "brand",
    WaveState.PICKED: "ok",
    WaveState.CANCELED: "plain",
}


def parcel_rows(found: QuerySet[Fulfillment], *, url_name: str = "admin:floor_parcel") -> tuple[ParcelRow, ...]:
    """The first of them, with how many units each holds. One query."""
    rows = found.select_related("order").annotate(pieces=Sum("lines__quantity"))[:SHOWN]
    today = timezone.now().date()
    return tuple(parcel_row(row, pieces=row.pieces or 0, today=today, url_name=url_name) for row in rows)


def parcel_row(
    row: Fulfillment, *, pieces: int, today: date, url_name: str = "admin:floor_parcel", note: str = ""
) -> ParcelRow:
    """One parcel. Late is what should arrive before it can leave any more."""
    return ParcelRow(
        pk=row.pk,
        url=reverse(url_name, args=[row.pk]),
        order=row.order.number,
        order_url=reverse("admin:workspace_order", args=[row.order.number]),
        position=row.position,
        country=row.order.country,
        carrier=row.carrier or row.order.delivery_carrier,
        placed_at=row.order.placed_at,
        promised=row.eta_to,
        pieces=pieces,
        is_late=row.eta_to is not None and row.eta_to <= today,
        note=note,
    )


def stops_of(tasks: Iterable[PickTask]) -> tuple[Stop, ...]:
    """The round in the order one walks it: shelf by shelf, goods without a shelf last."""
    found: dict[tuple[bool, str, str], list[PickTask]] = {}
    for task in tasks:
        if task.quantity:
            found.setdefault((not task.shelf, task.shelf, task.sku), []).append(task)
    return tuple(_stop(group) for _place, group in sorted(found.items(), key=lambda pair: pair[0]))


def tasks_of(wave: PickWave) -> QuerySet[PickTask]:
    """What has to be taken for the parcels that are still in a wave."""
    rows = PickTask.objects.filter(parcel__wave=wave, parcel__out_because="")
    return rows.select_related("variant__product", "parcel__fulfillment__order").order_by(
        "shelf", "sku", "parcel__tote"
    )


def wave_page(wave: PickWave, *, may_pick: bool, may_plan: bool) -> WavePage:
    """A wave. Three queries."""
    tasks = list(tasks_of(wave))
    rows = list(wave.parcels.select_related("fulfillment__order").prefetch_related("tasks").order_by("tote"))
    labels = bought_labels([row.fulfillment_id for row in rows]).values()
    return WavePage(
        number=wave.number,
        place=wave.warehouse_code,
        place_name=wave.warehouse_name,
        state=State(label=wave.get_state_display(), tone=TONES[wave.state]),
        made_at=wave.created,
        picker=wave.picker.get_username() if wave.picker else "",
        stops=stops_of(tasks),
        totes=tuple(tote_row(wave, row) for row in rows if not row.out_because),
        out=tuple(tote_row(wave, row) for row in rows if row.out_because),
        pieces=sum(task.quantity for task in tasks),
        done=sum(task.picked + task.missing for task in tasks),
        may_start=may_pick and wave.is_running,
        may_pick=may_pick and wave.state == WaveState.PICKING,
        is_over=not wave.is_running or not (may_plan or may_pick),
        papers=_papers(rows),
        formats=tuple(sorted({one.format for one in labels})),
    )


def _papers(rows: Iterable[WaveParcel]) -> tuple[tuple[str, str], ...]:
    """Packing slips always; what customs ask for where a parcel crosses a border."""
    crosses = any(crosses_customs(row.fulfillment.ships_from, row.fulfillment.order.country) for row in rows)
    kinds = [kind for kind in PaperKind if kind not in OF_ORDERS and (crosses or kind not in OVER_BORDERS)]
    return tuple((kind.value, str(kind.label)) for kind in kinds)


def tote_row(wave: PickWave, row: WaveParcel) -> ToteRow:
    """A parcel of a wave; its tasks have to be in memory."""
    tasks = list(row.tasks.all())
    return ToteRow(
        tote=row.tote,
        code=f"{wave.number}/{row.tote}",
        parcel_url=reverse("admin:floor_parcel", args=[row.fulfillment_id]),
        order=row.fulfillment.order.number,
        order_url=reverse("admin:workspace_order", args=[row.fulfillment.order.number]),
        pieces=sum(task.quantity for task in tasks),
        picked=sum(task.picked for task in tasks),
        missing=sum(task.missing for task in tasks),
        out_because=row.out_because,
    )


def pick_page(wave: PickWave, *, chosen: str = "") -> PickPage:
    """The stop that was chosen, or the first one with something left. One query."""
    stops = stops_of(tasks_of(wave))
    open_stops = [stop for stop in stops if stop.left]
    stop = next((one for one in stops if one.key == chosen), None) or (open_stops[0] if open_stops else None)
    behind = [one for one in open_stops if stop is None or one.key != stop.key]
    return PickPage(
        number=wave.number,
        stop=stop,
        rows=(),
        at=stops.index(stop) + 1 if stop else len(stops),
        stops=len(stops),
        pieces=sum(one.quantity for one in stops),
        done=sum(one.quantity - one.left for one in stops),
        following=(behind[0].shelf or behind[0].sku) if behind else "",
    )


def _stop(tasks: list[PickTask]) -> Stop:
    first = tasks[0]
    name, options_text = named(first)
    return Stop(
        key=str(first.pk),
        shelf=first.shelf,
        sku=first.sku,
        gtin=first.variant.gtin if first.variant else "",
        name=name,
        options_text=options_text,
        picks=tuple(
            TotePick(
                task=task.pk,
                tote=task.parcel.tote,
                order=task.parcel.fulfillment.order.number,
                quantity=task.quantity,
                picked=task.picked,
                missing=task.missing,
                batches=_batches(task.batches),
            )
            for task in tasks
        ),
    )


def _batches(named: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    words = [(_("Batch %(code)s") % {"code": code} if code else _("Batch not known"), count) for code, count in named]
    return tuple(f"{word} × {count}" if len(words) > 1 else word for word, count in words)
