"""Pictures of strangers, made harmless: what is kept was written by us, pixel by pixel.

A file is refused when it is not a picture from its first byte to its last. One that is also something else (a script,
an archive, a page) would be dangerous wherever somebody takes it for that.
"""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from catalog.errors import MediaProblem

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
UNREADABLE = (
    OSError, ValueError, SyntaxError, TypeError, IndexError, EOFError, OverflowError, struct.error, KeyError,
    Image.DecompressionBombError, ImageCms.PyCMSError,
)  # fmt: skip
"""What Pillow raises for pictures that are none."""
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
PADDING = b"\0 \r\n\t"


def safe_picture(content: bytes) -> bytes:
    """The same picture in a file of our making: upright, in sRGB, one frame, without anybody's notes.

    Raises `MediaProblem` with the reason.
    """
    if len(content) > MOST_BYTES:
        raise MediaProblem(_("The picture is too large."))
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise MediaProblem(_("The picture has too many pixels."))
        _refuse_more_than_a_picture(_form(picture), content)
        picture.load()
        return _rewritten(picture)
    except UNREADABLE as error:
        raise MediaProblem from error


def _form(picture: Image.Image) -> str:
    """A photograph with a second one behind it is a JPEG to us."""
    return "JPEG" if picture.format == "MPO" else str(picture.format)


def _rewritten(picture: Image.Image) -> bytes:
    form = _form(picture)
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    plain = _in_srgb(upright, profile).convert("RGBA" if has_alpha else "RGB")
    plain.info = {}
    out = BytesIO()
    options: dict[str, Any] = {
        "JPEG": {"quality": 90, "optimize": True},
        "WEBP": {"quality": 90, "method": 4},
        "AVIF": {"quality": 80},
    }.get(form, {})
    plain.save(out, "PNG" if form in {"GIF", "PNG"} else form, **options)
    return out.getvalue()


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as they were meant, for viewers that know no profiles. A broken profile counts for nothing."""
    if not profile or picture.mode not in {"RGB", "CMYK", "L"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return converted or picture


def _refuse_more_than_a_picture(form: str, content: bytes) -> None:
    end = ENDS[form](content)
    rest = content[end:].strip(PADDING)
    if end > len(content) + 1 or (rest and not (form == "JPEG" and rest.startswith(JPEG_START))):
        raise MediaProblem(_("Behind the picture the file holds something else."))


def _jpeg_end(content: bytes) -> int:
    """Behind the end mark. Phones put a second picture behind the first, which is left out."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no segment")
        mark = content[at + 1]
        if mark == JPEG_END[1]:
            return at + 2
        if mark == 0xFF:
            at += 1
        elif mark in WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + struct.unpack_from(">H", content, at + 2)[0]
            if mark == 0xDA:
                at = _scan_end(content, at)


def _scan_end(content: bytes, at: int) -> int:
    """The first mark behind coded pixels that is neither a stuffed byte nor a restart."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and content[at + 1] not in WITHOUT_LENGTH:
            return at
        at += 2


def _png_end(content: bytes) -> int:
    at = 8
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        at += 12 + int(length)
        if kind == b"IEND":
            return at


def _webp_end(content: bytes) -> int:
    size = int(struct.unpack_from("<I", content, 4)[0])
    return 8 + size + size % 2


def _gif_end(content: bytes) -> int:
    flags = content[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    while content[at] != 0x3B:
        if content[at] == 0x21:
            at = _gif_blocks(content, at + 2)
        elif content[at] == 0x2C:
            flags = content[at + 9]
            at += 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
            at = _gif_blocks(content, at)
        else:
            raise ValueError("no block")
    return at + 1


def _gif_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += 1 + content[at]
    return at + 1


def _avif_end(content: bytes) -> int:
    at = 0
    while at < len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if size < 8 or kind not in BOXES:
            return at
        at += size
    return at


BOXES = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"moof", b"mfra", b"styp", b"sidx"})
ENDS: dict[str, Callable[[bytes], int]] = {
    "JPEG": _jpeg_end,
    "PNG": _png_end,
    "WEBP": _webp_end,
    "GIF": _gif_end,
    "AVIF": _avif_end,
}
