"""What must be true of invoices and credit notes."""

from core.integrity import Check

CHECKS = (
    Check(
        "T03",
        "high",
        "Numbers of documents run from one without gap or repeat, per seller, kind and series.",
        "SELECT coalesce(d.series_key, s.series) FROM (SELECT concat('document:', seller_id, ':', kind, ':', series)"
        " AS series_key, count(*) AS issued, min(sequence) AS first, max(sequence) AS latest FROM orders_document"
        " GROUP BY seller_id, kind, series) d FULL JOIN (SELECT series, last FROM core_sequence"
        " WHERE series LIKE 'document:%' AND last > 0) s ON s.series = d.series_key"
        " WHERE s.series IS NULL OR d.series_key IS NULL OR d.first <> 1 OR d.issued <> d.latest OR s.last <> d.latest",
    ),
    Check(
        "T04",
        "high",
        "An order that was paid more than an hour ago was invoiced for its total, or somebody is asked to look."
        " What a change of it credited counts off; what was refunded does not.",
        "SELECT o.number FROM orders_order o LEFT JOIN (SELECT order_id, count(*) FILTER (WHERE kind = 'invoice') AS"
        " invoices, sum(CASE WHEN kind = 'invoice' THEN total WHEN refund_id IS NULL THEN -total ELSE 0 END) AS asked,"
        " min(total_currency) AS currency FROM orders_document GROUP BY order_id) d ON d.order_id = o.id"
        " WHERE o.paid_at < now() - interval '1 hour'"
        " AND (coalesce(d.invoices, 0) = 0 OR d.asked <> o.total OR d.currency <> o.currency)"
        " AND NOT EXISTS (SELECT 1 FROM orders_orderhold h WHERE h.order_id = o.id AND h.resolved_at IS NULL"
        " AND h.key LIKE 'document:%')",
    ),
    Check(
        "T30",
        "high",
        "Credit notes never give back more than their invoice asked for.",
        "SELECT i.number FROM orders_document i JOIN (SELECT corrects_id, sum(total) AS total, sum(tax_total) AS tax"
        " FROM orders_document WHERE kind = 'credit_note' GROUP BY corrects_id) c ON c.corrects_id = i.id"
        " WHERE c.total > i.total OR c.tax > i.tax_total",
    ),
    Check(
        "T31",
        "high",
        "The file of a document is made within a day.",
        "SELECT d.number FROM orders_document d LEFT JOIN orders_documentfile f ON f.document_id = d.id"
        " WHERE f.id IS NULL OR (f.state = 'waiting' AND d.issued_at < now() - interval '1 day')",
    ),
    Check(
        "T32",
        "high",
        "The sums per rate of a document, which statements and returns add up, are its total and its tax.",
        "SELECT d.number FROM orders_document d JOIN markets_currency c ON c.code = d.total_currency"
        " CROSS JOIN LATERAL (SELECT coalesce(sum(t.net + t.tax), 0) AS gross, coalesce(sum(t.tax), 0) AS tax"
        " FROM jsonb_to_recordset(d.taxes) AS t(net bigint, tax bigint)) s"
        " WHERE s.gross <> d.total * (10::numeric ^ c.exponent) OR s.tax <> d.tax_total * (10::numeric ^ c.exponent)",
    ),
    Check(
        "T33",
        "high",
        "The versions of a shipping paper count from one without gap.",
        "SELECT min(number) FROM orders_shippingpaper GROUP BY order_id, fulfillment_id, kind"
        " HAVING min(version) <> 1 OR max(version) <> count(*)",
    ),
    Check(
        "T34",
        "high",
        "What was to be paid with a filed return is what its file owes to the member states.",
        "SELECT f.reference FROM orders_taxfiling f WHERE f.total_currency <> 'EUR' OR f.total <>"
        " (SELECT coalesce(sum(greatest(split_part(line, ',', 11)::numeric, 0)), 0)"
        " FROM regexp_split_to_table(f.content, '\\r?\\n') AS line WHERE line LIKE 'balance,%')",
    ),
)
