"""Which returns to the one-stop shops were filed and which are still to come, as pages show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import cast
from urllib.parse import urlencode

from django.db.models import Min
from django.urls import reverse

from markets.models import TaxRegistration
from orders.models import Document, TaxFiling
from orders.statements.periods import Scheme, TaxPeriod
from orders.statements.returns import UnionReturn
from orders.statements.writers import return_csv

SHOWN = 6
"""Periods that are told per registration: a year and a half of quarters, half a year of months."""


@dataclass(frozen=True, kw_only=True)
class ReturnRow:
    """One return that a seller owes. Without `filing` it is not filed; `is_late` once its day is over."""

    seller: str
    scheme: Scheme
    period: TaxPeriod
    filing: TaxFiling | None
    is_late: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class FiledPanel:
    """A filed return beside what documents say now. `differs` should never be: documents of old periods are frozen."""

    filing: TaxFiling
    differs: bool
    url: str


def returns_owed(today: date) -> list[ReturnRow]:
    """The latest periods of every registration, newest first; those before the first document are nobody's. Three
    queries."""
    rows = TaxRegistration.objects.filter(scheme__in=("oss", "ioss")).select_related("legal_entity")
    began = dict(Document.objects.values_list("seller").annotate(first=Min("issued_on")))
    filed = {(one.seller_id, one.scheme, one.first): one for one in TaxFiling.objects.defer("content")}
    found: dict[tuple[int, str, TaxPeriod], ReturnRow] = {}
    for row in rows:
        begin = began.get(row.legal_entity_id)
        if begin is None:
            continue
        scheme = cast("Scheme", row.scheme)
        for period in _periods(row, max(begin, row.effective_from or begin), today):
            filing = filed.get((row.legal_entity_id, scheme, period.first))
            found[row.legal_entity_id, scheme, period] = ReturnRow(
                seller=row.legal_entity.name,
                scheme=scheme,
                period=period,
                filing=filing,
                is_late=filing is None and period.due_on < today,
                url=return_url(seller=row.legal_entity.code, scheme=scheme, period=period),
            )
    return sorted(found.values(), key=lambda one: (one.period.last, one.seller, one.scheme), reverse=True)


def filed_panel(found: UnionReturn, seller: str) -> FiledPanel | None:
    """What was filed for a return, if it was. One query."""
    rows = TaxFiling.objects.select_related("recorded_by")
    filing = rows.filter(seller__code=seller, scheme=found.scheme, first=found.period.first).first()
    if filing is None:
        return None
    differs = not found.missing and return_csv(found).decode("utf-8-sig") != filing.content
    return FiledPanel(filing=filing, differs=differs, url=reverse("admin:statement_filed", args=[filing.pk]))


def return_url(*, seller: str, scheme: str, period: TaxPeriod) -> str:
    """Where a return is looked at."""
    asked: Mapping[str, str] = {"seller": seller, "scheme": scheme, "period": period.code}
    return f"{reverse('admin:statement_return')}?{urlencode(asked)}"


def _periods(row: TaxRegistration, begin: date, today: date) -> Iterable[TaxPeriod]:
    """Periods that are over, from the latest back to the one in which it began; none after a registration ended."""
    scheme = cast("Scheme", row.scheme)
    latest = TaxPeriod.holding(min(today, row.effective_to or today), scheme)
    if latest.last >= today:
        latest = latest.before(scheme)
    back = [latest]
    while len(back) < SHOWN:
        back.append(back[-1].before(scheme))
    return takewhile(lambda period: period.last >= begin, back)
