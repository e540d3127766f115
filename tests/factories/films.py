"""Small films made here: a WebM that plays (its pictures are those of WebP files) and MP4s of any shape."""

import struct
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

COLOURS = ((180, 40, 40), (40, 160, 60), (40, 60, 180))
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.500\nWater is poured.\n"


def webm(*, size: tuple[int, int] = (160, 96), codec: bytes = b"V_VP8", doc_type: bytes = b"webm") -> bytes:
    """A second and a half of plain colours."""
    pixels = [element(0xB0, number(size[0])), element(0xBA, number(size[1]))]
    track = element(
        0xAE,
        element(0xD7, b"\x01"), element(0x73C5, b"\x01"), element(0x83, b"\x01"), element(0x86, codec),
        element(0xE0, *pixels),
    )  # fmt: skip
    blocks = [
        element(0xA3, b"\x81" + struct.pack(">h", at * 500) + b"\x80" + key_frame(colour, size))
        for at, colour in enumerate(COLOURS)
    ]
    head = element(
        0x1A45DFA3,
        element(0x4286, b"\x01"), element(0x42F7, b"\x01"), element(0x42F2, b"\x04"), element(0x42F3, b"\x08"),
        element(0x4282, doc_type), element(0x4287, b"\x02"), element(0x4285, b"\x02"),
    )  # fmt: skip
    info = element(
        0x1549A966,
        element(0x2AD7B1, number(1_000_000)), element(0x4489, struct.pack(">d", 1500.0)),
        element(0x4D80, b"tests"), element(0x5741, b"tests"),
    )  # fmt: skip
    cluster = element(0x1F43B675, element(0xE7, b"\x00"), *blocks)
    return head + element(0x18538067, info, element(0x1654AE6B, track), cluster)


def key_frame(colour: tuple[int, int, int], size: tuple[int, int]) -> bytes:
    """One picture in VP8: what is inside a WebP file."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "WEBP", quality=60)
    content = out.getvalue()
    at = content.index(b"VP8 ")
    length = int(struct.unpack_from("<I", content, at + 4)[0])
    return content[at + 8 : at + 8 + length]


def element(kind: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return number(kind) + (0x01 << 56 | len(body)).to_bytes(8, "big") + body


def number(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")


def mp4(
    *, size: tuple[int, int] = (1280, 720), codec: bytes = b"avc1", brand: bytes = b"isom", turned: bool = False,
    notes: bytes = b"", more: Sequence[bytes] = (),
) -> bytes:  # fmt: skip
    """The boxes of a film, without pictures that could be decoded."""
    a, b = (0, 0x10000) if turned else (0x10000, 0)
    matrix = struct.pack(">9i", a, b, 0, -b, a, 0, 0, 0, 0x40000000)
    header = box(b"tkhd", bytes(40), matrix, struct.pack(">II", size[0] << 16, size[1] << 16))
    samples = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(78)))
    handler = box(b"hdlr", bytes(8), b"vide", bytes(13))
    track = box(b"trak", header, box(b"mdia", handler, box(b"minf", box(b"stbl", samples))))
    film = box(b"moov", box(b"mvhd", bytes(100)), track, *([box(b"udta", notes)] if notes else []))
    return b"".join([box(b"ftyp", brand, bytes(4), b"isommp42"), film, *more, box(b"mdat", bytes(64))])


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body
