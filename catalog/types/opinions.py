"""Reviews and questions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.types.basics import Picture


@dataclass(frozen=True)
class ReviewView:
    """A review in the reader's language where there is a translation; the original stays at hand."""

    title: str
    body: str
    rating: int
    author: str
    date: date
    language: str
    translated: bool
    market: str
    verified: bool = False
    original_title: str = ""
    original_body: str = ""
    pictures: tuple[Picture, ...] = ()
    id: int = 0
    rewarded: bool = False
    answer: str = ""
    answer_language: str = ""
    helpful: int = 0


@dataclass(frozen=True)
class QuestionView:
    """A question with the shop's answer, in the language both were written in."""

    id: int
    body: str
    author: str
    language: str
    answer: str
    asked: date


@dataclass(frozen=True)
class ReviewSummary:
    """`distribution` goes from five stars down; its entries and `languages` are links that filter the list."""

    average: Decimal | None
    count: int
    distribution: tuple["StarFilter", ...]
    languages: tuple["LanguageFilter", ...]
    shown: int = 0
    more_url: str | None = None
    photos: "ReviewFilter | None" = None
    """Only reviews with pictures; none where there are no such reviews."""
    is_filtered: bool = False
    clear_url: str = ""


@dataclass(frozen=True)
class ReviewFilter:
    """A link that narrows reviews down, or widens them again when it is `selected`."""

    count: int
    selected: bool
    url: str


@dataclass(frozen=True)
class StarFilter:
    """How many reviews give so many stars, and the link to them; no link where there are none."""

    stars: int
    count: int
    percent: int
    selected: bool
    url: str


@dataclass(frozen=True)
class LanguageFilter:
    """Reviews in one language; an empty code means all of them."""

    code: str
    label: str
    count: int
    selected: bool
    url: str
