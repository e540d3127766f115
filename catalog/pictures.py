"""Pictures as pages show them: an address, smaller files, and the size so that nothing jumps."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import default_storage

from catalog.models.translations import pick_text
from catalog.types import Picture

FIELDS = ("file", "width", "height", "widths", "alt", "i18n")


def picture_of(row: Mapping[str, Any], language: str, *, fallback_alt: str = "") -> Picture:
    """A picture from the columns in `FIELDS` of a `MediaAsset`."""
    name = str(row["file"])
    alt = pick_text(row["alt"], row["i18n"], "alt", language) or fallback_alt
    url = default_storage.url(name)
    return Picture(url=url, srcset=_srcset(name, url, row), width=row["width"], height=row["height"], alt=alt)


def _srcset(name: str, url: str, row: Mapping[str, Any]) -> str:
    widths: Sequence[int] = row["widths"] or ()
    if not widths:
        return ""
    smaller = [f"{_beside(name, url, width)} {width}w" for width in widths]
    return ", ".join([*smaller, f"{url} {row['width']}w"])


def _beside(name: str, url: str, width: int) -> str:
    """The address of a smaller copy. Signed addresses cannot be derived, plain ones can."""
    if "?" in url:
        return str(default_storage.url(f"{PurePosixPath(name).with_suffix('')}-{width}.webp"))
    return f"{url.rpartition('.')[0]}-{width}.webp"
