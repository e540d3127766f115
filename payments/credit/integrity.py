"""What must always be true of gift cards and store credit. Each query finds nothing."""

from core.integrity import Check, register

register(
    Check(
        "B03",
        "critical",
        "What is on a gift card or on store credit is in bounds and is the sum of its entries.",
        "SELECT a.id FROM payments_creditaccount a LEFT JOIN (SELECT account_id, sum(amount_minor) AS s"
        " FROM payments_creditentry GROUP BY account_id) e ON e.account_id = a.id"
        " WHERE a.balance_minor NOT BETWEEN 0 AND a.initial_minor OR a.balance_minor <> coalesce(e.s, 0)",
    ),
    Check(
        "B04",
        "critical",
        "What the ledger owes on gift cards and store credit is the sum of their balances.",
        "SELECT coalesce(a.k, b.k) FROM ("
        " SELECT acc.code || ' ' || e.currency AS k, -sum(e.amount_minor) AS v FROM payments_ledgerentry e"
        " JOIN payments_ledgeraccount acc ON acc.id = e.account_id"
        " WHERE acc.code IN ('gift_card_liability', 'store_credit_liability', 'exchange_clearing') GROUP BY 1"
        ") a FULL JOIN ("
        " SELECT CASE kind WHEN 'exchange' THEN 'exchange_clearing ' ELSE kind || '_liability ' END || currency AS k,"
        " sum(balance_minor) AS v FROM payments_creditaccount GROUP BY 1"
        ") b ON a.k = b.k WHERE coalesce(a.v, 0) <> coalesce(b.v, 0)",
    ),
    Check(
        "B05",
        "critical",
        "Every payment by credit was taken from one account, for the same order and amount.",
        "SELECT p.ref FROM payments_payment p LEFT JOIN payments_creditentry e"
        " ON e.kind = 'spend' AND e.ref = p.ref::text AND e.order_ref = p.order_ref"
        " WHERE p.provider = 'credit' AND p.captured_minor <> coalesce(-e.amount_minor, 0)",
    ),
    Check(
        "B06",
        "critical",
        "Nothing is spent from an account without a payment.",
        "SELECT e.id FROM payments_creditentry e WHERE e.kind = 'spend'"
        " AND NOT EXISTS (SELECT 1 FROM payments_payment p WHERE p.provider = 'credit' AND p.ref::text = e.ref)",
    ),
    Check(
        "B07",
        "critical",
        "What payments by credit gave back is on the accounts again.",
        "SELECT p.ref FROM payments_payment p LEFT JOIN ("
        " SELECT split_part(ref, ':', 1) AS payment, sum(amount_minor) AS s FROM payments_creditentry"
        " WHERE kind = 'refund' GROUP BY 1) e ON e.payment = p.ref::text"
        " WHERE p.provider = 'credit' AND p.refunded_minor > coalesce(e.s, 0)",
    ),
    Check(
        "B08",
        "high",
        "Nothing lies on a gift card that ended.",
        "SELECT id FROM payments_creditaccount WHERE state IN ('expired', 'canceled') AND balance_minor <> 0",
    ),
)
