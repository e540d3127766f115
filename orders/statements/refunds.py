"""The refunds behind a row of a statement, a page at a time, each with its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from core.money import Money
from orders.statements.movements import MOVED
from orders.statements.reading import rows_of
from orders.statements.types import By, Chosen, minor

PER_PAGE = 50
BEHIND = (
    MOVED
    + """
SELECT order_ref, day, ordered, currency, amount_minor, to_credit, is_excess, refund, count(*) OVER () AS total
FROM moved
WHERE kind = 'refund' AND day BETWEEN %(first)s AND %(last)s
  AND CASE WHEN %(by)s = 'order' THEN ordered ELSE day END = %(day)s
ORDER BY order_ref, refund NULLS LAST, amount_minor LIMIT %(limit)s OFFSET %(offset)s
"""
)


@dataclass(frozen=True, kw_only=True)
class RefundLine:
    """One movement back to a customer. `number` is that of the order's refund, empty where it has none."""

    order: str
    order_url: str
    number: str
    refunded_on: date
    ordered_on: date
    amount: Money
    to_credit: bool
    is_excess: bool


@dataclass(frozen=True, kw_only=True)
class RefundPage:
    """One page of them; `total` is the number of all."""

    rows: tuple[RefundLine, ...]
    total: int
    first: int
    last: int
    previous_url: str
    next_url: str


def refunds_page(chosen: Chosen, *, by: By, day: date, page: int, kept: Mapping[str, str]) -> RefundPage:
    """The refunds that a row sums: those of the period that stand under `day`. One query."""
    start = max(0, page - 1) * PER_PAGE
    rows = rows_of(BEHIND, {**chosen.as_sql(), "by": by, "day": day, "limit": PER_PAGE, "offset": start})
    total = int(rows[0]["total"]) if rows else 0
    return RefundPage(
        rows=tuple(
            RefundLine(
                order=row["order_ref"],
                order_url=reverse("admin:workspace_order", args=[row["order_ref"]]),
                number=row["refund"] or "",
                refunded_on=row["day"],
                ordered_on=row["ordered"],
                amount=minor(row["amount_minor"], row["currency"]),
                to_credit=row["to_credit"],
                is_excess=row["is_excess"],
            )
            for row in rows
        ),
        total=total,
        first=start + 1 if rows else 0,
        last=start + len(rows),
        previous_url=_url(kept, page - 1) if page > 1 else "",
        next_url=_url(kept, page + 1) if start + len(rows) < total else "",
    )


def _url(kept: Mapping[str, str], page: int) -> str:
    return f"?{urlencode({**kept, 'page': page})}"
