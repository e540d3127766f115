"""The words printed on documents, from `tables/wording.json`. Pure.

They are a table of ours and not gettext: the law words some of them, an issued document keeps them for ever, and a
country may ask for its language although the shop does not speak it (docs/decisions, documents).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "tables" / "wording.json"
FALLBACK = "en"


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(TABLE.read_text("utf-8"))
    return table


def languages() -> tuple[str, ...]:
    """The languages documents are written in; others get English."""
    return tuple(_table()["languages"])


def word(key: str, language: str, **facts: str) -> str:
    """The words of `key` in `language`, with `facts` filled in. Raises `KeyError` for a key that is not there."""
    words: list[str] = _table()["words"][key]
    spoken = languages()
    found = words[spoken.index(language if language in spoken else FALLBACK)]
    return found.format(**facts) if facts else found


def has_word(key: str) -> bool:
    """Whether the table knows the key."""
    return key in _table()["words"]


def tax_number_label(country: str, language: str) -> str:
    """What the tax number of a country is called there; in words where its own name is not known."""
    labels: Mapping[str, str] = _table()["tax_number_labels"]
    return labels.get(country) or word("vat_number", language)
