"""The list of orders over HTTP: what it shows, views that are kept, exports."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from core.errors import DomainError
from core.models import Job
from orders.actions.saved_views import drop_view, remember_export, save_view
from orders.desk_errors import NothingChosen
from orders.exporting.jobs import AT_ONCE, KIND, export_at_once, is_kept, start_export
from orders.exporting.tables import EXCEL_ROWS, TYPES
from orders.models import ExportChoice, PastOrder
from orders.past.queries import found_past_orders
from orders.workspace.desk_forms import BulkForm, ExportForm, SaveViewForm
from orders.workspace.filters import as_words, understood
from orders.workspace.listing import OrderList, order_list, view_named
from orders.workspace.selection import LONGEST, selection_of
from orders.workspace.views import must, screen, who

RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
REFRESH_SECONDS = 2
MOST_ELSEWHERE = 5
"""Imported orders that a search shows below its own; all of them are on their own page."""


class OrderListView(View):
    """The list of orders."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page its address asks for."""
        must(request, "view_order")
        page = order_list(request.GET.dict(), user_id=who(request))
        may = {
            name: request.user.has_perm(f"orders.{permission}")
            for name, permission in (
                ("may_pack", "fulfill_order"),
                ("may_print", "view_document"),
                ("may_tag", "tag_order"),
                ("may_export", "export_orders"),
                ("may_share", "share_savedorderview"),
            )
        }
        may["may_issue_papers"] = request.user.has_perms(("orders.issue_shippingpaper", "orders.view_shippingpaper"))
        saved = page.saved if page.saved and page.saved.owner_id == request.user.pk else None
        return screen(
            request,
            "admin/workspace/list.html",
            title=_("Orders"),
            page=page,
            own_view=saved,
            bulk_form=BulkForm(),
            elsewhere=_elsewhere(request, page),
            view_form=SaveViewForm(
                may_share=may["may_share"],
                initial={"name": saved.name, "is_shared": saved.is_shared} if saved else None,
            ),
            **may,
        )


def _elsewhere(request: HttpRequest, page: OrderList) -> tuple[PastOrder, ...]:
    """Imported orders that hold the words searched for: a few, the newest first. One query where words were typed."""
    words = page.form.cleaned_data.get("q", "").strip()
    if not words or not request.user.has_perm("orders.view_pastorder"):
        return ()
    return tuple(found_past_orders(words)[:MOST_ELSEWHERE])


class SavedViewsView(View):
    """Keep the filters of the list under a name, change a view, or forget it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Opened after signing in again, for example: back to the list."""
        return HttpResponseRedirect(reverse("admin:workspace_list"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """The deed; what is refused is said on the list, which keeps its filters."""
        must(request, "view_order")
        query = request.POST.get("query", "")[:LONGEST]
        number = request.POST.get("saved", "")
        view_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
        try:
            if request.POST.get("deed") == "drop" and view_id is not None:
                drop_view(user_id=who(request), view_id=view_id)
                messages.success(request, _("The view is forgotten. The orders stay as they are."))
                return _to_list(query)
            return self._save(request, query, view_id)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return _to_list(query)

    @staticmethod
    def _save(request: HttpRequest, query: str, view_id: int | None) -> HttpResponse:
        may_share = request.user.has_perm("orders.share_savedorderview")
        form = SaveViewForm(request.POST, may_share=may_share)
        if not form.is_valid():
            messages.error(request, str(next(iter(form.errors.values()))[0]))
            return _to_list(query)
        asked = QueryDict(query).dict()
        filters = {"view": view_named(str(asked.get("view", ""))), **as_words(understood(asked)[1])}
        kept = save_view(
            user_id=who(request),
            name=form.cleaned_data["name"],
            filters=filters,
            is_shared=bool(form.cleaned_data.get("is_shared")),
            view_id=view_id,
        )
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": kept.name})
        return _to_list(f"saved={kept.pk}&{query}")


class ExportView(View):
    """The chosen orders as a table: first the columns, then the file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Exports that were asked for before."""
        must(request, "export_orders")
        jobs = Job.objects.filter(kind=KIND, started_by_id=request.user.pk)[:20]
        return screen(
            request, "admin/orders/exports.html", title=_("Exports of orders"), jobs=jobs, days=settings.EXPORT_DAYS
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """The columns; with them, the file at once or a job that writes it."""
        must(request, "export_orders")
        must(request, "view_order")
        last = ExportChoice.objects.filter(user_id=who(request)).first()
        if "format" not in request.POST:
            return self._ask(request, ExportForm(last=last))
        form = ExportForm(request.POST, last=last)
        if not form.is_valid():
            return self._ask(request, form, status=422)
        try:
            return self._export(request, form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._ask(request, form, status=422)

    @staticmethod
    def _ask(request: HttpRequest, form: ExportForm, *, status: int = 200) -> HttpResponse:
        chosen = selection_of(request.POST)
        count = len(chosen.ids(user_id=who(request), most=EXCEL_ROWS))
        if not count:
            messages.warning(request, str(NothingChosen()))
            return _to_list(chosen.query)
        return screen(
            request,
            "admin/orders/export.html",
            status=status,
            title=_("Export orders"),
            form=form,
            chosen=chosen,
            count=count,
            at_once=AT_ONCE,
        )

    @staticmethod
    def _export(request: HttpRequest, form: ExportForm) -> HttpResponse:
        ids = selection_of(request.POST).ids(user_id=who(request), most=EXCEL_ROWS)
        format_code, columns = form.cleaned_data["format"], form.cleaned_data["columns"]
        asked: dict[str, Any] = {"order_ids": ids, "columns": columns, "format_code": format_code}
        if len(ids) > AT_ONCE:
            job = start_export(**asked)
            remember_export(user_id=who(request), format_code=format_code, columns=columns)
            return HttpResponseRedirect(reverse("admin:workspace_export_job", args=[job.pk]))
        content = export_at_once(**asked)
        remember_export(user_id=who(request), format_code=format_code, columns=columns)
        response = HttpResponse(content, content_type=TYPES[format_code])
        called = f"{slugify(settings.SHOP_NAME)}-orders-{timezone.localdate():%Y-%m-%d}.{format_code}"
        response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
        response.headers["Cache-Control"] = "private, no-store"
        return response


@require_GET
def export_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an export is; asks again by itself while it runs."""
    job = _job(request, pk)
    response = screen(
        request,
        "admin/orders/export_job.html",
        title=job.title,
        job=job,
        is_running=job.state in RUNNING,
        is_kept=is_kept(job),
        days=settings.EXPORT_DAYS,
    )
    if job.state in RUNNING:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_GET
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, as a download and never as a page."""
    job = _job(request, pk)
    if not is_kept(job):
        raise Http404
    ending = job.params["format"]
    called = f"{slugify(settings.SHOP_NAME)}-orders-{job.created:%Y-%m-%d}-{job.pk}.{ending}"
    stored = storages["private"].open(job.result["file"], "rb")
    response = FileResponse(stored, as_attachment=True, filename=called, content_type=TYPES[ending])
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _job(request: HttpRequest, pk: int) -> Job:
    """An export of this person: what it holds was chosen by what they may see."""
    must(request, "export_orders")
    found = Job.objects.filter(pk=pk, kind=KIND).first()
    if found is None:
        raise Http404
    if found.started_by_id != request.user.pk and not request.user.has_perm("core.view_job"):
        raise PermissionDenied
    return found


def _to_list(query: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:workspace_list')}?{query}")
