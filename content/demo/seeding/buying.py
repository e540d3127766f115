"""From whom the demo shop buys: two companies, their articles, an order of which a part has come, and what to buy."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import Variant
from content.demo.seeding.clock import at
from content.demo.texts import table
from core.money import round_half_up
from inventory.buying.actions.feeds import take_file
from inventory.buying.actions.purchases import Wanted, confirm_purchase, draft_purchase, send_purchase
from inventory.buying.actions.receiving import Arrived, receive_purchase
from inventory.buying.nightly import plan_everything
from inventory.models import PurchaseLine, PurchaseOrder, Supplier, SupplierFeed, SupplierVariant

SHARE = Decimal("0.45")
"""What a piece costs of its price."""
SUPPLIERS: dict[str, dict[str, Any]] = {
    "tsubame-craft": {
        "name": "Tsubame Craft Wholesale",
        "email": "orders@tsubame-craft.example",
        "country": "JP",
        "currency": "EUR",
        "language": "ja",
        "lead_days": 28,
        "incoterm": "FCA",
        "postal_address": "2-1 Akiba\nTsubame, Niigata 959-1234",
    },
    "tischkultur": {
        "name": "Tischkultur Großhandel",
        "email": "bestellung@tischkultur.example",
        "country": "DE",
        "currency": "EUR",
        "language": "de",
        "lead_days": 10,
        "incoterm": "DAP",
        "postal_address": "Messe-Allee 4\n04356 Leipzig",
    },
}
PACKS = (6, 12, 4, 2)
UNSOURCED = frozenset({"LD-NA-FL", "LD-NA-SE"})
"""Nobody sells these to the shop any more: one warehouse helps another out."""
ORDERED = ("HD-MS-600-CR", "VT-RP-10-IN", "OT-TM-280-BO")
"""On the order to the second supplier: the first has come, of the second a part, the last is still awaited."""
COMING = ("KS-GK-09-PI", "HD-SP-CL", "HD-IB-BO", "MK-WP-50-WH")
"""On the order to the first supplier: confirmed, and on its way to Niigata."""
TOLD = (("VT-MG-ST", 120), ("VT-MG-IN", 4), ("TW-DT-OK", 0), ("TO-RL-IN", 60))
"""What that supplier says to have."""


def seed_buying() -> None:
    """Suppliers with an article for nearly every variant; an operator's choice stays."""
    for code, facts in SUPPLIERS.items():
        Supplier.objects.get_or_create(code=code, defaults=facts)
    suppliers = {row.code: row for row in Supplier.objects.filter(code__in=SUPPLIERS)}
    ids = dict(Variant.objects.values_list("sku", "pk"))
    articles = [
        _article(suppliers["tsubame-craft" if product["origin"] == "JP" else "tischkultur"], ids, variant)
        for product in table("products")
        for variant in product["variants"]
        if variant["sku"] in ids and variant["sku"] not in UNSOURCED and variant["price_eur"]
    ]
    SupplierVariant.objects.bulk_create(articles, ignore_conflicts=True)
    if not PurchaseOrder.objects.exists():
        _order(suppliers["tischkultur"])
        _order_under_way(suppliers["tsubame-craft"])
        _feed(suppliers["tischkultur"])


def seed_proposals() -> None:
    """Demand, forecasts and proposals, as the round of a night makes them."""
    plan_everything()


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
    """Ordered eight days ago, a part of it delivered yesterday, one piece broken."""
    now = timezone.now()
    wanted = _wanted(supplier, ORDERED)
    if not wanted:
        return
    with at(now - timedelta(days=8)):
        number = draft_purchase(supplier_id=supplier.pk, warehouse_code="LEJ", wanted=wanted).number
        send_purchase(number=number)
    with at(now - timedelta(days=7)):
        confirm_purchase(number=number, expected_on=(now + timedelta(days=3)).date(), supplier_ref="TK-20417")
    whole, part, *_later = PurchaseLine.objects.filter(order__number=number).order_by("pk")
    arrived = {
        whole.pk: Arrived(accepted=whole.quantity),
        part.pk: Arrived(accepted=part.quantity // 2 - 1, rejected=1, fault="damaged"),
    }
    with at(now - timedelta(days=1)):
        receive_purchase(number=number, arrived=arrived, op_key="demo", delivery_note="LS 88213")


def _order_under_way(supplier: Supplier) -> None:
    """Ordered three weeks ago, expected in eight days."""
    now = timezone.now()
    wanted = _wanted(supplier, COMING)
    if not wanted:
        return
    with at(now - timedelta(days=20)):
        number = draft_purchase(supplier_id=supplier.pk, warehouse_code="NGT", wanted=wanted).number
        send_purchase(number=number)
    with at(now - timedelta(days=18)):
        confirm_purchase(number=number, expected_on=(now + timedelta(days=8)).date(), supplier_ref="注文 1126-07")


def _wanted(supplier: Supplier, skus: Sequence[str]) -> list[Wanted]:
    """Twice the smallest quantity of each of these that the supplier sells."""
    rows = {row.variant.sku: row for row in _articles(supplier, skus)}
    return [Wanted(variant_id=rows[sku].variant_id, pieces=rows[sku].moq * 2) for sku in skus if sku in rows]


def _feed(supplier: Supplier) -> None:
    feed = SupplierFeed.objects.create(
        supplier=supplier, name="Lagerliste", kind=SupplierFeed.Kind.CSV_UPLOAD, silent_hours=24 * 7
    )
    there = {row.variant.sku: row.supplier_sku for row in _articles(supplier, [sku for sku, _pieces in TOLD])}
    lines = [f"{there[sku]};{pieces}" for sku, pieces in TOLD if sku in there]
    take_file(feed_id=feed.pk, content="\n".join(["sku;quantity", *lines]).encode(), received_at=timezone.now())


def _articles(supplier: Supplier, skus: Iterable[str]) -> QuerySet[SupplierVariant]:
    return SupplierVariant.objects.filter(supplier=supplier, variant__sku__in=list(skus)).select_related("variant")
