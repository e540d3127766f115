"""Pictures of strangers: harmless when they are kept, refused when they are more than a picture."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image, PngImagePlugin

from catalog.errors import MediaProblem
from catalog.safe_pictures import FORMATS, safe_picture

PAGE = b"<html><script>alert(1)</script></html>"


def picture(form: str, *, mode: str = "RGB", size: tuple[int, int] = (32, 16), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode in {"L", "P"} else (200, 30, 40, 255)[: len(mode)]).save(out, form, **options)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("x.html", PAGE)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", FORMATS)
def test_pictures_are_written_anew(form: str) -> None:
    kept = opened(safe_picture(picture(form)))
    assert kept.size == (32, 16)
    assert kept.format == ("PNG" if form == "GIF" else form)
    red, green, blue = kept.convert("RGB").getpixel((5, 5))
    assert (abs(red - 200) < 8, abs(green - 30) < 8, abs(blue - 40) < 8) == (True, True, True)


@pytest.mark.parametrize("rest", [PAGE, archive(), b"<?php system($_GET[0]); ?>", b"\0\0" + PAGE])
@pytest.mark.parametrize("form", FORMATS)
def test_what_is_also_something_else_is_refused(form: str, rest: bytes) -> None:
    with pytest.raises(MediaProblem):
        safe_picture(picture(form) + rest)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PAGE,
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        picture("BMP"),
        picture("TIFF"),
        picture("PNG")[:60],
        picture("JPEG")[:200],
        picture("GIF")[:-1],
        b"GIF89a" + PAGE,
        b"\xff\xd8\xff\xe0" + PAGE,
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(MediaProblem):
        safe_picture(content)


def test_padding_behind_a_picture_does_no_harm() -> None:
    assert opened(safe_picture(picture("JPEG") + b"\0\0\n")).format == "JPEG"


def test_a_second_photograph_behind_the_first_is_left_out() -> None:
    out = io.BytesIO()
    first, second = (Image.new("RGB", (32, 16), colour) for colour in ("red", "blue"))
    first.save(out, "MPO", save_all=True, append_images=[second])
    kept = opened(safe_picture(out.getvalue()))
    assert (kept.format, getattr(kept, "n_frames", 1)) == ("JPEG", 1)
    assert kept.getpixel((5, 5))[0] > 200


def test_nobodys_notes_are_kept_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a description"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    content = picture("JPEG", exif=exif, comment=b"taken at home")
    kept = safe_picture(content)
    assert opened(kept).size == (16, 32)
    assert not opened(kept).getexif()
    assert b"taken at home" not in kept
    assert b"a description" not in kept


def test_texts_inside_a_png_are_left_out() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    content = picture("PNG", pnginfo=notes)
    assert b"script" in content
    assert b"script" not in safe_picture(content)


def test_only_the_first_frame_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    kept = opened(safe_picture(out.getvalue()))
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((4, 4))[0] > 200


def test_transparency_and_other_colour_models_are_kept() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert opened(safe_picture(out.getvalue())).getpixel((4, 4))[3] == 0
    assert opened(safe_picture(picture("JPEG", mode="CMYK"))).mode == "RGB"
    assert opened(safe_picture(picture("JPEG", mode="L"))).mode == "RGB"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_pixel_bomb_is_refused_by_its_size_alone() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(MediaProblem):
        safe_picture(content)


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(MediaProblem):
        safe_picture(picture("PNG") + b"\0" * (20 * 1024 * 1024))
