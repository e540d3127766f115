"""A product's gallery as operators arrange it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.actions.derived import mark_dirty
from catalog.cache import forget_on_commit
from catalog.errors import ChangedMeanwhile, MediaProblem
from catalog.models import PictureWish, Product, ProductMedia, Variant, VariantMedia
from core import audit


@dataclass(frozen=True, kw_only=True)
class GalleryPlace:
    """One file in the gallery as it is to be; `pk` is that of its `ProductMedia` row."""

    pk: int
    role: str
    position: int
    is_removed: bool = False


def gallery_seen(product_id: int) -> str:
    """Sixteen letters for the gallery somebody had before them. One query."""
    rows = ProductMedia.objects.filter(product=product_id).order_by("pk")
    told = repr(list(rows.values_list("pk", "asset_id", "role", "position", "market_id")))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@transaction.atomic
def arrange_media(*, product_id: int, places: Sequence[GalleryPlace], seen: str) -> bool:
    """Bring the gallery into this order, with these roles, without those removed. True when something changed.

    Those that share a position keep the order they are given in. Raises `ChangedMeanwhile`.
    """
    product = Product.objects.lock().get(pk=product_id)
    if gallery_seen(product_id) != seen:
        raise ChangedMeanwhile
    rows = {row.pk: row for row in ProductMedia.objects.filter(product=product)}
    kept = [place for place in places if place.pk in rows and not place.is_removed]
    gone = [rows[place.pk] for place in places if place.pk in rows and place.is_removed]
    for position, place in enumerate(sorted(kept, key=lambda place: place.position)):
        rows[place.pk].position = position
        rows[place.pk].role = place.role if place.role in ProductMedia.Role.values else rows[place.pk].role
    ProductMedia.objects.bulk_update([rows[place.pk] for place in kept], ["position", "role"])
    ProductMedia.objects.filter(pk__in=[row.pk for row in gone]).delete()
    removed = [row.asset_id for row in gone]
    PictureWish.objects.filter(product=product, variant=None, asset__in=removed).delete()
    if gallery_seen(product_id) == seen:
        return False
    audit.record("catalog.arrange_media", product, data={"places": len(kept), "removed": removed})
    mark_dirty(product_ids=[product_id])
    forget_on_commit()
    return True


@transaction.atomic
def show_on_variants(*, product_id: int, asset_id: int, variant_ids: Sequence[int]) -> bool:
    """The file shows exactly these variants of the product: their galleries begin with it. True when that is new.

    Raises `MediaProblem` for a variant of another product.
    """
    product = Product.objects.lock().get(pk=product_id)
    wanted = set(Variant.objects.filter(product=product, pk__in=variant_ids).values_list("pk", flat=True))
    if wanted != set(variant_ids):
        raise MediaProblem(_("One of the variants belongs to another product."))
    rows = VariantMedia.objects.filter(asset=asset_id, variant__product=product)
    now = set(rows.values_list("variant_id", flat=True))
    if now == wanted:
        return False
    rows.exclude(variant__in=wanted).delete()
    VariantMedia.objects.bulk_create(
        VariantMedia(variant_id=pk, asset_id=asset_id, position=_behind(pk)) for pk in sorted(wanted - now)
    )
    audit.record("catalog.show_on_variants", product, data={"asset": asset_id, "variants": sorted(wanted)})
    mark_dirty(product_ids=[product_id])
    forget_on_commit()
    return True


def _behind(variant_id: int) -> int:
    last = VariantMedia.objects.filter(variant=variant_id).order_by("-position").values_list("position", flat=True)
    return (last.first() or 0) + 1
