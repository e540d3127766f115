"""The drawn pictures, stored as media and hung into galleries."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.actions.media import add_media, set_gallery, set_variant_pictures
from catalog.drafts import GalleryPicture
from catalog.models import MediaAsset, Product, Variant
from content.demo.seeding.films import films_of
from content.demo.texts import table, words

MEDIA = Path(__file__).parents[1] / "media"
ROLES = {"main": "gallery", "detail": "gallery", "scale": "scale", "life": "gallery"}
ORDER = ("main", "detail", "scale", "life")


@cache
def drawn() -> list[dict[str, Any]]:
    """The list of pictures that were drawn."""
    return list(json.loads((MEDIA / "index.json").read_text("utf-8")))


def seed_pictures() -> None:
    """Each product's gallery: its first colour from the side, a detail, the dimensions, a scene; each colour's own."""
    names = {row["code"]: words(row["name"]) for row in table("products")}
    for product in Product.objects.filter(code__in=names).order_by("pk"):
        rows = [row for row in drawn() if row["product"] == product.code]
        assets = {row["file"]: _asset(row, names[product.code]) for row in rows}
        _hang(product, rows, assets, names[product.code])


def _asset(row: dict[str, Any], names: dict[str, str]) -> MediaAsset:
    files = {width: (MEDIA / f"{row['file']}-{width}.webp").read_bytes() for width in row["widths"]}
    return add_media(code=row["file"], content=files[max(files)], alt=alt_of(row, names), smaller=files)


def alt_of(row: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    """A picture in words, in every language the product has a name in."""
    pattern = table("pictures")["alt"][row["kind"]]
    colours = _colours().get(row["colour"] or "", {})
    return {
        language: pattern[language].format(name=name, colour=colours.get(language, ""))
        for language, name in names.items()
        if row["kind"] != "main" or language in colours
    }


@cache
def _colours() -> dict[str, dict[str, str]]:
    options = {row["code"]: row for row in table("options")["option_types"]}
    return {value["code"]: words(value["label"]) for value in options["colour"]["values"]}


def keep_picture(name: str, *, width: int = 0) -> tuple[str, int, int]:
    """Store a drawn picture that belongs to no product; returns its address, width and height."""
    row = next(row for row in drawn() if row["file"] == name)
    chosen = width or max(row["widths"])
    path = f"home/{name}-{chosen}.webp"
    content = (MEDIA / f"{name}-{chosen}.webp").read_bytes()
    if not default_storage.exists(path) or default_storage.size(path) != len(content):
        default_storage.delete(path)
        default_storage.save(path, ContentFile(content))
    return default_storage.url(path), chosen, row["height"] * chosen // row["width"]


def _hang(product: Product, rows: list[dict[str, Any]], assets: dict[str, MediaAsset], names: dict[str, str]) -> None:
    mains = {row["colour"]: assets[row["file"]] for row in rows if row["kind"] == "main"}
    others = sorted((row for row in rows if row["kind"] != "main"), key=lambda row: ORDER.index(row["kind"]))
    first = [GalleryPicture(asset_id=asset.pk) for asset in list(mains.values())[:1]]
    rest = [GalleryPicture(asset_id=assets[row["file"]].pk, role=ROLES[row["kind"]]) for row in others]
    alt = alt_of({"kind": "life", "colour": None}, names)
    films = films_of(product.code, next(iter(mains.values()), None), alt)
    set_gallery(product_id=product.pk, pictures=[*first, *rest, *films])
    for variant in Variant.objects.filter(product=product):
        colour = dict(part.split("=", 1) for part in variant.signature.split(",") if part).get("colour")
        own = mains.get(colour) if colour else None
        if own is not None:
            set_variant_pictures(variant_id=variant.pk, asset_ids=[own.pk])
