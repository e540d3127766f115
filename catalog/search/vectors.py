"""A product's words as PostgreSQL keeps them: lexemes with places and weights, and what a hit counts. Pure.

Weights say where a word stands: A the words of its name that say what the thing is, B the rest of its name, brand,
model and search words, C summary, categories and options, D details and description. `norms_of` makes short fields
count more, as in BM25: a word among five says more than one among fifty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from catalog.search.heads import heads_of
from catalog.search.normalise import is_run
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
Held = tuple[tuple[tuple[str, int, str], ...], int]
"""Lexemes as literals, each with its place and weight, and the number of places."""


@dataclass(frozen=True)
class Said:
    """A text and the language it is in."""

    text: str
    language: str

    @cached_property
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


class Vectors:
    """Documents of a batch. What a text holds is worked out once, however many documents and languages repeat it."""

    def __init__(self, stems: Stems) -> None:
        self._stems = stems
        self._held: dict[tuple[Said, Place], Held] = {}
        self._plain: dict[Said, dict[str, str]] = {}

    def vector_of(self, fields: Sequence[Field]) -> str:
        """The literal of a tsvector."""
        places: dict[str, list[str]] = {}
        begins = 1
        for field in fields:
            for said in field.said:
                lexemes, width = self._held_by(said, field.place)
                for lexeme, offset, weight in lexemes:
                    held = places.get(lexeme)
                    if held is None:
                        held = places[lexeme] = []
                    elif len(held) >= MOST_PLACES:
                        continue
                    place = begins + offset
                    held.append(f"{place if place < LAST_PLACE else LAST_PLACE}{weight}")
                begins += width + GAP
        return " ".join([f"{lexeme}:{','.join(held)}" for lexeme, held in places.items()])

    def plain_words(self, fields: Sequence[Field], language: str) -> str:
        """The document's words in its own language, each as form, lexeme and label: corrections choose from them.

        A word that is there twice is labelled as where it came first.
        """
        found: dict[str, str] = {}
        for said in reversed([one for field in fields for one in field.said if one.language == language]):
            found |= self._plain_of(said)
        return " ".join([found[form] for form in sorted(found)])

    def _held_by(self, said: Said, place: Place) -> Held:
        held = self._held.get((said, place))
        if held is None:
            held = self._held[said, place] = held_by(said, place, self._stems[said.language])
        return held

    def _plain_of(self, said: Said) -> dict[str, str]:
        found = self._plain.get(said)
        if found is None:
            known, found = self._stems[said.language], {}
            for form, shown, _also, _ends in said.words:
                if form not in found and 1 < len(form) <= LONGEST and not form[0].isdigit():
                    lexeme = known.get(form, form) if form.isascii() or not is_run(form) else ""
                    found[form] = f"{form}\t{lexeme}\t{shown}"
            self._plain[said] = found
        return found


def held_by(said: Said, place: Place, known: Mapping[str, str]) -> Held:
    """The quoted lexemes of a text with their places from its beginning, and how many places it takes."""
    words = said.words
    heads = heads_of(words, said.language) if place == "name" else frozenset()
    usual, at_place = WEIGHTS[place], 0
    held: list[tuple[str, int, str]] = []
    for at, (form, _shown, also, _ends) in enumerate(words):
        weight = "A" if at in heads else usual
        if not form.isascii() and is_run(form):
            signs = signs_of(form)
            held += [(quoted(sign), at_place + step, weight) for step, sign in enumerate(signs)]
            at_place += len(signs)
        else:
            held.append((quoted(known.get(form, form)), at_place, weight))
            if also:
                held += [(quoted(known.get(other, other)), at_place, weight) for other in also]
        at_place += 1
    return tuple(held), at_place


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


def quoted(lexeme: str) -> str:
    """A lexeme as vectors and queries write it: whatever is in it is only text."""
    if lexeme.isalnum():
        return f"'{lexeme}'"
    plain = lexeme.replace("\x00", "").replace("\\", "\\\\").replace("'", "''")
    return f"'{plain}'"
