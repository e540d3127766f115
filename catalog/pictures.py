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
    stem = PurePosixPath(name).with_suffix("")
    smaller = [f"{default_storage.url(f'{stem}-{width}.webp')} {width}w" for width in widths]
    return ", ".join([*smaller, f"{url} {row['width']}w"])
