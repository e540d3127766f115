"""What must always be true of purchases and suppliers' feeds."""

from core.integrity import Check, register

register(
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
