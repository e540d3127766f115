"""Pictures as pages show them: an address, smaller files, and the size so that nothing jumps."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.storage import default_storage

from catalog.models.translations import pick_text
from catalog.renditions import FORMATS, SUFFIXES, copy_name, is_itself
from catalog.types import Picture, PictureSource

FIELDS = ("file", "width", "height", "widths", "renditions", "alt", "i18n")

SHARED_WIDTH = 1200


def picture_of(row: Mapping[str, Any], language: str, *, fallback_alt: str = "") -> Picture:
    """A picture from the columns in `FIELDS` of a `MediaAsset`.

    Once workers have made its copies, `url` is a JPEG that pages elsewhere show well; until then the stored file.
    """
    name, width, height = str(row["file"]), int(row["width"]), int(row["height"])
    alt = pick_text(row["alt"], row["i18n"], "alt", language) or fallback_alt
    url = default_storage.url(name)
    made: Mapping[str, Sequence[int]] = row["renditions"] or {}
    if not made.get("jpeg"):
        return Picture(url=url, srcset=_first_copies(name, url, row), width=width, height=height, alt=alt)
    copies = {form: [(one, _address(name, url, width, one, form)) for one in made[form]] for form in made}
    shared, address = [one for one in copies["jpeg"] if one[0] <= SHARED_WIDTH or one is copies["jpeg"][0]][-1]
    sources = tuple(PictureSource(f"image/{form}", _srcset(copies[form])) for form in FORMATS[:-1] if copies.get(form))
    return Picture(
        url=address,
        srcset=_srcset(copies["jpeg"]),
        width=shared,
        height=max(1, round(height * shared / width)),
        alt=alt,
        sources=sources,
    )


def _first_copies(name: str, url: str, row: Mapping[str, Any]) -> str:
    """The WebP copies that were made while storing."""
    widths: Sequence[int] = row["widths"] or ()
    smaller = [(width, _beside(name, url, width, "webp")) for width in widths if width < row["width"]]
    return _srcset([*smaller, (row["width"], url)]) if widths else ""


def _srcset(copies: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{address} {width}w" for width, address in copies)


def _address(name: str, url: str, own_width: int, width: int, form: str) -> str:
    return url if is_itself(name, own_width, width, form) else _beside(name, url, width, form)


def _beside(name: str, url: str, width: int, form: str) -> str:
    """The address of a copy. Signed addresses cannot be derived, plain ones can."""
    if "?" in url:
        return str(default_storage.url(copy_name(name, width, form)))
    return f"{url.rpartition('.')[0]}-{width}{SUFFIXES[form]}"
