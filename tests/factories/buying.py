"""Worlds in which something is bought: suppliers with articles, orders on their way, days with demand."""

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from catalog.models import Variant
from core.money import Money
from inventory import actions
from inventory.buying.actions.purchases import Wanted, draft_purchase, send_purchase
from inventory.models import (
    DemandDay,
    PurchaseOrder,
    Supplier,
    SupplierFeed,
    SupplierVariant,
    Warehouse,
)
from inventory.types import Demand

_numbers = count(1)


def a_supplier(**facts: Any) -> Supplier:
    """A company in Germany that is paid in euros and reads mail."""
    number = next(_numbers)
    told: dict[str, Any] = {
        "code": f"supplier-{number}",
        "name": f"Supplier {number}",
        "email": f"orders-{number}@supplier.example",
        "country": "DE",
        "currency": "EUR",
        "lead_days": 10,
    }
    return Supplier.objects.create(**{**told, **facts})


def sold_by(supplier: Supplier, variant: Variant, **facts: Any) -> SupplierVariant:
    """The variant as an article of the supplier, four euros fifty a piece."""
    told: dict[str, Any] = {"supplier_sku": f"S-{variant.sku}", "cost": Money("4.50", supplier.currency)}
    return SupplierVariant.objects.create(supplier=supplier, variant=variant, **{**told, **facts})


def a_purchase(place: Warehouse, pieces: dict[Variant, int], *, supplier: Supplier | None = None) -> PurchaseOrder:
    """An order that was sent to a supplier who sells all of it."""
    who = supplier or a_supplier()
    for variant in pieces:
        if not SupplierVariant.objects.filter(supplier=who, variant=variant).exists():
            sold_by(who, variant)
    wanted = [Wanted(variant_id=variant.pk, pieces=number) for variant, number in pieces.items()]
    draft = draft_purchase(supplier_id=who.pk, warehouse_code=place.code, wanted=wanted)
    return send_purchase(number=draft.number)


def a_feed(supplier: Supplier, **facts: Any) -> SupplierFeed:
    """A feed of files that are handed in."""
    told: dict[str, Any] = {"name": "Stock", "kind": "csv_upload"}
    return SupplierFeed.objects.create(supplier=supplier, **{**told, **facts})


def sold_daily(variant: Variant, place: Warehouse, *, last: date, pieces: list[int]) -> None:
    """Days with demand that end on `last`."""
    first = last - timedelta(days=len(pieces) - 1)
    DemandDay.objects.bulk_create(
        DemandDay(variant=variant, warehouse=place, day=first + timedelta(days=step), pieces=number)
        for step, number in enumerate(pieces)
        if number
    )


def promised(variant: Variant, pieces: int, *, order_ref: str = "") -> str:
    """Pieces that an order was promised; returns the order's reference."""
    ref, owner = order_ref or f"O-{next(_numbers)}", uuid4()
    demand = Demand(line_ref=f"{ref}-1", variant_id=variant.pk, quantity=pieces)
    actions.hold_stock(owner=owner, demands=[demand], market_code="de")
    actions.convert_hold(owner=owner, order_ref=ref)
    return ref
