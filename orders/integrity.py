"""What must be true of orders, and between orders, payments and stock. Each query names its violations."""

from core.integrity import Check, register
from orders.documents.integrity import CHECKS as DOCUMENT_CHECKS
from orders.floor.integrity import CHECKS as FLOOR_CHECKS

register(*DOCUMENT_CHECKS, *FLOOR_CHECKS)

register(
    Check(
        "O01",
        "critical",
        "A checkout has one order, apart from those split from it.",
        "SELECT g.checkout FROM orders_ordergroup g JOIN orders_order o ON o.group_id = g.id"
        " WHERE NOT EXISTS (SELECT 1 FROM orders_orderlink l WHERE l.source_id = o.id AND l.kind = 'split_from')"
        " GROUP BY g.checkout HAVING count(*) > 1",
    ),
    Check(
        "O02",
        "critical",
        "An order's total is the sum of its parts.",
        "SELECT number FROM orders_order WHERE total <> items_total - discount_total + shipping_total + fee_total"
        " + duty_added + tax_added OR total < 0",
    ),
    Check(
        "O03",
        "critical",
        "An order's lines sum to its goods.",
        "SELECT o.number FROM orders_order o LEFT JOIN (SELECT order_id, sum(line_list) AS listed,"
        " sum(line_discount) AS off FROM orders_orderline GROUP BY order_id) l ON l.order_id = o.id"
        " WHERE o.items_total <> coalesce(l.listed, 0) OR o.discount_total <> coalesce(l.off, 0)",
    ),
    Check(
        "O04",
        "critical",
        "A line is its unit price times its quantity, less its discount.",
        "SELECT ref FROM orders_orderline WHERE line_list <> quantity * unit_list"
        " OR line_total <> line_list - line_discount OR quantity <= 0 OR qty_canceled > quantity",
    ),
    Check(
        "O05",
        "critical",
        "Order, payments and refunds share the market's currency.",
        "SELECT o.number FROM orders_order o JOIN markets_market m ON m.code = o.market"
        " LEFT JOIN payments_payment p ON p.order_ref = o.number"
        " LEFT JOIN orders_orderrefund r ON r.order_id = o.id"
        " WHERE o.currency <> m.currency_id OR p.currency <> o.currency OR r.amount_currency <> o.currency",
    ),
    Check(
        "O06",
        "high",
        "Every move of an order is one that orders can make.",
        "SELECT e.id FROM orders_orderevent e WHERE e.from_state <> '' AND (e.from_state, e.to_state) NOT IN ("
        "('draft','pending_payment'),('draft','canceled'),('pending_payment','confirmed'),"
        "('pending_payment','canceled'),('pending_payment','expired'),('confirmed','completed'),"
        "('confirmed','canceled'),('expired','confirmed'))",
    ),
    Check(
        "O07",
        "high",
        "The last move in an order's history led to where it stands.",
        "SELECT o.number FROM orders_order o JOIN LATERAL (SELECT to_state FROM orders_orderevent e"
        " WHERE e.order_id = o.id AND e.from_state <> '' ORDER BY e.id DESC LIMIT 1) last ON true"
        " WHERE last.to_state <> o.lifecycle",
    ),
    Check(
        "O10",
        "critical",
        "An order's tax is the sum of its tax lines.",
        "SELECT o.number FROM orders_order o LEFT JOIN (SELECT order_id, sum(amount) AS all_tax,"
        " sum(amount) FILTER (WHERE NOT included) AS added FROM orders_ordertaxline GROUP BY order_id) t"
        " ON t.order_id = o.id WHERE o.tax_total <> coalesce(t.all_tax, 0) OR o.tax_added <> coalesce(t.added, 0)",
    ),
    Check(
        "O11",
        "critical",
        "The receipts of a payment say together what it says.",
        "SELECT p.ref FROM (SELECT payment_ref, sum(received) AS received, sum(refunded) AS refunded,"
        " sum(disputed) AS disputed FROM orders_orderreceipt GROUP BY payment_ref) r"
        " JOIN payments_payment p ON p.ref = r.payment_ref JOIN markets_currency c ON c.code = p.currency"
        " WHERE r.received * 10::numeric ^ c.exponent <> p.captured_minor"
        " OR r.refunded * 10::numeric ^ c.exponent <> p.refunded_minor"
        " OR r.disputed * 10::numeric ^ c.exponent <> p.disputed_minor",
    ),
    Check(
        "O12",
        "critical",
        "A payment that brought money belongs to an order, which has booked it, or to those it was split into.",
        "SELECT p.ref FROM payments_payment p WHERE p.captured_minor > 0 AND NOT EXISTS (SELECT 1"
        " FROM orders_orderreceipt r JOIN orders_order o ON o.id = r.order_id WHERE r.payment_ref = p.ref"
        " AND (o.number = p.order_ref OR EXISTS (SELECT 1 FROM orders_orderlink l"
        " JOIN orders_order s ON s.id = l.source_id WHERE s.number = p.order_ref AND l.target_id = o.id"
        " AND l.kind = 'merged_into')))",
    ),
    Check(
        "P01",
        "critical",
        "An order that is paid, sent or done has received its total.",
        "SELECT o.number FROM orders_order o LEFT JOIN (SELECT order_id, sum(received) AS received"
        " FROM orders_orderreceipt GROUP BY order_id) r ON r.order_id = o.id"
        " WHERE (o.payment_state IN ('paid', 'partly_refunded')"
        " OR o.fulfillment_state NOT IN ('none', 'allocated', 'preparing'))"
        " AND coalesce(r.received, 0) < o.total",
    ),
    Check(
        "P02",
        "critical",
        "An order that is unpaid, canceled or expired keeps no money for longer than a quarter of an hour.",
        "SELECT o.number FROM orders_order o JOIN (SELECT r.order_id,"
        " sum(r.received - r.refunded - r.disputed) AS kept, max(r.updated) AS updated"
        " FROM orders_orderreceipt r JOIN orders_order w ON w.id = r.order_id"
        " JOIN payments_payment p ON p.ref = r.payment_ref WHERE NOT (p.provider = 'credit'"
        " AND w.lifecycle = 'pending_payment') GROUP BY r.order_id) r ON r.order_id = o.id"
        " LEFT JOIN (SELECT f.order_id, sum(s.amount) AS promised FROM orders_orderrefundshare s"
        " JOIN orders_orderrefund f ON f.id = s.refund_id WHERE s.state IN ('requested', 'sent')"
        " OR (s.payment_ref IS NULL AND s.state = 'succeeded') GROUP BY f.order_id) b ON b.order_id = o.id"
        " WHERE o.lifecycle IN ('pending_payment', 'canceled', 'expired')"
        " AND r.kept > coalesce(b.promised, 0) AND r.updated < now() - interval '15 minutes'"
        " AND NOT EXISTS (SELECT 1 FROM orders_orderhold h WHERE h.order_id = o.id AND h.resolved_at IS NULL)",
    ),
    Check(
        "P12",
        "critical",
        "A refund that stands is the sum of its shares; what was refused is owed until it goes another way.",
        "SELECT r.number FROM orders_orderrefund r LEFT JOIN (SELECT refund_id,"
        " sum(amount) FILTER (WHERE state = 'succeeded') AS gone, sum(amount) FILTER (WHERE state <> 'failed') AS live,"
        " bool_or(state = 'failed') AS refused FROM orders_orderrefundshare GROUP BY refund_id) s ON s.refund_id = r.id"
        " WHERE (r.state = 'succeeded' AND coalesce(s.gone, 0) <> r.amount)"
        " OR (r.state IN ('requested', 'sent') AND coalesce(s.live, 0) <> r.amount AND NOT coalesce(s.refused, false))"
        " OR coalesce(s.live, 0) > r.amount",
    ),
    Check(
        "P06",
        "critical",
        "No order keeps more money than it costs.",
        "SELECT o.number FROM orders_order o JOIN (SELECT order_id, sum(received - refunded) AS kept"
        " FROM orders_orderreceipt GROUP BY order_id) r ON r.order_id = o.id"
        " LEFT JOIN (SELECT f.order_id, sum(s.amount) AS promised FROM orders_orderrefundshare s"
        " JOIN orders_orderrefund f ON f.id = s.refund_id WHERE s.state IN ('requested', 'sent')"
        " OR (s.payment_ref IS NULL AND s.state = 'succeeded') GROUP BY f.order_id) b ON b.order_id = o.id"
        " WHERE r.kept - coalesce(b.promised, 0) > o.total"
        " AND NOT EXISTS (SELECT 1 FROM orders_orderhold h WHERE h.order_id = o.id AND h.resolved_at IS NULL)",
    ),
    Check(
        "S05",
        "critical",
        "Every unit of a live order is set aside or sent.",
        "SELECT l.ref FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"
        " LEFT JOIN (SELECT line_ref, sum(quantity) AS promised, sum(fulfilled_quantity) AS sent"
        " FROM inventory_allocation GROUP BY line_ref) a ON a.line_ref = l.ref"
        " WHERE o.lifecycle IN ('pending_payment', 'confirmed', 'completed') AND l.requires_shipping"
        " AND (coalesce(a.promised, 0) <> l.quantity - l.qty_canceled OR coalesce(a.sent, 0) <> l.qty_shipped)"
        " AND NOT EXISTS (SELECT 1 FROM orders_orderlinepart p WHERE p.order_line_id = l.id)",
    ),
    Check(
        "S06",
        "critical",
        "Never more is packed than was bought, and what has left is what was counted as sent.",
        "SELECT l.ref FROM orders_orderline l LEFT JOIN (SELECT fl.order_line_id, sum(fl.quantity) AS packed,"
        " sum(fl.quantity) FILTER (WHERE f.state NOT IN ('planned', 'picking', 'packed')) AS gone"
        " FROM orders_fulfillmentline fl JOIN orders_fulfillment f ON f.id = fl.fulfillment_id"
        " WHERE f.state <> 'canceled' GROUP BY fl.order_line_id) f ON f.order_line_id = l.id"
        " WHERE l.requires_shipping"
        " AND (coalesce(f.packed, 0) > l.quantity - l.qty_canceled OR coalesce(f.gone, 0) <> l.qty_shipped)",
    ),
    Check(
        "S09",
        "high",
        "An order that ended early holds no stock.",
        "SELECT o.number FROM orders_order o JOIN inventory_allocation a ON a.order_ref = o.number"
        " WHERE o.lifecycle IN ('canceled', 'expired') AND a.quantity > a.fulfilled_quantity",
    ),
    Check(
        "S27",
        "critical",
        "Every component of a sold set is set aside or sent, as often as its set.",
        "SELECT p.ref FROM orders_orderlinepart p JOIN orders_orderline l ON l.id = p.order_line_id"
        " JOIN orders_order o ON o.id = l.order_id LEFT JOIN (SELECT line_ref, sum(quantity) AS promised,"
        " sum(fulfilled_quantity) AS sent FROM inventory_allocation GROUP BY line_ref) a ON a.line_ref = p.ref"
        " WHERE o.lifecycle IN ('pending_payment', 'confirmed', 'completed') AND p.requires_shipping"
        " AND (coalesce(a.promised, 0) <> (l.quantity - l.qty_canceled) * p.per_set"
        " OR coalesce(a.sent, 0) <> l.qty_shipped * p.per_set)",
    ),
    Check(
        "O23",
        "critical",
        "The shares of a set's components sum to its line, and what went back for them to what went back for it.",
        "SELECT l.ref FROM orders_orderline l JOIN (SELECT order_line_id, sum(share_net) AS net, sum(share_tax) AS tax,"
        " sum(share_duty) AS duty, sum(net_refunded) AS net_back, sum(tax_refunded) AS tax_back"
        " FROM orders_orderlinepart GROUP BY order_line_id) p ON p.order_line_id = l.id"
        " WHERE p.net <> l.line_net OR p.tax <> l.line_tax OR p.duty <> l.line_duty"
        " OR p.net_back <> l.net_refunded OR p.tax_back <> l.tax_refunded",
    ),
    Check(
        "O25",
        "critical",
        "What a component of a set bears is what its own tax lines say, where it is taxed by itself.",
        "SELECT p.ref FROM orders_orderlinepart p JOIN (SELECT part_id, sum(base) AS net, sum(amount) AS tax"
        " FROM orders_ordertaxline WHERE part_id IS NOT NULL AND owner = 'line' GROUP BY part_id) t"
        " ON t.part_id = p.id WHERE t.net <> p.share_net OR t.tax <> p.share_tax",
    ),
    Check(
        "O24",
        "critical",
        "What a pre-sale says was sold is what living orders claim.",
        "SELECT s.variant_id FROM catalog_presale s LEFT JOIN (SELECT variant_id, sum(quantity) AS claimed"
        " FROM orders_presaleclaim WHERE NOT ended GROUP BY variant_id) c ON c.variant_id = s.variant_id"
        " WHERE s.released_at IS NULL AND s.sold <> coalesce(c.claimed, 0)",
    ),
    Check(
        "S28",
        "critical",
        "What came back of a line is what was booked in for it, or written off.",
        "SELECT l.ref FROM orders_orderline l LEFT JOIN (SELECT line_ref, sum(quantity) AS booked"
        " FROM inventory_stockmovement WHERE kind = 'return' GROUP BY line_ref) m ON m.line_ref = l.ref"
        " WHERE l.requires_shipping AND l.variant_id IS NOT NULL AND coalesce(m.booked, 0) <> l.qty_returned"
        " AND NOT EXISTS (SELECT 1 FROM orders_orderlinepart p WHERE p.order_line_id = l.id)"
        " UNION ALL SELECT p.ref FROM orders_orderlinepart p LEFT JOIN (SELECT line_ref, sum(quantity) AS booked"
        " FROM inventory_stockmovement WHERE kind = 'return' GROUP BY line_ref) m ON m.line_ref = p.ref"
        " WHERE p.requires_shipping AND p.variant_id IS NOT NULL AND coalesce(m.booked, 0) <> p.qty_returned",
    ),
    Check(
        "S29",
        "critical",
        "Never more units of a return were looked at than have arrived.",
        "SELECT r.number FROM orders_returnline l JOIN orders_returnrequest r ON r.id = l.return_request_id"
        " JOIN (SELECT return_line_id, count(*) AS seen FROM orders_returnunit GROUP BY return_line_id) u"
        " ON u.return_line_id = l.id WHERE u.seen > l.received_qty",
    ),
    Check(
        "S30",
        "high",
        "A return that was looked at has no unit that nobody saw, and one that ended keeps no order open.",
        "SELECT r.number FROM orders_returnrequest r JOIN orders_returnline l ON l.return_request_id = r.id"
        " LEFT JOIN (SELECT return_line_id, count(*) AS seen FROM orders_returnunit GROUP BY return_line_id) u"
        " ON u.return_line_id = l.id WHERE r.state IN ('inspected', 'closed') AND coalesce(u.seen, 0) < l.received_qty"
        " UNION ALL SELECT o.number FROM orders_order o WHERE (o.aftersales_state = 'open') <> EXISTS (SELECT 1"
        " FROM orders_returnrequest r WHERE r.order_id = o.id"
        " AND r.state IN ('requested', 'approved', 'label_sent', 'received', 'inspected'))",
    ),
    Check(
        "O26",
        "high",
        "A change that waits for its payment stops the parcels of its order, and waits no longer than it may.",
        "SELECT o.number FROM orders_orderchange c JOIN orders_order o ON o.id = c.order_id"
        " WHERE c.state = 'requested' AND (c.pay_by < now() - interval '1 hour' OR NOT EXISTS (SELECT 1"
        " FROM orders_orderhold h WHERE h.key = 'change:' || c.id AND h.resolved_at IS NULL))",
    ),
    Check(
        "O90",
        "critical",
        "What a second person agreed to was done once, and never by one person alone.",
        "SELECT a.key FROM orders_moneyapproval a WHERE a.state = 'done' AND (a.decided_by_id = a.asked_by_id"
        " OR (a.kind = 'refund' AND NOT EXISTS (SELECT 1 FROM orders_orderrefund r WHERE r.key = a.key)))",
    ),
    Check(
        "O91",
        "high",
        "An order whose money came under suspicion was held.",
        "SELECT d.order_ref FROM payments_riskdecision d JOIN orders_order o ON o.number = d.order_ref"
        " WHERE d.moment = 'after' AND d.outcome = 'hold' AND NOT EXISTS (SELECT 1 FROM orders_orderhold h"
        " WHERE h.order_id = o.id AND h.kind = 'fraud' AND starts_with(h.key, 'risk:' || d.order_ref || ':'))",
    ),
    Check(
        "O27",
        "critical",
        "What an exchange says came back as goods is what refunds have put into it, and no more of it left again.",
        "SELECT x.id FROM orders_exchange x LEFT JOIN (SELECT s.exchange_id, sum(s.returned_minor) AS back,"
        " sum(s.amount * 10::numeric ^ c.exponent) AS put FROM orders_orderrefundshare s"
        " JOIN orders_orderrefund r ON r.id = s.refund_id JOIN orders_order o ON o.id = r.order_id"
        " JOIN markets_currency c ON c.code = o.currency WHERE s.exchange_id IS NOT NULL AND s.state = 'succeeded'"
        " GROUP BY s.exchange_id) p ON p.exchange_id = x.id"
        " WHERE x.settled_minor <> coalesce(p.put, 0) OR coalesce(p.back, 0) > x.returned_minor",
    ),
    Check(
        "O28",
        "critical",
        "What the ledger says is lent for exchanges is what they have put into orders and did not get back.",
        "SELECT coalesce(a.k, b.k) FROM (SELECT e.currency AS k, sum(e.amount_minor) AS v FROM payments_ledgerentry e"
        " JOIN payments_ledgeraccount l ON l.id = e.account_id WHERE l.code = 'exchange_advances' GROUP BY 1) a"
        " FULL JOIN (SELECT o.currency AS k, sum(greatest(0, x.credit_minor - x.settled_minor - x.returned_minor)) AS v"
        " FROM orders_exchange x JOIN orders_order o ON o.id = x.child_id WHERE x.sends = 'first' GROUP BY 1) b"
        " ON a.k = b.k WHERE coalesce(a.v, 0) <> coalesce(b.v, 0)",
    ),
    Check(
        "O29",
        "critical",
        "What is kept for wear of a line is what its refunds say, and never more than it has cost with what went back.",
        "SELECT l.ref FROM orders_orderline l JOIN markets_currency c ON c.code = l.currency"
        " LEFT JOIN (SELECT w.order_line_id, sum(w.net_kept_minor) AS net, sum(w.tax_kept_minor) AS tax"
        " FROM orders_orderrefundline w JOIN orders_orderrefund r ON r.id = w.refund_id WHERE r.state <> 'failed'"
        " GROUP BY 1) k ON k.order_line_id = l.id"
        " WHERE l.net_kept_minor <> coalesce(k.net, 0) OR l.tax_kept_minor <> coalesce(k.tax, 0)"
        " OR l.net_refunded * 10::numeric ^ c.exponent + l.net_kept_minor > l.line_net * 10::numeric ^ c.exponent"
        " OR l.tax_refunded * 10::numeric ^ c.exponent + l.tax_kept_minor > l.line_tax * 10::numeric ^ c.exponent",
    ),
    Check(
        "O30",
        "high",
        "Work on many orders has an outcome for each order once it is done, and for none before it was started.",
        "SELECT 'run ' || r.id FROM orders_orderbulkrun r LEFT JOIN core_job j ON j.id = r.job_id"
        " LEFT JOIN (SELECT run_id, count(*) AS settled, count(*) FILTER (WHERE outcome <> 'waiting') AS seen"
        " FROM orders_orderbulkitem GROUP BY run_id) i ON i.run_id = r.id"
        " WHERE coalesce(i.settled, 0) <> r.total OR (r.state = 'draft' AND i.seen > 0)"
        " OR (j.state = 'done' AND i.seen < r.total)",
    ),
    Check(
        "O31",
        "critical",
        "Whoever sells an order is one of the shop's sellers and is named on it.",
        "SELECT o.number FROM orders_order o LEFT JOIN markets_legalentity e ON e.code = o.merchant_ref"
        " WHERE o.merchant_ref <> '' AND (e.id IS NULL OR o.seller_name = '')",
    ),
    Check(
        "O40",
        "critical",
        "When all packages of a parcel were delivered, so was the parcel.",
        "SELECT p.id FROM orders_package p JOIN orders_fulfillment f ON f.id = p.fulfillment_id"
        " WHERE p.status = 'delivered' AND f.state NOT IN ('delivered', 'canceled')"
        " AND NOT EXISTS (SELECT 1 FROM orders_package o WHERE o.fulfillment_id = f.id AND o.status <> 'delivered')",
    ),
    Check(
        "O41",
        "high",
        "Parcels in trouble are looked at within three days of when they should have been.",
        "SELECT id FROM orders_parcelexception WHERE resolved_at IS NULL AND due_at < now() - interval '3 days'"
        " AND (waits_until IS NULL OR waits_until < now())",
    ),
    Check(
        "O42",
        "high",
        "Nothing of a delivered parcel is called silent or late.",
        "SELECT e.id FROM orders_parcelexception e JOIN orders_fulfillment f ON f.id = e.fulfillment_id"
        " WHERE e.resolved_at IS NULL AND e.kind IN ('silence', 'late') AND f.state = 'delivered'"
        " AND f.delivered_at < now() - interval '1 day'",
    ),
)
