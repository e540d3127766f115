"""A day at a provider beside the same day in the ledger.

A movement belongs to the day on which the provider booked it; as long as the provider has not shown it, to
the day on which it happened. Days are days of UTC, as the providers count them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from djmoney.money import Money

from core.money import from_minor
from payments.providers.registry import provider_named

DAYS_SQL = """
WITH rows AS (
    SELECT e.id, e.provider, e.currency, (e.occurred_at AT TIME ZONE 'UTC')::date AS day, e.net_minor, e.entry_id
    FROM payments_statemententry e WHERE e.occurred_at >= %(begin)s AND e.occurred_at < %(end)s
), causes AS (
    SELECT r.provider, r.day, 'statement_entry' AS source_type, r.id::text AS source_id FROM rows r
    UNION SELECT r.provider, r.day, 'payment_fact', m.fact_id::text FROM rows r
        JOIN payments_statementmatch m ON m.entry_id = r.id WHERE m.fact_id IS NOT NULL
    UNION SELECT r.provider, r.day, 'payment_fact', fee.id::text FROM rows r
        JOIN payments_statementmatch m ON m.entry_id = r.id
        JOIN payments_paymenttransaction f ON f.id = m.fact_id
        JOIN payments_paymenttransaction fee
            ON fee.payment_id = f.payment_id AND fee.kind = 'fee' AND fee.fact_ref = r.entry_id
    UNION SELECT p.provider, (t.occurred_at AT TIME ZONE 'UTC')::date, t.source_type, t.source_id
        FROM payments_ledgertxn t
        JOIN payments_paymenttransaction f ON t.source_type = 'payment_fact' AND f.id::text = t.source_id
        JOIN payments_payment p ON p.id = f.payment_id
        WHERE t.occurred_at >= %(begin)s AND t.occurred_at < %(end)s AND p.provider = ANY(%(keeping)s)
        AND NOT EXISTS (SELECT 1 FROM payments_statementmatch m WHERE m.fact_id = f.id)
        AND NOT (f.kind = 'fee' AND EXISTS (
            SELECT 1 FROM payments_statementmatch m JOIN payments_statemententry e ON e.id = m.entry_id
            JOIN payments_paymenttransaction of_row ON of_row.id = m.fact_id
            WHERE of_row.payment_id = f.payment_id AND e.entry_id = f.fact_ref))
), booked AS (
    SELECT c.provider, c.day, a.currency, sum(l.amount_minor) AS minor
    FROM causes c JOIN payments_ledgertxn t ON t.source_type = c.source_type AND t.source_id = c.source_id
    JOIN payments_ledgerentry l ON l.txn_id = t.id
    JOIN payments_ledgeraccount a ON a.id = l.account_id AND a.code = 'psp_clearing' AND a.owner_id = c.provider
    GROUP BY 1, 2, 3
), told AS (
    SELECT provider, day, currency, sum(net_minor) AS minor, count(*) AS rows FROM rows GROUP BY 1, 2, 3
), undecided AS (
    SELECT r.provider, r.day, r.currency, count(*) AS items FROM rows r
    JOIN payments_reconciliationitem i ON i.entry_id = r.id AND i.state = 'open' GROUP BY 1, 2, 3
)
SELECT coalesce(t.day, b.day), coalesce(t.provider, b.provider), coalesce(t.currency, b.currency),
    coalesce(t.minor, 0), coalesce(b.minor, 0), coalesce(t.rows, 0), coalesce(u.items, 0)
FROM told t FULL JOIN booked b ON b.provider = t.provider AND b.day = t.day AND b.currency = t.currency
LEFT JOIN undecided u ON u.provider = t.provider AND u.day = t.day AND u.currency = t.currency
ORDER BY 1 DESC, 2, 3
"""


@dataclass(frozen=True, kw_only=True)
class DayOfBooks:
    """One provider, one currency, one day: what moved there, what the ledger says, and what waits."""

    day: date
    provider: str
    currency: str
    told: Money
    booked: Money
    rows: int
    items: int

    @property
    def difference(self) -> Money:
        """Theirs less ours."""
        return self.told - self.booked

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.told == self.booked


def days_of_books(*, first: date, last: date) -> Sequence[DayOfBooks]:
    """Every day with movements from `first` to `last`, newest first, in one query."""
    begin = datetime.combine(first, time(), tzinfo=UTC)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=UTC)
    keeping = [name for name in settings.PAYMENT_PROVIDERS if provider_named(name).offer.has_books]
    with connection.cursor() as cursor:
        cursor.execute(DAYS_SQL, {"begin": begin, "end": end, "keeping": keeping})
        return [
            DayOfBooks(
                day=day,
                provider=provider,
                currency=currency,
                told=from_minor(int(told), currency),
                booked=from_minor(int(booked), currency),
                rows=rows,
                items=items,
            )
            for day, provider, currency, told, booked, rows, items in cursor.fetchall()
        ]
