"""Films of strangers: MP4 and WebM that browsers play, told by their bytes, without anybody's notes.

Boxes of an MP4 must cover the file from its first byte to its last, and those that hold notes (where it was filmed,
by whom, with what) are emptied in place. Sizes and codecs are read, pictures are not decoded.
Sources: ISO/IEC 14496-12 (boxes), RFC 8794 and RFC 9559 (EBML, Matroska).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.errors import MediaProblem

MOST_BYTES = 80 * 1024 * 1024
LONGEST_EDGE = 7680
PICTURE_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
TOP_BOXES = frozenset({
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp", b"meta", b"uuid", b"udta",
    b"pdin", b"emsg", b"prft", b"ssix",
})  # fmt: skip
NOTES = frozenset({b"udta", b"meta", b"uuid"})
MP4_CODECS = frozenset({b"avc1", b"avc3", b"av01", b"vp09", b"vp08"})
WEBM_CODECS = frozenset({b"V_VP8", b"V_VP9", b"V_AV1"})
EBML, DOC_TYPE, SEGMENT, TRACKS, TRACK = 0x1A45DFA3, 0x4282, 0x18538067, 0x1654AE6B, 0xAE
TRACK_TYPE, CODEC, VIDEO, PIXEL_WIDTH, PIXEL_HEIGHT, VOID = 0x83, 0x86, 0xE0, 0xB0, 0xBA, 0xEC
EBML_START = EBML.to_bytes(4, "big")


@dataclass(frozen=True, kw_only=True)
class SafeFilm:
    """A film that may be stored: its bytes, what it is, and how large its pictures are."""

    content: bytes
    suffix: str
    width: int
    height: int


@dataclass(frozen=True)
class Part:
    """A box or an element: its kind, and where its content begins and ends."""

    kind: bytes | int
    start: int
    end: int


def is_film(content: bytes) -> bool:
    """Whether it begins like a film. Pictures of the same family (AVIF, HEIC) do not count."""
    return content.startswith(EBML_START) or (content[4:8] == b"ftyp" and content[8:12] not in PICTURE_BRANDS)


def safe_film(content: bytes) -> SafeFilm:
    """The film without notes. Raises `MediaProblem` with the reason."""
    if len(content) > MOST_BYTES:
        raise MediaProblem(_("The film is too large: at most %(most)d megabytes.") % {"most": MOST_BYTES >> 20})
    if not is_film(content):
        raise MediaProblem(_("That is neither an MP4 nor a WebM film."))
    try:
        film = _webm(content) if content.startswith(EBML_START) else _mp4(content)
    except (struct.error, IndexError, ValueError) as trouble:
        raise MediaProblem(_("The film is damaged, or holds something else.")) from trouble
    if not (0 < film.width <= LONGEST_EDGE and 0 < film.height <= LONGEST_EDGE):
        raise MediaProblem(_("The film has no pictures, or they are too large."))
    return film


def _mp4(content: bytes) -> SafeFilm:
    tops = list(_boxes(content, 0, len(content)))
    if content[8:12] == b"qt  " or tops[0].kind != b"ftyp" or any(top.kind not in TOP_BOXES for top in tops):
        raise ValueError("not an MP4")
    moov = next((top for top in tops if top.kind == b"moov"), None)
    if moov is None or not any(top.kind in {b"mdat", b"moof"} for top in tops):
        raise ValueError("no film inside")
    tracks = [part for part in _boxes(content, moov.start, moov.end) if part.kind == b"trak"]
    size = next((found for found in (_pictures_of(content, track) for track in tracks) if found), (0, 0))
    return SafeFilm(content=_without_notes(content, tops, moov, tracks), suffix=".mp4", width=size[0], height=size[1])


def _boxes(content: bytes, start: int, end: int) -> Iterator[Part]:
    """The boxes that cover these bytes exactly. Raises `ValueError` when they do not."""
    at = start
    while at < end:
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1:
            size, head = int(struct.unpack_from(">Q", content, at + 8)[0]), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise ValueError("a box that does not fit")
        yield Part(kind, at + head, at + size)
        at += size


def _inside(content: bytes, part: Part, *path: bytes) -> Part | None:
    found: Part | None = part
    for kind in path:
        if found is None:
            return None
        found = next((each for each in _boxes(content, found.start, found.end) if each.kind == kind), None)
    return found


def _pictures_of(content: bytes, track: Part) -> tuple[int, int] | None:
    """Width and height of a track of pictures, as it is shown; nothing for sound and text."""
    handler, header = _inside(content, track, b"mdia", b"hdlr"), _inside(content, track, b"tkhd")
    if handler is None or header is None or content[handler.start + 8 : handler.start + 12] != b"vide":
        return None
    samples = _inside(content, track, b"mdia", b"minf", b"stbl", b"stsd")
    codec = content[samples.start + 12 : samples.start + 16] if samples else b""
    _check_codec(codec, MP4_CODECS)
    width, height = (value >> 16 for value in struct.unpack_from(">II", content, header.end - 8))
    matrix = struct.unpack_from(">9i", content, header.end - 44)
    return (height, width) if matrix[0] == 0 and matrix[4] == 0 and matrix[1] else (width, height)


def _check_codec(codec: bytes, known: frozenset[bytes]) -> None:
    if codec not in known:
        name = codec.decode("ascii", "replace").strip()
        raise MediaProblem(
            _("Browsers do not play films coded as “%(codec)s”. Save it as H.264, VP9 or AV1.") % {"codec": name}
        )


def _without_notes(content: bytes, tops: list[Part], moov: Part, tracks: list[Part]) -> bytes:
    """The same file, with boxes of notes turned into empty space of the same length: nothing else moves."""
    holders = [moov, *tracks]
    inside = [part for holder in holders for part in _boxes(content, holder.start, holder.end)]
    clean = bytearray(content)
    for part in (*tops, *inside):
        if part.kind in NOTES:
            kind_at = content.rindex(part.kind, 0, part.start)
            clean[kind_at : kind_at + 4] = b"free"
            clean[part.start : part.end] = bytes(part.end - part.start)
    return bytes(clean)


def _webm(content: bytes) -> SafeFilm:
    tops = list(_elements(content, 0, len(content)))
    kinds = [top.kind for top in tops]
    if kinds[:2] != [EBML, SEGMENT] or any(kind != VOID for kind in kinds[2:]):
        raise ValueError("not a WebM")
    doc_type = _element(content, tops[0], DOC_TYPE)
    if doc_type is None or content[doc_type.start : doc_type.end].rstrip(b"\0") != b"webm":
        raise MediaProblem(_("That is neither an MP4 nor a WebM film."))
    tracks = _element(content, tops[1], TRACKS)
    for track in _elements(content, tracks.start, tracks.end) if tracks else ():
        video, kind = _element(content, track, VIDEO), _element(content, track, TRACK_TYPE)
        if track.kind == TRACK and video is not None and kind is not None and _number(content, kind) == 1:
            codec = _element(content, track, CODEC)
            _check_codec(content[codec.start : codec.end].rstrip(b"\0") if codec else b"", WEBM_CODECS)
            wide, high = _element(content, video, PIXEL_WIDTH), _element(content, video, PIXEL_HEIGHT)
            width, height = (_number(content, each) if each else 0 for each in (wide, high))
            return SafeFilm(content=content, suffix=".webm", width=width, height=height)
    raise ValueError("no pictures")


def _element(content: bytes, part: Part, kind: int) -> Part | None:
    return next((each for each in _elements(content, part.start, part.end) if each.kind == kind), None)


def _elements(content: bytes, start: int, end: int) -> Iterator[Part]:
    """The elements in these bytes. One of unknown length reaches to the end."""
    at = start
    while at < end:
        id_length = _length(content[at], 4)
        kind = int.from_bytes(content[at : at + id_length], "big")
        at += id_length
        size_length = _length(content[at], 8)
        size = int.from_bytes(content[at : at + size_length], "big") & ((1 << 7 * size_length) - 1)
        at += size_length
        stop = end if size == (1 << 7 * size_length) - 1 else at + size
        if stop > end:
            raise ValueError("an element that does not fit")
        yield Part(kind, at, stop)
        at = stop


def _length(first: int, most: int) -> int:
    """How many bytes a number has, told by the leading zeros of its first."""
    length = 9 - first.bit_length()
    if length > most:
        raise ValueError("no element")
    return length


def _number(content: bytes, part: Part) -> int:
    return int.from_bytes(content[part.start : part.end], "big")
