"""Texts taken apart into words, in any script. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from catalog.search.normalise import (
    CJK,
    HANGUL,
    INDIC,
    PREFIXING,
    SPACELESS,
    UNSEEN,
    fold,
    form_of,
    further_forms,
    is_run,
    pairs,
)

LONGEST = 60
REPEATED = 120
"""Texts up to this length are remembered: names of categories, brands and choices come again and again."""
MOST_JOINED = 4
WORD = rf"(?:[^\W_{CJK}{HANGUL}{SPACELESS}]|[{INDIC}])"
PIECES = re.compile(rf"[{CJK}]+|[{HANGUL}]+|[{SPACELESS}]+|[0-9]+(?:[.,][0-9]+)+{WORD}*|{WORD}+(?:[.,][0-9]+)?")
JOINERS = frozenset("-./'’_+·&‐‑\u200c")
INCHES = re.compile(r"(?<=[0-9])\s?(?:\"|”|“|″|′′|'')")
UNITS = {
    "inches": "inch", "zoll": "inch", "pouce": "inch", "pouces": "inch", "pulgada": "inch", "pulgadas": "inch",
    "polegada": "inch", "polegadas": "inch", "pollici": "inch", "インチ": "inch", "英寸": "inch", "بوصه": "inch",
    "дюйм": "inch", "дюймов": "inch", "дюйма": "inch",
}  # fmt: skip
SHORT_UNIT = re.compile(r"[a-zµ]{1,4}")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
NUMBER_WITH_UNIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)([a-zµ]{1,4})")
ROUND = re.compile(r"([0-9]+)\.0+")
DIGITS = frozenset("0123456789")


class Word(NamedTuple):
    """A word where it stands. `form` is its one spelling, `shown` what a reader sees, `also` other ways to say it.

    `ends` says that a phrase ends behind it: a bracket, a comma, a number or the end of the text.
    """

    form: str
    shown: str
    also: tuple[str, ...] = ()
    ends: bool = False

    @property
    def is_run(self) -> bool:
        return is_run(self.form)


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of a text in a language; a run of Chinese, Japanese, Korean or Thai is one word."""
    return _remembered(text, language) if len(text) <= REPEATED else _words(text, language)


def _words(text: str, language: str) -> tuple[Word, ...]:
    plain = INCHES.sub(" inch ", UNSEEN.sub("", unicodedata.normalize("NFKC", text).replace("İ", "i").lower()))
    found = list(PIECES.finditer(plain))
    between = [plain[one.end() : after.start()] for one, after in pairwise(found)] + ["."]
    forms = [_form(one[0], language) for one in found]
    return tuple(
        [
            Word(
                forms[at],
                piece[0][:LONGEST],
                _also(forms, between, at, language),
                _parts(between[at]) or (at + 1 < len(forms) and forms[at + 1][0].isdigit()),
            )
            for at, piece in enumerate(found)
        ]
    )


_remembered = lru_cache(maxsize=20_000)(_words)


def key_of(text: str, language: str) -> str:
    """The whole text in one spelling: two texts with one key say the same."""
    return " ".join(word.form for word in words_of(text, language))


def signs_of(run: str) -> list[str]:
    """What a document holds of a run: pairs of characters, and the last one so that each can be found alone."""
    return [*pairs(run), run[-1]] if len(run) > 1 else [run]


def _parts(sign: str) -> bool:
    """Whether what stands between two words parts two phrases: a comma does, a hyphen within a word does not."""
    return sign != " " and sign not in JOINERS and bool(sign.strip())


@lru_cache(maxsize=30_000)
def _form(piece: str, language: str) -> str:
    return UNITS.get(fold(piece)) or form_of(piece[:LONGEST], language) or piece[:LONGEST]


def _also(forms: list[str], between: list[str], at: int, language: str) -> tuple[str, ...]:
    """Other words this one may be looked for as: rounded, taken apart, joined with the next. Most are only themselves.

    Each once, in this order.
    """
    form, joins = forms[at], between[at] in JOINERS
    is_number = form[0] in DIGITS
    if not joins and not is_number and language not in PREFIXING:
        return ()
    found = list(_other_forms(form, language))
    if is_number and at + 1 < len(forms) and not between[at].strip() and NUMBER.fullmatch(form):
        found += [form + forms[at + 1]] if SHORT_UNIT.fullmatch(forms[at + 1]) else []
    if joins:
        found += _joined(forms, between, at)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=30_000)
def _other_forms(form: str, language: str) -> tuple[str, ...]:
    """What the word alone may be: without its prefix, rounded, its number and its unit."""
    rounded, parts = ROUND.fullmatch(form), NUMBER_WITH_UNIT.fullmatch(form)
    return (
        *further_forms(form, language),
        *([rounded[1]] if rounded else []),
        *(parts.groups() if parts else []),
    )


def _joined(forms: list[str], between: list[str], at: int) -> Iterator[str]:
    joined = forms[at]
    for place in range(at, min(at + MOST_JOINED, len(forms)) - 1):
        if between[place] not in JOINERS:
            break
        joined += forms[place + 1]
        if len(joined) <= LONGEST and not is_run(joined):
            yield joined
