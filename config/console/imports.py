"""Imports over HTTP: upload, say what the columns mean, try out, watch, read what was refused, apply."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from catalog.actions.mappings import forget_mapping
from catalog.importers.errors import FileRefused
from catalog.importers.inspecting import Seen, look_at
from catalog.importers.preparing import decide_import, how_of, prepare_import
from catalog.importers.refused import has_refused_rows
from catalog.importers.registry import import_format
from catalog.models import ColumnMapping, PictureWish
from config.console.forms import SETTINGS, DecisionForm, ImportForm
from config.console.outcomes import COUNTS, chosen_view, views_of
from core.errors import DomainError
from core.idempotency import claim, fingerprint
from core.jobs import cancel_job, resume_job, start_job
from core.models import Job
from orders.workspace.views import screen

PERMISSION = "catalog.import_products"
PREFIX = "import."
PER_PAGE = 50
REFRESH_SECONDS = 2
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
SAME_LETTERS = {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16", "utf-32": "utf-16"}
STOPPED = (Job.State.FAILED, Job.State.CANCELED)


class ImportView(View):
    """The form, the imports before, and the columns that are remembered."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may import only."""
        _must(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._page(request, ImportForm(initial={"language": get_language()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Look at the file and store it; nothing is imported yet. The same form sent twice stores it once."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, status=422)
        file = form.cleaned_data["file"]
        asked = {name: form.cleaned_data[name] for name in SETTINGS}
        try:
            with claim("admin.import", form.cleaned_data["key"], fingerprint(asked | {"file": file.name})) as mine:
                if not mine.is_replay:
                    params = asked | {"reader": get_language() or "en"}
                    mine.finish({"job": prepare_import(file=file, name=file.name, params=params).pk})
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._page(request, form, status=422)
        return _to_job(mine.response["job"])

    @staticmethod
    def _page(request: HttpRequest, form: ImportForm, *, status: int = 200) -> HttpResponse:
        before = Job.objects.filter(kind__startswith=PREFIX).select_related("started_by")[:20]
        return screen(
            request,
            "admin/console/import.html",
            status=status,
            title=_("Import products"),
            form=form,
            jobs=before,
            mappings=ColumnMapping.objects.select_related("changed_by")[:50],
            pictures_given_up=PictureWish.objects.filter(state=PictureWish.State.FAILED).count(),
            may_see_pictures=request.user.has_perm("catalog.view_picturewish"),
        )


@require_GET
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is and what it said; it asks again while it runs. One not started asks for a decision."""
    job = job_for(request, pk)
    if job.state == Job.State.PREPARED:
        return _decision(request, job)
    view = chosen_view(job, request.GET.get("show", ""))
    response = screen(
        request,
        "admin/console/job.html",
        title=job.title,
        job=job,
        is_running=job.state in RUNNING,
        counts=[
            (name, (job.result.get("counts") or job.checkpoint.get("counts") or {}).get(name, 0)) for name in COUNTS
        ],
        views=views_of(job, view),
        view=view,
        rows=Paginator(view.rows(job), PER_PAGE).get_page(request.GET.get("page")),
        has_refused_rows=job.state not in RUNNING and has_refused_rows(job),
        may_apply=job.is_dry_run and job.state == Job.State.DONE,
        may_resume=job.state in STOPPED and bool(job.checkpoint),
    )
    if job.state in RUNNING:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_POST
def decide_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Look again with other settings, try it out, or import: as the pressed button says."""
    job = job_for(request, pk)
    if job.state != Job.State.PREPARED:
        return _to_job(pk)
    asked = {name: request.POST.get(name, "") for name in (*SETTINGS, "sheet")}
    pressed = request.POST.get("do", "look")
    if pressed == "look":
        return _decision(request, job, asked=asked)
    try:
        seen, params = _look(job, asked)
        form = _form(job, seen, params, request)
        if not form.is_valid():
            return _decision_page(request, job, seen, form, status=422)
        decided = params | {name: form.cleaned_data.get(name, "") for name in (*SETTINGS, "sheet")}
        decided |= {"mapping": form.mapping(), "reader": get_language() or "en"}
        name = form.cleaned_data.get("remember_as", "")
        decide_import(job=job, seen=seen, params=decided, dry_run=pressed != "import", remember_as=name)
    except FileRefused as refusal:
        return _decision(request, job, asked=asked, refusal=refusal)
    return _to_job(pk)


def _look(job: Job, asked: dict[str, str]) -> tuple[Seen, dict[str, Any]]:
    """What the file shows when it is read as asked; a mapping for another format is no longer one."""
    params = job.params | {name: value for name, value in asked.items() if value or name == "encoding"}
    if params["format"] != job.params["format"]:
        params["mapping"] = {}
    with job.file.open("rb") as file:
        return look_at(file, job.file.name or "", how_of(params)), params


def _decision(
    request: HttpRequest, job: Job, *, asked: dict[str, str] | None = None, refusal: FileRefused | None = None
) -> HttpResponse:
    """The page that asks how to read the file. Settings it cannot be read with are said, and the first ones shown."""
    status = 422 if refusal else 200
    try:
        seen, params = _look(job, asked or {})
    except FileRefused as trouble:
        if not asked:
            return screen(request, "admin/console/import_unreadable.html", title=job.title, job=job, refusal=trouble)
        refusal, status = trouble, 422
        seen, params = _look(job, {})
    form = _form(job, seen, params)
    return _decision_page(request, job, seen, form, status=status, refusal=refusal)


def _form(job: Job, seen: Seen, params: dict[str, Any], request: HttpRequest | None = None) -> DecisionForm:
    reading = import_format(params["format"])
    encoding = params.get("encoding") or (seen.encoding.name if seen.encoding else "")
    initial = params | {
        "remember_as": params.get("source", ""),
        "encoding": SAME_LETTERS.get(encoding, encoding),
        "sheet": params.get("sheet") or next(iter(seen.sheets), ""),
    }
    return DecisionForm(
        request.POST if request else None,
        initial=initial,
        seen=seen,
        reading=reading,
        mapping=params.get("mapping") or {},
    )


def _decision_page(
    request: HttpRequest,
    job: Job,
    seen: Seen,
    form: DecisionForm,
    *,
    status: int = 200,
    refusal: FileRefused | None = None,
) -> HttpResponse:
    return screen(
        request,
        "admin/console/import_decide.html",
        status=status,
        title=job.title,
        job=job,
        seen=seen,
        form=form,
        refusal=refusal,
        is_guess=bool(job.params.get("is_guess")),
        source=job.params.get("source", ""),
    )


@require_POST
def apply_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Do for real what was tried out, with the same file and settings. Pressing twice starts it once."""
    tried = job_for(request, pk)
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
    """Ask it to stop at its next step; one that was not started is thrown away."""
    job = job_for(request, pk)
    if job.state == Job.State.PREPARED:
        cancel_job(job_id=job.pk)
        return HttpResponseRedirect(reverse("admin:console_import"))
    if job.state in RUNNING:
        cancel_job(job_id=job.pk)
        messages.success(request, _("The import stops at its next step. What is in stays in."))
    return _to_job(pk)


@require_POST
def go_on_with_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on behind the last product that is in."""
    resume_job(job_id=job_for(request, pk).pk)
    return _to_job(pk)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what the columns of a source mean."""
    _must(request)
    forget_mapping(mapping_id=pk)
    return HttpResponseRedirect(reverse("admin:console_import"))


def job_for(request: HttpRequest, pk: int) -> Job:
    """The import, for people who may see it."""
    _must(request)
    job = Job.objects.select_related("started_by").filter(pk=pk, kind__startswith=PREFIX).first()
    if job is None:
        raise Http404
    return job


def _must(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _to_job(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:console_job", args=[pk]))
