"""Handing over at the close of the day, over HTTP."""

from datetime import timedelta
from itertools import groupby

import typst
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.http import require_GET

from core.errors import DomainError
from inventory.models import Warehouse
from orders.actions.box_labels import announce_labels
from orders.actions.handovers import close_handover, note_carrier_number, open_handover
from orders.floor.labelling import are_told
from orders.floor.pages import SHOWN, parcel_row
from orders.floor.sheets import handover_pdf
from orders.floor.types import CarrierPile, HandoverRow
from orders.floor.views_pick import place_named, private
from orders.floor.work import parcels_to_hand_over
from orders.models import Handover, HandoverParcel, HandoverState
from orders.views_documents import pdf_response
from orders.workspace.types import State, Tone
from orders.workspace.views import must, screen

MOST = 500
LATEST = timedelta(days=14)
TONES: dict[str, Tone] = {"waiting": "warn", "left": "ok", "stayed": "bad"}


class HandoversView(View):
    """What waits for each carrier, and the lists of the last two weeks."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The page."""
        must(request, "view_handover")
        place = place_named(code)
        since = timezone.now().date() - LATEST
        return screen(
            request,
            "admin/floor/handovers.html",
            title=_("Hand over to carriers"),
            place=place,
            piles=piles_of(place.code),
            lists=Handover.objects.filter(warehouse_code=place.code, day__gte=since)[:SHOWN],
            may_hand_over=request.user.has_perm("orders.hand_over_parcels"),
        )

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Write the list of what is ticked and let it leave; what is refused stays and says why."""
        must(request, "hand_over_parcels")
        place = place_named(code)
        chosen = [int(pk) for pk in request.POST.getlist("parcel") if pk.isdecimal()][:MOST]
        try:
            handover = open_handover(
                warehouse_code=place.code, carrier=request.POST.get("carrier", ""), fulfillment_ids=chosen
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:floor_handovers", args=[code]))
        return _closed(request, handover)


class HandoverView(View):
    """One list: what left, what stayed."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The page."""
        must(request, "view_handover")
        handover = _named(number)
        rows = handover.parcels.select_related("fulfillment__order").order_by("position")
        found = tuple(_row(row) for row in rows)
        return screen(
            request,
            "admin/floor/handover.html",
            title=handover.number,
            handover=handover,
            rows=found,
            left=sum(1 for row in found if row.state.tone == "ok"),
            weight_g=sum(row.weight_g for row in found if row.state.tone == "ok"),
            may_close=handover.state == HandoverState.OPEN and request.user.has_perm("orders.hand_over_parcels"),
            may_announce=handover.state == HandoverState.CLOSED
            and request.user.has_perm("orders.hand_over_parcels")
            and not are_told([row.fulfillment_id for row in rows if row.state == HandoverParcel.State.LEFT]),
        )

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """Go on with a list that was interrupted."""
        must(request, "hand_over_parcels")
        return _closed(request, _named(number))


@require_GET
def handover_list(request: HttpRequest, number: str) -> HttpResponse:
    """The list its driver signs."""
    must(request, "view_handover")
    handover = _named(number)
    country = Warehouse.objects.values_list("country", flat=True).filter(code=handover.warehouse_code).first() or ""
    try:
        pdf = handover_pdf(handover, country=country)
    except typst.TypstError:
        messages.error(request, _("The list cannot be printed now. Try again in a moment."))
        return HttpResponseRedirect(reverse("admin:floor_handover", args=[number]))
    return private(pdf_response(pdf, called=f"{handover.number}.pdf"))


def piles_of(warehouse_code: str) -> tuple[CarrierPile, ...]:
    """The boxes that wait, by carrier. One query."""
    today = timezone.now().date()
    waiting = parcels_to_hand_over(warehouse_code).select_related("order", "packing")[:MOST]
    found = []
    for carrier, group in groupby(waiting, key=lambda one: one.packing.carrier):
        parcels = list(group)
        found.append(
            CarrierPile(
                carrier=carrier,
                rows=tuple(parcel_row(one, pieces=0, today=today, note=one.packing.tracking_no) for one in parcels),
                weight_g=sum(one.packing.weight_g for one in parcels),
            )
        )
    return tuple(found)


def _closed(request: HttpRequest, handover: Handover) -> HttpResponse:
    """Let everything on the list leave, and tell the carriers; they are told again when they could not be reached."""
    handover = close_handover(number=handover.number)
    left = handover.parcels.filter(state=HandoverParcel.State.LEFT)
    stayed = handover.parcels.filter(state=HandoverParcel.State.STAYED).count()
    count = left.count()
    if count:
        words = ngettext("%(count)d parcel has left.", "%(count)d parcels have left.", count)
        messages.success(request, words % {"count": count})
    if stayed:
        words = ngettext("%(count)d parcel stays here.", "%(count)d parcels stay here.", stayed)
        messages.warning(request, words % {"count": stayed})
    _announce(request, handover)
    return HttpResponseRedirect(reverse("admin:floor_handover", args=[handover.number]))


def _announce(request: HttpRequest, handover: Handover) -> None:
    """Tell the carriers of the labels on the list; who could not be reached can be told again from its page."""
    left = handover.parcels.filter(state=HandoverParcel.State.LEFT)
    parcels = list(left.order_by("position").values_list("fulfillment_id", flat=True))
    try:
        told = announce_labels(warehouse_code=handover.warehouse_code, fulfillment_ids=parcels)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return
    if told and told != handover.carrier_number:
        note_carrier_number(number=handover.number, carrier_number=told)


def _named(number: str) -> Handover:
    found = Handover.objects.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _row(row: HandoverParcel) -> HandoverRow:
    order = row.fulfillment.order
    return HandoverRow(
        position=row.position,
        order=order.number,
        order_url=reverse("admin:workspace_order", args=[order.number]),
        tracking_no=row.tracking_no,
        country=order.country,
        weight_g=row.weight_g,
        state=State(label=row.get_state_display(), tone=TONES[row.state]),
        refusal=row.refusal,
    )
