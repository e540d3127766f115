"""Films: stored once by content, with a picture to show before they play and words to read along."""

import hashlib
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.actions.media import keep_file
from catalog.captions import checked_captions
from catalog.drafts import Words
from catalog.errors import MediaProblem
from catalog.models import MediaAsset
from catalog.translating.noting import note_texts

MOST_BYTES = 80 * 1024 * 1024
WEBM_START = b"\x1a\x45\xdf\xa3"


def add_film(
    *, code: str, content: bytes, size: tuple[int, int], alt: Words | None = None, poster: MediaAsset | None = None,
    captions: Mapping[str, bytes] | None = None,
) -> MediaAsset:  # fmt: skip
    """Store an MP4 or WebM of `size` pixels under `code`; `captions` are WebVTT files by language.

    Raises `MediaProblem` for anything else.
    """
    suffix = _suffix(content)
    checksum = hashlib.sha256(content).hexdigest()
    words = {language: checked_captions(each) for language, each in (captions or {}).items()}
    stem = f"catalog/{code}-{checksum[:10]}"
    film = MediaAsset.objects.filter(code=code).first() or MediaAsset(code=code)
    film.kind = MediaAsset.Kind.VIDEO
    film.file.name = keep_file(f"{stem}{suffix}", content)
    film.captions = {language: keep_file(captions_name(code, language, each), each) for language, each in words.items()}
    film.width, film.height = size
    film.poster, film.checksum = poster, checksum
    film.put_texts({"alt": alt or {}})
    with transaction.atomic():
        film.save()
        note_texts([film])
    return film


def captions_name(code: str, language: str, content: bytes) -> str:
    """Where the captions of a film are kept: named by content, so that no browser shows old ones."""
    return f"catalog/{code}-{language}-{hashlib.sha256(content).hexdigest()[:10]}.vtt"


def _suffix(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise MediaProblem(_("The film is too large."))
    if content[4:8] == b"ftyp":
        return ".mp4"
    if content.startswith(WEBM_START):
        return ".webm"
    raise MediaProblem(_("That is neither an MP4 nor a WebM film."))
