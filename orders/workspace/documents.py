"""Documents of orders over HTTP for operators: one, and several orders' invoices in one file."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from orders.actions.document_files import read_or_render, read_together
from orders.desk_errors import TooManyChosen
from orders.documents.refusals import DocumentDamaged, DocumentNotReady
from orders.models import Document, DocumentKind
from orders.views_documents import pdf_response
from orders.workspace.selection import selection_of
from orders.workspace.views import must

MOST = 100


class DocumentView(View):
    """One document of an order as it was issued: always the same bytes."""

    def get(self, request: HttpRequest, number: str, document: str) -> HttpResponse:
        """The PDF."""
        must(request, "view_document")
        found = Document.objects.filter(order__number=number, number=document).first()
        if found is None:
            raise Http404
        try:
            return _private(pdf_response(read_or_render(found), called=f"{found.number}.pdf"))
        except (DocumentNotReady, DocumentDamaged) as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:workspace_order", args=[number]))


class PrintView(View):
    """The invoices of the ticked orders as one PDF."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Opened after signing in again, for example: back to the list."""
        return HttpResponseRedirect(reverse("admin:workspace_list"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """What was chosen, in the order of its numbers."""
        must(request, "view_document")
        ids = selection_of(request.POST).ids(user_id=request.user.pk, most=MOST)
        if len(ids) > MOST:
            messages.error(request, str(TooManyChosen(most=MOST)))
            return HttpResponseRedirect(reverse("admin:workspace_list"))
        found = _standing(ids)
        if not found:
            messages.warning(request, _("Choose at least one order that has an invoice."))
            return HttpResponseRedirect(reverse("admin:workspace_list"))
        try:
            pdf = read_together(found)
        except (DocumentNotReady, DocumentDamaged) as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:workspace_list"))
        left_out = len(ids) - len(found)
        if left_out:
            sentence = ngettext(
                "%(count)d order has no invoice yet and was left out.",
                "%(count)d orders have no invoice yet and were left out.",
                left_out,
            )
            messages.warning(request, sentence % {"count": left_out})
        return _private(pdf_response(pdf, called="invoices.pdf"))


def _standing(ids: Sequence[int]) -> list[Document]:
    """The invoice that counts of each of these orders, by its number. One query."""
    rows = Document.objects.filter(order__in=ids, kind=DocumentKind.INVOICE)
    latest = rows.order_by("order_id", "-pk").distinct("order_id")
    return sorted(latest, key=lambda row: (row.seller_id, row.series, row.sequence))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
