"""The operators' screens of parcels in trouble over HTTP: each view asks one permission and calls one action."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core.errors import DomainError
from core.handing_over import hand_over
from orders.actions.elsewhere import hand_to_warehouses
from orders.actions.parcel_exceptions import add_proofs, note_claim, plan_exception, resolve_exception
from orders.logistics.desk_forms import ClaimForm, PlanForm, ResolveTroubleForm
from orders.logistics.desk_page import trouble_list, trouble_page
from orders.models import ParcelException, ParcelProof
from orders.returning.views import uploads
from orders.workspace.desk_forms import team
from orders.workspace.forms import KeyedForm, PressForm
from orders.workspace.operations import once
from orders.workspace.views import must, screen

HANDLE = "handle_parcelexception"


class TroubleListView(View):
    """The list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "view_parcelexception")
        page = trouble_list(request.GET.dict())
        return screen(request, "admin/orders/parcels_list.html", title=_("Parcels in trouble"), page=page)


class TroubleScreen(View):
    """Everything that shows one. A refused form comes back bound, under its own name, with its words."""

    def row(self) -> ParcelException:
        """The one of the address. Raises `Http404`."""
        rows = ParcelException.objects.select_related("order", "fulfillment", "package", "owner")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def back(self) -> HttpResponse:
        """To its page."""
        return HttpResponseRedirect(reverse("admin:workspace_parcel", args=[self.kwargs["pk"]]))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; an operation's address that is opened leads to it."""
        must(request, "view_parcelexception")
        return self.show()

    def show(self, bound: Mapping[str, Form] | None = None) -> HttpResponse:
        """The page; with 422 when a form on it was refused."""
        row, forms = self.row(), dict(bound or {})
        claim = {"state": row.claim, "reference": row.claim_ref}
        return screen(
            self.request,
            "admin/orders/parcels_one.html",
            status=422 if forms else 200,
            title=str(row.get_kind_display()),
            page=trouble_page(row),
            pk=row.pk,
            refused=next(iter(forms.values()), None),
            may_handle=self.request.user.has_perm(f"orders.{HANDLE}"),
            may_push=self.request.user.has_perm("inventory.push_parcel"),
            plan_form=forms.get("plan") or PlanForm(row, list(team())),
            resolve_form=forms.get("resolve") or ResolveTroubleForm(auto_id="resolve-%s"),
            claim_form=forms.get("claim") or ClaimForm(auto_id="claim-%s", initial=claim),
            file_form=forms.get("files") or PressForm(auto_id="files-%s"),
            push_form=forms.get("push") or PressForm(auto_id="push-%s"),
        )


class TroubleDeed(TroubleScreen):
    """One deed. What is refused is said on the page; a repeat is done once."""

    permission: ClassVar[str] = f"orders.{HANDLE}"
    name: ClassVar[str]
    done: ClassVar[str | Promise]

    def form(self, row: ParcelException) -> KeyedForm:
        """The form with what was sent."""
        raise NotImplementedError

    def act(self, row: ParcelException, form: Any) -> None:
        """Call the action."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The deed."""
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        row = self.row()
        form = self.form(row)
        if form.is_valid() and once(f"parcel.{self.name}", row.order, form, lambda: self.act(row, form)):
            messages.success(request, str(self.done))
            return self.back()
        return self.show({self.name: form})


class PlanView(TroubleDeed):
    """Who takes care of it, and until when."""

    name = "plan"
    done = gettext_lazy("It is said who takes care of it.")

    def form(self, row: ParcelException) -> KeyedForm:
        """Who and when."""
        return PlanForm(row, list(team()), self.request.POST)

    def act(self, row: ParcelException, form: PlanForm) -> None:
        """Plan; "I take care of it" is a button of its own."""
        plan_exception(
            exception_id=row.pk,
            owner_id=self.request.user.pk if "mine" in self.request.POST else form.owner_id,
            due_at=form.end_of("due_on"),
            waits_until=form.end_of("waits_on"),
        )


class ResolveView(TroubleDeed):
    """It is dealt with."""

    name = "resolve"
    done = gettext_lazy("It is dealt with.")

    def form(self, row: ParcelException) -> KeyedForm:
        """What was done."""
        return ResolveTroubleForm(self.request.POST, auto_id="resolve-%s")

    def act(self, row: ParcelException, form: Form) -> None:
        """Resolve."""
        resolve_exception(exception_id=row.pk, resolution=form.cleaned_data["resolution"])


class ClaimView(TroubleDeed):
    """What stands with the claim."""

    name = "claim"
    done = gettext_lazy("The claim is noted.")

    def form(self, row: ParcelException) -> KeyedForm:
        """State and number."""
        return ClaimForm(self.request.POST, auto_id="claim-%s")

    def act(self, row: ParcelException, form: Form) -> None:
        """Note."""
        said = form.cleaned_data
        note_claim(exception_id=row.pk, state=said["state"], reference=said["reference"])


class FilesView(TroubleDeed):
    """Files about it."""

    name = "files"
    done = gettext_lazy("The files are kept.")

    def form(self, row: ParcelException) -> KeyedForm:
        """The key; the files come beside it."""
        return PressForm(self.request.POST, auto_id="files-%s")

    def act(self, row: ParcelException, form: Form) -> None:
        """Keep."""
        add_proofs(exception_id=row.pk, files=uploads(self.request, "files"))


class PushAgainView(TroubleDeed):
    """Send the parcel over to the other warehouse once more."""

    name = "push"
    permission = "inventory.push_parcel"
    done = gettext_lazy("The parcel is sent over once more.")

    def form(self, row: ParcelException) -> KeyedForm:
        """The button."""
        return PressForm(self.request.POST, auto_id="push-%s")

    def act(self, row: ParcelException, form: Form) -> None:
        """Push. Raises `DomainError` when nothing could be sent over."""
        if not hand_to_warehouses(number=row.order.number):
            raise DomainError(_("Nothing of this order can be sent over now. See what stops it on the order's page."))


def proof_file(request: HttpRequest, pk: int, proof: int) -> HttpResponseBase:
    """One file. Raises `Http404`."""
    must(request, "view_parcelexception")
    found = ParcelProof.objects.filter(exception_id=pk, pk=proof).first()
    if found is None:
        raise Http404
    return hand_over(
        str(found.stored.name),
        called=found.called,
        content_type=found.content_type,
        size=found.size,
        asked_range=request.headers.get("Range", ""),
        by_proxy=settings.PRIVATE_FILES_BY_PROXY,
    )
