from django.db import migrations

FILL = """
INSERT INTO catalog_variantavailability (variant_id, market_id, available_total, place_code, updated)
SELECT s.variant_id, p.market_id, GREATEST(sum(s.sellable), 0),
       COALESCE((array_agg(w.code ORDER BY p.position) FILTER (WHERE s.sellable > 0))[1], ''), now()
FROM (SELECT variant_id, warehouse_id,
             on_hand - allocated - reserved - safety_stock + backorder_limit AS sellable
      FROM inventory_stockitem) s
JOIN inventory_warehouse w ON w.id = s.warehouse_id AND w.is_active
JOIN inventory_warehousepriority p ON p.warehouse_id = w.id
GROUP BY s.variant_id, p.market_id
ON CONFLICT DO NOTHING
"""
SETS = """
INSERT INTO catalog_variantavailability (variant_id, market_id, available_total, place_code, updated)
SELECT b.bundle_variant_id, m.id,
       GREATEST(MIN(COALESCE(a.available_total, 0) / b.quantity) FILTER (WHERE NOT b.optional), 0),
       COALESCE(MIN(a.place_code), ''), now()
FROM catalog_bundleitem b
CROSS JOIN markets_market m
LEFT JOIN catalog_variantavailability a ON a.variant_id = b.component_variant_id AND a.market_id = m.id
GROUP BY b.bundle_variant_id, m.id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """What each market can sell, which the catalogue kept over all markets until now, from the counters."""

    dependencies = [
        ("inventory", "0002_flash_buckets"),
        ("catalog", "0009_listing_index"),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(SETS, migrations.RunSQL.noop),
    ]
