"""Copies of pictures: which there shall be, what they are called, and how they are written. Nothing is enlarged."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, Literal

from PIL import Image

Format = Literal["avif", "webp", "jpeg"]

WIDTHS = (400, 800, 1200, 1600)
FORMATS: tuple[Format, ...] = ("avif", "webp", "jpeg")
"""What browsers are offered, the smallest files first; JPEG is what everything reads."""
SUFFIXES: dict[str, str] = {"avif": ".avif", "webp": ".webp", "jpeg": ".jpg"}
OPTIONS: dict[str, dict[str, Any]] = {
    "avif": {"quality": 62, "speed": 7},
    "webp": {"quality": 82, "method": 4},
    "jpeg": {"quality": 80, "optimize": True, "progressive": True},
}
WHITE = (255, 255, 255, 255)


@dataclass(frozen=True)
class Copy:
    """One copy to be: its name in the storage, and its size."""

    name: str
    format: Format
    width: int
    height: int


def copy_name(name: str, width: int, form: str) -> str:
    """The name of a copy beside the file `name`."""
    return f"{PurePosixPath(name).with_suffix('')}-{width}{SUFFIXES[form]}"


def is_itself(name: str, own_width: int, width: int, form: str) -> bool:
    """Whether the file already is what the copy would be."""
    return width == own_width and PurePosixPath(name).suffix == SUFFIXES[form]


def widths_for(own_width: int) -> tuple[int, ...]:
    """The widths a picture is offered in; its own is the widest of them when it is not wider than any."""
    smaller = tuple(width for width in WIDTHS if width < own_width)
    return (*smaller, own_width) if own_width <= WIDTHS[-1] else smaller


def copies_of(name: str, size: tuple[int, int], formats: tuple[Format, ...]) -> Iterator[Copy]:
    """Every copy the picture needs besides the file itself."""
    own, high = size
    for form in formats:
        for width in widths_for(own):
            if not is_itself(name, own, width, form):
                yield Copy(copy_name(name, width, form), form, width, max(1, round(high * width / own)))


def written(picture: Image.Image, copy: Copy) -> bytes:
    """The copy as a file, without anybody's notes. What shows through is white in a JPEG."""
    has_alpha = picture.mode in {"RGBA", "LA", "PA", "P"} or "transparency" in picture.info
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    plain.info = {}
    if plain.size != (copy.width, copy.height):
        plain = plain.resize((copy.width, copy.height), Image.Resampling.LANCZOS)
    if has_alpha and copy.format == "jpeg":
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, WHITE), plain).convert("RGB")
    out = BytesIO()
    plain.save(out, copy.format.upper(), **OPTIONS[copy.format])
    return out.getvalue()
