"""From whom a variant is bought first, and how long that takes. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from core.money import Money
from inventory.models import SupplierStock, SupplierVariant

FRESH = timedelta(days=7)
"""What a supplier told of their own stock counts for so long."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A supplier's article: what it costs, in which packs it comes, how long it takes, and what they have of it."""

    supplier_id: int
    supplier_name: str
    supplier_sku: str
    cost: Money
    moq: int
    pack: int
    lead_days: int
    has: int | None
    """Pieces the supplier said they have; nothing when they said nothing lately."""


def sources_of(variant_ids: Collection[int]) -> dict[int, Source]:
    """The first source of each variant: the preferred article, then one that is there, then the quickest.

    A supplier who has just said that there is nothing left is asked last. What nobody sells is absent. Two queries.
    """
    rows = SupplierVariant.objects.filter(
        variant__in=variant_ids, is_active=True, supplier__is_active=True
    ).select_related("supplier")
    told = {
        row.supplier_variant_id: row
        for row in SupplierStock.objects.filter(
            supplier_variant__variant__in=variant_ids, told_at__gte=timezone.now() - FRESH
        )
    }
    found: dict[int, tuple[tuple[bool, bool, int, int], Source]] = {}
    for row in rows:
        source = _source(row, told.get(row.pk))
        rank = (source.has == 0, not row.is_preferred, source.lead_days, row.pk)
        if row.variant_id not in found or rank < found[row.variant_id][0]:
            found[row.variant_id] = (rank, source)
    return {variant_id: source for variant_id, (_rank, source) in found.items()}


def _source(row: SupplierVariant, told: SupplierStock | None) -> Source:
    own = row.lead_days if row.lead_days is not None else row.supplier.lead_days
    return Source(
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name,
        supplier_sku=row.supplier_sku,
        cost=row.cost,
        moq=row.moq,
        pack=row.pack,
        lead_days=told.lead_days if told is not None and told.lead_days is not None else own,
        has=told.quantity if told is not None else None,
    )
