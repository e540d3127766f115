"""What must be equal for every order. Each check is one query over all orders of a set; amounts are minor units.

A query gives a row per order it is about: number, currency, what one place says, what the other says, and whether
they agree. It names its set of orders `scope`; the same query proves one order on its page and all of them by night.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class ProofCheck:
    """One equation: its code, its sentence, what its two sides are called, and its query."""

    code: str
    sentence: Promise
    left: Promise
    right: Promise
    sql: str


FRAGMENTS = {
    # An amount of the order times this is minor units.
    "@minor": "(10::numeric ^ c.exponent)",
    # The payments of an order: its own attempts, and those it has a share of after a split.
    "@payments": "(SELECT p.id, p.captured_minor, p.refunded_minor, p.disputed_minor FROM payments_payment p"
    " WHERE p.order_ref = o.number UNION SELECT p.id, p.captured_minor, p.refunded_minor, p.disputed_minor"
    " FROM orders_orderreceipt r JOIN payments_payment p ON p.ref = r.payment_ref WHERE r.order_id = o.id)",
    "@signed": "CASE WHEN f.kind IN ('captured', 'dispute_reversed') THEN f.amount_minor"
    " WHEN f.kind IN ('refunded', 'disputed') THEN -f.amount_minor END",
    "@moves": "f.kind IN ('captured', 'refunded', 'disputed', 'dispute_reversed')",
    "@posted": "t.source_type = 'payment_fact' AND t.source_id = f.id::text",
}


def _sql(text: str) -> str:
    """The query with what stands in several of them filled in."""
    for name, fragment in FRAGMENTS.items():
        text = text.replace(name, fragment)
    return text


CHECKS: tuple[ProofCheck, ...] = (
    ProofCheck(
        code="total",
        sentence=_("The accepted total is the sum of its lines, delivery, fees, duty and tax."),
        left=_("Total of the order"),
        right=_("Sum of its parts"),
        sql=_sql(
            "SELECT o.number, o.currency, (o.total * @minor)::bigint, (coalesce(l.lines, 0) * @minor)::bigint,"
            " o.total = coalesce(l.lines, 0) FROM scope o JOIN markets_currency c ON c.code = o.currency"
            " LEFT JOIN LATERAL (SELECT coalesce(sum(line_total), 0) + o.shipping_total + o.fee_total + o.duty_added"
            " + o.tax_added AS lines FROM orders_orderline WHERE order_id = o.id) l ON true"
        ),
    ),
    ProofCheck(
        code="charged",
        sentence=_("An order that counts as paid has received its total, and keeps no more than it."),
        left=_("Total of the order"),
        right=_("Received for it"),
        sql=_sql(
            "SELECT o.number, o.currency, (o.total * @minor)::bigint, (r.received * @minor)::bigint,"
            " (o.payment_state NOT IN ('paid', 'partly_refunded') OR r.received >= o.total)"
            " AND (r.kept <= o.total OR EXISTS (SELECT 1 FROM orders_orderhold h"
            " WHERE h.order_id = o.id AND h.resolved_at IS NULL) OR EXISTS (SELECT 1 FROM orders_orderrefund w"
            " WHERE w.order_id = o.id AND w.state IN ('requested', 'sent')))"
            " FROM scope o JOIN markets_currency c ON c.code = o.currency"
            " LEFT JOIN LATERAL (SELECT coalesce(sum(received), 0) AS received,"
            " coalesce(sum(received - refunded - disputed), 0) AS kept"
            " FROM orders_orderreceipt WHERE order_id = o.id) r ON true"
        ),
    ),
    ProofCheck(
        code="received",
        sentence=_("What the order has received, less what went back, is what its payments say."),
        left=_("Receipts of the order"),
        right=_("Its payments"),
        sql=_sql(
            "SELECT o.number, o.currency, (r.kept * @minor)::bigint, p.kept::bigint, r.kept * @minor = p.kept"
            " FROM scope o JOIN markets_currency c ON c.code = o.currency"
            " LEFT JOIN LATERAL (SELECT coalesce(sum(received - refunded - disputed), 0) AS kept"
            " FROM orders_orderreceipt WHERE payment_ref IN ("
            "SELECT mine.payment_ref FROM orders_orderreceipt mine WHERE mine.order_id = o.id)) r ON true"
            " LEFT JOIN LATERAL (SELECT coalesce(sum(captured_minor - refunded_minor - disputed_minor), 0) AS kept"
            " FROM @payments mine) p ON true"
        ),
    ),
    ProofCheck(
        code="facts",
        sentence=_("The payments say what the booked reports of their providers sum to."),
        left=_("Its payments"),
        right=_("Booked reports"),
        sql=_sql(
            "SELECT o.number, o.currency, p.kept::bigint, p.told::bigint, p.kept = p.told FROM scope o"
            " LEFT JOIN LATERAL (SELECT coalesce(sum(captured_minor - refunded_minor - disputed_minor), 0) AS kept,"
            " coalesce(sum((SELECT sum(@signed) FROM payments_paymenttransaction f WHERE f.payment_id = mine.id"
            " AND @moves AND EXISTS (SELECT 1 FROM payments_ledgertxn t WHERE @posted))), 0) AS told"
            " FROM @payments mine) p ON true"
        ),
    ),
    ProofCheck(
        code="ledger",
        sentence=_("The ledger moved by what was reported."),
        left=_("Booked reports"),
        right=_("Ledger"),
        sql=_sql(
            "SELECT o.number, o.currency, p.told::bigint, p.posted::bigint, p.told = p.posted FROM scope o"
            " LEFT JOIN LATERAL (SELECT coalesce(sum(@signed), 0) AS told, coalesce(sum((SELECT sum(e.amount_minor)"
            " FROM payments_ledgerentry e JOIN payments_ledgeraccount a ON a.id = e.account_id"
            " WHERE e.txn_id = t.id AND a.code = 'psp_clearing' AND a.currency = f.currency)), 0) AS posted"
            " FROM @payments mine JOIN payments_paymenttransaction f ON f.payment_id = mine.id AND @moves"
            " JOIN payments_ledgertxn t ON @posted) p ON true"
        ),
    ),
    ProofCheck(
        code="invoice",
        sentence=_("The invoice is about the total of the order."),
        left=_("Total of the order"),
        right=_("Invoice"),
        sql=_sql(
            "SELECT o.number, o.currency, (o.total * @minor)::bigint, (d.total * @minor)::bigint,"
            " o.total = d.total OR EXISTS (SELECT 1 FROM orders_orderchange h WHERE h.order_id = o.id"
            " AND h.state = 'confirmed') FROM scope o JOIN markets_currency c ON c.code = o.currency"
            " JOIN orders_document d ON d.order_id = o.id AND d.kind = 'invoice'"
        ),
    ),
    ProofCheck(
        code="credit",
        sentence=_("The credit notes of refunds are about what went back."),
        left=_("Refunds with a credit note"),
        right=_("Their credit notes"),
        sql=_sql(
            "SELECT o.number, o.currency, (d.back * @minor)::bigint, (d.credited * @minor)::bigint,"
            " d.back = d.credited FROM scope o JOIN markets_currency c ON c.code = o.currency"
            " JOIN LATERAL (SELECT sum(r.amount) AS back, sum(n.total) AS credited FROM orders_document n"
            " JOIN orders_orderrefund r ON r.id = n.refund_id WHERE n.order_id = o.id AND n.kind = 'credit_note'"
            " HAVING count(*) > 0) d ON true"
        ),
    ),
)
