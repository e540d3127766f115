"""Documents of an order as its page for operators shows them."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.money import Money
from orders.models import Document, DocumentKind, FileState, Order


@dataclass(frozen=True, kw_only=True)
class DocumentPanel:
    """One document in its list. `trouble` says what is wrong with its file, `unmet` what its country asks besides."""

    title: str
    number: str
    issued_on: date
    total: Money
    is_credit: bool
    is_electronic: bool
    url: str
    trouble: str
    unmet: str


def document_panels(order: Order) -> tuple[DocumentPanel, ...]:
    """The documents of an order, first to last. One query."""
    return tuple(_panel(row) for row in order.documents.select_related("file").order_by("pk"))


def _panel(row: Document) -> DocumentPanel:
    return DocumentPanel(
        title=row.title,
        number=row.number,
        issued_on=row.issued_on,
        total=-row.total if row.kind == DocumentKind.CREDIT_NOTE else row.total,
        is_credit=row.kind == DocumentKind.CREDIT_NOTE,
        is_electronic=bool(row.file.xml),
        url=reverse("admin:workspace_document", args=[row.order.number, row.number]),
        trouble=row.file.xml_error or (row.file.last_error if row.file.state == FileState.WAITING else ""),
        unmet=", ".join(row.facts.get("unmet", [])),
    )
