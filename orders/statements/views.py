"""Financial statements over HTTP: the page, its files, what lies behind a row, and returns to the one-stop shop."""

import contextlib
from typing import cast

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views import View

from core.errors import DomainError
from orders.actions.filings import is_over, record_filing
from orders.models import TaxFiling
from orders.past.queries import count_past_orders
from orders.statements.declared import return_of
from orders.statements.documents import TAX_KEYS, documents_page
from orders.statements.filings import filed_panel, return_url, returns_owed
from orders.statements.forms import BehindForm, FilingForm, ReturnForm, StatementForm, usual_period
from orders.statements.movements import differences_of
from orders.statements.periods import Scheme, TaxPeriod
from orders.statements.refunds import refunds_page
from orders.statements.returns import ReturnIncomplete, UnionReturn
from orders.statements.screen import shown_tables
from orders.statements.tables import DIFFERENCES, DOCUMENTS, REFUNDS, TABLES
from orders.statements.types import Chosen
from orders.statements.writers import XLSX_TYPE, csv_of, return_csv, xlsx_of
from orders.workspace.views import must, screen

CSV_TYPE = "text/csv; charset=utf-8"
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
            tables=shown_tables(form.chosen(), query, _opens(request)) if is_valid else (),
            query=query,
            owed=returns_owed(timezone.localdate()),
            elsewhere=_elsewhere(form) if is_valid else 0,
            return_form=ReturnForm(),
        )


def _elsewhere(form: StatementForm) -> int:
    """How many orders of the period were brought in from elsewhere: they are in none of the sums."""
    chosen = form.chosen()
    return count_past_orders(chosen.first, chosen.last)


class TableView(View):
    """One statement as CSV."""

    def get(self, request: HttpRequest, table: str) -> HttpResponse:
        """The file. 404 for a statement there is not."""
        must(request, PERMISSION)
        if table not in TABLES:
            raise Http404
        chosen = _chosen(request)
        return _file(csv_of(TABLES[table](chosen)), CSV_TYPE, f"{table}-{_days(chosen)}.csv")


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


class RefundsView(View):
    """The refunds a row sums."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        must(request, PERMISSION)
        must(request, "view_orderrefund")
        chosen = _chosen(request)
        form = BehindForm(request.GET)
        if not form.is_valid():
            raise BadRequest
        told = form.cleaned_data
        kept = {**_asked(request), "by": told["by"], "day": told["day"].isoformat()}
        page = refunds_page(chosen, by=told["by"], day=told["day"], page=told["page"] or 1, kept=kept)
        return screen(
            request,
            "admin/orders/statement_refunds.html",
            title=_("Refunds of a statement"),
            page=page,
            chosen=chosen,
            day=told["day"],
            by=told["by"],
        )


class DifferencesView(View):
    """The orders in which documents and ledger differ."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The widest apart."""
        must(request, PERMISSION)
        must(request, "view_order")
        chosen = _chosen(request)
        rows, total = differences_of(chosen)
        return screen(
            request,
            "admin/orders/statement_differences.html",
            title=_("Differences of a statement"),
            rows=rows,
            total=total,
            chosen=chosen,
        )


class ReturnView(View):
    """One return to the one-stop shop: looked at, as CSV, and recorded as filed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, or the file where the address asks for it. An incomplete return is shown and not handed out."""
        must(request, PERMISSION)
        form = ReturnForm(request.GET)
        if form.is_valid() and request.GET.get("file") == "csv":
            found = _return(form)
            with contextlib.suppress(ReturnIncomplete):
                called = f"{found.scheme}-{form.cleaned_data['seller']}-{found.period.code}.csv"
                return _file(return_csv(found), CSV_TYPE, called)
        return _return_page(request, form, FilingForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record that it was filed; what is refused is said on the page."""
        must(request, PERMISSION)
        must(request, "record_taxfiling")
        form, filing = ReturnForm(request.GET), FilingForm(request.POST)
        if form.is_valid() and filing.is_valid():
            told, said = form.cleaned_data, filing.cleaned_data
            try:
                record_filing(**told, reference=said["reference"], filed_on=said["filed_on"])
            except DomainError as refusal:
                filing.add_error(None, str(refusal))
            else:
                messages.success(request, _("The return is recorded as filed, with its file."))
                return HttpResponseRedirect(return_url(**told))
        return _return_page(request, form, filing, status=422)


class FiledView(View):
    """The file of a return as it was filed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same bytes for ever."""
        must(request, PERMISSION)
        filing = get_object_or_404(TaxFiling.objects.select_related("seller"), pk=pk)
        scheme = cast("Scheme", filing.scheme)
        called = f"{scheme}-{filing.seller.code}-{TaxPeriod.holding(filing.first, scheme).code}-filed.csv"
        return _file(filing.content.encode("utf-8-sig"), CSV_TYPE, called)


def _return(form: ReturnForm) -> UnionReturn:
    told = form.cleaned_data
    return return_of(seller=told["seller"], scheme=told["scheme"], period=told["period"])


def _return_page(request: HttpRequest, form: ReturnForm, filing: FilingForm, *, status: int = 200) -> HttpResponse:
    """The page; 422 without a return to show."""
    found = _return(form) if form.is_valid() else None
    refusal = str(ReturnIncomplete(found.missing)) if found and found.missing else ""
    is_ready = found is not None and not refusal and is_over(found.period, timezone.now().date())
    return screen(
        request,
        "admin/orders/statement_return.html",
        status=status if found else 422,
        title=_("Return to the one-stop shop"),
        form=form,
        found=found,
        filed=filed_panel(found, form.cleaned_data["seller"]) if found else None,
        filing=filing if is_ready and request.user.has_perm("orders.record_taxfiling") else None,
        refusal=refusal,
        file_url=f"?{request.GET.urlencode()}&file=csv",
    )


def _opens(request: HttpRequest) -> set[str]:
    """The lists behind rows that the person may see."""
    needed = {DOCUMENTS: "view_document", REFUNDS: "view_orderrefund", DIFFERENCES: "view_order"}
    return {page for page, permission in needed.items() if request.user.has_perm(f"orders.{permission}")}


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
