"""The books over HTTP: days beside days, and payout files."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from core import audit
from core.errors import DomainError
from core.idempotency import claim, fingerprint
from core.wakeups import wake_on_commit
from payments.models import ProofRun, ReconciliationItem, StatementRead
from payments.reconciliation.days import DayOfBooks, days_of_books
from payments.reconciliation.files.cells import RowProblem
from payments.reconciliation.files.importing import FileRefused, import_file
from payments.workspace.forms import FileForm, SpanForm, usual_span

SEE, DO = "payments.view_statemententry", "payments.reconcile_payments"
READINGS = 8


def must(request: HttpRequest, permission: str) -> None:
    """Raises `PermissionDenied` for everybody without it."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def screen(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> TemplateResponse:
    """A page of the admin site."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


class BooksView(View):
    """Day by day: what the provider moved, what the ledger says, and what waits."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The days of the address, the last two weeks otherwise."""
        must(request, SEE)
        form = SpanForm({**usual_span(timezone.now().date()), **request.GET.dict()})
        days = _days(form) if form.is_valid() else []
        waiting = ReconciliationItem.objects.filter(state="open").order_by().values("kind").annotate(count=Count("pk"))
        labels = dict(ReconciliationItem.Kind.choices)
        return screen(
            request,
            "admin/payments/books.html",
            status=200 if form.is_valid() else 422,
            title=_("Books and providers"),
            form=form,
            days=days,
            differing=sum(not day.agrees for day in days),
            waiting=[(row["kind"], labels[row["kind"]], row["count"]) for row in waiting],
            readings=StatementRead.objects.all()[:READINGS],
            proof=ProofRun.objects.filter(finished__isnull=False).first(),
            may_do=request.user.has_perm(DO),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ask the providers now instead of waiting for the clock."""
        must(request, DO)
        with transaction.atomic():
            audit.record("payments.compare_books", "payments", data={})
            wake_on_commit("payments.tasks.reconcile_books")
        messages.success(request, _("The providers are being asked. Reload this page in a minute."))
        return HttpResponseRedirect(reverse("admin:payments_books"))


def _days(form: SpanForm) -> list[DayOfBooks]:
    told = form.cleaned_data
    found = days_of_books(first=told["first"], last=told["last"])
    return [
        day
        for day in found
        if (not told["provider"] or day.provider == told["provider"]) and not (told["only"] and day.agrees)
    ]


class ImportView(View):
    """A payout file: stored and matched as a whole, or refused with the lines that cannot be read."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """People who may reconcile only."""
        must(request, DO)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form."""
        return self.page(FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            rows = self._import(form)
        except FileRefused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, problems=refusal.problems, status=422)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=422)
        sentence = ngettext("%(count)d new row was stored.", "%(count)d new rows were stored.", rows)
        messages.success(request, sentence % {"count": rows})
        return HttpResponseRedirect(reverse("admin:payments_books"))

    @staticmethod
    def _import(form: FileForm) -> int:
        told = form.cleaned_data
        content = told["file"].read()
        mark = fingerprint({name: str(value) for name, value in told.items() if name != "key"})
        with claim("admin.statement_file", told["key"], mark, stale_after=timedelta(minutes=10)) as mine:
            if not mine.is_replay:
                read = import_file(
                    provider=told["provider"], name=told["file"].name, content=content, mapping=form.mapping()
                )
                mine.finish({"rows": read.fresh})
        return int(mine.response["rows"])

    def page(self, form: FileForm, *, problems: tuple[RowProblem, ...] = (), status: int = 200) -> HttpResponse:
        """The form; 422 when something was refused, with everything that was typed."""
        return screen(
            self.request,
            "admin/payments/import_statement.html",
            status=status,
            title=_("Bring in a payout file"),
            form=form,
            problems=problems,
        )
