"""Short films of the demo goods: drawn by us, with the selling points to read along in every language."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from catalog.actions.films import add_film
from catalog.drafts import GalleryPicture
from catalog.models import MediaAsset
from content.demo.texts import table, words

FILMS = Path(__file__).parents[1] / "media" / "films"


@cache
def filmed() -> dict[str, dict[str, Any]]:
    """What is known of each film, by product."""
    found = (json.loads(path.read_text("utf-8")) for path in sorted(FILMS.glob("*.json")))
    return {row["product"]: row for row in found}


def films_of(code: str, poster: MediaAsset | None, alt: dict[str, str]) -> list[GalleryPicture]:
    """The film of a product as the last thing of its gallery, if there is one."""
    film = filmed().get(code)
    if film is None:
        return []
    row = next(row for row in table("products") if row["code"] == code)
    points = words(row["selling_points"])
    asset = add_film(
        code=f"{code}-film",
        content=(FILMS / f"{code}.webm").read_bytes(),
        size=(film["width"], film["height"]),
        alt=alt,
        poster=poster,
        captions={
            language: captions(text.splitlines(), film["seconds_per_view"]).encode()
            for language, text in points.items()
        },
    )
    return [GalleryPicture(asset_id=asset.pk)]


def captions(lines: list[str], seconds: int) -> str:
    """One line after the other, each for so many seconds, as WebVTT."""
    parts = ["WEBVTT"]
    for number, line in enumerate(lines):
        parts.append(f"{_clock(number * seconds)} --> {_clock((number + 1) * seconds)}\n{line}")
    return "\n\n".join(parts) + "\n"


def _clock(seconds: int) -> str:
    return f"{seconds // 60:02}:{seconds % 60:02}.000"
