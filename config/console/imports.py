"""Imports over HTTP: upload, watch, read what was refused, and apply what was tried out."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from config.console.forms import ImportForm
from core.errors import DomainError
from core.idempotency import claim, fingerprint
from core.jobs import cancel_job, start_job
from core.models import Job, JobError
from orders.workspace.views import screen

PERMISSION = "catalog.import_products"
PREFIX = "import."
KIND = "import.catalogue"
ERRORS_PER_PAGE = 50
REFRESH_SECONDS = 2
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
COUNTS = ("created", "changed", "unchanged", "refused")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\0")


class ImportView(View):
    """The form, and the imports before."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may import only."""
        _must(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._page(request, ImportForm(initial={"language": get_language()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start the job; the same form sent twice starts it once."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=422)
        asked = {name: str(form.cleaned_data[name]) for name in ("format", "market", "language", "dry_run")}
        asked["file"] = form.cleaned_data["file"].name
        try:
            with claim("admin.import", form.cleaned_data["key"], fingerprint(asked)) as mine:
                if not mine.is_replay:
                    mine.finish({"job": _start(form.cleaned_data).pk})
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, form, status=422)
        return _to_job(mine.response["job"])

    @staticmethod
    def _page(request: HttpRequest, form: ImportForm, *, status: int = 200) -> HttpResponse:
        before = Job.objects.filter(kind__startswith=PREFIX).select_related("started_by")[:20]
        return screen(
            request, "admin/console/import.html", status=status, title=_("Import products"), form=form, jobs=before
        )


@require_GET
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is and what it said; asks again by itself while it runs."""
    job = _job(request, pk)
    errors = Paginator(job.errors.all(), ERRORS_PER_PAGE).get_page(request.GET.get("page"))
    counts = job.result.get("counts") or job.checkpoint.get("counts") or {}
    response = screen(
        request,
        "admin/console/job.html",
        title=job.title,
        job=job,
        is_running=job.state in RUNNING,
        counts=[(name, counts.get(name, 0)) for name in COUNTS],
        errors=errors,
        refused=job.errors.filter(level=JobError.Level.REFUSED).count(),
        may_apply=job.is_dry_run and job.state == Job.State.DONE,
    )
    if job.state in RUNNING:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_POST
def apply_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Do for real what was tried out, with the same file and settings. Pressing twice starts it once."""
    tried = _job(request, pk)
    if not tried.is_dry_run or tried.state != Job.State.DONE:
        messages.error(request, _("Only an import that was tried out to its end can be applied."))
        return _to_job(pk)
    with claim("admin.import.apply", str(pk), fingerprint({"job": pk})) as mine:
        if not mine.is_replay:
            with tried.file.open("rb") as handle:
                job = start_job(
                    kind=tried.kind,
                    title=tried.title,
                    params=tried.params,
                    file=File(handle, name=(tried.file.name or "").rpartition("/")[2]),
                )
            mine.finish({"job": job.pk})
    return _to_job(mine.response["job"])


@require_POST
def stop_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask it to stop at its next step."""
    job = _job(request, pk)
    if job.state in RUNNING:
        cancel_job(job_id=job.pk)
        messages.success(request, _("The import stops at its next step. What is in stays in."))
    return _to_job(pk)


@require_GET
def job_errors(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Everything it said about rows, as CSV. No cell can be taken for a formula."""
    job = _job(request, pk)
    response = StreamingHttpResponse(_csv(job), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{job.pk}-rows.csv"'
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(job: Job) -> Iterator[str]:
    table = csv.writer(_Echo())
    yield "\ufeff"
    yield table.writerow([_("Line"), _("Column"), _("Value"), _("What"), _("Reason")])
    for row in job.errors.iterator(chunk_size=500):
        cells = (row.column, row.value, row.get_level_display(), row.message)
        yield table.writerow([row.line, *(inert(str(cell)) for cell in cells)])


def inert(text: str) -> str:
    """A cell that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _start(answers: dict[str, Any]) -> Job:
    file = answers["file"]
    asked = {name: answers[name] for name in ("format", "market", "language")}
    params = asked | {"reader": get_language() or "en"}
    return start_job(
        kind=KIND,
        title=_("Import %(file)s") % {"file": file.name},
        params=params,
        file=file,
        dry_run=answers["dry_run"],
    )


def _must(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _job(request: HttpRequest, pk: int) -> Job:
    _must(request)
    job = Job.objects.select_related("started_by").filter(pk=pk, kind__startswith=PREFIX).first()
    if job is None:
        raise Http404
    return job


def _to_job(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:console_job", args=[pk]))
