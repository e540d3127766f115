"""The demo shop's words: English masters beside their translations, found by the English words themselves."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
TRANSLATED = ("de", "fr", "es", "pt-br", "ja", "zh-hans", "ar")


@cache
def table(name: str) -> Any:
    """One file of the demo data, as it was written."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


@cache
def memory(language: str) -> dict[str, str]:
    """English words and what they are in `language`."""
    path = DATA / "i18n" / f"{language}.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def words(value: dict[str, Any], *, joiner: str = "\n") -> dict[str, str]:
    """A translatable value in every language it has: {"en": …, "de": …}. Lists become lines.

    A language that lacks any part is left out, so that a page falls back as a whole.
    """
    parts = value["en"] if isinstance(value["en"], list) else [value["en"]]
    found = {"en": joiner.join(parts)}
    for language in TRANSLATED:
        own = value.get(language)
        if own is not None:
            found[language] = joiner.join(own) if isinstance(own, list) else own
        elif all(part in memory(language) for part in parts):
            found[language] = joiner.join(memory(language)[part] for part in parts)
    return found


def sentences(body: list[dict[str, Any]], language: str) -> str | None:
    """A page's sections as Markdown in `language`; nothing when a part is not translated."""
    known = memory(language)
    lines: list[str] = []
    for section in body:
        for mark, text in [("## ", section["heading"]), *(("", paragraph) for paragraph in section["paragraphs"])]:
            own = text if language == "en" else known.get(text)
            if own is None:
                return None
            lines.append(mark + own)
    return "\n\n".join(lines)


def missing(language: str) -> list[str]:
    """English words of the demo data that have no counterpart in `language`."""
    known = memory(language)
    return [text for text in sorted(_all_english()) if text not in known]


@cache
def _all_english() -> frozenset[str]:
    found: set[str] = set()
    for name in ("options", "attributes", "categories", "home", "brands", "policies", "products"):
        _collect(table(name), found)
    return frozenset(found)


def _collect(value: Any, found: set[str], key: str = "") -> None:
    if isinstance(value, dict) and set(value) == {"en"} and key != "customs_description":
        _leaves(value["en"], found)
    elif isinstance(value, dict):
        for name, part in value.items():
            _collect(part, found, name)
    elif isinstance(value, list):
        for part in value:
            _collect(part, found)


def _leaves(value: Any, found: set[str]) -> None:
    if isinstance(value, str):
        found.add(value)
        return
    for part in value.values() if isinstance(value, dict) else value:
        _leaves(part, found)


__all__ = ["memory", "missing", "sentences", "table", "words"]
