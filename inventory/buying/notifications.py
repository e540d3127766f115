"""Mails to suppliers."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from catalog.selling import spoken
from core.money import from_minor
from core.notifications import send
from core.signing import make_lasting_token
from inventory.buying.papers import amount_of
from inventory.models import PurchaseOrder
from markets.formatting import format_date, format_number

PURPOSE = "purchase"


def mail_purchase(order: PurchaseOrder, *, mail: int) -> None:
    """The order in the supplier's language, with a lasting link to its PDF. Each `mail` leaves once."""
    supplier = order.supplier
    language = supplier.language
    lines = list(order.lines.select_related("variant__product").order_by("pk"))
    with translation.override(language):
        told = [
            {
                "sku": line.supplier_sku or line.variant.sku,
                "name": " · ".join(part for part in spoken(line.variant, language) if part),
                "quantity": format_number(line.quantity, language),
                "cost": amount_of(line.cost, language),
            }
            for line in lines
        ]
        expected = order.expected_on or (order.sent_at or order.created).date()
        send(
            "purchase_order",
            to=supplier.email,
            language=language,
            reference=order.number,
            dedupe_key=f"purchase:{order.pk}:{mail}",
            context={
                "number": order.number,
                "supplier": supplier.name,
                "contact": supplier.contact,
                "warehouse": order.warehouse.name,
                "expected_on": format_date(expected, language, supplier.country, style="medium"),
                "incoterm": order.incoterm,
                "our_number": supplier.our_number,
                "note": order.note,
                "lines": told,
                "total": amount_of(from_minor(sum(one.total_minor for one in lines), order.currency), language),
                "paper_url": paper_url(order),
                "is_reminder": mail > 1,
            },
        )


def paper_url(order: PurchaseOrder) -> str:
    """Where the supplier finds the PDF, for as long as the order exists."""
    token = make_lasting_token(PURPOSE, order.number)
    return f"{settings.SHOP_URL}{reverse('purchase_paper', args=[token])}"
