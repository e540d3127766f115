"""From whom the demo shop buys: two companies, their articles, and one order that is on its way."""

from decimal import Decimal
from typing import Any

from catalog.models import Variant
from content.demo.texts import table
from core.money import round_half_up
from inventory.buying.actions.purchases import Wanted, draft_purchase, send_purchase
from inventory.models import PurchaseOrder, Supplier, SupplierVariant

SHARE = Decimal("0.45")
"""What a piece costs of its price."""
SUPPLIERS: dict[str, dict[str, Any]] = {
    "tsubame-craft": {
        "name": "Tsubame Craft Wholesale",
        "country": "JP",
        "currency": "EUR",
        "language": "ja",
        "lead_days": 28,
        "incoterm": "FCA",
        "postal_address": "2-1 Akiba\nTsubame, Niigata 959-1234",
    },
    "tischkultur": {
        "name": "Tischkultur Großhandel",
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "lead_days": 10,
        "incoterm": "DAP",
        "postal_address": "Messe-Allee 4\n04356 Leipzig",
    },
}
PACKS = (6, 12, 4, 1)
ORDERED = 3
"""So many articles are on the order that is on its way."""


def seed_buying() -> None:
    """Suppliers with an article for every variant; an operator's choice stays."""
    for code, facts in SUPPLIERS.items():
        Supplier.objects.get_or_create(code=code, defaults=facts)
    suppliers = {row.code: row for row in Supplier.objects.filter(code__in=SUPPLIERS)}
    ids = dict(Variant.objects.values_list("sku", "pk"))
    articles = [
        _article(suppliers["tsubame-craft" if product["origin"] == "JP" else "tischkultur"], ids, variant)
        for product in table("products")
        for variant in product["variants"]
        if variant["sku"] in ids and variant["price_eur"]
    ]
    SupplierVariant.objects.bulk_create(articles, ignore_conflicts=True)
    if not PurchaseOrder.objects.exists():
        _order(suppliers["tischkultur"])


def _article(supplier: Supplier, ids: dict[str, int], variant: dict[str, Any]) -> SupplierVariant:
    pack = PACKS[sum(variant["sku"].encode()) % len(PACKS)]
    return SupplierVariant(
        supplier=supplier,
        variant_id=ids[variant["sku"]],
        supplier_sku=variant["gtin"] or variant["sku"],
        cost=round_half_up(Decimal(variant["price_eur"]) * SHARE, supplier.currency),
        moq=pack * 2,
        pack=pack,
        is_preferred=True,
    )


def _order(supplier: Supplier) -> None:
    rows = SupplierVariant.objects.filter(supplier=supplier).order_by("pk")[:ORDERED]
    wanted = [Wanted(variant_id=row.variant_id, pieces=row.moq) for row in rows]
    if wanted:
        order = draft_purchase(supplier_id=supplier.pk, warehouse_code="LEJ", wanted=wanted)
        send_purchase(number=order.number, by_mail=False)
