"""How ready a variant is for a customs border. Pure.

The points are our own: a parcel without code, origin, description or weight cannot be declared; the rest makes a
declaration hold. Descriptions follow the stop-word rule of the EU's advance cargo information (CROSSBORDER section 5).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from markets.duty.papers import FEWEST_WORDS
from markets.duty.papers import STOP_WORDS as PAPERS_SAY_NOTHING

HS, ORIGIN, DESCRIPTION, WEIGHT, MATERIALS, VALUE, REVIEW = (
    "hs_code", "origin", "description", "weight", "materials", "value", "review",
)  # fmt: skip
POINTS: Mapping[str, int] = {
    HS: 30, ORIGIN: 20, DESCRIPTION: 20, WEIGHT: 15, MATERIALS: 5, VALUE: 5, REVIEW: 5
}  # fmt: skip
NEEDED: tuple[str, ...] = (HS, ORIGIN, DESCRIPTION, WEIGHT)
"""What a declaration cannot be made without."""
WORDS: Mapping[str, str | Promise] = {
    HS: pgettext_lazy("customs fact", "goods code"),
    ORIGIN: pgettext_lazy("customs fact", "country of origin"),
    DESCRIPTION: pgettext_lazy("customs fact", "customs description in Latin letters"),
    WEIGHT: pgettext_lazy("customs fact", "weight"),
    MATERIALS: pgettext_lazy("customs fact", "materials"),
    VALUE: pgettext_lazy("customs fact", "price"),
    REVIEW: pgettext_lazy("customs fact", "review of the goods code"),
}
_ALSO = (
    "accessory apparel appliance appliances article box boxes electronic item miscellaneous other part personal set"
    " sets textile textiles thing toy toys a an and for from in of on or the to with without"
)
STOP_WORDS = PAPERS_SAY_NOTHING | frozenset(_ALSO.split())
LEAST_DIGITS = 6


@dataclass(frozen=True)
class CustomsFacts:
    """What is known of a variant."""

    hs_code: str
    origin: str
    description: str
    weight_g: int
    materials: str
    has_price: bool
    is_reviewed: bool


@dataclass(frozen=True)
class Readiness:
    """Points out of 100, and what is missing, most important first."""

    score: int
    missing: tuple[str, ...]

    @property
    def can_be_declared(self) -> bool:
        """Whether a parcel with it may go to customs."""
        return not set(self.missing) & set(NEEDED)

    @property
    def words(self) -> tuple[str, ...]:
        """What is missing, in words."""
        return tuple(str(WORDS[one]) for one in self.missing)


def readiness(facts: CustomsFacts) -> Readiness:
    """How ready a variant with these facts is."""
    held = {
        HS: len(facts.hs_code) >= LEAST_DIGITS,
        ORIGIN: bool(facts.origin),
        DESCRIPTION: describes(facts.description),
        WEIGHT: facts.weight_g > 0,
        MATERIALS: bool(facts.materials.strip()),
        VALUE: facts.has_price,
        REVIEW: facts.is_reviewed and len(facts.hs_code) >= LEAST_DIGITS,
    }
    return Readiness(
        score=sum(POINTS[name] for name, there in held.items() if there),
        missing=tuple(name for name, there in held.items() if not there),
    )


def describes(text: str) -> bool:
    """Whether customs take the words: Latin letters, three words that mean something, not all of them stop words."""
    return is_latin(text) and len(meaningful(text)) >= FEWEST_WORDS


def is_latin(text: str) -> bool:
    """Whether every letter is a Latin one."""
    return all("LATIN" in unicodedata.name(sign, "") for sign in text if sign.isalpha())


def meaningful(text: str) -> list[str]:
    """The words that say what a thing is: no stop words, no numbers."""
    found = re.findall(r"[^\W\d_]{2,}", text.lower())
    return [word for word in dict.fromkeys(found) if word not in STOP_WORDS]
