"""Texts taken apart into words, in any script. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from catalog.search.normalise import CJK, HANGUL, INDIC, SPACELESS, UNSEEN, fold, form_of, further_forms, is_run, pairs

LONGEST = 60
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


@dataclass(frozen=True, slots=True)
class Word:
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


@lru_cache(maxsize=20_000)
def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of a text in a language; a run of Chinese, Japanese, Korean or Thai is one word."""
    plain = INCHES.sub(" inch ", UNSEEN.sub("", unicodedata.normalize("NFKC", text).replace("İ", "i").lower()))
    found = list(PIECES.finditer(plain))
    between = [plain[one.end() : after.start()] for one, after in pairwise(found)] + ["."]
    forms = [_form(one[0], language) for one in found]
    return tuple(
        Word(
            form=forms[at],
            shown=piece[0][:LONGEST],
            also=tuple(dict.fromkeys(_also(forms, between, at, language))),
            ends=_parts(between[at]) or (at + 1 < len(forms) and forms[at + 1][:1].isdigit()),
        )
        for at, piece in enumerate(found)
    )


def key_of(text: str, language: str) -> str:
    """The whole text in one spelling: two texts with one key say the same."""
    return " ".join(word.form for word in words_of(text, language))


def signs_of(run: str) -> list[str]:
    """What a document holds of a run: pairs of characters, and the last one so that each can be found alone."""
    return [*pairs(run), run[-1]] if len(run) > 1 else [run]


def _parts(sign: str) -> bool:
    """Whether what stands between two words parts two phrases: a comma does, a hyphen within a word does not."""
    return sign not in JOINERS and bool(sign.strip())


def _form(piece: str, language: str) -> str:
    return UNITS.get(fold(piece)) or form_of(piece[:LONGEST], language) or piece[:LONGEST]


def _also(forms: list[str], between: list[str], at: int, language: str) -> Iterator[str]:
    """Other words this one may be looked for as: joined with the next, taken apart, rounded."""
    form = forms[at]
    yield from further_forms(form, language)
    if (rounded := ROUND.fullmatch(form)) is not None:
        yield rounded[1]
    if (parts := NUMBER_WITH_UNIT.fullmatch(form)) is not None:
        yield from parts.groups()
    if (
        at + 1 < len(forms)
        and not between[at].strip()
        and NUMBER.fullmatch(form)
        and SHORT_UNIT.fullmatch(forms[at + 1])
    ):
        yield form + forms[at + 1]
    joined = form
    for place in range(at, min(at + MOST_JOINED, len(forms)) - 1):
        if between[place] not in JOINERS:
            break
        joined += forms[place + 1]
        if len(joined) <= LONGEST and not is_run(joined):
            yield joined
