"""Which files may be offered for download: by their name and by how they begin, so that a name cannot lie. Pure."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

MOST_BYTES = 500 * 1024 * 1024
BEGINNING = 16
ZIP = (b"PK\x03\x04",)
TYPES: Mapping[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".epub": ("application/epub+zip", ZIP),
    ".zip": ("application/zip", ZIP),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    ".flac": ("audio/flac", (b"fLaC",)),
    ".wav": ("audio/wav", (b"RIFF",)),
    ".m4a": ("audio/mp4", ()),
    ".mp4": ("video/mp4", ()),
    ".txt": ("text/plain; charset=utf-8", ()),
    ".csv": ("text/csv; charset=utf-8", ()),
    ".md": ("text/markdown; charset=utf-8", ()),
}
"""Ending to kind of file and to the ways such a file begins; nothing a browser would run."""


def kind_of(name: str) -> str:
    """The kind of a file that may be offered; empty for every other ending."""
    return TYPES.get(PurePosixPath(name.lower()).suffix, ("", ()))[0]


def refusal_of(name: str, beginning: bytes, size: int) -> str:
    """Why a file cannot be offered, in a sentence; empty when it can."""
    ending = PurePosixPath(name.lower()).suffix
    if ending not in TYPES:
        known = ", ".join(sorted(one.removeprefix(".") for one in TYPES))
        return _("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": known}
    if size <= 0:
        return _("This file is empty.")
    if size > MOST_BYTES:
        return _("A file for download has at most %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024}
    kind, beginnings = TYPES[ending]
    if ending in (".m4a", ".mp4"):
        fits = beginning[4:8] == b"ftyp"
    elif kind.startswith("text/"):
        fits = b"\x00" not in beginning
    else:
        fits = beginning.startswith(beginnings)
    return "" if fits else _("The content of this file is not what its name says.")
