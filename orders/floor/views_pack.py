"""The packing table over HTTP. Every scan is a form that comes back with its field ready: no script is needed."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from inventory.actions.labels import print_labels
from inventory.carriers.types import LabelFormat
from orders.actions.box_labels import buy_box_label, open_box, use_label
from orders.actions.handovers import send_box
from orders.actions.packing import finish_packing, name_way, scan_piece, take_scan_back
from orders.actions.papers import issue_paper
from orders.floor.cartons import cartons_for
from orders.floor.codes import tote_of
from orders.floor.forms import BoxForm, ScanForm, WayForm
from orders.floor.goods import goods_of
from orders.floor.labelling import bought_labels
from orders.floor.packing_page import pack_page
from orders.floor.pages import parcel_rows
from orders.floor.views_pick import label_response, place_named
from orders.floor.work import parcels_to_label, parcels_to_pack
from orders.models import INSIDE, Fulfillment, PaperKind, WaveParcel
from orders.workspace.forms import KeyedForm, PressForm
from orders.workspace.operations import once
from orders.workspace.views import must, screen

BETWEEN = "|"
"""Between the account and the service of an offer."""


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
        may_buy = self.request.user.has_perm("inventory.use_carrieraccount")
        page = pack_page(parcel, goods=goods, choice=choice, may_buy=may_buy)
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
        open_box(fulfillment_id=parcel.pk, reason=_("The box was opened again."))


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
    """Buy a label: people who may pack and may use the carriers' accounts."""

    name = "buy"
    done = gettext_lazy("The label is bought. Print it and stick it on the box.")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The deed."""
        if not request.user.has_perm("inventory.use_carrieraccount"):
            raise PermissionDenied
        return super().post(request, pk)

    def act(self, parcel: Fulfillment, form: KeyedForm) -> None:
        """Buy the service that was pressed."""
        account, _sep, service = self.request.POST.get("offer", "").partition(BETWEEN)
        buy_box_label(fulfillment_id=parcel.pk, account=account, service=service)


class UseLabelView(PackDeed):
    """Take the label that was bought before the box was closed, or when a crash came between."""

    name = "use"
    done = gettext_lazy("The box waits for its carrier.")

    def act(self, parcel: Fulfillment, form: KeyedForm) -> None:
        """Write its number down."""
        use_label(fulfillment_id=parcel.pk)


class LeaveView(PackDeed):
    """The carrier takes this box now, without a list."""

    permission = "fulfill_order"
    name = "leave"
    done = gettext_lazy("The parcel is on its way, and the customer is told.")

    def act(self, parcel: Fulfillment, form: KeyedForm) -> None:
        """Ship. Raises `NotPacked` for a box without a carrier."""
        send_box(fulfillment_id=parcel.pk)


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
    label = bought_labels([pk]).get(pk)
    if label is None:
        raise Http404
    wanted: LabelFormat = "zpl" if label.format == "zpl" else "pdf"
    try:
        content = print_labels(label_ids=[label.pk], wanted=wanted)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:floor_parcel", args=[pk]))
    return label_response(content, wanted, called=f"label-{pk}")


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
