"""The drawn pictures, stored as media and hung into galleries."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from catalog.actions.media import add_media, set_gallery, set_variant_pictures
from catalog.drafts import GalleryPicture
from catalog.models import MediaAsset, Product, Variant
from content.demo.texts import words

MEDIA = Path(__file__).parents[1] / "media"
ROLES = {"main": "gallery", "detail": "gallery", "scale": "scale", "life": "gallery"}
ORDER = ("main", "detail", "scale", "life")


@cache
def drawn() -> list[dict[str, Any]]:
    """The list of pictures that were drawn."""
    return list(json.loads((MEDIA / "index.json").read_text("utf-8")))


def seed_pictures() -> None:
    """Each product's gallery: its first colour from the side, a detail, the dimensions, a scene; each colour's own."""
    for product in Product.objects.order_by("pk"):
        rows = [row for row in drawn() if row["product"] == product.code]
        assets = {row["file"]: _asset(row) for row in rows}
        _hang(product, rows, assets)


def _asset(row: dict[str, Any]) -> MediaAsset:
    files = {width: (MEDIA / f"{row['file']}-{width}.webp").read_bytes() for width in row["widths"]}
    largest = max(files)
    return add_media(code=row["file"], content=files[largest], alt=words(row["alt"]), smaller=files)


def _hang(product: Product, rows: list[dict[str, Any]], assets: dict[str, MediaAsset]) -> None:
    mains = {row["colour"]: assets[row["file"]] for row in rows if row["kind"] == "main"}
    others = sorted((row for row in rows if row["kind"] != "main"), key=lambda row: ORDER.index(row["kind"]))
    first = [GalleryPicture(asset_id=asset.pk) for asset in list(mains.values())[:1]]
    rest = [GalleryPicture(asset_id=assets[row["file"]].pk, role=ROLES[row["kind"]]) for row in others]
    set_gallery(product_id=product.pk, pictures=[*first, *rest])
    for variant in Variant.objects.filter(product=product):
        colour = dict(part.split("=", 1) for part in variant.signature.split(",") if part).get("colour")
        own = mains.get(colour) if colour else None
        if own is not None:
            set_variant_pictures(variant_id=variant.pk, asset_ids=[own.pk])
