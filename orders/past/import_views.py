"""Bring in orders from elsewhere: upload, say what the columns mean, try out, watch, read what was refused, apply."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.core.files.base import File
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from catalog.importers.errors import FileRefused
from catalog.importers.refused import has_refused_rows, refused_table
from core.errors import DomainError
from core.idempotency import claim, fingerprint
from core.jobs import cancel_job, resume_job, start_job
from core.models import Job
from orders.past.formats import FORMATS
from orders.past.forms import ColumnsForm, UploadForm
from orders.past.preparing import decide_orders, look_orders, prepare_orders, settle
from orders.past.running import KIND
from orders.workspace.views import must, screen

PERMISSION = "import_pastorder"
PER_PAGE = 50
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
STOPPED = (Job.State.FAILED, Job.State.CANCELED)
OUTCOMES = ("created", "changed", "unchanged", "refused")
ASKED = ("format", "market")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class PastImportView(View):
    """The upload, and the imports before."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        must(request, PERMISSION)
        return self._page(request, UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look at the file and store it; nothing is imported yet. The same form sent twice stores it once."""
        must(request, PERMISSION)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=422)
        file = form.cleaned_data["file"]
        asked = {name: form.cleaned_data[name] for name in ASKED}
        try:
            with claim(
                "orders.past_import", form.cleaned_data["key"], fingerprint(asked | {"file": file.name})
            ) as mine:
                if not mine.is_replay:
                    params = asked | {"reader": get_language() or "en"}
                    mine.finish({"job": prepare_orders(file=file, name=file.name, params=params).pk})
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, form, status=422)
        return _to_job(mine.response["job"])

    @staticmethod
    def _page(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
        jobs = Job.objects.filter(kind=KIND).select_related("started_by")[:20]
        return screen(
            request,
            "admin/orders/past_import.html",
            status=status,
            title=_("Bring in orders"),
            form=form,
            jobs=jobs,
            own_titles=", ".join(field.code for field in FORMATS["portolan"].fields),
        )


@require_GET
def past_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is and what it said; it asks again while it runs. One not started asks for a decision."""
    job = _job_for(request, pk)
    if job.state == Job.State.PREPARED:
        return _decision(request, job, {})
    shown = request.GET.get("show", "refused")
    listed = job.items.filter(outcome=shown) if shown in ("created", "changed") else None
    counts = job.result.get("counts") or job.checkpoint.get("counts") or {}
    response = screen(
        request,
        "admin/orders/past_job.html",
        title=job.title,
        job=job,
        is_running=job.state in RUNNING,
        counts=[(name, counts.get(name, 0)) for name in OUTCOMES],
        shown=shown if listed is not None else "refused",
        is_listed=listed is not None,
        rows=Paginator(job.errors.all() if listed is None else listed, PER_PAGE).get_page(request.GET.get("page")),
        has_refused_rows=job.state not in RUNNING and has_refused_rows(job),
        may_apply=job.is_dry_run and job.state == Job.State.DONE,
        may_resume=job.state in STOPPED and bool(job.checkpoint),
    )
    if job.state in RUNNING:
        response.headers["Refresh"] = "2"
    return response


@require_POST
def past_deed(request: HttpRequest, pk: int) -> HttpResponse:
    """What the pressed button says: look again, try out, import, apply what was tried, stop, go on."""
    job = _job_for(request, pk)
    pressed = request.POST.get("do", "")
    if job.state == Job.State.PREPARED:
        return _decide(request, job, pressed)
    if pressed == "apply":
        return _apply(request, job)
    if pressed == "stop" and job.state in RUNNING:
        cancel_job(job_id=job.pk)
        messages.success(request, _("The import stops at its next step. What is in stays in."))
    if pressed == "resume":
        resume_job(job_id=job.pk)
    return _to_job(pk)


def _decide(request: HttpRequest, job: Job, pressed: str) -> HttpResponse:
    if pressed == "stop":
        cancel_job(job_id=job.pk)
        return HttpResponseRedirect(reverse("admin:past_import"))
    asked = {name: request.POST[name] for name in ASKED if request.POST.get(name)}
    if pressed not in ("try", "import"):
        return _decision(request, job, asked)
    with job.file.open("rb") as file:
        params = _params(job, asked)
        seen = look_orders(file, job.file.name or "", params)
    reading = FORMATS[params["format"]]
    form = ColumnsForm(request.POST, seen=seen, reading=reading, mapping=params.get("mapping") or {})
    if not form.is_valid():
        return _decision_page(request, job, form, params, status=422)
    decided = settle(seen, params | {"mapping": form.mapping()}) | {"reader": get_language() or "en"}
    name = form.cleaned_data["remember_as"]
    decide_orders(job=job, seen=seen, params=decided, dry_run=pressed == "try", remember_as=name)
    return _to_job(job.pk)


def _params(job: Job, asked: dict[str, str]) -> dict[str, Any]:
    """As it was stored and asked; a mapping for another format is no longer one."""
    said = {name: value for name, value in asked.items() if name != "format" or value in FORMATS}
    params: dict[str, Any] = job.params | said
    if params["format"] != job.params["format"]:
        params["mapping"] = {}
    return params


def _decision(request: HttpRequest, job: Job, asked: dict[str, str]) -> HttpResponse:
    params = _params(job, asked)
    with job.file.open("rb") as file:
        seen = look_orders(file, job.file.name or "", params)
    initial = {name: params[name] for name in ASKED} | {"remember_as": params.get("source", "")}
    reading = FORMATS[params["format"]]
    form = ColumnsForm(initial=initial, seen=seen, reading=reading, mapping=params.get("mapping") or {})
    return _decision_page(request, job, form, params)


def _decision_page(
    request: HttpRequest, job: Job, form: ColumnsForm, params: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return screen(
        request,
        "admin/orders/past_decide.html",
        status=status,
        title=job.title,
        job=job,
        form=form,
        is_guess=bool(params.get("is_guess")),
        source=params.get("source", ""),
    )


def _apply(request: HttpRequest, tried: Job) -> HttpResponse:
    """Do for real what was tried out, with the same file and settings. Pressing twice starts it once."""
    if not tried.is_dry_run or tried.state != Job.State.DONE:
        messages.error(request, _("Only an import that was tried out to its end can be applied."))
        return _to_job(tried.pk)
    with claim("orders.past_import.apply", str(tried.pk), fingerprint({"job": tried.pk})) as mine:
        if not mine.is_replay:
            with tried.file.open("rb") as handle:
                file = File(handle, name=(tried.file.name or "").rpartition("/")[2])
                job = start_job(kind=KIND, title=tried.title, params=tried.params, file=file)
            mine.finish({"job": job.pk})
    return _to_job(mine.response["job"])


@require_GET
def past_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as they stood in the file, with the reason in a column."""
    job = _job_for(request, pk)
    stack = ExitStack()
    try:
        ending, pieces = stack.enter_context(refused_table(job))
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return _to_job(pk)
    response = StreamingHttpResponse(_closing(stack, pieces), content_type=TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="orders-{job.pk}-refused.{ending}"'
    return response  # type: ignore[return-value]  # the stubs know no common class


@require_GET
def past_example(request: HttpRequest) -> HttpResponse:
    """The titles of the shop's own format, to fill in."""
    must(request, PERMISSION)
    response = HttpResponse(content_type=TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="orders.csv"'
    csv.writer(response).writerow(field.code for field in FORMATS["portolan"].fields)
    return response


def _closing(stack: ExitStack, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with stack:
        yield from pieces


def _job_for(request: HttpRequest, pk: int) -> Job:
    must(request, PERMISSION)
    job = Job.objects.select_related("started_by").filter(pk=pk, kind=KIND).first()
    if job is None:
        raise Http404
    return job


def _to_job(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:past_job", args=[pk]))
