"""Customs and tax tables over HTTP: what is loaded, files in with a trial first, files out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from core.idempotency import claim, fingerprint
from core.jobs import start_job
from core.models import Job
from markets.importing.exporting import export_rows
from markets.importing.job import KIND
from markets.importing.running import HS_CODES
from markets.importing.tables import FORMATS
from markets.models import HsCode
from orders.workspace.views import screen

MOST_BYTES = 50 * 1024 * 1024
PER_PAGE = 100
REFRESH_SECONDS = 2
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
STALE = timedelta(days=180)
UNSURE = ("M", "C")
TITLES: dict[str, str | Promise] = {HS_CODES: gettext_lazy("Goods codes")} | {
    name: one.title for name, one in FORMATS.items()
}


class TableForm(forms.Form):
    """A file and the table it is for."""

    table = forms.ChoiceField(label=gettext_lazy("Table"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, also packed with gzip; rates by ZIP code also as JSON."),
    )
    as_of = forms.DateField(
        label=gettext_lazy("Changes hold from"),
        initial=lambda: timezone.now().date(),
        help_text=gettext_lazy("A row that says something else ends the day before."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)

    def __init__(self, *args: Any, tables: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [(name, TITLES[name]) for name in tables]  # type: ignore[attr-defined]  # a choice field
        for name in ("table", "file", "as_of"):
            self.fields[name].widget.attrs["class"] = "input"

    def clean_file(self) -> Any:
        """A file of a size that is read at once."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        return file


@dataclass(frozen=True, kw_only=True)
class TableState:
    """A table as the page shows it."""

    name: str
    title: str | Promise
    rows: int
    unsure: int
    stale: int
    reviewed_on: Any
    url: str


class CustomsTablesView(View):
    """What is loaded, and a new file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The tables this person may see."""
        return self.page(request, TableForm(tables=changeable(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Try the file out; nothing is written before somebody applies it."""
        tables = changeable(request)
        if not tables:
            raise PermissionDenied
        form = TableForm(request.POST, request.FILES, tables=tables)
        if not form.is_valid():
            return self.page(request, form, status=422)
        said = form.cleaned_data
        params = {"table": said["table"], "name": said["file"].name, "as_of": said["as_of"].isoformat()}
        with claim("admin.customs_table", said["key"], fingerprint(params)) as mine:
            if not mine.is_replay:
                title = f"{TITLES[said['table']]}: {said['file'].name}"
                job = start_job(kind=KIND, title=title, params=params, file=said["file"], dry_run=True)
                mine.finish({"job": job.pk})
        return HttpResponseRedirect(reverse("admin:console_customs_job", args=[mine.response["job"]]))

    @staticmethod
    def page(request: HttpRequest, form: TableForm, *, status: int = 200) -> HttpResponse:
        """The page; 422 when the file was refused."""
        seen = [state_of(name) for name in TITLES if may(request, "view", name)]
        if not seen:
            raise PermissionDenied
        return screen(
            request,
            "admin/console/customs_tables.html",
            status=status,
            title=_("Customs and tax tables"),
            tables=seen,
            form=form,
            may_import=bool(changeable(request)),
            jobs=Job.objects.filter(kind=KIND).select_related("started_by")[:20],
        )


@require_GET
def customs_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: what it did or would do, and which lines were refused."""
    job = _job(request, pk)
    is_running = job.state in RUNNING
    shows = "differences" if request.GET.get("show") == "differences" else "refused"
    rows = job.items.all() if shows == "differences" else job.errors.all()
    answer = screen(
        request,
        "admin/console/customs_job.html",
        title=job.title,
        job=job,
        is_running=is_running,
        show=shows,
        rows=Paginator(rows, PER_PAGE).get_page(request.GET.get("page", "1")),
        may_apply=job.is_dry_run and job.state == Job.State.DONE and may(request, "change", job.params["table"]),
    )
    if is_running:
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


@require_POST
def apply_customs_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what a trial told, once."""
    job = _job(request, pk)
    if not may(request, "change", job.params["table"]):
        raise PermissionDenied
    if not job.is_dry_run or job.state != Job.State.DONE:
        raise Http404
    with claim("admin.customs_table.apply", str(job.pk), fingerprint({"job": job.pk})) as mine:
        if not mine.is_replay:
            made = start_job(kind=KIND, title=job.title, params=job.params, file=job.file)
            mine.finish({"job": made.pk})
    return HttpResponseRedirect(reverse("admin:console_customs_job", args=[mine.response["job"]]))


@require_GET
def export_table(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """A table as CSV."""
    if name not in FORMATS:
        raise Http404
    if not may(request, "view", name):
        raise PermissionDenied
    answer = StreamingHttpResponse(export_rows(FORMATS[name]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def state_of(name: str) -> TableState:
    """How a table stands."""
    url = reverse(f"admin:markets_{_model(name)._meta.model_name}_changelist")
    if name == HS_CODES:
        return TableState(
            name=name, title=TITLES[name], rows=HsCode.objects.count(), unsure=0, stale=0, reviewed_on=None, url=url
        )
    told = FORMATS[name].table.model._default_manager.aggregate(
        rows=Count("pk"),
        unsure=Count("pk", filter=Q(verification__in=UNSURE)),
        stale=Count("pk", filter=Q(reviewed_on__lt=timezone.now().date() - STALE)),
        reviewed_on=Max("reviewed_on"),
    )
    return TableState(name=name, title=TITLES[name], url=url, **told)


def changeable(request: HttpRequest) -> list[str]:
    """The tables this person may bring up to date."""
    return [name for name in TITLES if may(request, "change", name)]


def may(request: HttpRequest, verb: str, name: str) -> bool:
    """Whether this person may look at (`view`) or change a table."""
    model = _model(name)
    return bool(request.user.is_staff and request.user.has_perm(f"markets.{verb}_{model._meta.model_name}"))


def _model(name: str) -> Any:
    return HsCode if name == HS_CODES else FORMATS[name].table.model


def _job(request: HttpRequest, pk: int) -> Job:
    job = Job.objects.filter(kind=KIND, pk=pk).first()
    if job is None:
        raise Http404
    if not may(request, "view", job.params["table"]):
        raise PermissionDenied
    return job
