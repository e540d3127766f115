"""One parcel at the packing table as its screen shows it. Reads only."""

from collections.abc import Sequence

from django.urls import reverse

from core.errors import DomainError
from inventory.actions.labels import standing_label
from inventory.models import LabelState
from markets.customs import crosses_customs
from orders.actions.packing import open_shorts
from orders.actions.shipping import must_be_free, must_be_released
from orders.customs_gate import lacking_for_customs
from orders.floor.cartons import CartonChoice, weight_of
from orders.floor.comparing import counts_of
from orders.floor.errors import PackedElsewhere
from orders.floor.goods import Goods
from orders.floor.labelling import LabelOffers, bought_labels, label_offers
from orders.floor.types import BoxLine, PackPage, PaperLink
from orders.floor.work import packed_here
from orders.models import (
    OF_ORDERS,
    OVER_BORDERS,
    Fulfillment,
    Order,
    PaperKind,
    ParcelPacking,
    ParcelState,
    ShippingPaper,
    WaveParcel,
)
from orders.words import parcel_label
from orders.workspace.types import State


def pack_page(parcel: Fulfillment, *, goods: Sequence[Goods], choice: CartonChoice, may_buy: bool) -> PackPage:
    """The screen. Its order has to be in memory; a dozen queries, and the carriers are asked for a closed box."""
    order = parcel.order
    counts = counts_of(parcel)
    packing = ParcelPacking.objects.filter(fulfillment=parcel).first()
    step = step_of(parcel, packing)
    label = standing_label(str(parcel.pk)) if step == "way" else None
    is_free = label is None or label.state == LabelState.ASKED  # asked for and never answered: it can be asked again
    proposed = next((one for one in choice.cartons if one.code == choice.proposed), None)
    known = {one.ref for one in goods}
    return PackPage(
        pk=parcel.pk,
        order=order.number,
        order_url=reverse("admin:workspace_order", args=[order.number]),
        position=parcel.position,
        place=parcel.warehouse_code,
        place_name=parcel.warehouse_name,
        to=tuple(order.addresses["ship"].get("lines", [])),
        country=order.country,
        state=State(label=parcel_label(parcel.state), tone="ok" if step == "ready" else "brand"),
        step=step,
        lines=tuple(_line(one, counts.get(one.ref, 0)) for one in goods),
        pieces=sum(one.pieces for one in goods),
        scanned=sum(min(counts.get(one.ref, 0), one.pieces) for one in goods),
        strays=tuple(sorted(ref for ref, count in counts.items() if count and ref not in known)),
        tote=_tote(parcel),
        shorts=open_shorts(parcel),
        held=_held(order, parcel) if step != "gone" else "",
        customs=tuple(one.sentence for one in lacking_for_customs(parcel, order)) if step != "gone" else (),
        papers=paper_links(order, parcel),
        box=packing if step != "scan" else None,
        weight_g=weight_of(goods, proposed),
        offers=label_offers(parcel.pk) if may_buy and packing and step == "way" and is_free else LabelOffers(),
        standing=label.tracking_no if packing and label is not None and label.state == LabelState.BOUGHT else "",
        has_label=step in ("ready", "gone") and bool(bought_labels([parcel.pk])),
    )


def step_of(parcel: Fulfillment, packing: ParcelPacking | None) -> str:
    """What has to be done with a parcel next: see `PackPage.step`."""
    if parcel.state == ParcelState.CANCELED or parcel.has_left:
        return "gone"
    if parcel.state != ParcelState.PACKED:
        return "scan"
    return "ready" if packing is not None and packing.labeled_at is not None else "way"


def paper_links(order: Order, parcel: Fulfillment) -> tuple[PaperLink, ...]:
    """The papers of a parcel: the latest of each kind, or that it can be made. One query."""
    made = ShippingPaper.objects.filter(fulfillment=parcel).order_by("version").values_list("kind", "number")
    latest = dict(made)
    crosses = crosses_customs(parcel.ships_from, order.country)
    kinds = [kind for kind in PaperKind if kind not in OF_ORDERS and (crosses or kind not in OVER_BORDERS)]
    return tuple(
        PaperLink(
            kind=kind.value,
            title=str(kind.label),
            url=reverse("admin:workspace_paper", args=[order.number, latest[kind]]) if kind in latest else "",
        )
        for kind in kinds
    )


def _line(one: Goods, scanned: int) -> BoxLine:
    return BoxLine(
        ref=one.ref,
        sku=one.sku,
        gtin=one.gtin,
        name=one.name,
        options_text=one.options_text,
        wanted=one.pieces,
        scanned=scanned,
    )


def _tote(parcel: Fulfillment) -> str:
    row = WaveParcel.objects.filter(fulfillment=parcel, out_because="").select_related("wave").order_by("-pk").first()
    return f"{row.wave.number}/{row.tote}" if row else ""


def _held(order: Order, parcel: Fulfillment) -> str:
    """Why nothing may leave from this table; empty when it may."""
    if not packed_here().filter(code=parcel.warehouse_code).exists():
        return str(PackedElsewhere())
    try:
        must_be_free(order)
        must_be_released(parcel)
    except DomainError as refusal:
        return str(refusal)
    return ""
