"""The gallery of a product page: pictures of the chosen variant first, then films."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage

from catalog.models import MediaAsset, Product
from catalog.models.translations import pick_text
from catalog.pictures import picture_of
from catalog.queries.product_rows import media_rows, variant_media_rows
from catalog.types import Captions, Film, Picture
from core.languages import babel_locale
from markets.types import MarketContext


@dataclass(frozen=True)
class Gallery:
    """What there is to see; `scale` is the picture with dimensions."""

    pictures: tuple[Picture, ...]
    scale: Picture | None
    films: tuple[Film, ...]


def gallery_of(market: MarketContext, product: Product, variant_ids: Sequence[int], chosen: int | None) -> Gallery:
    """The chosen variant's own pictures, then those that show no other variant. Two queries."""
    language, name = market.language, product.text("name", market.language)
    own = variant_media_rows(market, variant_ids)
    rows = media_rows(market, product)
    first = {row["asset_id"]: row for row in own if row["variant_id"] == chosen}
    others = {row["asset_id"] for row in own} - set(first) if chosen else set()
    ordered = first | {row["asset_id"]: row for row in rows if row["asset_id"] not in {*others, *first}}
    shown = {kind: [row for row in ordered.values() if row["asset_kind"] == kind] for kind in MediaAsset.Kind.values}
    scale = next((_picture(row, language, name) for row in rows if row["role"] == "scale"), None)
    return Gallery(
        tuple(_picture(row, language, name) for row in shown[MediaAsset.Kind.IMAGE]),
        scale,
        tuple(_film(row, language, name) for row in shown[MediaAsset.Kind.VIDEO]),
    )


def _picture(row: Mapping[str, Any], language: str, name: str) -> Picture:
    asset = {key.removeprefix("asset_"): value for key, value in row.items() if key.startswith("asset_")}
    return picture_of(asset, language, fallback_alt=name)


def _film(row: Mapping[str, Any], language: str, name: str) -> Film:
    file, poster = str(row["asset_file"]), row["asset_poster__file"]
    captions: Mapping[str, str] = row["asset_captions"] or {}
    return Film(
        url=default_storage.url(file),
        type="video/webm" if file.endswith(".webm") else "video/mp4",
        width=row["asset_width"],
        height=row["asset_height"],
        label=pick_text(row["asset_alt"], row["asset_i18n"], "alt", language) or name,
        poster=default_storage.url(poster) if poster else "",
        captions=tuple(
            Captions(code, babel_locale(code).get_display_name() or code, default_storage.url(words), code == language)
            for code, words in sorted(captions.items())
        ),
    )
