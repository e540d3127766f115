"""Files over HTTP: send texts out, watch the job, fetch the file; bring one back, see what it would do, apply it."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.files.base import File
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from catalog.translating.desk.forms import ExportForm, FilterForm, ImportForm
from catalog.translating.desk.views import APPROVE, TRANSLATE
from catalog.translating.exchange.tables import inert
from catalog.translating.matching import TextFilter
from catalog.workspace.screens import must, screen
from core.idempotency import claim, fingerprint
from core.jobs import cancel_job, start_job
from core.models import Job, JobError

PREFIX = "translations."
EXPORT, IMPORT = f"{PREFIX}export", f"{PREFIX}import"
PER_PAGE = 50
REFRESH_SECONDS = 2
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
COUNTS = ("changed", "outdated", "unchanged", "refused")


class ExchangeView(View):
    """The two forms, and the files before."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Both forms empty."""
        must(request, TRANSLATE)
        return self.page(request, ExportForm(initial={"languages": request.GET.getlist("language")}), ImportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start what the form asks for."""
        must(request, TRANSLATE)
        if "do_import" in request.POST:
            form = ImportForm(request.POST, request.FILES)
            if not form.is_valid():
                return self.page(request, ExportForm(), form, status=422)
            return _to_job(_start_import(request, form.cleaned_data))
        wanted = ExportForm(request.POST)
        if not wanted.is_valid():
            return self.page(request, wanted, ImportForm(), status=422)
        return _to_job(_start_export(request, wanted.cleaned_data))

    @staticmethod
    def page(request: HttpRequest, leaving: ExportForm, coming: ImportForm, *, status: int = 200) -> HttpResponse:
        """The page; 422 when a form was refused."""
        asked = TextFilter.of({**request.GET.dict(), **request.POST.dict(), "language": ""})
        before = Job.objects.filter(kind__startswith=PREFIX).select_related("started_by")[:20]
        return screen(
            request,
            "admin/catalog/translations/exchange.html",
            status=status,
            title=_("Translations as files"),
            export_form=leaving,
            import_form=coming,
            filter_form=FilterForm(asked.asked),
            jobs=before,
        )


@require_GET
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is and what it says; asks again by itself while it runs."""
    job = _job(request, pk)
    counts = job.result.get("counts") or job.checkpoint.get("counts") or {}
    response = screen(
        request,
        "admin/catalog/translations/job.html",
        title=job.title,
        job=job,
        is_running=job.state in RUNNING,
        is_import=job.kind == IMPORT,
        counts=[(name, counts.get(name, 0)) for name in COUNTS] if job.kind == IMPORT else [],
        texts=counts.get("texts"),
        items=Paginator(job.items.all(), PER_PAGE).get_page(request.GET.get("page")),
        refused=Paginator(job.errors.filter(level=JobError.Level.REFUSED), PER_PAGE).get_page(
            request.GET.get("refused")
        ),
        may_apply=job.kind == IMPORT and job.is_dry_run and job.state == Job.State.DONE,
        may_fetch=job.kind == EXPORT and job.state == Job.State.DONE and bool(job.file),
    )
    if job.state in RUNNING:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_POST
def apply_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Do for real what was tried out, with the same file. Pressing twice starts it once."""
    tried = _job(request, pk)
    if tried.kind != IMPORT or not tried.is_dry_run or tried.state != Job.State.DONE:
        messages.error(request, _("Only an import that was tried out to its end can be applied."))
        return _to_job(pk)
    with claim("admin.translations.apply", str(pk), fingerprint({"job": pk})) as mine:
        if not mine.is_replay:
            with tried.file.open("rb") as handle:
                params = {**tried.params, "may_approve": request.user.has_perm(APPROVE)}
                name = (tried.file.name or "").rpartition("/")[2]
                job = start_job(kind=IMPORT, title=tried.title, params=params, file=File(handle, name=name))
            mine.finish({"job": job.pk})
    return _to_job(mine.response["job"])


@require_POST
def stop_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask it to stop at its next step."""
    job = _job(request, pk)
    if job.state in RUNNING:
        cancel_job(job_id=job.pk)
        messages.success(request, _("The job stops at its next step. What is in stays in."))
    return _to_job(pk)


@require_GET
def job_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What an export wrote."""
    job = _job(request, pk)
    if job.kind != EXPORT or job.state != Job.State.DONE or not job.file:
        raise Http404
    return FileResponse(job.file.open("rb"), as_attachment=True, filename=str(job.result.get("file") or "translations"))


@require_GET
def job_rows(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Everything that was refused, as CSV. No cell can be taken for a formula."""
    job = _job(request, pk)
    response = StreamingHttpResponse(_csv(job), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="translations-{job.pk}-refused.csv"'
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(job: Job) -> Iterator[str]:
    table = csv.writer(_Echo())
    yield "\ufeff"
    yield table.writerow([_("Line"), _("Text"), pgettext("the words of a text", "Words"), _("Reason")])
    for row in job.errors.iterator(chunk_size=500):
        yield table.writerow([row.line, *(inert(cell) for cell in (row.column, row.value, row.message))])


def _start_export(request: HttpRequest, answers: dict[str, Any]) -> int:
    asked = TextFilter.of({**request.POST.dict(), "language": ""})
    languages = list(answers["languages"])
    params = {
        "format": answers["format"],
        "languages": languages,
        "filter": asked.asked,
        "reader": get_language() or "en",
    }
    title = _("Texts for %(languages)s") % {"languages": ", ".join(languages)}
    return start_job(kind=EXPORT, title=title, params=params).pk


def _start_import(request: HttpRequest, answers: dict[str, Any]) -> int:
    file = answers["file"]
    params = {"may_approve": request.user.has_perm(APPROVE), "reader": get_language() or "en"}
    title = _("Translations from %(file)s") % {"file": file.name}
    return start_job(kind=IMPORT, title=title, params=params, file=file, dry_run=answers["dry_run"]).pk


def _job(request: HttpRequest, pk: int) -> Job:
    must(request, TRANSLATE)
    job = Job.objects.select_related("started_by").filter(pk=pk, kind__startswith=PREFIX).first()
    if job is None:
        raise Http404
    return job


def _to_job(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:translations_job", args=[pk]))
