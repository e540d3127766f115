"""What goods are to a carrier, and which cartons they go into: for the planner and for who packs."""

from collections.abc import Iterable, Mapping

from catalog.models import Variant
from inventory.sourcing.boxes import Packed, pack, sides_of
from inventory.sourcing.network import boxes
from inventory.sourcing.types import Good


def goods_of(variant_ids: Iterable[int]) -> tuple[dict[int, Good], dict[int, tuple[str, str]]]:
    """The goods as a carrier sees them, and their own goods codes and origins. One query."""
    rows = list(
        Variant.objects.filter(pk__in=list(variant_ids)).only(
            "weight_g", "length_mm", "width_mm", "height_mm", "battery_flag", "restricted_flags", "hs_code",
            "origin_country",
        )
    )  # fmt: skip
    goods = {
        row.pk: Good(
            variant_id=row.pk,
            weight_g=row.weight_g,
            sides=sides_of(row.length_mm, row.width_mm, row.height_mm),
            flags=frozenset([*row.restricted_flags, "battery"] if row.battery_flag else row.restricted_flags),
        )
        for row in rows
    }
    return goods, {row.pk: (row.hs_code or "", row.origin_country or "") for row in rows}


def cartons_for(pieces: Mapping[int, int]) -> tuple[Packed, ...]:
    """The cartons for so many pieces of each variant, as one parcel's content. Two queries.

    Components of sets are named themselves: a set is nothing that lies in a carton. Unknown variants are left out.
    """
    goods, _codes = goods_of(pieces)
    return pack([(goods[pk], count) for pk, count in pieces.items() if pk in goods and count], boxes())
