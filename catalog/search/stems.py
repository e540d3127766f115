"""Stems of words, asked of PostgreSQL once per word and process."""

from collections.abc import Collection

from catalog.search.languages import stemmer_of
from catalog.sql import fetch

STEMS = "SELECT w, (ts_lexize(%s::regdictionary, w))[1] FROM unnest(%s::text[]) AS w"
MOST_KEPT = 200_000

_known: dict[str, dict[str, str]] = {}


def stems_of(words: Collection[str], language: str) -> dict[str, str]:
    """Each word with its stem. Words with digits, and those of languages without a stemmer, are their own."""
    stemmer = stemmer_of(language)
    if stemmer is None:
        return {word: word for word in words}
    known = _known.setdefault(stemmer, {})
    if len(known) > MOST_KEPT:
        known.clear()
    unknown = sorted({word for word in words if word not in known and word.isalpha()})
    if unknown:
        known.update({word: stem or word for word, stem in fetch(STEMS, [stemmer, unknown])})
    return {word: known.get(word, word) for word in words}


FILLERS = "SELECT w FROM unnest(%s::text[]) AS w WHERE ts_lexize(%s::regdictionary, w) = '{}'"

_fillers: dict[str, dict[str, bool]] = {}


def fillers_of(words: Collection[str], language: str) -> set[str]:
    """Which of the words say next to nothing in a language: "the", "mit", "de". They need not be matched."""
    stemmer = stemmer_of(language)
    if stemmer is None:
        return set()
    known = _fillers.setdefault(stemmer, {})
    unknown = sorted({word for word in words if word not in known and word.isalpha()})
    if unknown:
        said = {row[0] for row in fetch(FILLERS, [unknown, f"{stemmer.removeprefix('catalog_')}_stem"])}
        if len(known) > MOST_KEPT:
            known.clear()
        known.update({word: word in said for word in unknown})
    return {word for word in words if known.get(word)}
