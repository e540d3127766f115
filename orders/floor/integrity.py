"""What must always be true of picking, packing and handing over. Registered by `orders.integrity`."""

from core.integrity import Check

CHECKS = (
    Check(
        "W01",
        "high",
        "A wave that has ended keeps no parcel, and one that was picked left nothing that nobody looked for.",
        "SELECT w.number FROM orders_pickwave w JOIN orders_waveparcel p ON p.wave_id = w.id"
        " WHERE w.state IN ('picked', 'canceled') AND p.is_open",
    ),
    Check(
        "W02",
        "high",
        "Pieces that were not on their shelf wait for a decision only while their parcel is in the warehouse.",
        "SELECT s.id FROM orders_shortpick s JOIN orders_fulfillment f ON f.id = s.fulfillment_id"
        " WHERE s.state = 'open' AND f.state NOT IN ('planned', 'picking', 'packed', 'canceled')",
    ),
    Check(
        "W03",
        "critical",
        "What was booked off for missing pieces is what stock was corrected by.",
        "SELECT s.id FROM orders_shortpick s LEFT JOIN (SELECT op_key, sum(quantity) AS off"
        " FROM inventory_stockmovement WHERE kind = 'writeoff' AND op_key LIKE 'short:%' GROUP BY 1) m"
        " ON m.op_key = 'short:' || s.id WHERE s.booked_off <> coalesce(m.off, 0)",
    ),
    Check(
        "W04",
        "critical",
        "What stands on a closed list of a hand-over as gone has left its warehouse with that carrier.",
        "SELECT h.number FROM orders_handover h JOIN orders_handoverparcel p ON p.handover_id = h.id"
        " JOIN orders_fulfillment f ON f.id = p.fulfillment_id WHERE p.state = 'left'"
        " AND (f.state IN ('planned', 'picking', 'packed', 'canceled') OR f.shipped_at IS NULL)"
        " UNION ALL SELECT h.number FROM orders_handover h JOIN orders_handoverparcel p ON p.handover_id = h.id"
        " WHERE p.state = 'left' AND p.tracking_no <> '' AND NOT EXISTS (SELECT 1 FROM orders_package k"
        " WHERE k.fulfillment_id = p.fulfillment_id AND k.carrier = h.carrier AND k.tracking_no = p.tracking_no)",
    ),
    Check(
        "W05",
        "high",
        "A list of a hand-over that is closed lets nothing wait, and an interrupted one is closed within a day.",
        "SELECT h.number FROM orders_handover h WHERE (h.state = 'closed' AND EXISTS (SELECT 1"
        " FROM orders_handoverparcel p WHERE p.handover_id = h.id AND p.state = 'waiting'))"
        " OR (h.state = 'open' AND h.created < now() - interval '1 day')",
    ),
    Check(
        "W06",
        "high",
        "A box waits for its carrier only while its parcel is packed.",
        "SELECT p.id FROM orders_parcelpacking p JOIN orders_fulfillment f ON f.id = p.fulfillment_id"
        " WHERE p.labeled_at IS NOT NULL AND f.state IN ('planned', 'picking')",
    ),
)
