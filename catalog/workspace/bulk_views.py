"""Changes of many rows over HTTP: describe, look, start, stop, take back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from catalog.actions.bulk import describe_bulk_run, start_bulk_run, undo_bulk_run
from catalog.bulk.fields import BulkField, detail_named, field_named, fields_to_list
from catalog.models import BulkRun
from catalog.workspace.bulk import bulk_page
from catalog.workspace.bulk_forms import FieldForm, OperationForm
from catalog.workspace.screens import PER_PAGE, go_to, links_of, must, screen
from core.errors import DomainError
from core.jobs import cancel_job

PERMISSION = "catalog.change_in_bulk"
NEEDED = {"product": "catalog.change_product", "variant": "catalog.change_variant"}
REFRESH_SECONDS = 2


def runs(request: HttpRequest) -> HttpResponse:
    """All changes of many rows, newest first."""
    must(request, PERMISSION)
    found = (
        BulkRun.objects.filter(price_plan=None)
        .defer("object_ids")
        .select_related("job__started_by", "trial__started_by", "undo_job")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return screen(
        request,
        "admin/catalog/workspace/bulk_list.html",
        title=_("Changes of many rows"),
        runs=page.object_list,
        links=links_of(page, {}),
    )


class BulkView(View):
    """One change of many rows."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where it stands; asks again by itself while something runs."""
        run = _run(request, pk)
        field = _asked(request, run) if run.state == BulkRun.State.DRAFT else None
        return self.page(request, run, OperationForm(field) if field else None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Describe, start, go on, stop or take back."""
        run = _run(request, pk)
        try:
            refused = self._do(request, run)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return go_to(reverse("admin:catalog_bulk_run", args=[pk]))
        if refused is not None:
            return self.page(request, run, refused, status=422)
        return go_to(reverse("admin:catalog_bulk_run", args=[pk]))

    def _do(self, request: HttpRequest, run: BulkRun) -> OperationForm | None:
        deed = request.POST.get("deed")
        if deed == "describe":
            return self._describe(request, run)
        if run.field:
            _may(request, run, run.field)
        if deed == "start":
            start_bulk_run(run_id=run.pk)
        elif deed == "undo":
            undo_bulk_run(run_id=run.pk)
        elif deed == "stop":
            job = run.undo_job or run.job or run.trial
            if job is not None:
                cancel_job(job_id=job.pk)
                messages.success(request, _("It stops at its next step. What is changed stays changed."))
        return None

    def _describe(self, request: HttpRequest, run: BulkRun) -> OperationForm | None:
        field = field_named(run.target, request.POST.get("field", ""))
        if field is None:
            messages.error(request, _("Choose the field to change."))
            return None
        _may(request, run, field.key)
        form = OperationForm(field, request.POST)
        if not form.is_valid():
            return form
        operation = form.cleaned_data["operation"]
        describe_bulk_run(run_id=run.pk, field=field.key, operation=operation, arguments=form.arguments())
        return None

    def page(
        self, request: HttpRequest, run: BulkRun, form: OperationForm | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The page around it all."""
        only_kept = bool(request.GET.get("left"))
        page = bulk_page(run, request.GET.get("page"), only_kept=only_kept)
        fields, asks_for_detail = fields_to_list(run.target) if run.state == BulkRun.State.DRAFT else ([], False)
        chosen = form.field.key if form else run.field
        detail = chosen.removeprefix("attribute.") if chosen.startswith("attribute.") else ""
        context: dict[str, Any] = {
            "title": _("Change of many rows"),
            "page": page,
            "form": form,
            "field_form": FieldForm(
                fields, asks_for_detail=asks_for_detail, initial={"field": chosen, "detail": detail}
            ),
            "links": links_of(page.changes, {"left": "1"} if only_kept else {}) if page.changes else None,
            "only_kept": only_kept,
        }
        response = screen(request, "admin/catalog/workspace/bulk_run.html", status=status, **context)
        if page.is_running and form is None:
            response.headers["Refresh"] = str(REFRESH_SECONDS)
        return response


def _asked(request: HttpRequest, run: BulkRun) -> BulkField | None:
    """The field the address asks for: a chosen one, or a detail by its code or name."""
    detail = request.GET.get("detail", "").strip()
    if request.GET.get("field") or not detail or run.target != BulkRun.Target.PRODUCT:
        return field_named(run.target, request.GET.get("field", ""))
    field = detail_named(detail)
    if field is None:
        messages.error(request, _("There is no detail “%(words)s”, or several have this name.") % {"words": detail})
    return field


def _run(request: HttpRequest, pk: int) -> BulkRun:
    must(request, PERMISSION)
    rows = BulkRun.objects.filter(price_plan=None).defer("object_ids").select_related("job", "trial", "undo_job")
    run = get_object_or_404(rows, pk=pk)
    must(request, NEEDED[run.target])
    return run


def _may(request: HttpRequest, run: BulkRun, key: str) -> None:
    field = field_named(run.target, key)
    if field is not None and field.permission and not request.user.has_perm(field.permission):
        raise PermissionDenied
