"""The glossary as the desk reads it: which of its terms stand in a text."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import Q

from catalog.models import GlossaryTerm
from catalog.translating.texts import Kind, bare

WORDLESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def terms_for(language: str) -> tuple[GlossaryTerm, ...]:
    """The terms that hold in a language; its own one wins over that of every language. One query."""
    found: dict[str, GlossaryTerm] = {}
    rows = GlossaryTerm.objects.filter(Q(language=language) | Q(language="")).order_by("language", "source_term")
    for term in rows:
        found[term.source_term.casefold()] = term
    return tuple(sorted(found.values(), key=lambda term: (-len(term.source_term), term.source_term)))


def hits_in(text: str, kind: Kind, terms: Sequence[GlossaryTerm]) -> tuple[GlossaryTerm, ...]:
    """The terms that stand in the text as words of their own; of terms inside each other the longest wins."""
    read = bare(text, kind)
    lowered = read.casefold()
    found = [term for term in terms if term.source_term.casefold() in lowered and _stands(term, read)]
    return tuple(term for term in found if not _inside(term, found))


def _stands(term: GlossaryTerm, text: str) -> bool:
    return _finder(term.source_term, term.case_sensitive).search(text) is not None


def _inside(term: GlossaryTerm, found: Iterable[GlossaryTerm]) -> bool:
    own = term.source_term.casefold()
    return any(other is not term and own != other.source_term.casefold() and own in other.source_term.casefold()
               for other in found)  # fmt: skip


@lru_cache(maxsize=4096)
def _finder(words: str, is_exact: bool) -> re.Pattern[str]:
    edge = "" if WORDLESS.search(words) else r"(?!\w)"
    front = "" if WORDLESS.search(words) else r"(?<!\w)"
    return re.compile(f"{front}{re.escape(words)}{edge}", 0 if is_exact else re.IGNORECASE)
