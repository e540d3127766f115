"""Sales and tax, summed from the documents that were issued. Credit notes count against invoices."""

from decimal import Decimal
from typing import Any

from core.money import Money, from_minor, to_minor
from orders.statements.reading import rows_of
from orders.statements.types import Chosen, SalesRow, TaxRow, minor

CHOSEN_DOCUMENTS = """
  FROM orders_document d
  JOIN orders_order o ON o.id = d.order_id
  JOIN markets_legalentity e ON e.id = d.seller_id
  WHERE d.issued_on BETWEEN %(first)s AND %(last)s
    AND (%(seller)s = '' OR e.code = %(seller)s)
    AND (%(market)s = '' OR o.market = %(market)s)
    AND (%(currency)s = '' OR d.total_currency = %(currency)s)
"""
"""Documents of the period, `d`, with their order `o` and seller `e`. The index over the day bounds them."""

SALES = f"""
SELECT o.market, d.total_currency AS currency,
  count(*) FILTER (WHERE d.kind = 'invoice') AS invoices,
  coalesce(sum(d.total) FILTER (WHERE d.kind = 'invoice'), 0) AS invoiced,
  coalesce(sum(d.tax_total) FILTER (WHERE d.kind = 'invoice'), 0) AS invoiced_tax,
  count(*) FILTER (WHERE d.kind = 'credit_note') AS credit_notes,
  coalesce(sum(d.total) FILTER (WHERE d.kind = 'credit_note'), 0) AS credited,
  coalesce(sum(d.tax_total) FILTER (WHERE d.kind = 'credit_note'), 0) AS credited_tax
{CHOSEN_DOCUMENTS}
GROUP BY 1, 2 ORDER BY 1, 2
"""

TAXES = f"""
SELECT left(t.place, 2) AS country, t.place, t.rate, t.reason, t.label, t.scheme, d.total_currency AS currency,
  count(DISTINCT d.id) AS documents,
  sum(CASE WHEN d.kind = 'invoice' THEN t.net ELSE -t.net END) AS net,
  sum(CASE WHEN d.kind = 'invoice' THEN t.tax ELSE -t.tax END) AS tax
FROM (SELECT d.id, d.kind, d.total_currency, d.taxes {CHOSEN_DOCUMENTS}) d
CROSS JOIN LATERAL jsonb_to_recordset(d.taxes)
  AS t(place text, rate numeric, reason text, label text, scheme text, net bigint, tax bigint)
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3 DESC, 4, 5, 6, 7
"""  # noqa: S608 (a constant of this module)


def sales_of(chosen: Chosen) -> list[SalesRow]:
    """What was invoiced and credited per market and currency. One query."""
    return [_sales(row) for row in rows_of(SALES, chosen.as_sql())]


def taxes_of(chosen: Chosen) -> list[TaxRow]:
    """Tax per place, rate and reason, as the documents tell it. One query; the rows sum to those of `sales_of`."""
    return [_tax(row) for row in rows_of(TAXES, chosen.as_sql())]


def _sales(row: dict[str, Any]) -> SalesRow:
    currency = row["currency"]
    amounts = ("invoiced", "invoiced_tax", "credited", "credited_tax")
    told = {name: from_minor(to_minor(Money(Decimal(row[name]), currency)), currency) for name in amounts}
    return SalesRow(
        market=row["market"],
        currency=currency,
        invoices=row["invoices"],
        credit_notes=row["credit_notes"],
        **told,
    )


def _tax(row: dict[str, Any]) -> TaxRow:
    kept = ("country", "place", "reason", "label", "scheme", "currency", "documents")
    return TaxRow(
        **{name: row[name] for name in kept},
        rate=Decimal(row["rate"]),
        net=minor(row["net"], row["currency"]),
        tax=minor(row["tax"], row["currency"]),
    )
