"""What was asked, understood: each word with its stems, what else it may stand for, and how much it says."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from catalog.cache import remembered
from catalog.models import Synonym
from catalog.search.languages import COMPOUNDING, spoken
from catalog.search.normalise import fold, pairs
from catalog.search.stems import fillers_of, stems_of
from catalog.search.vectors import quoted
from catalog.search.words import Word, key_of, words_of
from catalog.sql import fetch

MOST_WORDS = 12
LONGEST_TEXT = 200
MEANS_TOO, JOINED, ENDS_SO, BEGINS_SO, CONTAINS = 0.8, 0.5, 0.75, 0.8, 0.55
"""How much a synonym, two words written as one, a compound with this end, a beginning and a part count."""
LONGEST_PHRASE = 3
LEAST_END = 4
MOST_KIN = 40

KNOWLEDGE = """
SELECT 'documents', lexeme, '', sum(products)::bigint FROM catalog_searchterm
WHERE language = ANY(%(spoken)s) AND kind = 'word' AND lexeme = ANY(%(lexemes)s) GROUP BY lexeme
UNION ALL
SELECT 'joined', normal, lexeme, products FROM catalog_searchterm
WHERE language = ANY(%(spoken)s) AND kind = 'word' AND normal = ANY(%(joined)s)
UNION ALL
SELECT 'ends', w.word, t.lexeme, t.products FROM unnest(%(ends)s::text[]) AS w(word) CROSS JOIN LATERAL (
  SELECT lexeme, products FROM catalog_searchterm
  WHERE language = %(language)s AND kind = 'word' AND normal LIKE '%%___' || w.word
  ORDER BY products DESC, normal LIMIT %(most)s) t
"""
CONTAINING = """
SELECT w.word, t.lexeme, t.label, t.products, t.starts
FROM unnest(%(words)s::text[], %(patterns)s::text[]) AS w(word, pattern) CROSS JOIN LATERAL (
  SELECT lexeme, label, products, normal LIKE w.pattern || '%%' AS starts FROM catalog_searchterm
  WHERE language = ANY(%(spoken)s) AND kind = 'word' AND lexeme <> '' AND normal LIKE
        CASE WHEN length(w.word) >= 4 THEN '%%' ELSE '' END || w.pattern || '%%'
  ORDER BY normal LIKE w.pattern || '%%' DESC, products DESC, normal LIMIT %(most)s) t
"""
DOCUMENTS = "SELECT count(*) FROM catalog_searchdocument WHERE language = %s"


@dataclass(frozen=True)
class Unit:
    """A word of the query. `exact` and `kin` are texts of tsquery; `kin` pairs each with what it counts.

    `documents` is how many have the word itself, `kindred` how many have longer words it stands for, as far as counted;
    `weight` grows with its rarity. A filler need not be matched.
    """

    word: Word
    exact: str
    lexemes: tuple[str, ...] = ()
    kin: tuple[tuple[float, str], ...] = ()
    documents: int = 0
    kindred: int = 0
    weight: float = 1.0
    is_filler: bool = False

    @property
    def is_known(self) -> bool:
        """Whether some product may have it. Numbers are not counted as words, so each of them may."""
        return self.documents > 0 or bool(self.kin) or self.word.is_run or self.word.form[0].isdigit()

    @property
    def any_way(self) -> str:
        """The word in any of its meanings."""
        return " | ".join(f"({query})" for query in (self.exact, *(query for _count, query in self.kin)))


@dataclass(frozen=True)
class Query:
    """All units, and the whole text in one spelling."""

    units: tuple[Unit, ...]
    key: str

    @property
    def wanted(self) -> tuple[Unit, ...]:
        """The units a product must match; all of them when all are fillers."""
        return tuple(unit for unit in self.units if not unit.is_filler) or self.units


def understand(text: str, language: str) -> Query:
    """The query with what the catalogue knows about its words. At most two questions, one when warm."""
    words = distinct(words_of(text[:LONGEST_TEXT], language))[:MOST_WORDS]
    units = _plain_units(words, language)
    if not units:
        return Query((), "")
    joined = {first.word.form + link + then.word.form: (at, at + 1)
              for at, (first, then) in enumerate(pairwise(units))
              if not first.word.is_run and not then.word.is_run
              for link in (("", "s") if language in COMPOUNDING else ("",))}  # fmt: skip
    compounds = [unit.word.form for unit in units if language in COMPOUNDING and _can_end(unit)]
    known = fetch(KNOWLEDGE, {
        "spoken": list(spoken(language)), "language": language, "most": MOST_KIN, "joined": list(joined),
        "lexemes": [lexeme for unit in units for lexeme in unit.lexemes], "ends": compounds,
    })  # fmt: skip
    found = _counted(units, {lexeme: count for kind, lexeme, _, count in known if kind == "documents"}, language)
    kin: list[list[tuple[float, str]]] = [list(unit.kin) for unit in found]
    kindred = [0] * len(found)
    for kind, term, lexeme, count in known:
        if kind == "joined":
            for at in joined[term]:
                kin[at].append((JOINED, quoted(lexeme)))
                kindred[at] += count
    for at, unit in enumerate(found):
        ends = {lexeme: n for kind, word, lexeme, n in known if kind == "ends" and word == unit.word.form and lexeme}
        if ends:
            kin[at].append((ENDS_SO, any_of(sorted(ends))))
            kindred[at] += sum(ends.values())
    _add_synonyms(words, kin, language)
    return Query(
        tuple(replace(unit, kin=tuple(more), kindred=n) for unit, more, n in zip(found, kin, kindred, strict=True)),
        " ".join(fold(text[:LONGEST_TEXT]).split()),
    )


def with_longer_words(query: Query, language: str) -> Query:
    """Unknown words stand for the longer words of the catalogue that begin with them, or contain them."""
    unknown = [unit.word.form for unit in query.units if not unit.is_known]
    if not unknown:
        return query
    rows = fetch(CONTAINING, {
        "words": unknown, "patterns": [like(word) for word in unknown], "spoken": list(spoken(language)),
        "most": MOST_KIN,
    })  # fmt: skip
    kin: dict[str, list[tuple[float, str]]] = {}
    kindred: dict[str, int] = {}
    for word in unknown:
        for counts, starts in ((BEGINS_SO, True), (CONTAINS, False)):
            lexemes = {row[1]: row[3] for row in rows if row[0] == word and row[4] is starts}
            if lexemes:
                kin.setdefault(word, []).append((counts, any_of(sorted(lexemes))))
                kindred[word] = kindred.get(word, 0) + sum(lexemes.values())
    units = [
        replace(
            unit,
            kin=(*unit.kin, *kin.get(unit.word.form, ())),
            kindred=unit.kindred + kindred.get(unit.word.form, 0),
        )
        for unit in query.units
    ]
    return replace(query, units=tuple(units))


def any_of(lexemes: Iterable[str]) -> str:
    return " | ".join(quoted(lexeme) for lexeme in lexemes)


def like(text: str) -> str:
    """The text as a pattern that means only itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def distinct(words: Sequence[Word]) -> list[Word]:
    return list({word.form: word for word in words}.values())


def unit_of(word: Word, stems: Sequence[Mapping[str, str]]) -> Unit:
    """A word as a query: its stems in all languages the documents may speak, or a phrase of pairs."""
    if word.is_run:
        signs = pairs(word.form)
        phrase = " <-> ".join(quoted(sign) for sign in signs) if len(word.form) > 1 else f"{quoted(word.form)}:*"
        return Unit(word, phrase, tuple(signs))
    forms = (word.form, *(form for form in word.also if form in word.form))
    lexemes = tuple(dict.fromkeys(known.get(form, form) for form in forms[:1] for known in stems))
    return Unit(word, any_of(lexemes), lexemes)


def _plain_units(words: Sequence[Word], language: str) -> list[Unit]:
    forms = [word.form for word in words if not word.is_run]
    stems = [stems_of(forms, code) for code in spoken(language)]
    fillers = fillers_of([word.shown for word in words if not word.is_run], language)
    return [replace(unit_of(word, stems), is_filler=word.shown in fillers) for word in words]


def _counted(units: Sequence[Unit], documents: Mapping[str, int], language: str) -> list[Unit]:
    """How many documents have each word, and what that makes it weigh (BM25's inverse document frequency)."""
    total = document_count(language)
    counted = []
    for unit in units:
        having = min(sum(documents.get(lexeme, 0) for lexeme in unit.lexemes), total)
        weight = math.log(1 + (total - having + 0.5) / (having + 0.5))
        counted.append(replace(unit, documents=having, weight=round(max(weight, 0.05), 4)))
    return counted


def document_count(language: str) -> int:
    """How many documents there are in a language, as of the catalogue's present version."""
    return remembered(("documents", language), lambda: max(int(fetch(DOCUMENTS, [language])[0][0]), 1))


def _can_end(unit: Unit) -> bool:
    return len(unit.word.form) >= LEAST_END and not unit.word.is_run and unit.word.form.isalpha()


def _add_synonyms(words: Sequence[Word], kin: list[list[tuple[float, str]]], language: str) -> None:
    """What a word or several in a row also mean goes to each of them."""
    meanings = synonyms(language)
    if not meanings:
        return
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(words)) + 1):
            for query in meanings.get(" ".join(word.form for word in words[start:end]), ()):
                for at in range(start, end):
                    kin[at].append((MEANS_TOO, query))


def synonyms(language: str) -> Mapping[str, tuple[str, ...]]:
    """What each term of the language also finds, as texts of tsquery."""
    return remembered(("synonyms", language), lambda: _load_synonyms(language))


def _load_synonyms(language: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in Synonym.objects.filter(language=language):
        meant = [_plain_units(words_of(text, language), language) for text in row.means]
        queries = tuple(" & ".join(f"({unit.exact})" for unit in units) for units in meant if units)
        found[key_of(row.term, language)] = (*found.get(key_of(row.term, language), ()), *queries)
    return found
