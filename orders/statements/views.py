"""Financial statements over HTTP: the page, its files, the documents behind a row, and returns to the one-stop shop."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View

from orders.statements.declared import return_of
from orders.statements.documents import TAX_KEYS, documents_page
from orders.statements.forms import ReturnForm, StatementForm, usual_period
from orders.statements.returns import ReturnIncomplete
from orders.statements.screen import shown_tables
from orders.statements.tables import TABLES
from orders.statements.types import Chosen
from orders.statements.writers import XLSX_TYPE, csv_of, return_csv, xlsx_of
from orders.workspace.views import must, screen

PERMISSION = "view_statements"
ASKED = ("first", "last", "seller", "market", "currency")


class StatementsView(View):
    """Every statement of a period, last month's unless the address says otherwise."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; 422 for days that make no period."""
        must(request, PERMISSION)
        form = StatementForm({**usual_period(timezone.localdate()), **_asked(request)})
        is_valid = form.is_valid()
        query = {name: str(form[name].value() or "") for name in ASKED}
        return screen(
            request,
            "admin/orders/statements.html",
            status=200 if is_valid else 422,
            title=_("Financial statements"),
            form=form,
            tables=shown_tables(form.chosen(), query) if is_valid else (),
            query=query,
            may_open=request.user.has_perm("orders.view_document"),
            return_form=ReturnForm(),
        )


class TableView(View):
    """One statement as CSV."""

    def get(self, request: HttpRequest, table: str) -> HttpResponse:
        """The file. 404 for a statement there is not."""
        must(request, PERMISSION)
        if table not in TABLES:
            raise Http404
        chosen = _chosen(request)
        return _file(csv_of(TABLES[table](chosen)), "text/csv; charset=utf-8", f"{table}-{_days(chosen)}.csv")


class WorkbookView(View):
    """All of them as one workbook."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        must(request, PERMISSION)
        chosen = _chosen(request)
        made = xlsx_of([make(chosen) for make in TABLES.values()])
        return _file(made, XLSX_TYPE, f"statements-{_days(chosen)}.xlsx")


class DocumentsView(View):
    """The documents a row sums."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        must(request, PERMISSION)
        must(request, "view_document")
        chosen = _chosen(request)
        tax = {name: request.GET[name] for name in TAX_KEYS if name in request.GET}
        kept = {**_asked(request), **tax}
        page = documents_page(chosen, tax=tax, page=request.GET.get("page", ""), kept=kept)
        return screen(
            request,
            "admin/orders/statement_documents.html",
            title=_("Documents of a statement"),
            page=page,
            chosen=chosen,
            tax=tax,
        )


class ReturnView(View):
    """One return to the one-stop shop: looked at, and as CSV."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, or the file where the address asks for it. An incomplete return is shown and not handed out."""
        must(request, PERMISSION)
        form = ReturnForm(request.GET)
        found = refusal = None
        if form.is_valid():
            told = form.cleaned_data
            found = return_of(seller=told["seller"], scheme=told["scheme"], period=told["period"])
            try:
                made = return_csv(found)
            except ReturnIncomplete as incomplete:
                refusal = str(incomplete)
            else:
                if request.GET.get("file") == "csv":
                    called = f"{found.scheme}-{told['seller']}-{found.period.code}.csv"
                    return _file(made, "text/csv; charset=utf-8", called)
        return screen(
            request,
            "admin/orders/statement_return.html",
            status=200 if found else 422,
            title=_("Return to the one-stop shop"),
            form=form,
            found=found,
            refusal=refusal,
            file_url=f"?{request.GET.urlencode()}&file=csv",
        )


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ASKED if name in request.GET}


def _chosen(request: HttpRequest) -> Chosen:
    """What the address names. Links of our own always name a period."""
    form = StatementForm({**usual_period(timezone.localdate()), **_asked(request)})
    if not form.is_valid():
        raise BadRequest
    return form.chosen()


def _days(chosen: Chosen) -> str:
    return f"{chosen.first.isoformat()}-{chosen.last.isoformat()}"


def _file(content: bytes, kind: str, called: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=called) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
