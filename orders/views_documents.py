"""Invoices and credit notes for customers. The link of the order is the key to all of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from markets.prefix import storefront_url
from orders.actions.document_files import read_or_render
from orders.documents.refusals import DocumentDamaged, DocumentNotReady
from orders.errors import OrderUnknown
from orders.models import Document, DocumentKind, Order
from orders.queries import order_by_link
from orders.showing import finder, market_of, secret

LATEST = "invoice"
"""Instead of a number: the invoice that stands. Mails that leave before it is issued can name this."""


@require_GET
def fetch(request: HttpRequest, number: str, token: str, document: str) -> HttpResponse:
    """One document as PDF."""
    try:
        order = order_by_link(number=number, secret=token)
    except OrderUnknown as refusal:
        return finder(request, message=str(refusal), status=404)
    try:
        found = _document(order, document)
        return secret(pdf_response(read_or_render(found), called=f"{found.number}.pdf"))
    except (DocumentNotReady, DocumentDamaged) as refusal:
        messages.warning(request, str(refusal))
        market = market_of(request)
        address = {"number": number, "token": token}
        url = storefront_url("orders:page", market=market.code, language=market.language, kwargs=address)
        return secret(HttpResponse(status=303, headers={"Location": url}))


def pdf_response(pdf: bytes, *, called: str) -> HttpResponse:
    """The bytes, to be looked at or saved under this name."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=called) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _document(order: Order, number: str) -> Document:
    """Raises `DocumentNotReady` for one that is not there: its number may be on its way."""
    rows = Document.objects.filter(order=order)
    chosen = rows.filter(kind=DocumentKind.INVOICE) if number == LATEST else rows.filter(number=number)
    found = chosen.order_by("-pk").first()
    if found is None:
        raise DocumentNotReady
    return found
