"""What inventory tells the catalogue about stock."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from catalog.derived.listing import derive_stock
from catalog.models import BundleItem, VariantAvailability
from catalog.sql import execute
from catalog.types import Availability

BUNDLES = """
INSERT INTO catalog_variantavailability (variant_id, market_id, available_total, place_code, updated)
SELECT b.bundle_variant_id, m.id,
       GREATEST(
           MIN(COALESCE(a.available_total, 0) / b.quantity) FILTER (WHERE NOT b.optional AND t.requires_shipping), 0
       ),
       COALESCE(MIN(a.place_code), ''), now()
FROM catalog_bundleitem b
JOIN catalog_variant v ON v.id = b.component_variant_id
JOIN catalog_product p ON p.id = v.product_id
JOIN catalog_producttype t ON t.id = p.product_type_id
CROSS JOIN markets_market m
LEFT JOIN catalog_variantavailability a ON a.variant_id = b.component_variant_id AND a.market_id = m.id
WHERE b.bundle_variant_id = ANY(%s)
GROUP BY b.bundle_variant_id, m.id
ON CONFLICT (variant_id, market_id) DO UPDATE
SET available_total = EXCLUDED.available_total, place_code = EXCLUDED.place_code, updated = now()
"""


@transaction.atomic
def note_availability(*, changes: Sequence[Availability], variant_ids: Collection[int] = ()) -> None:
    """Remember how many of each variant each market can sell, and from where. Sets follow their components.

    The changes are all there is of the variants they name and of `variant_ids`: markets that are not named sell
    none of them. The last word wins; being told twice changes nothing.
    """
    rows = sorted(changes, key=lambda change: (change.variant_id, change.market_id))
    told = {*variant_ids, *(change.variant_id for change in rows)}
    kept = {(change.variant_id, change.market_id) for change in rows}
    known = VariantAvailability.objects.filter(variant__in=told).values_list("pk", "variant_id", "market_id")
    gone = [pk for pk, variant_id, market_id in known if (variant_id, market_id) not in kept]
    VariantAvailability.objects.filter(pk__in=gone).delete()
    VariantAvailability.objects.bulk_create(
        [
            VariantAvailability(
                variant_id=change.variant_id,
                market_id=change.market_id,
                available_total=change.available_total,
                place_code=change.place_code,
            )
            for change in rows
        ],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["variant", "market"],
        update_fields=["available_total", "place_code", "updated"],
    )
    followed = _follow_components(told)
    derive_stock(sorted({*told, *followed}), timezone.now())


def _follow_components(variant_ids: Collection[int]) -> list[int]:
    """Sets with one of these components, unless they were told of themselves; returns their variants."""
    bundles = BundleItem.objects.filter(component_variant__in=variant_ids).exclude(bundle_variant__in=variant_ids)
    ids = sorted(set(bundles.values_list("bundle_variant_id", flat=True)))
    if ids:
        execute(BUNDLES, [ids])
    return ids
