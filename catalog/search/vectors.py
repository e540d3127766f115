"""A product's words as PostgreSQL keeps them: lexemes with places and weights, and what a hit counts. Pure.

Weights say where a word stands: A the words of its name that say what the thing is, B the rest of its name, brand,
model and search words, C summary, categories and options, D details and description. `norms_of` makes short fields
count more, as in BM25: a word among five says more than one among fifty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from catalog.search.heads import heads_of
from catalog.search.words import LONGEST, Word, signs_of, words_of

Place = Literal["name", "kind", "near", "about", "far"]
WEIGHTS: dict[Place, str] = {"name": "B", "kind": "C", "near": "B", "about": "C", "far": "D"}
COUNTS = {"A": 1.0, "B": 0.85, "C": 0.55, "D": 0.15}
USUAL_LENGTH = {"A": 20.0, "B": 20.0, "C": 20.0, "D": 60.0}
"""Words a field usually has. Fixed, so that one product's document does not depend on the others'."""
LENGTH_MATTERS = 0.8
HIGHEST = 1.6
GAP = 16
"""Places between two texts, so that no phrase reaches from one into the next."""
LAST_PLACE = 16_000
MOST_PLACES = 24

Stems = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Said:
    """A text and the language it is in."""

    text: str
    language: str

    @property
    def words(self) -> tuple[Word, ...]:
        return words_of(self.text, self.language)


@dataclass(frozen=True)
class Field:
    """Texts that count alike."""

    place: Place
    said: tuple[Said, ...]

    @cached_property
    def length(self) -> int:
        return sum(len(said.words) for said in self.said)


def vector_of(fields: Sequence[Field], stems: Stems) -> str:
    """The literal of a tsvector."""
    places: dict[str, list[str]] = {}
    for lexeme, place, weight in _placed(fields, stems):
        held = places.setdefault(lexeme, [])
        if len(held) < MOST_PLACES:
            held.append(f"{min(place, LAST_PLACE)}{weight}")
    return " ".join(f"{quoted(lexeme)}:{','.join(held)}" for lexeme, held in places.items())


def norms_of(fields: Sequence[Field]) -> list[float]:
    """What a hit of D, C, B and A counts in this document, between 0 and 1, as `ts_rank` takes it."""
    lengths = dict.fromkeys("ABCD", 0)
    for field in fields:
        for weight in "AB" if WEIGHTS[field.place] in "AB" else WEIGHTS[field.place]:
            lengths[weight] += field.length
    return [round(_norm(COUNTS[at], lengths[at] / USUAL_LENGTH[at]), 4) for at in "DCBA"]


def _norm(counts: float, length: float) -> float:
    """Short fields count up to twice and more, but never above what their weight counts at most."""
    return min(counts / (1 - LENGTH_MATTERS + LENGTH_MATTERS * length) / HIGHEST, counts)


def plain_words(fields: Sequence[Field], language: str, stems: Stems) -> str:
    """The document's words in its own language, each as form, lexeme and label: what corrections choose from."""
    found: dict[str, tuple[str, str]] = {}
    for said in (one for field in fields for one in field.said if one.language == language):
        for word in said.words:
            if 1 < len(word.form) <= LONGEST and not word.form[0].isdigit():
                lexeme = "" if word.is_run else stems[language].get(word.form, word.form)
                found.setdefault(word.form, (lexeme, word.shown))
    return " ".join(f"{form}\t{lexeme}\t{label}" for form, (lexeme, label) in sorted(found.items()))


def quoted(lexeme: str) -> str:
    """A lexeme as vectors and queries write it: whatever is in it is only text."""
    plain = lexeme.replace("\x00", "").replace("\\", "\\\\").replace("'", "''")
    return f"'{plain}'"


def _placed(fields: Sequence[Field], stems: Stems) -> Iterator[tuple[str, int, str]]:
    place = 1
    for field in fields:
        for said in field.said:
            words = said.words
            heads = heads_of(words, said.language) if field.place == "name" else frozenset()
            known = stems[said.language]
            for at, word in enumerate(words):
                weight = "A" if at in heads else WEIGHTS[field.place]
                if word.is_run:
                    for sign in signs_of(word.form):
                        yield sign, place, weight
                        place += 1
                else:
                    for form in (word.form, *word.also):
                        yield known.get(form, form), place, weight
                place += 1
            place += GAP
