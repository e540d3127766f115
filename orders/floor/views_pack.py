"""The packing table over HTTP. Every scan is a form that comes back with its field ready: no script is needed."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST

from core.errors import DomainError
from orders.actions.packing import finish_packing, name_way, reopen_packing, scan_piece, take_scan_back
from orders.actions.papers import issue_paper
from orders.actions.shipping import ship_fulfillment
from orders.floor.cartons import cartons_for
from orders.floor.codes import tote_of
from orders.floor.errors import NotPacked
from orders.floor.forms import BoxForm, ScanForm, WayForm
from orders.floor.goods import goods_of
from orders.floor.labelling import label_desk
from orders.floor.packing_page import pack_page
from orders.floor.pages import parcel_rows
from orders.floor.views_pick import CONTENT_TYPES, place_named, private
from orders.floor.work import parcels_to_label, parcels_to_pack
from orders.models import INSIDE, Fulfillment, PaperKind, ParcelPacking, WaveParcel
from orders.workspace.forms import KeyedForm, PressForm
from orders.workspace.operations import once
from orders.workspace.views import must, screen


class TableView(View):
    """The packing tables of a warehouse: scan a tote, a packing slip or a label to open its parcel."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """What waits; a code that names one parcel leads to it."""
        must(request, "pack_parcel")
        place = place_named(code)
        typed = request.GET.get("code", "").strip()
        found = _named(place.code, typed) if typed else []
        if len(found) == 1:
            return HttpResponseRedirect(reverse("admin:floor_parcel", args=[found[0]]))
        return screen(
            request,
            "admin/floor/table.html",
            title=_("Packing table"),
            place=place,
            scan=ScanForm(),
            typed=typed,
            found=parcel_rows(Fulfillment.objects.filter(pk__in=found).order_by("pk")) if found else (),
            to_pack=parcel_rows(parcels_to_pack(place.code)),
            to_label=parcel_rows(parcels_to_label(place.code)),
        )


class PackScreen(View):
    """Everything that shows one parcel. A refused form comes back bound, with its words."""

    permission: ClassVar[str] = "pack_parcel"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People with the permission only."""
        must(request, self.permission)
        return super().dispatch(request, *args, **kwargs)

    def parcel(self) -> Fulfillment:
        """The parcel of the address. Raises `Http404`."""
        found = Fulfillment.objects.select_related("order", "packing").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def back(self) -> HttpResponse:
        """To the parcel."""
        return HttpResponseRedirect(reverse("admin:floor_parcel", args=[self.kwargs["pk"]]))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A deed's address that is opened leads to the parcel."""
        return self.back()

    def show(self, bound: Mapping[str, Form] | None = None) -> HttpResponse:
        """The page; with 422 when a form on it was refused."""
        parcel, forms = self.parcel(), dict(bound or {})
        goods = goods_of(parcel)
        choice = cartons_for(goods)
        page = pack_page(parcel, goods=goods, choice=choice)
        may_skip = self.request.user.has_perm("orders.pack_unchecked")
        carrier = parcel.carrier or parcel.order.delivery_carrier
        return screen(
            self.request,
            "admin/floor/pack.html",
            status=422 if bound else 200,
            title=_("Pack %(order)s") % {"order": page.order},
            page=page,
            refused=next(iter(forms.values()), None),
            scan=ScanForm(),
            box_form=forms.get("box") or BoxForm(choice, weight_g=page.weight_g, may_skip=may_skip),
            way_form=forms.get("way") or WayForm(auto_id="way-%s", initial={"carrier": carrier}),
            buy_form=forms.get("buy") or PressForm(auto_id="buy-%s"),
            leave_form=forms.get("leave") or PressForm(auto_id="leave-%s"),
            may_leave=self.request.user.has_perm("orders.fulfill_order"),
            may_print=self.request.user.has_perms(("orders.issue_shippingpaper", "orders.view_shippingpaper")),
            may_decide=self.request.user.has_perm("orders.resolve_shortpick"),
        )


class PackView(PackScreen):
    """One parcel: what belongs into its box, what is in it, and what comes next."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        return self.show()


class ScanView(PackScreen):
    """What the scanner read."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the parcel, with what was right or wrong said first."""
        self.parcel()
        try:
            found = scan_piece(fulfillment_id=pk, typed=request.POST.get("code", ""))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self.back()
        told = {"scanned": found.scanned, "wanted": found.wanted, "name": found.name}
        messages.success(request, _("%(scanned)s of %(wanted)s: %(name)s") % told)
        if found.is_complete:
            messages.success(request, _("Everything is in the box. Close it and put it on the scale."))
        return self.back()


class BackView(PackScreen):
    """Take a piece out again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To the parcel."""
        self.parcel()
        try:
            take_scan_back(fulfillment_id=pk, ref=request.POST.get("ref", ""))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return self.back()


class PackDeed(PackScreen):
    """One deed with a form. What is refused is said beside it; a repeat is done once."""

    name: ClassVar[str]
    done: ClassVar[str | Promise]

    def form(self, parcel: Fulfillment) -> KeyedForm:
        """The form with what was sent."""
        return PressForm(self.request.POST, auto_id=f"{self.name}-%s")

    def act(self, parcel: Fulfillment, form: Any) -> None:
        """Call the action."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The deed."""
        parcel = self.parcel()
        form = self.form(parcel)
        deed: Callable[[], None] = lambda: self.act(parcel, form)  # noqa: E731 (called at once)
        if form.is_valid() and once(f"floor.{self.name}", parcel.order, form, deed):
            messages.success(request, str(self.done))
            return self.back()
        return self.show({self.name: form})


class CloseView(PackDeed):
    """Close the box."""

    name = "box"
    done = gettext_lazy("The box is closed.")

    def form(self, parcel: Fulfillment) -> KeyedForm:
        """What the scale says."""
        choice = cartons_for(goods_of(parcel))
        return BoxForm(choice, self.request.POST, may_skip=self.request.user.has_perm("orders.pack_unchecked"))

    def act(self, parcel: Fulfillment, form: BoxForm) -> None:
        """Close."""
        reason = form.cleaned_data.get("reason", "")
        finish_packing(fulfillment_id=parcel.pk, box=form.facts(), unchecked_reason=reason)


class OpenView(PackDeed):
    """Open a closed box again; a label that was bought for it is given back."""

    name = "open"
    done = gettext_lazy("The box is open again. Its number is not used.")

    def act(self, parcel: Fulfillment, form: KeyedForm) -> None:
        """Open."""
        desk = label_desk()
        if desk is not None:
            desk.give_back(parcel.pk, reason=_("The box was opened again."))
        reopen_packing(fulfillment_id=parcel.pk)


class WayView(PackDeed):
    """Type with whom the box travels."""

    name = "way"
    done = gettext_lazy("The box waits for its carrier.")

    def form(self, parcel: Fulfillment) -> KeyedForm:
        """Carrier and number."""
        return WayForm(self.request.POST, auto_id="way-%s")

    def act(self, parcel: Fulfillment, form: WayForm) -> None:
        """Write it down."""
        name_way(fulfillment_id=parcel.pk, way=form.way())


class BuyView(PackDeed):
    """Buy a label. Bought and not written down (a crash), the same press finds the same label again."""

    name = "buy"
    done = gettext_lazy("The label is bought. Print it and stick it on the box.")

    def act(self, parcel: Fulfillment, form: KeyedForm) -> None:
        """Buy, then write down under which number the box travels. Raises `NotPacked`."""
        desk, offer = label_desk(), self.request.POST.get("offer", "")
        if desk is None or not offer:
            raise NotPacked
        packing = ParcelPacking.objects.filter(fulfillment=parcel).first()
        if packing is None:
            raise NotPacked
        way = desk.buy(parcel.pk, offer, f"floor:{parcel.pk}:{packing.packed_at:%Y%m%d%H%M%S%f}:{offer}"[:120])
        name_way(fulfillment_id=parcel.pk, way=way)


class LeaveView(PackDeed):
    """The carrier takes this box now, without a list."""

    permission = "fulfill_order"
    name = "leave"
    done = gettext_lazy("The parcel is on its way, and the customer is told.")

    def act(self, parcel: Fulfillment, form: KeyedForm) -> None:
        """Ship. Raises `NotPacked` for a box without a carrier."""
        packing = ParcelPacking.objects.filter(fulfillment=parcel, labeled_at__isnull=False).first()
        if packing is None:
            raise NotPacked
        ship_fulfillment(fulfillment_id=parcel.pk, carrier=packing.carrier, tracking_no=packing.tracking_no)


class PaperView(PackScreen):
    """Make a paper of the parcel."""

    permission = "issue_shippingpaper"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The paper; a refusal says what is missing."""
        must(request, "view_shippingpaper")
        parcel, kind = self.parcel(), request.POST.get("kind", "")
        if kind not in PaperKind.values:
            raise Http404
        try:
            paper = issue_paper(number=parcel.order.number, kind=PaperKind(kind), parcel=parcel.position)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self.back()
        return HttpResponseRedirect(reverse("admin:workspace_paper", args=[parcel.order.number, paper.number]))


@require_POST
def label_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The label of a box as it was bought."""
    must(request, "pack_parcel")
    desk = label_desk()
    found = list(desk.bought([pk])) if desk else []
    if desk is None or not found:
        raise Http404
    label = found[0]
    try:
        content = desk.printed([pk], label.format)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:floor_parcel", args=[pk]))
    response = HttpResponse(content, content_type=CONTENT_TYPES[label.format])
    response["Content-Disposition"] = f'inline; filename="label-{pk}.{label.format}"'
    return private(response)


def _named(warehouse_code: str, typed: str) -> list[int]:
    """Parcels a code may mean: a tote ("PW-12/3"), an order, a packing slip, a tracking number."""
    tote = tote_of(typed)
    if tote is not None:
        rows = WaveParcel.objects.filter(wave__number=tote[0], tote=tote[1])
        return list(rows.values_list("fulfillment_id", flat=True)[:1])
    here = Fulfillment.objects.filter(warehouse_code=warehouse_code)
    word = typed.upper()
    exact = here.filter(Q(packing__tracking_no=typed) | Q(papers__number=word)).distinct()
    found = list(exact.values_list("pk", flat=True)[:2])
    return found or list(here.filter(order__number=word, state__in=INSIDE).values_list("pk", flat=True)[:20])
