"""What must always be true of payments and the ledger. Each query finds nothing."""

from core.integrity import Check, register
from payments.credit import integrity as credit
from payments.statements import integrity as statements

__all__ = ["credit", "statements"]

MONEY = "('captured', 'refunded', 'disputed', 'dispute_reversed')"
BOOKED = "EXISTS (SELECT 1 FROM payments_ledgertxn t WHERE t.source_type = 'payment_fact' AND t.source_id = f.id::text)"
OPEN_REFUNDS = "('requested', 'submitted', 'pending')"

register(
    Check(
        "P03",
        "critical",
        "Each payment at a provider belongs to exactly one of ours.",
        "SELECT provider || ':' || provider_ref FROM payments_payment WHERE provider_ref <> ''"
        " GROUP BY provider, provider_ref HAVING count(*) > 1",
    ),
    Check(
        "P04",
        "critical",
        "Captured is within authorised or agreed; refunded, being refunded and disputed are within captured.",
        "SELECT ref FROM payments_payment WHERE captured_minor > greatest(authorized_minor, amount_minor)"
        " OR refunded_minor + refunding_minor + disputed_minor > captured_minor"
        " OR least(authorized_minor, captured_minor, refunded_minor, refunding_minor, disputed_minor) < 0",
    ),
    Check(
        "P05",
        "critical",
        "The columns of a payment are the sum of its booked facts.",
        "SELECT p.ref FROM payments_payment p LEFT JOIN ("
        " SELECT f.payment_id,"
        " sum(f.amount_minor) FILTER (WHERE f.kind = 'captured') AS c,"
        " sum(f.amount_minor) FILTER (WHERE f.kind = 'refunded') AS r,"
        " sum(CASE f.kind WHEN 'disputed' THEN f.amount_minor WHEN 'dispute_reversed' THEN -f.amount_minor END) AS d"
        " FROM payments_paymenttransaction f JOIN payments_ledgertxn t"
        " ON t.source_type = 'payment_fact' AND t.source_id = f.id::text GROUP BY f.payment_id"
        ") s ON s.payment_id = p.id WHERE p.captured_minor <> coalesce(s.c, 0)"
        " OR p.refunded_minor <> coalesce(s.r, 0) OR p.disputed_minor <> coalesce(s.d, 0)",
    ),
    Check(
        "P07",
        "high",
        "No payment stays undecided for more than thirty minutes without being asked about.",
        "SELECT ref FROM payments_payment WHERE state IN ('created', 'action_required', 'processing')"
        " AND created < now() - interval '30 minutes' AND poll_after < now() - interval '30 minutes'",
    ),
    Check(
        "P08",
        "critical",
        "Refunds that succeeded sum to what the payment says was refunded.",
        "SELECT p.ref FROM payments_payment p LEFT JOIN payments_refund r"
        " ON r.payment_id = p.id AND r.state = 'succeeded' GROUP BY p.id, p.ref, p.refunded_minor"
        " HAVING p.refunded_minor <> coalesce(sum(r.amount_minor), 0)",
    ),
    Check(
        "P09",
        "high",
        "No refund waits for more than an hour to be taken by its provider.",
        "SELECT ref FROM payments_refund WHERE state IN ('requested', 'submitted')"
        " AND created < now() - interval '1 hour'",
    ),
    Check(
        "P10",
        "critical",
        "An order has at most one payment whose end is open.",
        "SELECT order_ref FROM payments_payment WHERE state IN ('created', 'action_required', 'processing')"
        " GROUP BY order_ref HAVING count(*) > 1",
    ),
    Check(
        "P11",
        "critical",
        "Money set aside for refunds is the sum of the refunds under way.",
        "SELECT p.ref FROM payments_payment p LEFT JOIN payments_refund r"
        " ON r.payment_id = p.id AND r.state IN ('requested', 'submitted', 'pending')"
        " GROUP BY p.id, p.ref, p.refunding_minor"
        " HAVING p.refunding_minor > coalesce(sum(r.amount_minor), 0)",
    ),
    Check(
        "P20",
        "high",
        "Every dispute that took money is one that people can answer.",
        "SELECT f.id FROM payments_paymenttransaction f WHERE f.kind = 'disputed' AND f.amount_minor > 0"
        " AND f.recorded_at > (SELECT min(created) FROM payments_dispute)"
        " AND NOT EXISTS (SELECT 1 FROM payments_dispute d WHERE d.payment_id = f.payment_id"
        " AND d.fact_ref = f.fact_ref)",
    ),
    Check(
        "P21",
        "critical",
        "No payment was opened although the risk rules refused it.",
        "SELECT id FROM payments_riskdecision WHERE outcome = 'refuse' AND payment_id IS NOT NULL",
    ),
    Check(
        "P22",
        "critical",
        "Nobody pays with another member's card.",
        "SELECT u.id FROM payments_carduse u JOIN payments_savedcard c ON c.id = u.card_id"
        " WHERE c.owner_id <> u.owner_id",
    ),
    Check(
        "P23",
        "high",
        "What is to be done with kept cards at their provider is done within a day.",
        "SELECT id FROM payments_carderrand WHERE created < now() - interval '1 day'",
    ),
    Check(
        "L01",
        "critical",
        "Each ledger transaction sums to nothing in each currency.",
        "SELECT txn_id FROM payments_ledgerentry GROUP BY txn_id, currency HAVING sum(amount_minor) <> 0",
    ),
    Check(
        "L02",
        "critical",
        "Each ledger transaction has at least two entries.",
        "SELECT t.id FROM payments_ledgertxn t LEFT JOIN payments_ledgerentry e ON e.txn_id = t.id"
        " GROUP BY t.id HAVING count(e.id) < 2",
    ),
    Check(
        "L03",
        "critical",
        "What the ledger says lies at the providers is captured less refunded less disputed, fees aside.",
        "SELECT coalesce(a.k, b.k) FROM ("
        " SELECT acc.owner_id || ' ' || e.currency AS k, sum(e.amount_minor) AS v FROM payments_ledgerentry e"
        " JOIN payments_ledgeraccount acc ON acc.id = e.account_id JOIN payments_ledgertxn t ON t.id = e.txn_id"
        " WHERE acc.code = 'psp_clearing' AND t.source_type = 'payment_fact' AND t.kind <> 'fee' GROUP BY 1"
        ") a FULL JOIN ("
        " SELECT provider || ' ' || currency AS k, sum(captured_minor - refunded_minor - disputed_minor) AS v"
        " FROM payments_payment GROUP BY 1"
        ") b ON a.k = b.k WHERE coalesce(a.v, 0) <> coalesce(b.v, 0)",
    ),
    Check(
        "L04",
        "critical",
        "Every fact about money is on the ledger, or is a case for a person; within an hour.",
        "SELECT f.id FROM payments_paymenttransaction f"
        " WHERE f.kind IN ('captured', 'refunded', 'disputed', 'dispute_reversed', 'fee') AND f.amount_minor > 0"
        " AND NOT EXISTS (SELECT 1 FROM payments_ledgertxn t"
        " WHERE t.source_type = 'payment_fact' AND t.source_id = f.id::text)"
        " AND NOT EXISTS (SELECT 1 FROM payments_paymentexception c WHERE c.fact_id = f.id)"
        " AND f.recorded_at < now() - interval '1 hour'",
    ),
    Check(
        "R01",
        "critical",
        "Every matched row of a provider's books moved the ledger by exactly its own net amount.",
        "SELECT e.provider || ' ' || e.entry_id FROM payments_statemententry e"
        " JOIN payments_statementmatch m ON m.entry_id = e.id AND m.verdict <> 'explained'"
        " LEFT JOIN payments_paymenttransaction f ON f.id = m.fact_id"
        " LEFT JOIN LATERAL (SELECT sum(l.amount_minor) AS moved FROM payments_ledgertxn t"
        " JOIN payments_ledgerentry l ON l.txn_id = t.id JOIN payments_ledgeraccount a ON a.id = l.account_id"
        " WHERE a.code = 'psp_clearing' AND a.owner_id = e.provider AND a.currency = e.currency AND ("
        " (t.source_type = 'statement_entry' AND t.source_id = e.id::text)"
        " OR (t.source_type = 'payment_fact' AND t.source_id IN (f.id::text,"
        " (SELECT fee.id::text FROM payments_paymenttransaction fee WHERE fee.payment_id = f.payment_id"
        " AND fee.kind = 'fee' AND fee.fact_ref = e.entry_id))))) ours ON true"
        " WHERE e.net_minor <> coalesce(ours.moved, 0)",
    ),
    Check(
        "R02",
        "high",
        "Every charge at a provider is one of our payments, or a difference that is looked at; within a day.",
        "SELECT e.provider || ' ' || e.entry_id FROM payments_statemententry e WHERE e.kind = 'charge'"
        " AND e.recorded_at < now() - interval '1 day'"
        " AND NOT EXISTS (SELECT 1 FROM payments_statementmatch m WHERE m.entry_id = e.id)"
        " AND NOT EXISTS (SELECT 1 FROM payments_reconciliationitem i WHERE i.entry_id = e.id AND i.state = 'open')",
    ),
    Check(
        "R03",
        "critical",
        "No two charges at a provider are for one capture of ours.",
        "SELECT m.fact_id FROM payments_statementmatch m WHERE m.fact_id IS NOT NULL"
        " GROUP BY m.fact_id HAVING count(*) > 1",
    ),
    Check(
        "R04",
        "high",
        "Every refund and dispute at a provider has a fact, or a difference that is looked at; within a day.",
        "SELECT e.provider || ' ' || e.entry_id FROM payments_statemententry e WHERE e.kind IN ('refund', 'dispute')"
        " AND e.recorded_at < now() - interval '1 day'"
        " AND NOT EXISTS (SELECT 1 FROM payments_statementmatch m WHERE m.entry_id = e.id)"
        " AND NOT EXISTS (SELECT 1 FROM payments_reconciliationitem i WHERE i.entry_id = e.id AND i.state = 'open')",
    ),
    Check(
        "R05",
        "critical",
        "Every payout that is booked went from the provider to the bank in full.",
        "SELECT e.provider || ' ' || e.entry_id FROM payments_statemententry e"
        " JOIN payments_statementmatch m ON m.entry_id = e.id AND m.verdict = 'booked'"
        " LEFT JOIN payments_ledgertxn t ON t.source_type = 'statement_entry' AND t.source_id = e.id::text"
        " AND t.kind = 'payout' LEFT JOIN payments_ledgerentry l ON l.txn_id = t.id"
        " AND EXISTS (SELECT 1 FROM payments_ledgeraccount a WHERE a.id = l.account_id AND a.code = 'bank')"
        " WHERE e.kind = 'payout' GROUP BY e.id HAVING e.amount_minor <> -coalesce(sum(l.amount_minor), 0)",
    ),
    Check(
        "R06",
        "critical",
        "A transfer whose account was changed goes where two people agreed last, and nowhere else.",
        "SELECT p.id FROM payments_bankpayout p JOIN LATERAL (SELECT recipient_account FROM payments_recipientchange c"
        " WHERE c.payout_id = p.id AND c.state = 'done' ORDER BY c.decided_at DESC, c.id DESC LIMIT 1) c ON true"
        " WHERE p.recipient_account <> '' AND c.recipient_account <> p.recipient_account",
    ),
    Check(
        "Q01",
        "high",
        "Messages of providers are acted on within five minutes.",
        "SELECT provider || ' ' || event_id FROM payments_paymentevent"
        " WHERE processed_at IS NULL AND received_at < now() - interval '5 minutes'",
    ),
)
