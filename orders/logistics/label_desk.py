"""The operators' screens of labels over HTTP: prices, buying, printing, giving back, handing over."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from core.errors import DomainError
from inventory.actions.labels import hand_over, print_labels, read_label, standing_label, unsure_labels
from inventory.carriers.types import CONTENT_TYPES
from inventory.models import LabelRecord, LabelState
from orders.actions.parcel_labels import buy_parcel_label, give_back_label, offers_for, ship_with_label
from orders.logistics.desk_forms import BoxForm, BuyForm, GiveBackForm, GiveUpForm
from orders.models import INSIDE, Fulfillment, ParcelState
from orders.workspace.forms import PressForm, fresh_key
from orders.workspace.operations import once
from orders.workspace.views import must, screen

SHOWN = 200


def must_buy(request: HttpRequest) -> None:
    """Raises `PermissionDenied` for everybody who may not send parcels, or not with carriers' labels."""
    must(request, "fulfill_order")
    if not request.user.has_perm("inventory.use_carrieraccount"):
        raise PermissionDenied


class LabelView(View):
    """The label of one parcel: what it costs where, or the one it has."""

    def parcel(self) -> Fulfillment:
        """The parcel of the address. Raises `Http404` for one of another order."""
        rows = Fulfillment.objects.select_related("order").filter(order__number=self.kwargs["number"])
        found = rows.filter(pk=self.kwargs["parcel"]).first()
        if found is None:
            raise Http404
        return found

    def here(self) -> HttpResponse:
        """To this page."""
        return HttpResponseRedirect(
            reverse("admin:workspace_label", args=[self.kwargs["number"], self.kwargs["parcel"]])
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        must_buy(request)
        return self.show()

    def show(
        self, *, refusal: str = "", back_form: GiveBackForm | None = None, up_form: GiveUpForm | None = None
    ) -> HttpResponse:
        """The page; with 422 when something was refused."""
        parcel = self.parcel()
        label = standing_label(str(parcel.pk))
        form = BoxForm(self.request.GET or None)
        offers: tuple[Any, ...] = ()
        silent: tuple[str, ...] = ()
        box = form.box if form.is_bound and form.is_valid() else BoxForm.unknown()
        if label is None and not parcel.has_left:
            try:
                offers, silent = offers_for(fulfillment_id=parcel.pk, box=box)
            except DomainError as trouble:
                refusal = refusal or str(trouble)
        return screen(
            self.request,
            "admin/orders/parcel_label.html",
            status=422 if refusal or back_form or up_form else 200,
            title=_("Label"),
            order=parcel.order,
            parcel=parcel,
            label=label,
            is_bought=label is not None and label.state == LabelState.BOUGHT,
            is_asked=label is not None and label.state == LabelState.ASKED,
            form=form,
            box=box,
            offers=[(offer, fresh_key()) for offer in offers],
            silent=silent,
            refusal=refusal,
            back_form=back_form or GiveBackForm(auto_id="back-%s"),
            up_form=up_form or GiveUpForm(auto_id="up-%s"),
            again_form=PressForm(auto_id="again-%s"),
            send_form=PressForm(auto_id="send-%s"),
        )


class BuyLabelView(LabelView):
    """Buy one."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Buy; the form's key is the label's, so that a form sent twice buys once."""
        must_buy(request)
        parcel, form = self.parcel(), BuyForm(request.POST)
        if not form.is_valid():
            return self.show(refusal=_("Choose a service."))
        said = form.cleaned_data
        try:
            buy_parcel_label(
                fulfillment_id=parcel.pk,
                account=said["account"],
                service=said["service"],
                box=form.box,
                key=f"label:{parcel.pk}:{said['key']}",
            )
        except DomainError as trouble:
            return self.show(refusal=str(trouble))
        messages.success(request, _("The label is bought. Print it and put it on the parcel."))
        return self.here()


class GiveBackLabelView(LabelView):
    """Give one back."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Give back, with a reason."""
        must_buy(request)
        parcel, form = self.parcel(), GiveBackForm(request.POST, auto_id="back-%s")
        if not form.is_valid():
            return self.show(back_form=form)
        try:
            give_back_label(fulfillment_id=parcel.pk, reason=form.cleaned_data["reason"])
        except DomainError as trouble:
            return self.show(refusal=str(trouble))
        messages.success(request, _("The label was given back."))
        return self.here()


class SendWithLabelView(LabelView):
    """The parcel leaves with its label."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Send."""
        must_buy(request)
        parcel, form = self.parcel(), PressForm(request.POST)
        if form.is_valid() and once(
            "ship_label", parcel.order, form, lambda: ship_with_label(fulfillment_id=parcel.pk)
        ):
            messages.success(request, _("The parcel is on its way, and the customer is told."))
            return HttpResponseRedirect(reverse("admin:workspace_order", args=[parcel.order.number]))
        return self.show(refusal=" ".join(str(one) for one in form.non_field_errors()))


class LabelListView(View):
    """Labels that were bought and not handed over yet, for printing together and for the close of the day."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list; with `all=1` those that were handed over as well."""
        must_buy(request)
        rows = LabelRecord.objects.filter(state=LabelState.BOUGHT).select_related("account")
        if not request.GET.get("all"):
            rows = rows.filter(manifest_ref="")
        found = list(rows.order_by("warehouse_code", "carrier", "-pk")[:SHOWN])
        waiting = [row for row in found if not row.manifest_ref]
        gone = parcels_gone(waiting)
        groups = sorted({(row.warehouse_code, row.account.code, row.account.name) for row in waiting if row.pk in gone})
        places = sorted({row.warehouse_code for row in waiting if row.pk not in gone})
        return screen(
            request,
            "admin/orders/labels_list.html",
            title=_("Labels"),
            rows=found,
            groups=groups,
            places=places,
            unsure=list(unsure_labels().order_by("asked_at", "pk")[:SHOWN]),
            shows_all=bool(request.GET.get("all")),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Print those that are ticked, or close a day."""
        must_buy(request)
        if "close" in request.POST:
            return self.close(request)
        wanted = "zpl" if request.POST.get("print") == "zpl" else "pdf"
        chosen = [int(pk) for pk in request.POST.getlist("label")[:SHOWN] if pk.isascii() and pk.isdigit()]
        try:
            content = print_labels(label_ids=chosen, wanted="zpl" if wanted == "zpl" else "pdf")
        except DomainError as trouble:
            messages.error(request, str(trouble))
            return HttpResponseRedirect(reverse("admin:workspace_labels"))
        return _file(content, wanted, "labels")

    def close(self, request: HttpRequest) -> HttpResponse:
        """Tell a carrier of the parcels of a warehouse that have left; those that wait are handed over on the floor."""
        warehouse, _sep, account = request.POST["close"].partition("|")
        waiting = LabelRecord.objects.filter(
            account__code=account, warehouse_code=warehouse, state=LabelState.BOUGHT, manifest_ref=""
        )
        try:
            manifest, count = hand_over(
                account_code=account, warehouse_code=warehouse, label_ids=sorted(parcels_gone(waiting))
            )
        except DomainError as trouble:
            messages.error(request, str(trouble))
        else:
            said = ngettext(
                "%(count)d parcel is on list %(number)s.", "%(count)d parcels are on list %(number)s.", count
            )
            messages.success(request, said % {"count": count, "number": manifest.number})
        return HttpResponseRedirect(reverse("admin:workspace_labels"))


def parcels_gone(labels: Iterable[LabelRecord]) -> set[int]:
    """Those of these labels whose parcels have left. One query."""
    rows = list(labels)
    found = Fulfillment.objects.filter(pk__in=[int(row.parcel_ref) for row in rows if row.parcel_ref.isdecimal()])
    left = set(found.exclude(state__in=[*INSIDE, ParcelState.CANCELED]).values_list("pk", flat=True))
    return {row.pk for row in rows if row.parcel_ref.isdecimal() and int(row.parcel_ref) in left}


def label_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One label as it came. Raises `Http404`."""
    must_buy(request)
    record = LabelRecord.objects.filter(pk=pk).first()
    try:
        content = read_label(record) if record is not None else b""
    except DomainError:
        content = b""
    if record is None or not content:
        raise Http404
    return _file(content, record.format, record.tracking_no)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    """For printing: PDF opens in the browser, ZPL is kept for the printer."""
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    place = "inline" if kind == "pdf" else "attachment"
    safe = "".join(letter for letter in name if letter.isalnum() or letter in "-_") or "label"
    answer["Content-Disposition"] = f'{place}; filename="{safe}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
