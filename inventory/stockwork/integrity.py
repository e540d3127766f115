"""What must always be true of batches, transfers and stock takes. Registered by `inventory.integrity`."""

from core.integrity import Check

CHECKS = (
    Check(
        "S20",
        "critical",
        "The batches of a shelf add up to what is on hand.",
        "SELECT s.id FROM inventory_stockitem s JOIN inventory_batchedvariant v ON v.variant_id = s.variant_id"
        " LEFT JOIN (SELECT stock_item_id, sum(quantity) q FROM inventory_batch GROUP BY 1) b ON b.stock_item_id = s.id"
        " WHERE s.on_hand <> coalesce(b.q, 0)",
    ),
    Check(
        "S21",
        "critical",
        "Every batch is what its movements add up to.",
        "SELECT b.id FROM inventory_batch b LEFT JOIN (SELECT batch_id, sum(quantity) q"
        " FROM inventory_batchmovement GROUP BY 1) m ON m.batch_id = b.id WHERE b.quantity <> coalesce(m.q, 0)",
    ),
    Check(
        "S22",
        "critical",
        "What is kept from sale is what blocked batches hold.",
        "SELECT s.id FROM inventory_stockitem s LEFT JOIN (SELECT stock_item_id, sum(quantity) q"
        " FROM inventory_batch WHERE is_blocked GROUP BY 1) b ON b.stock_item_id = s.id"
        " WHERE s.blocked <> coalesce(b.q, 0)",
    ),
    Check(
        "S23",
        "high",
        "Nothing is sold a day after its date.",
        "SELECT b.id FROM inventory_batch b JOIN inventory_stockitem s ON s.id = b.stock_item_id"
        " JOIN inventory_batchedvariant v ON v.variant_id = s.variant_id WHERE b.quantity > 0 AND NOT b.is_blocked"
        " AND b.expires_on - v.days_left < current_date - 1",
    ),
    Check(
        "S24",
        "critical",
        "What a transfer sent has left its shelf.",
        "SELECT l.id FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id"
        " LEFT JOIN (SELECT line_ref, sum(quantity) q FROM inventory_stockmovement WHERE kind = 'transfer_out'"
        " GROUP BY 1) m ON m.line_ref = t.number || '/' || l.id WHERE l.shipped <> coalesce(m.q, 0)",
    ),
    Check(
        "S25",
        "critical",
        "What a transfer received or lost has come in, and nothing else has.",
        "SELECT l.id FROM inventory_transferline l JOIN inventory_transfer t ON t.id = l.transfer_id"
        " LEFT JOIN (SELECT line_ref, sum(quantity) q FROM inventory_stockmovement WHERE kind = 'transfer_in'"
        " GROUP BY 1) m ON m.line_ref = t.number || '/' || l.id WHERE l.received + l.lost <> coalesce(m.q, 0)",
    ),
    Check(
        "S26",
        "high",
        "A transfer that is closed has nothing on its way, and one on its way has something.",
        "SELECT t.id FROM inventory_transfer t JOIN (SELECT transfer_id, sum(shipped - received - lost) q"
        " FROM inventory_transferline GROUP BY 1) l ON l.transfer_id = t.id"
        " WHERE (t.state = 'received' AND l.q <> 0) OR (t.state IN ('in_transit', 'partly_received') AND l.q = 0)",
    ),
    Check(
        "S31",
        "critical",
        "A booked stock take has moved exactly its differences.",
        "SELECT l.id FROM inventory_stocktakeline l JOIN inventory_stocktake t ON t.id = l.stock_take_id"
        " LEFT JOIN inventory_stockmovement m ON m.op_key = 'take:' || l.id AND m.stock_item_id = l.stock_item_id"
        " WHERE coalesce(m.d_on_hand, 0) <> CASE t.state WHEN 'booked' THEN l.difference ELSE 0 END",
    ),
)
