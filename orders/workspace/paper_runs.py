"""Papers for many orders over HTTP: how far a worker is, what refused, and the file."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.models import Job
from orders.actions.paper_runs import KIND
from orders.exporting.jobs import is_kept
from orders.workspace.views import must, screen

RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
REFRESH_SECONDS = 2
LATEST = 20
REFUSALS = 200
"""Refusals that are told on the page."""


def paper_runs(request: HttpRequest) -> HttpResponse:
    """What the person had printed lately."""
    must(request, "view_shippingpaper")
    jobs = Job.objects.filter(kind=KIND, started_by_id=request.user.pk)[:LATEST]
    return screen(
        request, "admin/orders/paper_runs.html", title=_("Printed papers"), jobs=jobs, days=settings.EXPORT_DAYS
    )


@require_GET
def paper_run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; asks again by itself while it runs."""
    job = _job(request, pk)
    response = screen(
        request,
        "admin/orders/paper_run.html",
        title=job.title,
        job=job,
        refused=job.errors.all()[:REFUSALS],
        is_running=job.state in RUNNING,
        is_kept=is_kept(job),
    )
    if job.state in RUNNING:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_GET
def paper_run_file(request: HttpRequest, pk: int) -> FileResponse:
    """All papers of the run as one PDF."""
    job = _job(request, pk)
    if not is_kept(job):
        raise Http404
    stored = storages["private"].open(job.result["file"], "rb")
    called = f"{job.params['kind']}-{job.pk}.pdf"
    response = FileResponse(stored, filename=called, content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _job(request: HttpRequest, pk: int) -> Job:
    must(request, "view_shippingpaper")
    found = Job.objects.filter(pk=pk, kind=KIND).first()
    if found is None:
        raise Http404
    if found.started_by_id != request.user.pk and not request.user.has_perm("core.view_job"):
        raise PermissionDenied
    return found
