"""Films and captions of strangers: what browsers play is kept without notes, all else is refused with a reason."""

import pytest

from catalog.captions import checked_captions
from catalog.errors import MediaProblem
from catalog.safe_films import is_film, safe_film
from tests.factories.films import CAPTIONS, box, mp4, webm


def test_size_and_kind_are_read_from_the_bytes() -> None:
    film = safe_film(mp4())
    assert (film.suffix, film.width, film.height) == (".mp4", 1280, 720)
    film = safe_film(mp4(turned=True))
    assert (film.width, film.height) == (720, 1280)
    film = safe_film(webm(size=(160, 96)))
    assert (film.suffix, film.width, film.height) == (".webm", 160, 96)


def test_where_it_was_filmed_is_taken_out_and_nothing_moves() -> None:
    content = mp4(notes=b"\xa9xyz+48.13+011.57/", more=[box(b"uuid", b"secret")])
    film = safe_film(content)
    assert b"+48.13" not in film.content
    assert b"secret" not in film.content
    assert len(film.content) == len(content)
    assert film.content[-64:] == content[-64:]
    assert safe_film(film.content).content == film.content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "neither an MP4 nor a WebM"),
        (b"<html>", "neither an MP4 nor a WebM"),
        (mp4() + b"<script>alert(1)</script>", "damaged, or holds something else"),
        (mp4() + box(b"html", b"<script>"), "damaged, or holds something else"),
        (mp4()[:-8], "damaged"),
        (mp4(brand=b"qt  "), "damaged"),
        (mp4(codec=b"mp4v"), "coded as “mp4v”"),
        (mp4(size=(0, 0)), "no pictures"),
        (mp4(size=(9000, 100)), "too large"),
        (box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(9)), "damaged"),
        (webm(doc_type=b"matroska"), "neither an MP4 nor a WebM"),
        (webm(codec=b"V_MPEG4/ISO/AVC"), "coded as “V_MPEG4/ISO/AVC”"),
        (webm() + b"PK\x03\x04", "damaged"),
        (webm()[:60], "damaged"),
    ],
)
def test_what_is_no_film_or_more_than_one_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(MediaProblem) as refused:
        safe_film(content)
    assert words in str(refused.value)


def test_pictures_of_the_same_family_are_no_films() -> None:
    assert not is_film(box(b"ftyp", b"avif", bytes(4)))
    assert is_film(mp4())
    assert is_film(webm())


@pytest.mark.parametrize(
    "content",
    [
        CAPTIONS,
        b"\xef\xbb\xbf" + CAPTIONS.replace(b"\n", b"\r\n"),
        b"WEBVTT tea\n\nNOTE so\n\nSTYLE\n::cue {}\n\n1\n01:00:00.000 --> 01:00:02.500 align:start\nA\nB\n",
    ],
)
def test_captions_are_kept_as_plain_utf_8(content: bytes) -> None:
    kept = checked_captions(content)
    assert kept.startswith(b"WEBVTT")
    assert b"\r" not in kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<script>", "first line says WEBVTT"),
        (b"WEBVTTX\n\n", "first line says WEBVTT"),
        ("WEBVTT\n\nÄ".encode("latin-1"), "UTF-8"),
        (b"WEBVTT\n\nNOTE nothing\n", "The captions are empty"),
        (b"WEBVTT\n\n00:01 --> 00:02\nx\n", "Line 3"),
        (b"WEBVTT\n\n1\nno time\nx\n", "Line 4"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", "Line 3 of the captions ends before it begins"),
        (b"WEBVTT\n\n" + b"x" * 600_000, "too long"),
    ],
)
def test_captions_that_cannot_be_shown_are_refused_with_their_line(content: bytes, words: str) -> None:
    with pytest.raises(MediaProblem) as refused:
        checked_captions(content)
    assert words in str(refused.value)
