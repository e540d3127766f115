"""What must always be true of bank lines. Each query finds nothing."""

from core.integrity import Check, register

register(
    Check(
        "R11",
        "critical",
        "What a booked bank line brought is what its payment was told, to the cent: what was due and what was more.",
        "SELECT l.id FROM payments_bankbooking b JOIN payments_bankline l ON l.id = b.line_id"
        " LEFT JOIN payments_paymenttransaction f ON f.payment_id = b.payment_id AND f.kind = 'captured'"
        " AND f.fact_ref IN ('line:' || l.id, 'line:' || l.id || ':surplus')"
        " WHERE b.payment_id IS NOT NULL GROUP BY l.id"
        " HAVING coalesce(sum(f.amount_minor), 0) <> l.amount_minor"
        " OR count(*) FILTER (WHERE f.currency <> l.currency) > 0",
    ),
    Check(
        "R12",
        "critical",
        "No payment was told of a bank line that nobody booked to it.",
        "SELECT f.id FROM payments_paymenttransaction f JOIN payments_payment p ON p.id = f.payment_id"
        " WHERE p.provider = 'bank' AND f.kind = 'captured' AND f.fact_ref LIKE 'line:%' AND NOT EXISTS ("
        " SELECT 1 FROM payments_bankbooking b LEFT JOIN payments_bankshare s ON s.booking_id = b.id"
        " WHERE f.payment_id IN (b.payment_id, s.payment_id)"
        " AND b.line_id::text = split_part(f.fact_ref, ':', 2))",
    ),
    Check(
        "R13",
        "high",
        "Every payout that was marked as sent is a refund that is done, for the same sum.",
        "SELECT o.id FROM payments_bankpayout o LEFT JOIN payments_refund r ON r.ref = o.refund_ref"
        " WHERE o.state = 'sent' AND o.updated < now() - interval '1 hour'"
        " AND (r.id IS NULL OR r.state <> 'succeeded' OR r.amount_minor <> o.amount_minor)",
    ),
    Check(
        "R14",
        "critical",
        "The shares of a line that paid several orders are the whole line, in its currency.",
        "SELECT b.id FROM payments_bankbooking b JOIN payments_bankline l ON l.id = b.line_id"
        " LEFT JOIN payments_bankshare s ON s.booking_id = b.id WHERE b.verdict = 'several' OR s.id IS NOT NULL"
        " GROUP BY b.id, b.verdict, l.amount_minor, l.currency HAVING b.verdict <> 'several'"
        " OR coalesce(sum(s.amount_minor), 0) <> l.amount_minor"
        " OR count(*) FILTER (WHERE s.currency <> l.currency) > 0",
    ),
    Check(
        "R15",
        "critical",
        "What a share of a line brought is what its payment was told, to the cent.",
        "SELECT s.id FROM payments_bankshare s JOIN payments_bankbooking b ON b.id = s.booking_id"
        " LEFT JOIN payments_paymenttransaction f ON f.payment_id = s.payment_id AND f.kind = 'captured'"
        " AND f.fact_ref IN ('line:' || b.line_id, 'line:' || b.line_id || ':surplus')"
        " WHERE b.decided_at < now() - interval '1 hour' OR f.id IS NOT NULL GROUP BY s.id"
        " HAVING coalesce(sum(f.amount_minor), 0) <> s.amount_minor",
    ),
    Check(
        "R16",
        "critical",
        "A line that shows a transfer to a customer has its sum, and the transfer was sent.",
        "SELECT b.id FROM payments_bankbooking b JOIN payments_bankline l ON l.id = b.line_id"
        " JOIN payments_bankpayout o ON o.id = b.payout_id"
        " WHERE l.amount_minor <> -o.amount_minor OR l.currency <> o.currency OR o.state <> 'sent'",
    ),
)
