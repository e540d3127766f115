"""Everything an import wrote, by names instead of numbers, so that two runs can be compared."""

from typing import Any

from django.db import connection

TABLES = {
    "products": """
        SELECT p.code, p.name, p.description, p.summary, p.status, p.tags, p.i18n::text, b.code, t.code, c.code
        FROM catalog_product p LEFT JOIN catalog_brand b ON b.id = p.brand_id
        JOIN catalog_producttype t ON t.id = p.product_type_id
        LEFT JOIN catalog_category c ON c.id = p.primary_category_id
    """,
    "variants": """
        SELECT v.sku, p.code, v.signature, v.status, v.position, v.weight_g,
               (SELECT array_agg(o.code ORDER BY o.code) FROM catalog_optionvalue o WHERE o.id = ANY(v.value_ids)),
               (SELECT count(*) FROM catalog_variantoption x WHERE x.variant_id = v.id)
        FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id
    """,
    "options": """
        SELECT t.code, t.name, v.code, v.name, v.position
        FROM catalog_optionvalue v JOIN catalog_optiontype t ON t.id = v.option_type_id
    """,
    "brands": "SELECT code, name FROM catalog_brand",
    "prices": """
        SELECT l.code, v.sku, r.min_qty, r.amount, r.amount_currency FROM catalog_price r
        JOIN catalog_pricelist l ON l.id = r.price_list_id JOIN catalog_variant v ON v.id = r.variant_id
    """,
    "stock": """
        SELECT w.code, v.sku, s.on_hand, s.allocated, s.reserved FROM inventory_stockitem s
        JOIN catalog_variant v ON v.id = s.variant_id JOIN inventory_warehouse w ON w.id = s.warehouse_id
    """,
    "movements": """
        SELECT v.sku, m.kind, m.quantity, m.op_key FROM inventory_stockmovement m
        JOIN inventory_stockitem s ON s.id = m.stock_item_id JOIN catalog_variant v ON v.id = s.variant_id
    """,
    "slugs": """
        SELECT r.language, r.slug, r.current, p.code FROM catalog_route r JOIN catalog_product p ON p.id = r.product_id
    """,
    "pictures": """
        SELECT p.code, w.url, w.position, w.state FROM catalog_picturewish w
        JOIN catalog_product p ON p.id = w.product_id
    """,
    "records": """
        SELECT action, data->>'code', count(*) FROM core_auditentry WHERE action LIKE 'catalog.%' GROUP BY 1, 2
    """,
    "items": "SELECT number, outcome, title, lines FROM core_jobitem",
    "remarks": """SELECT line, level, "column", value, message FROM core_joberror""",
}


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows in an order that does not depend on how they came in."""
    found = {}
    with connection.cursor() as cursor:
        for name, statement in TABLES.items():
            cursor.execute(statement)
            found[name] = sorted(cursor.fetchall(), key=repr)
    return found
