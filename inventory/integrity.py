"""What must always be true of stock (RELIABILITY section 4)."""

from core.integrity import Check, register

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
        " sum(CASE kind WHEN 'ship' THEN quantity ELSE 0 END) f FROM inventory_stockmovement GROUP BY 1, 2) m"
        " USING (line_ref, stock_item_id)"
        " WHERE a.quantity <> coalesce(m.q, 0) OR a.fulfilled_quantity <> coalesce(m.f, 0)",
    ),
    Check(
        "U01",
        "critical",
        "What a purchase line counts as received and rejected is what its deliveries say.",
        "SELECT l.id FROM inventory_purchaseline l LEFT JOIN (SELECT line_id, sum(accepted) a, sum(rejected) r"
        " FROM inventory_purchasereceiptline GROUP BY 1) d ON d.line_id = l.id"
        " WHERE l.received <> coalesce(d.a, 0) OR l.rejected <> coalesce(d.r, 0)",
    ),
    Check(
        "U02",
        "critical",
        "What deliveries kept went on the shelf, once.",
        "SELECT d.id FROM inventory_purchasereceiptline d"
        " JOIN inventory_purchaseline l ON l.id = d.line_id JOIN inventory_purchaseorder o ON o.id = l.order_id"
        " LEFT JOIN (SELECT m.op_key, s.variant_id, s.warehouse_id, sum(m.d_on_hand) n FROM inventory_stockmovement m"
        " JOIN inventory_stockitem s ON s.id = m.stock_item_id WHERE m.op_key LIKE 'po:%' AND m.kind = 'receive'"
        " GROUP BY 1, 2, 3) b ON b.op_key = 'po:' || d.receipt_id AND b.variant_id = l.variant_id"
        " AND b.warehouse_id = o.warehouse_id WHERE d.accepted <> coalesce(b.n, 0)",
    ),
    Check(
        "U03",
        "high",
        "A purchase order is received when nothing is to come, and not before.",
        "SELECT o.id FROM inventory_purchaseorder o LEFT JOIN (SELECT order_id,"
        " sum(greatest(quantity - received - given_up, 0)) n, sum(received + rejected) c FROM inventory_purchaseline"
        " GROUP BY 1) l ON l.order_id = o.id WHERE (o.state = 'received' AND coalesce(l.n, 0) > 0)"
        " OR (o.state IN ('draft', 'sent', 'confirmed', 'canceled') AND coalesce(l.c, 0) > 0)"
        " OR (o.state = 'partly_received' AND coalesce(l.n, 0) = 0)"
        " OR (o.state NOT IN ('draft', 'canceled') AND l.order_id IS NULL)",
    ),
    Check(
        "U04",
        "high",
        "Lines of a purchase order are priced in its currency.",
        "SELECT l.id FROM inventory_purchaseline l JOIN inventory_purchaseorder o ON o.id = l.order_id"
        " WHERE l.cost_currency <> o.currency",
    ),
    Check(
        "U05",
        "high",
        "Feeds that are fetched are not forgotten: none is due for more than an hour.",
        "SELECT id FROM inventory_supplierfeed WHERE is_active AND kind = 'csv_url'"
        " AND next_at < now() - interval '1 hour'",
    ),
    Check(
        "U06",
        "high",
        "A proposal that was ordered is on a purchase order that exists.",
        "SELECT p.id FROM inventory_replenishmentproposal p WHERE p.state = 'ordered' AND p.kind = 'buy'"
        " AND NOT EXISTS (SELECT 1 FROM inventory_purchaseorder o WHERE o.number = p.ordered_as)",
    ),
)
