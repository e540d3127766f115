"""The operators' order screens over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from orders.changes.panel import changes_panel
from orders.models import Order
from orders.workspace.aftersales import aftersales_of
from orders.workspace.desk_forms import PlanHoldForm, StopForm, TagForm, team
from orders.workspace.document_panels import document_panels
from orders.workspace.download_panels import DownloadForm, download_panels
from orders.workspace.forms import (
    CancelForm,
    NoteForm,
    PackForm,
    PressForm,
    RefundForm,
    ResolveForm,
    ShipForm,
)
from orders.workspace.origin import origin_panel
from orders.workspace.page import warehouse_choices, workspace
from orders.workspace.paper_panels import papers_made_panel
from orders.workspace.refunds import delivery_back, refundable_lines
from orders.workspace.sourcing import sourcing_panel
from orders.workspace.types import DeliveryBack, HoldView, PackLine, ParcelPanel, RefundableLine, Workspace
from payments.risk.queries import decisions_of


def must(request: HttpRequest, permission: str) -> None:
    """Raises `PermissionDenied` for everybody without this permission of orders."""
    if not request.user.has_perm(f"orders.{permission}"):
        raise PermissionDenied


def who(request: HttpRequest) -> int:
    """The key of whoever is signed in. Raises `PermissionDenied` for nobody."""
    if request.user.pk is None:
        raise PermissionDenied
    return int(request.user.pk)


def screen(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> TemplateResponse:
    """A page of the admin site."""
    everything = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, template, everything, status=status)


@dataclass(frozen=True, kw_only=True)
class PackRow:
    """A line of a parcel with its number field, if it can still be packed."""

    line: PackLine
    field: Any


@dataclass(frozen=True, kw_only=True)
class ParcelForms:
    """A parcel with its forms."""

    panel: ParcelPanel
    rows: tuple[PackRow, ...]
    pack: Form
    ship: Form
    deliver: Form


@dataclass(frozen=True, kw_only=True)
class HoldForms:
    """A hold with its forms."""

    hold: HoldView
    resolve: Form
    plan: Form


@dataclass(frozen=True, kw_only=True)
class RefundField:
    """A line in the refund form with its number field."""

    line: RefundableLine
    field: Any


class WorkspaceScreen(View):
    """Everything that shows one order's page. A refused form comes back bound, under its own name, with its words."""

    def order(self) -> Order:
        """The order of the address. Raises `Http404`."""
        found = Order.objects.select_related("origin").filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found

    def back(self, anchor: str = "") -> HttpResponse:
        """To the order's page."""
        address = reverse("admin:workspace_order", args=[self.kwargs["number"]])
        return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """An operation's address that is opened, after signing in again for example, leads to the order."""
        return self.back()

    def show(self, order: Order, bound: Mapping[str, Form] | None = None) -> HttpResponse:
        """The page; with 422 when a form on it was refused."""
        page = workspace(order, self.request.user)
        forms = dict(bound or {})
        return screen(
            self.request,
            "admin/workspace/order.html",
            status=422 if bound else 200,
            title=order.number,
            page=page,
            refused=next(iter(forms.values()), None),
            aftersales=aftersales_of(order, self.request.user),
            downloads=download_panels(order),
            changes=changes_panel(order, self.request.user),
            documents=document_panels(order),
            papers_made=papers_made_panel(order),
            may_issue_papers=self.request.user.has_perms(("orders.issue_shippingpaper", "orders.view_shippingpaper")),
            decisions=decisions_of(order.number),
            sourcing=sourcing_panel(order, self.request.user),
            origin=origin_panel(order),
            tag_form=(forms.get("tag") or TagForm()) if self.request.user.has_perm("orders.tag_order") else None,
            download_form=forms.get("download") or DownloadForm(),
            may_manage_downloads=self.request.user.has_perm("orders.manage_downloads"),
            **_forms(order, page, forms),
        )


def _forms(order: Order, page: Workspace, bound: Mapping[str, Form]) -> dict[str, Any]:
    delivery = delivery_back(order)
    refund, fields = refund_form(order, delivery, bound.get("refund"))
    people = team() if page.holds else ()
    return {
        "parcels": [_parcel_forms(panel, bound) for panel in page.parcels],
        "holds": [
            HoldForms(
                hold=hold,
                resolve=bound.get(f"resolve-{hold.pk}") or ResolveForm(auto_id=f"hold-{hold.pk}-%s"),
                plan=bound.get(f"plan-{hold.pk}")
                or PlanHoldForm(hold_id=hold.pk, people=people, owner=str(hold.owner_id or ""), due_at=hold.due_at),
            )
            for hold in page.holds
        ],
        "capture_form": bound.get("capture") or PressForm(auto_id="capture-%s"),
        "note_form": bound.get("note") or NoteForm(auto_id="note-%s"),
        "hold_form": bound.get("hold") or StopForm(auto_id="stop-%s"),
        "cancel_form": bound.get("cancel") or CancelForm(auto_id="cancel-%s"),
        "refund_form": refund,
        "refund_fields": fields,
        "refund_shipping": delivery,
    }


def _parcel_forms(panel: ParcelPanel, bound: Mapping[str, Form]) -> ParcelForms:
    pack = bound.get(f"pack-{panel.pk}") or PackForm(panel)
    return ParcelForms(
        panel=panel,
        rows=tuple(PackRow(line=line, field=pack[f"line_{line.line_id}"]) for line in panel.lines),
        pack=pack,
        ship=bound.get(f"ship-{panel.pk}") or ShipForm(panel),
        deliver=bound.get(f"deliver-{panel.pk}") or PressForm(auto_id=f"deliver-{panel.pk}-%s"),
    )


def refund_form(order: Order, delivery: DeliveryBack, bound: Form | None) -> tuple[RefundForm, list[RefundField]]:
    """The refund form, with a number field per line that can still be refunded."""
    lines = refundable_lines(order)
    fresh = RefundForm(lines, warehouse_choices(), delivery=delivery) if bound is None else bound
    form = cast(RefundForm, fresh)
    return form, [
        RefundField(line=line, field=form[f"line_{line.key}"]) for line in lines if f"line_{line.key}" in form.fields
    ]


class OrderView(WorkspaceScreen):
    """One order."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Its page."""
        must(request, "view_order")
        return self.show(self.order())
