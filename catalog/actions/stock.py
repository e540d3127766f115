"""What inventory tells the catalogue about stock."""

from collections.abc import Collection, Sequence

from django.db import transaction

from catalog.models import BundleItem, VariantAvailability
from catalog.sql import execute
from catalog.types import Availability

BUNDLES = """
INSERT INTO catalog_variantavailability (variant_id, available_total, place_code, updated)
SELECT b.bundle_variant_id,
       GREATEST(MIN(COALESCE(a.available_total, 0) / b.quantity) FILTER (WHERE NOT b.optional), 0),
       COALESCE(MIN(a.place_code), ''), now()
FROM catalog_bundleitem b
LEFT JOIN catalog_variantavailability a ON a.variant_id = b.component_variant_id
WHERE b.bundle_variant_id = ANY(%s)
GROUP BY b.bundle_variant_id
ON CONFLICT (variant_id) DO UPDATE
SET available_total = EXCLUDED.available_total, place_code = EXCLUDED.place_code, updated = now()
"""


@transaction.atomic
def note_availability(*, changes: Sequence[Availability]) -> None:
    """Remember how many of each variant can be sold and from where. Sets follow their components.

    The last word wins; being told twice changes nothing.
    """
    rows = sorted(changes, key=lambda change: change.variant_id)
    VariantAvailability.objects.bulk_create(
        [
            VariantAvailability(
                variant_id=change.variant_id, available_total=change.available_total, place_code=change.place_code
            )
            for change in rows
        ],
        update_conflicts=True,
        unique_fields=["variant"],
        update_fields=["available_total", "place_code", "updated"],
    )
    _follow_components([change.variant_id for change in rows])


def _follow_components(variant_ids: Collection[int]) -> None:
    bundles = BundleItem.objects.filter(component_variant__in=variant_ids)
    ids = sorted(set(bundles.values_list("bundle_variant_id", flat=True)))
    if ids:
        execute(BUNDLES, [ids])
