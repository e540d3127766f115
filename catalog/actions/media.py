"""Pictures: stored once by content, written anew by us, with smaller copies beside them."""

import hashlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from catalog.actions.derived import mark_dirty
from catalog.drafts import GalleryPicture, Words
from catalog.errors import MediaProblem
from catalog.models import MediaAsset, ProductMedia, Variant, VariantMedia
from catalog.safe_pictures import MOST_BYTES, MOST_PIXELS, safe_picture
from catalog.translating.noting import note_texts
from markets.models import Market

WIDTHS = (400, 800)
SUFFIXES = {"WEBP": ".webp", "JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "AVIF": ".avif"}


def add_media(
    *, code: str, content: bytes, alt: Words | None = None, smaller: Mapping[int, bytes] | None = None,
    source_url: str = "",
) -> MediaAsset:  # fmt: skip
    """Store a picture under `code`, upright and without anybody's notes, with copies 400 and 800 pixels wide.

    With `smaller` the copies are ready made, and so is the picture: it is kept byte for byte. Workers make further
    copies later. The same content again changes only the words. Raises `MediaProblem` for what is no sound picture.
    """
    checksum = hashlib.sha256(content).hexdigest()
    known = MediaAsset.objects.filter(code=code).first()
    if known is None or known.checksum != checksum:
        known = store_picture(known or MediaAsset(code=code), content, checksum, smaller)
    known.put_texts({"alt": alt or {}})
    known.source_url = source_url or known.source_url
    with transaction.atomic():
        known.save()
        note_texts([known])
    return known


@transaction.atomic
def set_gallery(*, product_id: int, pictures: Sequence[GalleryPicture]) -> bool:
    """The product's pictures are exactly these, in this order. True when something changed."""
    markets = dict(
        Market.objects.filter(code__in={p.market_code for p in pictures if p.market_code}).values_list("code", "pk")
    )
    wanted = [
        (picture.asset_id, picture.role, position, markets[picture.market_code] if picture.market_code else None)
        for position, picture in enumerate(pictures)
    ]
    rows = ProductMedia.objects.filter(product_id=product_id)
    if list(rows.order_by("position").values_list("asset_id", "role", "position", "market_id")) == wanted:
        return False
    rows.delete()
    ProductMedia.objects.bulk_create(
        ProductMedia(product_id=product_id, asset_id=asset, role=role, position=position, market_id=market)
        for asset, role, position, market in wanted
    )
    mark_dirty(product_ids=[product_id])
    return True


@transaction.atomic
def set_variant_pictures(*, variant_id: int, asset_ids: Sequence[int]) -> bool:
    """The pictures that show this variant, in order. True when something changed."""
    rows = VariantMedia.objects.filter(variant_id=variant_id)
    if list(rows.order_by("position").values_list("asset_id", flat=True)) == list(asset_ids):
        return False
    rows.delete()
    VariantMedia.objects.bulk_create(
        VariantMedia(variant_id=variant_id, asset_id=asset, position=position)
        for position, asset in enumerate(asset_ids)
    )
    mark_dirty(product_ids=[Variant.objects.values_list("product_id", flat=True).get(pk=variant_id)])
    return True


def store_picture(
    asset: MediaAsset, content: bytes, checksum: str, smaller: Mapping[int, bytes] | None = None
) -> MediaAsset:
    """Write the picture's files and tell the row, unsaved, what they are. Raises `MediaProblem`."""
    kept = content if smaller is not None else safe_picture(content)
    picture = _begun(kept) if smaller is not None else _open(kept)
    copies = dict(smaller) if smaller is not None else _copies(picture)
    stem = f"catalog/{asset.code}-{hashlib.sha256(kept).hexdigest()[:10]}"
    name = keep_file(f"{stem}{SUFFIXES[str(picture.format)]}", kept)
    for width, data in copies.items():
        keep_file(f"{PurePosixPath(name).with_suffix('')}-{width}.webp", data)
    asset.file.name = name
    asset.width, asset.height = picture.size
    asset.widths = sorted(copies)
    asset.renditions = None
    asset.checksum = checksum
    return asset


def _open(content: bytes) -> Image.Image:
    """The picture, decoded to its last pixel. Raises `MediaProblem`."""
    picture = _begun(content)
    try:
        picture.load()
    except (OSError, ValueError, Image.DecompressionBombError) as trouble:
        raise MediaProblem from trouble
    return picture


def _begun(content: bytes) -> Image.Image:
    """What its first bytes say: format and size. Raises `MediaProblem`."""
    if len(content) > MOST_BYTES:
        raise MediaProblem
    try:
        picture = Image.open(BytesIO(content), formats=list(SUFFIXES))
        if picture.format not in SUFFIXES or picture.width * picture.height > MOST_PIXELS:
            raise MediaProblem
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as trouble:
        raise MediaProblem from trouble
    return picture


def _copies(picture: Image.Image) -> dict[int, bytes]:
    """WebP copies without the camera's notes; none as wide as the original or wider."""
    copies = {}
    for width in WIDTHS:
        if width < picture.width:
            copy = picture.convert("RGBA" if picture.mode in {"RGBA", "LA", "P"} else "RGB")
            copy = copy.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
            out = BytesIO()
            copy.save(out, "WEBP", quality=82, method=4)
            copies[width] = out.getvalue()
    return copies


def keep_file(name: str, content: bytes) -> str:
    """Names hold the content's checksum, so a file that is there is the right one."""
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))
