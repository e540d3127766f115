"""Words as other systems write them, brought to the shape of ours. The actions take out what could act in HTML."""

import re
from collections.abc import Mapping
from html import escape, unescape

from django.utils.html import strip_tags

from catalog.drafts import Words

LONGEST = {"name": 200, "meta_title": 160, "meta_description": 400}
SUMMARY = 300
TAG = re.compile(r"<(?:p|br|div|ul|ol|li|h[1-6]|b|i|em|strong|span|table|a|img)\b[^>]*>", re.IGNORECASE)
BREAK = re.compile(r"(?=<(?:p|br|div|li|h[1-6]|td|th)\b)", re.IGNORECASE)


def as_html(text: str) -> str:
    """Paragraphs of a plain text; a text that has tags stays as it is."""
    if TAG.search(text):
        return text
    plain = text.replace("\\n", "\n").replace("\r\n", "\n")
    return "".join(
        f"<p>{escape(part.strip(), quote=False)}</p>" for part in re.split(r"\n\s*\n|\n", plain) if part.strip()
    )


def as_line(text: str, most: int = SUMMARY) -> str:
    """A text without tags in one line, cut at a word when it is longer than `most`."""
    plain = " ".join(unescape(strip_tags(BREAK.sub(" ", text))).split())
    if len(plain) <= most:
        return plain
    whole, _space, _rest = plain[: most - 1].rpartition(" ")
    return f"{whole or plain[: most - 1]}…"


def texts_of(found: Mapping[str, Words]) -> dict[str, dict[str, str]]:
    """Texts per field and language from raw words: cut, cleaned of tags where none belong, empty ones left out.

    The summary is made of the description where it is missing.
    """
    texts: dict[str, dict[str, str]] = {}
    for field, words in found.items():
        kept = {language: _shaped(field, text) for language, text in words.items() if text and text.strip()}
        texts[field] = {language: text for language, text in kept.items() if text}
    summaries = texts.setdefault("summary", {})
    for language, text in texts.get("description", {}).items():
        summaries.setdefault(language, as_line(text))
    return texts


def words(language: str, text: str) -> dict[str, str]:
    """The text in one language; nothing for an empty one."""
    return {language: text} if text.strip() else {}


def tags_of(text: str, separator: str = ",") -> tuple[str, ...]:
    """Tags from a list in one cell: each once, in its order."""
    return tuple(dict.fromkeys(tag.strip()[:80] for tag in text.split(separator) if tag.strip()))


def _shaped(field: str, text: str) -> str:
    if field == "description":
        return as_html(text)
    if field in ("name", "summary", "meta_title", "meta_description"):
        return as_line(text, LONGEST.get(field, SUMMARY))
    return text.strip()
