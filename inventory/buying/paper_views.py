"""The PDF of a purchase order for its supplier, by a signed link."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from core.signing import read_lasting_token
from inventory.buying.notifications import PURPOSE
from inventory.buying.papers import purchase_pdf
from inventory.models import PurchaseOrder


@require_GET
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """The order as it stands. One that was called off is no longer shown to anybody outside."""
    try:
        number = str(read_lasting_token(PURPOSE, token))
    except BadSignature as forged:
        raise Http404 from forged
    order = PurchaseOrder.objects.select_related("supplier", "warehouse").filter(number=number).first()
    if order is None or order.state in (PurchaseOrder.State.DRAFT, PurchaseOrder.State.CANCELED):
        raise Http404
    return pdf_response(order)


def pdf_response(order: PurchaseOrder) -> HttpResponse:
    """The PDF, to be kept by nobody between."""
    answer = HttpResponse(purchase_pdf(order), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{order.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
