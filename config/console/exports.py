"""Exports and product feeds over HTTP: asked for from the list of products, watched, fetched, stopped."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from catalog.exporters.jobs import KIND, is_kept, start_export
from catalog.exporters.selection import Scope
from catalog.models import Product
from core.idempotency import claim, fingerprint
from core.jobs import cancel_job
from core.models import Job
from markets.queries import active_markets
from orders.workspace.views import screen

PERMISSION = "catalog.export_products"
REFRESH_SECONDS = 2
RUNNING = (Job.State.QUEUED, Job.State.RUNNING)
FORMATS = (
    ("xlsx", gettext_lazy("Portolan XLSX, for spreadsheets")),
    ("csv", gettext_lazy("Portolan CSV")),
    ("google", gettext_lazy("Google product feed (XML)")),
)


class ExportForm(forms.Form):
    """What to write. Which products is said by the list the person came from."""

    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=FORMATS)
    market = forms.ChoiceField(
        label=gettext_lazy("Market"), required=False, help_text=gettext_lazy("Prices and offers of this market only.")
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, help_text=gettext_lazy("Words in this language only.")
    )
    vocabulary = forms.BooleanField(
        label=gettext_lazy("With categories, options, attributes and price lists, so that another shop can read it"),
        required=False,
        initial=True,
    )
    filters = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    key = forms.CharField(widget=forms.HiddenInput, initial=lambda: str(uuid4()), max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = [(market.code, market.name) for market in active_markets(language=get_language())]
        self.fields["market"].choices = [("", _("All markets")), *markets]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("All languages")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        for name in ("format", "market", "language"):
            self.fields[name].widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        """A feed is of one market in one language."""
        said = super().clean() or {}
        if said.get("format") == "google":
            for name in ("market", "language"):
                if not said.get(name):
                    self.add_error(name, _("A feed is made for one market in one language. Choose them."))
        return said

    @property
    def scope(self) -> Scope:
        """Of a valid form."""
        said = self.cleaned_data
        languages = (said["language"],) if said["language"] else ()
        return Scope(market=said["market"], languages=languages, has_vocabulary=said["vocabulary"])


class ExportView(View):
    """The form with what the list showed, and the exports before."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may export only."""
        must_export(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form for the products of the list behind it."""
        filters = request.GET.urlencode()
        return self._page(request, ExportForm(initial={"filters": filters}), filters)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start the job; the same form sent twice starts it once."""
        form = ExportForm(request.POST)
        filters = request.POST.get("filters", "")
        if not form.is_valid():
            return self._page(request, form, filters, status=422)
        said = {name: str(value) for name, value in form.cleaned_data.items() if name != "key"}
        with claim("admin.export", form.cleaned_data["key"], fingerprint(said)) as mine:
            if not mine.is_replay:
                products = listed_products(request, filters)
                job = start_export(
                    products=products,
                    title=_title(said["format"]),
                    format_code=said["format"],
                    scope=form.scope,
                    reader=get_language() or "en",
                )
                mine.finish({"job": job.pk})
        return _to_job(mine.response["job"])

    @staticmethod
    def _page(request: HttpRequest, form: ExportForm, filters: str, *, status: int = 200) -> HttpResponse:
        return screen(
            request,
            "admin/console/export.html",
            status=status,
            title=_("Export products"),
            form=form,
            count=listed_products(request, filters).count(),
            is_filtered=bool(filters),
            jobs=Job.objects.filter(kind=KIND).select_related("started_by")[:20],
            days=settings.EXPORT_DAYS,
        )


@require_GET
def export_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an export is, and its file; asks again by itself while it runs."""
    job = _job(request, pk)
    left_out = job.result.get("left_out") or {}
    response = screen(
        request,
        "admin/console/export_job.html",
        title=job.title,
        job=job,
        is_running=job.state in RUNNING,
        is_kept=is_kept(job),
        asked=job.params.get("count", 0),
        left_out=[(LEFT_OUT.get(reason, reason), count) for reason, count in left_out.items()],
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
    name: str = job.result["file"]
    ending = name.rpartition(".")[2]
    filename = f"{slugify(settings.SHOP_NAME)}-products-{job.created:%Y-%m-%d}-{job.pk}.{ending}"
    response = FileResponse(storages["private"].open(name, "rb"), as_attachment=True, filename=filename)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def stop_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask it to stop at its next step."""
    job = _job(request, pk)
    if job.state in RUNNING:
        cancel_job(job_id=job.pk)
        messages.success(request, _("The export stops at its next step."))
    return _to_job(pk)


def listed_products(request: HttpRequest, filters: str) -> "QuerySet[Product]":
    """The products the admin's list shows for a query string: its filters and its search, on all its pages."""
    asked = QueryDict(filters, mutable=True)
    for name in ("p", "o", "all", "_changelist_filters", "_popup", "_to_field"):
        asked.pop(name, None)
    listing = HttpRequest()
    listing.user, listing.method, listing.META = request.user, "GET", request.META
    listing.GET = asked  # type: ignore[assignment] # a mutable query string is one
    try:
        changes = admin.site.get_model_admin(Product).get_changelist_instance(listing)
        return changes.get_queryset(listing)
    except IncorrectLookupParameters as error:
        raise Http404 from error


LEFT_OUT = {
    "no_translation": gettext_lazy("not translated into the language of the feed"),
    "no_picture": gettext_lazy("without a picture Google can show"),
    "no_address": gettext_lazy("without an address in the language of the feed"),
}


def must_export(request: HttpRequest) -> None:
    """Raises `PermissionDenied` for everybody who may not export."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _title(format_code: str) -> str:
    return _("Export as %(format)s") % {"format": str(dict(FORMATS)[format_code])}


def _job(request: HttpRequest, pk: int) -> Job:
    must_export(request)
    job = Job.objects.filter(pk=pk, kind=KIND).select_related("started_by").first()
    if job is None:
        raise Http404
    return job


def _to_job(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:console_export_job", args=[pk]))
