"""Misspelt words: which word of the catalogue was meant. Distances are pure; candidates come from trigrams."""

from collections.abc import Sequence
from itertools import pairwise

from catalog.search.languages import spoken
from catalog.search.query import Query, Unit
from catalog.sql import fetch

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_DOWN = [pair for above, below in pairwise(ROWS) for pair in zip(above, below, strict=False)]
BESIDE = {frozenset(pair) for pair in (*_DOWN, *(pair for row in ROWS for pair in pairwise(row)))}
"""Keys next to each other: the finger slipped."""
SLIP, CHANGE = 0.7, 1.0
OTHER_KEYBOARDS = {
    "ru": "йцукенгшщзхъфывапролджэячсмитьбю",
    "uk": "йцукенгшщзхїфівапролджєячсмитьбю",
    "el": ";ςερτυθιοπ[]ασδφγηξκλ΄'ζχψωβνμ,.",
    "he": "/'קראטוןםפ][שדגכעיחלךף,זסבהנמצתץ",
    "ar": "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرلىةوز",
}
"""What the keys of an American keyboard, from q on, write where another language is set."""
LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
CANDIDATES = """
SELECT w.word, t.normal, t.label, t.products FROM unnest(%(words)s::text[]) AS w(word) CROSS JOIN LATERAL (
  SELECT normal, label, products, similarity(normal, w.word) AS near FROM catalog_searchterm
  WHERE language = ANY(%(spoken)s) AND kind = 'word' AND normal %% w.word
    AND abs(length(normal) - length(w.word)) <= 3
  ORDER BY near DESC, products DESC, normal LIMIT 20) t
"""
KNOWN = """
SELECT normal FROM catalog_searchterm
WHERE language = ANY(%(spoken)s) AND kind = 'word' AND normal = ANY(%(words)s)
"""


def corrected(query: Query, language: str) -> str | None:
    """The query with each unknown word replaced by the one that was probably meant; None when nothing comes near."""
    unknown = [unit for unit in query.units if not unit.is_known and not unit.word.form[:1].isdigit()]
    better = nearest(unknown, language) if unknown else {}
    if not better:
        return None
    return " ".join(better.get(unit.word.form, unit.word.shown) for unit in query.units)


def nearest(units: Sequence[Unit], language: str) -> dict[str, str]:
    """The nearest word of the catalogue for each word that has one, as a reader writes it."""
    words = [unit.word.form for unit in units]
    found: dict[str, tuple[float, int, str]] = {}
    rows = fetch(CANDIDATES, {"words": words, "spoken": list(spoken(language))})
    for word, normal, label, products in rows:
        away = distance(word, normal)
        best = (away, -products, label)
        if normal != word and away <= allowed(word) and best < found.get(word, (9.0, 0, "")):
            found[word] = best
    return {word: label for word, (_away, _products, label) in found.items()}


def retyped(text: str, language: str) -> str | None:
    """The text as it would read had another keyboard been set, when the catalogue knows every word of that."""
    from_latin = dict(zip(LATIN_KEYS, OTHER_KEYBOARDS.get(language.partition("-")[0], ""), strict=False))
    tables = [from_latin] if from_latin else []
    tables += [dict(zip(keys, LATIN_KEYS, strict=True)) for keys in OTHER_KEYBOARDS.values()]
    readings = ["".join(table.get(char, char) for char in text.lower()).split() for table in tables]
    wanted = sorted({word for words in readings for word in words})
    known = {row[0] for row in fetch(KNOWN, {"words": wanted, "spoken": list(spoken(language))})}
    return next((" ".join(words) for words in readings if words and known.issuperset(words)), None)


def allowed(word: str) -> float:
    """How far a word may be from what was meant."""
    return 1.0 if len(word) <= 4 else 2.0 if len(word) <= 8 else 3.0


def distance(typed: str, meant: str) -> float:
    """Insertions, losses, changes and swaps of neighbours; a slip to the next key counts less."""
    before: list[float] = []
    row = [float(at) for at in range(len(meant) + 1)]
    for down, char in enumerate(typed, start=1):
        above, row = row, [float(down)]
        for across, other in enumerate(meant, start=1):
            change = 0.0 if char == other else SLIP if frozenset((char, other)) in BESIDE else CHANGE
            best = min(above[across] + 1, row[across - 1] + 1, above[across - 1] + change)
            if down > 1 and across > 1 and char == meant[across - 2] and typed[down - 2] == other:
                best = min(best, before[across - 2] + CHANGE)
            row.append(best)
        before = above
    return row[-1]
