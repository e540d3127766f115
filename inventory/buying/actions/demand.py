"""Demand by day, derived from the ledger of stock. May be run again for any days: they are made anew."""

from datetime import date

from django.db import connection, transaction

from inventory.models import DemandDay, Warehouse

_SOLD_AND_OUT = """
WITH asked AS (
    SELECT m.order_ref, m.line_ref, m.stock_item_id, s.variant_id, min(m.created) AS first_at
    FROM inventory_stockmovement m JOIN inventory_stockitem s ON s.id = m.stock_item_id
    WHERE m.kind = 'allocate' AND m.cause <> 'transfer' AND s.warehouse_id = %(warehouse)s
      AND m.created >= %(since)s::timestamp AT TIME ZONE %(zone)s
      AND m.created < (%(until)s::date + 1)::timestamp AT TIME ZONE %(zone)s
      AND NOT EXISTS (
        SELECT 1 FROM inventory_stockmovement e
        WHERE e.order_ref = m.order_ref AND e.line_ref = m.line_ref AND e.stock_item_id = m.stock_item_id
          AND e.kind = 'allocate' AND e.created < %(since)s::timestamp AT TIME ZONE %(zone)s)
    GROUP BY 1, 2, 3, 4
), lines AS (
    SELECT a.variant_id, (a.first_at AT TIME ZONE %(zone)s)::date AS day,
        coalesce(sum(CASE WHEN m.stock_item_id <> a.stock_item_id THEN 0
            WHEN m.kind = 'allocate' THEN m.quantity WHEN m.kind = 'release' THEN -m.quantity ELSE 0 END), 0) AS here,
        coalesce(sum(CASE m.kind WHEN 'allocate' THEN m.quantity WHEN 'release' THEN -m.quantity
            ELSE 0 END), 0) AS altogether,
        coalesce(sum(CASE m.kind WHEN 'return' THEN m.quantity WHEN 'writeoff' THEN -m.quantity ELSE 0 END), 0) AS back
    FROM asked a JOIN inventory_stockmovement m ON m.order_ref = a.order_ref AND m.line_ref = a.line_ref
    GROUP BY a.order_ref, a.line_ref, a.stock_item_id, a.variant_id, a.first_at
), sold AS (
    SELECT variant_id, day, sum(greatest(here, 0)) AS pieces,
        sum(CASE WHEN here > 0 AND altogether > 0
            THEN least(here, greatest(back, 0) * here / altogether) ELSE 0 END) AS returned
    FROM lines GROUP BY 1, 2
), gaps AS (
    SELECT s.variant_id, d.day::date AS day,
        sum(least(coalesce(a.closed, now()) AT TIME ZONE %(zone)s, d.day + interval '1 day')
            - greatest(a.opened AT TIME ZONE %(zone)s, d.day)) AS span
    FROM inventory_stockalert a JOIN inventory_stockitem s ON s.id = a.stock_item_id
    CROSS JOIN LATERAL generate_series(
        greatest((a.opened AT TIME ZONE %(zone)s)::date, %(since)s::date)::timestamp,
        least((coalesce(a.closed, now()) AT TIME ZONE %(zone)s)::date, %(until)s::date)::timestamp,
        interval '1 day') AS d (day)
    WHERE a.level = 'out' AND s.warehouse_id = %(warehouse)s
      AND (a.closed IS NULL OR a.closed >= %(since)s::timestamp AT TIME ZONE %(zone)s)
    GROUP BY 1, 2
), outs AS (
    SELECT variant_id, day FROM gaps WHERE span >= interval '12 hours'
)
INSERT INTO inventory_demandday (warehouse_id, variant_id, day, pieces, returned, was_out)
SELECT %(warehouse)s, variant_id, day, coalesce(s.pieces, 0), coalesce(s.returned, 0), o.variant_id IS NOT NULL
FROM sold s FULL JOIN outs o USING (variant_id, day)
WHERE day BETWEEN %(since)s AND %(until)s AND (coalesce(s.pieces, 0) > 0 OR o.variant_id IS NOT NULL)
"""
"""A line counts on the day its first piece was promised from this warehouse, with what was released taken off. What is
set aside for another warehouse of ours is nobody's demand.

Returned pieces that can be sold again are taken off the same line, by the share of it that came from here. A day was
out when nothing could be sold for half of it or longer (alerts say from when to when).
"""


def derive_demand(*, warehouse_id: int, since: date, until: date) -> int:
    """Make the days from `since` to `until` anew (the warehouse's local days, both too). Returns the number of rows."""
    zone = Warehouse.objects.values_list("timezone", flat=True).get(pk=warehouse_id)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5min'")
        DemandDay.objects.filter(warehouse_id=warehouse_id, day__range=(since, until)).delete()
        cursor.execute(_SOLD_AND_OUT, {"warehouse": warehouse_id, "since": since, "until": until, "zone": zone})
        return int(cursor.rowcount)
