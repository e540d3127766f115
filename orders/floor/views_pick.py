"""Planning and walking rounds, over HTTP. Each view asks one permission and calls one action."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from inventory.actions.labels import print_labels
from inventory.carriers.types import CONTENT_TYPES
from inventory.models import Warehouse
from markets.customs import crosses_customs
from orders.actions.papers import issue_paper, read_papers_together
from orders.actions.short_picks import report_missing
from orders.actions.waves import MOST, cancel_wave, make_wave, start_wave, take_pieces
from orders.floor.codes import is_same, read_scan
from orders.floor.errors import AllScanned, NothingMissing, WrongGoods
from orders.floor.forms import ScanForm, TakeForm
from orders.floor.goods import name_of_code
from orders.floor.labelling import bought_labels
from orders.floor.pages import parcel_rows, pick_page, stops_of, tasks_of, wave_page
from orders.floor.sheets import pick_list_pdf
from orders.floor.types import Stop, TotePick
from orders.floor.work import floor_counts, packed_here, parcels_to_pick, waves_running
from orders.models import OF_ORDERS, OVER_BORDERS, PaperKind, PickWave, WaveState
from orders.views_documents import pdf_response
from orders.workspace.views import must, screen


class FloorView(View):
    """Every warehouse of ours with what waits there."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        must(request, "view_pickwave")
        return screen(
            request,
            "admin/floor/home.html",
            title=_("Warehouse floor"),
            places=floor_counts(),
            waves=waves_running().select_related("picker")[:50],
        )


class PlanView(View):
    """Choose parcels for a round."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Parcels nobody picks yet, the most pressing first."""
        must(request, "view_pickwave")
        return self._show(request, place_named(code))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Make a wave of what was ticked, or of the first so many."""
        must(request, "plan_wave")
        place = place_named(code)
        told = request.POST.get("first", "")
        if told.isdecimal():
            chosen = list(_filtered(request, place).values_list("pk", flat=True)[: min(int(told), MOST)])
        else:
            chosen = [int(pk) for pk in request.POST.getlist("parcel") if pk.isdecimal()]
        try:
            wave = make_wave(warehouse_code=place.code, fulfillment_ids=chosen)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self._show(request, place, status=422)
        return HttpResponseRedirect(reverse("admin:floor_wave", args=[wave.number]))

    def _show(self, request: HttpRequest, place: Warehouse, *, status: int = 200) -> HttpResponse:
        waiting = parcels_to_pick(place.code)
        carriers = sorted({one for one in waiting.order_by().values_list("carrier", flat=True).distinct() if one})
        return screen(
            request,
            "admin/floor/plan.html",
            status=status,
            title=_("Parcels to pick"),
            place=place,
            rows=parcel_rows(_filtered(request, place)),
            total=waiting.count(),
            carriers=carriers,
            carrier=request.GET.get("carrier", ""),
            most=MOST,
            may_plan=request.user.has_perm("orders.plan_wave"),
        )


class WaveScreen(View):
    """Everything that shows one wave."""

    permission = "view_pickwave"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People with the view's own permission only."""
        must(request, self.permission)
        return super().dispatch(request, *args, **kwargs)

    def wave(self) -> PickWave:
        """The wave of the address. Raises `Http404`."""
        return _wave(self.kwargs["number"])

    def back(self, name: str = "floor_wave") -> HttpResponse:
        """To the wave, or to another screen of it."""
        return HttpResponseRedirect(reverse(f"admin:{name}", args=[self.kwargs["number"]]))

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """A deed's address that is opened leads to the wave."""
        return self.back()

    def gone(self) -> HttpResponse:
        """To the stop that is next, when nothing of the one that was shown is wanted any more."""
        messages.warning(self.request, _("Nothing is wanted from that shelf any more. Its order was changed."))
        return self.back("floor_pick")


class WaveView(WaveScreen):
    """One wave: its totes, its stops, and what can be printed."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """The page."""
        user = request.user
        page = wave_page(
            self.wave(), may_pick=user.has_perm("orders.pick_wave"), may_plan=user.has_perm("orders.plan_wave")
        )
        return screen(
            request,
            "admin/floor/wave.html",
            title=page.number,
            page=page,
            may_print=user.has_perms(("orders.issue_shippingpaper", "orders.view_shippingpaper")),
            may_cancel=not page.is_over and user.has_perm("orders.plan_wave"),
        )


class StartView(WaveScreen):
    """Begin to walk."""

    permission = "pick_wave"

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """To the first stop; parcels that dropped out are named."""
        try:
            refused = start_wave(number=number)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self.back()
        for order, why in refused:
            messages.warning(request, f"{order}: {why}")
        return self.back("floor_pick")


class CancelView(WaveScreen):
    """Give a round up."""

    permission = "plan_wave"

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """To the wave."""
        try:
            cancel_wave(number=number)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The pick wave is canceled. What is in its totes goes back to the shelves."))
        return self.back()


class PickView(WaveScreen):
    """The phone in the picker's hand: one stop after the other."""

    permission = "pick_wave"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Where to go now."""
        wave = self.wave()
        if wave.state != WaveState.PICKING:
            return self.back()
        return self.show(wave, chosen=request.GET.get("stop", ""))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """So many are in the totes; or no more are there."""
        wave = self.wave()
        stop = _stop(wave, request.POST.get("stop", ""))
        if stop is None:
            return self.gone()
        form = TakeForm(stop.picks, request.POST)
        if not form.is_valid():
            return self.show(wave, chosen=stop.key, form=form)
        try:
            self._take(wave, stop, form.taken(), is_short=request.POST.get("deed") == "missing")
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.show(wave, chosen=stop.key, form=form)
        return self.back("floor_pick" if PickWave.objects.get(pk=wave.pk).is_running else "floor_wave")

    def _take(self, wave: PickWave, stop: Stop, taken: dict[int, int], *, is_short: bool) -> None:
        fewer = [one for one in stop.picks if taken[one.task] < one.quantity]
        if is_short and not fewer:
            raise NothingMissing
        if is_short:
            whole = {one.task: taken[one.task] for one in stop.picks if one not in fewer}
            if whole:
                take_pieces(number=wave.number, taken=whole)
            for one in fewer:
                report_missing(task_id=one.task, found=taken[one.task])
            messages.warning(self.request, _("Written down. Somebody decides what becomes of the missing pieces."))
            return
        take_pieces(number=wave.number, taken=taken)

    def show(self, wave: PickWave, *, chosen: str, form: TakeForm | None = None) -> HttpResponse:
        """The stop."""
        page = pick_page(wave, chosen=chosen)
        stop = page.stop
        shown = form or TakeForm(stop.picks if stop else ())
        rows = [(one, shown[f"task_{one.task}"]) for one in stop.picks] if stop else []
        return screen(
            self.request,
            "admin/floor/pick.html",
            status=422 if form is not None else 200,
            title=_("Picking %(wave)s") % {"wave": wave.number},
            page=page,
            rows=rows,
            form=shown,
            scan=ScanForm(),
        )


class PickScanView(WaveScreen):
    """One piece after the other by scanner: which tote it goes into is said at once."""

    permission = "pick_wave"

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """To the stop, with what was right or wrong."""
        wave = self.wave()
        stop = _stop(wave, request.POST.get("stop", ""))
        if stop is None:
            return self.gone()
        scan = read_scan(request.POST.get("code", ""))
        try:
            tote = _scanned_into(wave, stop, scan.code, scan.pieces)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Right. Put it into tote %(tote)s.") % {"tote": tote.tote})
        return self.back("floor_pick" if PickWave.objects.get(pk=wave.pk).is_running else "floor_wave")


@require_GET
def pick_list(request: HttpRequest, number: str) -> HttpResponse:
    """The round on paper."""
    must(request, "view_pickwave")
    wave = _wave(number)
    return private(pdf_response(pick_list_pdf(wave, country=_country(wave)), called=f"{wave.number}.pdf"))


@require_POST
def wave_papers(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """One kind of paper for a wave's parcels as one PDF, in the order of its totes; made where there are none yet."""
    must(request, "issue_shippingpaper")
    must(request, "view_shippingpaper")
    if kind not in PaperKind.values or kind in OF_ORDERS:
        raise Http404
    wave, made = _wave(number), []
    for row in wave.parcels.filter(out_because="").select_related("fulfillment__order").order_by("tote"):
        parcel, order = row.fulfillment, row.fulfillment.order
        if kind in OVER_BORDERS and not crosses_customs(parcel.ships_from, order.country):
            continue
        try:
            made.append(issue_paper(number=order.number, kind=PaperKind(kind), parcel=parcel.position))
        except DomainError as refusal:
            messages.warning(request, f"{order.number}: {refusal}")
    try:
        pdf = read_papers_together(made) if made else b""
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:floor_wave", args=[number]))
    if not pdf:
        messages.warning(request, _("There is nothing to print."))
        return HttpResponseRedirect(reverse("admin:floor_wave", args=[number]))
    return private(pdf_response(pdf, called=f"{wave.number}-{kind}.pdf"))


@require_POST
def wave_labels(request: HttpRequest, number: str, format: str) -> HttpResponse:  # noqa: A002 (the address says so)
    """The labels of a wave's boxes as one file, in the order of its totes."""
    must(request, "pack_parcel")
    if format not in CONTENT_TYPES:
        raise Http404
    wave = _wave(number)
    parcels = wave.parcels.filter(out_because="").order_by("tote").values_list("fulfillment_id", flat=True)
    labels = [record.pk for record in bought_labels(list(parcels)).values()]
    try:
        content = print_labels(label_ids=labels, wanted="zpl" if format == "zpl" else "pdf")
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:floor_wave", args=[number]))
    return label_response(content, format, called=f"{wave.number}-labels")


def _scanned_into(wave: PickWave, stop: Stop, code: str, pieces: int) -> TotePick:
    """Raises `WrongGoods`, `AllScanned`."""
    if not is_same(code, sku=stop.sku, gtin=stop.gtin):
        raise WrongGoods(scanned=code[:60], name=name_of_code(code) if code else "")
    room = [one for one in stop.picks if one.left >= pieces]
    if not room:
        raise AllScanned(name=stop.name, wanted=stop.quantity)
    take_pieces(number=wave.number, taken={room[0].task: room[0].picked + pieces})
    return room[0]


def _stop(wave: PickWave, key: str) -> Stop | None:
    """The stop; None for one whose parcels all dropped out while somebody stood before the shelf."""
    return next((stop for stop in stops_of(tasks_of(wave)) if stop.key == key), None)


def _wave(number: str) -> PickWave:
    found = PickWave.objects.select_related("picker").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def place_named(code: str) -> Warehouse:
    """The warehouse of an address. Raises `Http404`, also for one whose goods others pack."""
    found = packed_here().filter(code=code, is_active=True).first()
    if found is None:
        raise Http404
    return found


def _country(wave: PickWave) -> str:
    return Warehouse.objects.values_list("country", flat=True).filter(code=wave.warehouse_code).first() or ""


def _filtered(request: HttpRequest, place: Warehouse) -> Any:
    """The parcels to pick, of one carrier when the address says so."""
    found = parcels_to_pick(place.code)
    carrier = request.GET.get("carrier", "")
    return found.filter(carrier=carrier) if carrier else found


def label_response(content: bytes, format: str, *, called: str) -> HttpResponse:  # noqa: A002 (as above)
    """For printing: PDF opens in the browser, ZPL is saved for the label printer."""
    response = HttpResponse(content, content_type=CONTENT_TYPES[format])
    place = "inline" if format == "pdf" else "attachment"
    response["Content-Disposition"] = f'{place}; filename="{called}.{format}"'
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps a copy on the way."""
    response["Cache-Control"] = "private, no-store"
    return response
