"""The documents behind a row of a statement, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from core.money import Money
from orders.models import Document, DocumentKind
from orders.statements.types import Chosen

PER_PAGE = 50
TAX_KEYS = ("place", "rate", "reason", "scheme")
"""What names a row of the table of taxes; as documents write it."""


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One document. `total` and `tax` are below zero for a credit note."""

    number: str
    title: str
    url: str
    issued_on: date
    order: str
    order_url: str
    market: str
    total: Money
    tax: Money


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """One page of them."""

    rows: tuple[DocumentRow, ...]
    first: int
    last: int
    total: int
    previous_url: str
    next_url: str


def documents_page(chosen: Chosen, *, tax: Mapping[str, str], page: str, kept: Mapping[str, str]) -> DocumentPage:
    """The documents of a period, narrowed to one rate where `tax` names it. Two queries."""
    shown = Paginator(documents_of(chosen, tax=tax), PER_PAGE).get_page(page)
    return DocumentPage(
        rows=tuple(_row(document) for document in shown.object_list),
        first=shown.start_index(),
        last=shown.end_index(),
        total=shown.paginator.count,
        previous_url=_url(kept, shown.previous_page_number()) if shown.has_previous() else "",
        next_url=_url(kept, shown.next_page_number()) if shown.has_next() else "",
    )


def documents_of(chosen: Chosen, *, tax: Mapping[str, str]) -> QuerySet[Document]:
    """The same documents a statement sums, in the order of their days."""
    found = Document.objects.filter(issued_on__range=(chosen.first, chosen.last)).select_related("order")
    narrowed = {
        "seller__code": chosen.seller,
        "order__market": chosen.market,
        "total_currency": chosen.currency,
    }
    found = found.filter(**{name: value for name, value in narrowed.items() if value})
    told = {name: tax[name] for name in TAX_KEYS if name in tax}
    if told.get("place"):
        found = found.filter(taxes__contains=[told])
    return found.defer("facts", "sheet").order_by("issued_on", "pk")


def _row(document: Document) -> DocumentRow:
    sign = -1 if document.kind == DocumentKind.CREDIT_NOTE else 1
    number = document.order.number
    return DocumentRow(
        number=document.number,
        title=document.title,
        url=reverse("admin:workspace_document", args=[number, document.number]),
        issued_on=document.issued_on,
        order=number,
        order_url=reverse("admin:workspace_order", args=[number]),
        market=document.order.market,
        total=sign * document.total,
        tax=sign * document.tax_total,
    )


def _url(kept: Mapping[str, str], page: int) -> str:
    return f"?{urlencode({**kept, 'page': page})}"
