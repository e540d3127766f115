"""A purchase order as the words that are printed, in the supplier's language."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.selling import spoken
from core.languages import direction, html_language
from core.money import Money, format_money, from_minor
from core.typesetting import GOODS, pdf_of
from inventory.models import PurchaseLine, PurchaseOrder
from markets.addresses import format_address
from markets.formatting import format_date, format_number
from markets.models import LegalEntity
from markets.names import country_name

LETTER = frozenset({"US", "CA", "MX", "CL", "CO", "PH"})
"""Where paper is cut to letter size."""


def purchase_pdf(order: PurchaseOrder) -> bytes:
    """The order as PDF. Five queries, whatever the number of lines."""
    return pdf_of(GOODS, purchase_sheet(order))


def purchase_sheet(order: PurchaseOrder) -> dict[str, Any]:
    """What is printed. Labels are those of the supplier's language."""
    language = order.supplier.language
    with translation.override(language):
        lines = list(order.lines.select_related("variant__product").order_by("pk"))
        issued = (order.sent_at or order.created).date()
        return {
            "language": html_language(language),
            "direction": direction(language),
            "paper": "us-letter" if order.supplier.country in LETTER else "a4",
            "brand": settings.SHOP_NAME,
            "issued_on": issued.isoformat(),
            "number": order.number,
            "title": [_("Purchase order"), ""],
            "page": _("Page {page} of {pages}"),
            "barcode": "",
            "barcode_words": order.number,
            "blocks": [
                {"label": [_("Supplier"), ""], "lines": _supplier_lines(order, language)},
                {"label": [_("Deliver to"), ""], "lines": _warehouse_lines(order)},
            ],
            "meta": _meta(order, issued, language),
            "columns": [{"label": [label, ""], "is_number": is_number} for label, is_number in _columns()],
            "rows": [_row(line, order, language) for line in lines],
            "sums": [
                {
                    "label": [_("Total without tax"), ""],
                    "amount": amount_of(from_minor(sum(one.total_minor for one in lines), order.currency), language),
                    "is_total": True,
                }
            ],
            "notes": [[order.note, ""]] if order.note else [],
            "signature": ["", ""],
            "footer": _buyer_lines(order),
        }


def amount_of(amount: Money, language: str) -> str:
    """The amount with the code of its currency, so that no dollar is taken for another."""
    return format_money(amount, language, by_code=True)


def _columns() -> tuple[tuple[str, bool], ...]:
    return (
        (_("Description"), False),
        (_("Your article"), False),
        (_("Pieces"), True),
        (_("Price per piece"), True),
        (_("Amount"), True),
    )


def _meta(order: PurchaseOrder, issued: date, language: str) -> list[dict[str, Any]]:
    country = order.supplier.country
    rows = (
        (pgettext("of a document", "Number"), order.number),
        (_("Date"), format_date(issued, language, country, style="medium")),
        (_("Expected on"), _day(order.expected_on, language, country)),
        (_("Delivery terms"), f"{order.incoterm} {order.warehouse.city}"),
        (_("Our customer number"), order.supplier.our_number),
        (_("Your order number"), order.supplier_ref),
        (_("Days to pay"), format_number(order.supplier.payment_days, language)),
    )
    return [{"label": [label, ""], "value": value} for label, value in rows if value]


def _day(day: date | None, language: str, country: str) -> str:
    return format_date(day, language, country, style="medium") if day is not None else ""


def _row(line: PurchaseLine, order: PurchaseOrder, language: str) -> list[dict[str, Any]]:
    name, options = spoken(line.variant, language)
    ours = f"{line.variant.sku}{f' · {line.variant.gtin}' if line.variant.gtin else ''}"
    return [
        {"text": name, "details": [one for one in (options, ours) if one]},
        {"text": line.supplier_sku or line.variant.sku, "details": []},
        {"text": format_number(line.quantity, language), "details": []},
        {"text": amount_of(line.cost, language), "details": []},
        {"text": amount_of(from_minor(line.total_minor, order.currency), language), "details": []},
    ]


def _supplier_lines(order: PurchaseOrder, language: str) -> list[str]:
    supplier = order.supplier
    lines = (supplier.name, supplier.contact, *supplier.postal_address.splitlines())
    return [*(one for one in lines if one), country_name(supplier.country, language)]


def _warehouse_lines(order: PurchaseOrder) -> list[str]:
    place = order.warehouse
    written = format_address(place.address, place.country) if place.address else [place.city, place.country]
    return [place.name, *(str(one) for one in written)]


def _buyer_lines(order: PurchaseOrder) -> list[str]:
    """Who orders: the shop's company in the warehouse's country, else its first one."""
    companies = list(LegalEntity.objects.filter(active=True).order_by("code"))
    at_home = [one for one in companies if one.country_id == order.warehouse.country]
    buyer = next(iter([*at_home, *companies]), None)
    if buyer is None:
        return [settings.SHOP_NAME]
    written = format_address(buyer.address, buyer.country_id) if buyer.address else [buyer.country_id]
    return [one for one in (buyer.name, ", ".join(str(line) for line in written), buyer.email, buyer.phone) if one]
