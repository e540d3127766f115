"""Fees, refunds and what is owed as credit, read from the ledger.

A movement for an order belongs to the local day of the order's market, as its documents do; what belongs to no order
(fees, credit) to the day of UTC, as providers count.
"""

from orders.statements.reading import rows_of
from orders.statements.types import AgreementRow, By, Chosen, DifferenceRow, FeeRow, LiabilityRow, RefundRow, minor

LIABILITIES = ("gift_card_liability", "store_credit_liability")

MOVED = """
WITH facts AS (
  SELECT t.occurred_at, t.kind, l.amount_minor, l.currency, p.order_ref, f.refund_ref, false AS to_credit
  FROM payments_ledgertxn t
  JOIN payments_ledgerentry l ON l.txn_id = t.id
  JOIN payments_ledgeraccount a ON a.id = l.account_id AND a.code = 'customer_receivable'
  JOIN payments_paymenttransaction f
    ON f.id = CASE WHEN t.source_type = 'payment_fact' THEN t.source_id::bigint END
  JOIN payments_payment p ON p.id = f.payment_id
  WHERE t.source_type = 'payment_fact' AND t.kind IN ('capture', 'refund')
    AND t.occurred_at >= %(first)s::date - 2 AND t.occurred_at < %(last)s::date + 3
  UNION ALL
  SELECT t.occurred_at, 'refund', l.amount_minor, l.currency, c.order_ref, NULL, true
  FROM payments_ledgertxn t
  JOIN payments_ledgerentry l ON l.txn_id = t.id
  JOIN payments_ledgeraccount a ON a.id = l.account_id AND a.code = 'customer_receivable'
  JOIN payments_creditentry c ON c.id = CASE WHEN t.source_type = 'credit_entry' THEN t.source_id::bigint END
  WHERE t.source_type = 'credit_entry'
    AND t.occurred_at >= %(first)s::date - 2 AND t.occurred_at < %(last)s::date + 3
    AND EXISTS (
      SELECT 1 FROM payments_ledgerentry x JOIN payments_ledgeraccount y ON y.id = x.account_id
      WHERE x.txn_id = t.id AND y.code = 'store_credit_liability')
), moved AS (
  SELECT (x.occurred_at AT TIME ZONE m.timezone)::date AS day, (o.placed_at AT TIME ZONE m.timezone)::date AS ordered,
    x.kind, x.currency, x.amount_minor, x.to_credit, coalesce(r.is_excess, false) AS is_excess, x.order_ref,
    r.number AS refund
  FROM facts x
  JOIN orders_order o ON o.number = x.order_ref
  JOIN markets_market m ON m.code = o.market
  LEFT JOIN markets_legalentity e
    ON CASE WHEN o.merchant_ref = '' THEN e.id = m.seller_id ELSE e.code = o.merchant_ref END
  LEFT JOIN payments_refund b ON b.ref = x.refund_ref
  LEFT JOIN orders_orderrefundshare s ON s.key = b.key
  LEFT JOIN orders_orderrefund r ON r.id = s.refund_id
  WHERE (%(seller)s = '' OR e.code = %(seller)s)
    AND (%(market)s = '' OR o.market = %(market)s)
    AND (%(currency)s = '' OR x.currency = %(currency)s)
)
"""
"""What moved for orders. The account of what customers owe goes down when money comes in, and up when it goes back.

A gift card that is sold moves the same account against its liability; that is no receipt and is not among these.
"""

REFUNDS = (
    MOVED
    + """
SELECT CASE WHEN %(by)s = 'order' THEN ordered ELSE day END AS day, currency, count(*) AS refunds,
  sum(amount_minor) AS amount,
  coalesce(sum(amount_minor) FILTER (WHERE to_credit), 0) AS to_credit,
  coalesce(sum(amount_minor) FILTER (WHERE is_excess), 0) AS excess
FROM moved WHERE kind = 'refund' AND day BETWEEN %(first)s AND %(last)s
GROUP BY 1, 2 ORDER BY 1, 2
"""
)
AGREEMENT = (
    MOVED  # noqa: S608 (constants of this module)
    + """
, money AS (
  SELECT currency, -coalesce(sum(amount_minor) FILTER (WHERE kind = 'capture'), 0) AS received,
    coalesce(sum(amount_minor) FILTER (WHERE kind = 'refund'), 0) AS refunded
  FROM moved WHERE day BETWEEN %(first)s AND %(last)s GROUP BY 1
), papers AS (
  SELECT d.total_currency AS currency, sum(CASE WHEN d.kind = 'invoice' THEN t.whole ELSE -t.whole END) AS documented
  FROM orders_document d
  JOIN orders_order o ON o.id = d.order_id
  JOIN markets_legalentity e ON e.id = d.seller_id
  CROSS JOIN LATERAL (
    SELECT sum(one.net + one.tax) AS whole FROM jsonb_to_recordset(d.taxes) AS one(net bigint, tax bigint)) t
  WHERE d.issued_on BETWEEN %(first)s AND %(last)s
    AND (%(seller)s = '' OR e.code = %(seller)s)
    AND (%(market)s = '' OR o.market = %(market)s)
    AND (%(currency)s = '' OR d.total_currency = %(currency)s)
  GROUP BY 1
)
SELECT coalesce(m.currency, p.currency) AS currency, p.documented, m.received, m.refunded
FROM money m FULL JOIN papers p ON p.currency = m.currency ORDER BY 1
"""
)
DIFFERENCES = (
    MOVED  # noqa: S608 (constants of this module)
    + """
, money AS (
  SELECT order_ref, currency, -sum(amount_minor) AS moved
  FROM moved WHERE day BETWEEN %(first)s AND %(last)s GROUP BY 1, 2
), papers AS (
  SELECT o.number AS order_ref, d.total_currency AS currency,
    sum(CASE WHEN d.kind = 'invoice' THEN t.whole ELSE -t.whole END) AS documented
  FROM orders_document d
  JOIN orders_order o ON o.id = d.order_id
  JOIN markets_legalentity e ON e.id = d.seller_id
  CROSS JOIN LATERAL (
    SELECT sum(one.net + one.tax) AS whole FROM jsonb_to_recordset(d.taxes) AS one(net bigint, tax bigint)) t
  WHERE d.issued_on BETWEEN %(first)s AND %(last)s
    AND (%(seller)s = '' OR e.code = %(seller)s)
    AND (%(market)s = '' OR o.market = %(market)s)
    AND (%(currency)s = '' OR d.total_currency = %(currency)s)
  GROUP BY 1, 2
)
SELECT coalesce(m.order_ref, p.order_ref) AS order_ref, coalesce(m.currency, p.currency) AS currency,
  coalesce(p.documented, 0) AS documented, coalesce(m.moved, 0) AS moved, count(*) OVER () AS total
FROM money m FULL JOIN papers p ON p.order_ref = m.order_ref AND p.currency = m.currency
WHERE coalesce(p.documented, 0) <> coalesce(m.moved, 0)
ORDER BY abs(coalesce(p.documented, 0) - coalesce(m.moved, 0)) DESC, 1 LIMIT %(limit)s
"""
)
FEES = """
SELECT kept.owner_id AS provider, l.currency, count(*) AS bookings, sum(l.amount_minor) AS amount
FROM payments_ledgertxn t
JOIN payments_ledgerentry l ON l.txn_id = t.id
JOIN payments_ledgeraccount a ON a.id = l.account_id AND a.code = 'psp_fees'
CROSS JOIN LATERAL (
  SELECT y.owner_id FROM payments_ledgerentry x JOIN payments_ledgeraccount y ON y.id = x.account_id
  WHERE x.txn_id = t.id AND y.code = 'psp_clearing' ORDER BY x.id LIMIT 1) kept
WHERE t.occurred_at >= %(first)s::timestamp AT TIME ZONE 'UTC'
  AND t.occurred_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'UTC'
  AND (%(currency)s = '' OR l.currency = %(currency)s)
GROUP BY 1, 2 ORDER BY 1, 2
"""
LIABILITY = """
SELECT a.code, a.currency,
  -coalesce(sum(l.amount_minor) FILTER (WHERE t.occurred_at < p.start), 0) AS opening,
  -coalesce(sum(l.amount_minor) FILTER (WHERE t.occurred_at >= p.start AND t.kind IN ('credit_issue', 'credit_refund')),
    0) AS added,
  coalesce(sum(l.amount_minor) FILTER (WHERE t.occurred_at >= p.start AND t.kind = 'credit_spend'), 0) AS spent,
  coalesce(sum(l.amount_minor) FILTER (WHERE t.occurred_at >= p.start
    AND t.kind NOT IN ('credit_issue', 'credit_refund', 'credit_spend')), 0) AS ended,
  -sum(l.amount_minor) AS closing
FROM payments_ledgeraccount a
JOIN payments_ledgerentry l ON l.account_id = a.id
JOIN payments_ledgertxn t ON t.id = l.txn_id
CROSS JOIN (SELECT %(first)s::timestamp AT TIME ZONE 'UTC' AS start) p
WHERE a.code = ANY(%(codes)s) AND t.occurred_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'UTC'
  AND (%(currency)s = '' OR a.currency = %(currency)s)
GROUP BY 1, 2 ORDER BY 1, 2
"""


def fees_of(chosen: Chosen) -> list[FeeRow]:
    """What providers kept, per provider and currency. One query. Fees belong to no market and to no seller."""
    return [
        FeeRow(
            provider=row["provider"],
            currency=row["currency"],
            bookings=row["bookings"],
            amount=minor(row["amount"], row["currency"]),
        )
        for row in rows_of(FEES, chosen.as_sql())
    ]


def refunds_of(chosen: Chosen, *, by: By) -> list[RefundRow]:
    """What went back in the period, told by the day it went back or by the day of its order. One query.

    Both tables have the same sum: the period is that of the refunds.
    """
    return [
        RefundRow(
            day=row["day"],
            currency=row["currency"],
            refunds=row["refunds"],
            amount=minor(row["amount"], row["currency"]),
            to_credit=minor(row["to_credit"], row["currency"]),
            excess=minor(row["excess"], row["currency"]),
        )
        for row in rows_of(REFUNDS, {**chosen.as_sql(), "by": by})
    ]


def differences_of(chosen: Chosen, *, limit: int = 100) -> tuple[list[DifferenceRow], int]:
    """Orders whose documents of the period do not say what moved in it, the widest apart first, and how many there
    are in all. One query."""
    rows = rows_of(DIFFERENCES, {**chosen.as_sql(), "limit": limit})
    found = [
        DifferenceRow(
            order=row["order_ref"],
            documented=minor(row["documented"], row["currency"]),
            moved=minor(row["moved"], row["currency"]),
        )
        for row in rows
    ]
    return found, int(rows[0]["total"]) if rows else 0


def liabilities_of(chosen: Chosen) -> list[LiabilityRow]:
    """What is owed on gift cards and as store credit before, during and after the period. One query.

    Like fees it is the whole shop's; only the currency narrows it.
    """
    amounts = ("opening", "added", "spent", "ended", "closing")
    return [
        LiabilityRow(
            code=row["code"],
            currency=row["currency"],
            **{name: minor(row[name], row["currency"]) for name in amounts},
        )
        for row in rows_of(LIABILITY, {**chosen.as_sql(), "codes": list(LIABILITIES)})
    ]


def agreement_of(chosen: Chosen) -> list[AgreementRow]:
    """Documents beside movements, per currency. One query.

    Every invoice and credit note on one side; on the other everything that was received for orders and went back,
    excess included: what a changed order costs less is credited by its new invoice, and is paid back as excess.
    """
    return [
        AgreementRow(
            currency=row["currency"],
            documented=minor(row["documented"], row["currency"]),
            received=minor(row["received"], row["currency"]),
            refunded=minor(row["refunded"], row["currency"]),
        )
        for row in rows_of(AGREEMENT, chosen.as_sql())
    ]
