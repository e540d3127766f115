"""What must always be true of stock (RELIABILITY section 4)."""

from core.integrity import Check, register
from inventory.buying import integrity as buying_integrity
from inventory.stockwork.integrity import CHECKS as STOCKWORK

register(
    Check(
        "S01",
        "critical",
        "Stock rows stay within their bounds.",
        "SELECT id FROM inventory_stockitem WHERE on_hand < 0 OR allocated < 0 OR reserved < 0"
        " OR on_hand - allocated - reserved < -backorder_limit",
    ),
    Check(
        "S02",
        "critical",
        "The stock ledger adds up to the counters.",
        "SELECT s.id FROM inventory_stockitem s LEFT JOIN (SELECT stock_item_id, sum(d_on_hand) h,"
        " sum(d_allocated) a, sum(d_reserved) r FROM inventory_stockmovement GROUP BY 1) m ON m.stock_item_id = s.id"
        " WHERE s.on_hand <> coalesce(m.h, 0) OR s.allocated <> coalesce(m.a, 0) OR s.reserved <> coalesce(m.r, 0)",
    ),
    Check(
        "S03",
        "critical",
        "What is reserved is what living holds say.",
        "SELECT s.id FROM inventory_stockitem s LEFT JOIN (SELECT stock_item_id, sum(quantity) q"
        " FROM inventory_reservation WHERE state = 'held' GROUP BY 1) r ON r.stock_item_id = s.id"
        " WHERE s.reserved <> coalesce(r.q, 0)",
    ),
    Check(
        "S04",
        "high",
        "No hold outlives its time by more than five minutes.",
        "SELECT id FROM inventory_reservation WHERE state = 'held' AND expires_at < now() - interval '5 minutes'",
    ),
    Check(
        "S10",
        "critical",
        "What is promised is what open allocations say.",
        "SELECT s.id FROM inventory_stockitem s LEFT JOIN (SELECT stock_item_id,"
        " sum(quantity - fulfilled_quantity) q FROM inventory_allocation GROUP BY 1) a ON a.stock_item_id = s.id"
        " WHERE s.allocated <> coalesce(a.q, 0)",
    ),
    Check(
        "S11",
        "critical",
        "Every allocation equals its movements.",
        "SELECT a.id FROM inventory_allocation a LEFT JOIN (SELECT line_ref, stock_item_id,"
        " sum(CASE kind WHEN 'allocate' THEN quantity WHEN 'release' THEN -quantity ELSE 0 END) q,"
        " sum(CASE WHEN kind IN ('ship', 'transfer_out') THEN quantity ELSE 0 END) f"
        " FROM inventory_stockmovement GROUP BY 1, 2) m"
        " USING (line_ref, stock_item_id)"
        " WHERE a.quantity <> coalesce(m.q, 0) OR a.fulfilled_quantity <> coalesce(m.f, 0)",
    ),
    *STOCKWORK,
    Check(
        "S40",
        "high",
        "What lanes decided was promised from there: no open piece of a planned order waits where no lane led.",
        "SELECT a.id FROM inventory_allocation a JOIN inventory_stockitem s ON s.id = a.stock_item_id"
        " JOIN inventory_warehouse w ON w.id = s.warehouse_id"
        " JOIN (SELECT DISTINCT ON (order_ref) order_ref, cause, chosen, inputs FROM inventory_allocationdecision"
        " ORDER BY order_ref, id DESC) d ON d.order_ref = a.order_ref"
        " WHERE a.quantity > a.fulfilled_quantity AND d.cause IN ('placed', 'paid_late', 'reshipped')"
        " AND jsonb_array_length(d.inputs -> 'sites') > 0"
        " AND a.created <= (SELECT max(x.created) FROM inventory_allocationdecision x WHERE x.order_ref = a.order_ref)"
        " AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(d.inputs -> 'sites') site"
        " WHERE site ->> 'code' = w.code)",
    ),
    Check(
        "S41",
        "high",
        "A plan adds up: what it costs is the sum of its parts.",
        "SELECT id FROM inventory_allocationdecision WHERE cause <> 'overridden' AND score_minor <>"
        " (SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(chosen -> 'costs'))",
    ),
    Check(
        "K01",
        "high",
        "No message of a carrier waits for more than an hour.",
        "SELECT id FROM inventory_carriermessage WHERE processed_at IS NULL AND received_at < now() - interval '1 hour'"
        " AND next_attempt_at < now() - interval '10 minutes'",
    ),
    Check(
        "K02",
        "high",
        "No label is being bought or given back for more than an hour.",
        "SELECT id FROM inventory_labelrecord WHERE state IN ('asked', 'cancel_asked')"
        " AND updated < now() - interval '1 hour'",
    ),
    Check(
        "K03",
        "critical",
        "A bought label has its number, its file and its day.",
        "SELECT id FROM inventory_labelrecord WHERE state IN ('bought', 'cancel_asked', 'canceled')"
        " AND (tracking_no = '' OR bought_at IS NULL OR size = 0)",
    ),
    Check(
        "K04",
        "high",
        "Every unknown code that is not settled is unknown still.",
        "SELECT u.id FROM inventory_unknowncode u JOIN markets_trackingstatusmap m ON m.provider = u.provider"
        " AND m.level = u.level AND lower(m.carrier_code) = lower(u.carrier_code)"
        " WHERE u.settled_at IS NULL AND m.canonical <> 'unknown'"
        " AND (m.effective_from IS NULL OR m.effective_from <= current_date)"
        " AND (m.effective_to IS NULL OR m.effective_to >= current_date)"
        " AND u.last_seen_at > coalesce(m.effective_from, current_date) + interval '1 day'",
    ),
)

__all__ = ["buying_integrity"]
