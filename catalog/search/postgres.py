"""Search in PostgreSQL: weighted full text, prefixes, pairs of characters for CJK, trigrams for misspellings."""

from collections.abc import Sequence
from typing import Any

from catalog.search.configs import config_of
from catalog.search.normalise import MOST_WORDS, fold, is_cjk, pairs, pieces
from catalog.search.protocol import Completion, Found
from catalog.sql import fetch

VISIBLE = """
EXISTS (SELECT 1 FROM catalog_facetrow r JOIN catalog_facetdef f ON f.id = r.facet_id AND f.kind = 'category'
        WHERE r.market_id = %(market)s AND r.value_id = 0 AND r.product_id = {product})
"""
BY_CODE = f"""
SELECT v.product_id, v.id FROM catalog_variant v
WHERE v.status = 'active' AND (UPPER(v.sku) = UPPER(%(text)s) OR (v.gtin <> '' AND v.gtin = %(text)s))
  AND {VISIBLE.format(product="v.product_id")}
ORDER BY v.id LIMIT 1
"""  # noqa: S608 (constants only)
BY_WORDS = f"""
SELECT d.product_id
FROM catalog_searchdocument d
JOIN catalog_product p ON p.id = d.product_id
CROSS JOIN (SELECT (QUERY) AS query) q
WHERE d.language = %(language)s AND d.vector @@ q.query AND {VISIBLE.format(product="d.product_id")}
ORDER BY ts_rank_cd(ARRAY[0.05, 0.2, 0.5, 1.0]::real[], d.vector, q.query, 1)
         * (1 + ln(1 + p.rating_count) / 20) DESC, p.featured_rank, d.product_id
LIMIT %(limit)s
"""  # noqa: S608 (constants only)
BY_LOOKS = f"""
SELECT d.product_id FROM catalog_searchdocument d
WHERE d.language = %(language)s AND %(folded)s <%% d.title AND {VISIBLE.format(product="d.product_id")}
ORDER BY word_similarity(%(folded)s, d.title) DESC, d.product_id LIMIT %(limit)s
"""  # noqa: S608 (constants only)
KNOWN = """
SELECT w.word, EXISTS (
  SELECT 1 FROM catalog_searchterm t
  WHERE t.language = %(language)s AND t.kind = 'word' AND t.normal LIKE w.pattern)
FROM unnest(%(words)s::text[], %(patterns)s::text[]) AS w(word, pattern)
"""
NEAREST = """
SELECT t.normal FROM catalog_searchterm t
WHERE t.language = %(language)s AND t.kind = 'word' AND t.normal %% %(word)s
  AND abs(length(t.normal) - length(%(word)s)) <= 3
ORDER BY similarity(t.normal, %(word)s) DESC, t.products DESC, t.normal LIMIT 1
"""
SYNONYMS = "SELECT term, means FROM catalog_synonym WHERE language = %(language)s AND lower(term) = ANY(%(words)s)"
COMPLETE = """
SELECT label, products FROM catalog_searchterm
WHERE language = %(language)s AND (normal LIKE %(start)s OR (kind = 'phrase' AND normal LIKE %(inside)s))
ORDER BY (kind = 'phrase') DESC, (normal LIKE %(start)s) DESC, products DESC, length(normal), normal
LIMIT %(limit)s
"""


class PostgresSearch:
    """The default engine: no other server, always in step with the catalogue."""

    def find(self, *, text: str, language: str, market_id: int, limit: int) -> Found:
        """Codes first, then all words, then looser readings, then a corrected query."""
        words = pieces(text)[:MOST_WORDS]
        if not words:
            return Found(())
        asked: dict[str, object] = {"language": language, "market": market_id, "limit": limit}
        by_code = fetch(BY_CODE, asked | {"text": text.strip()})
        if by_code:
            return Found((by_code[0][0],), exact_variant_id=by_code[0][1])
        found = self._by_words(words, asked)
        if found:
            return Found(found)
        better = self._corrected(words, language)
        if better is not None:
            found = self._by_words(better, asked)
            if found:
                said = " ".join(better)
                return Found(found, corrected=said, did_you_mean=said)
        return Found(self._loosely(words, asked))

    def find_early(self, *, text: str, language: str, market_id: int, limit: int) -> tuple[int, ...]:
        """The last word counts as a beginning; nothing is corrected while somebody types."""
        words = pieces(text)[:MOST_WORDS]
        if not words:
            return ()
        asked: dict[str, object] = {"language": language, "market": market_id, "limit": limit}
        by_code = fetch(BY_CODE, asked | {"text": text.strip()})
        return (by_code[0][0],) if by_code else self._by_words(words, asked)

    def complete(self, *, text: str, language: str, limit: int) -> Sequence[Completion]:
        """Names of categories first, then the words most products have."""
        start = _like(fold(text).strip())
        asked = {"language": language, "start": f"{start}%", "inside": f"% {start}%", "limit": limit}
        return [Completion(label, products) for label, products in fetch(COMPLETE, asked)]

    def _by_words(self, words: Sequence[str], asked: dict[str, object]) -> tuple[int, ...]:
        synonyms = _synonyms(words, str(asked["language"]))
        return self._matching([[word, *synonyms.get(word, [])] for word in words], asked, " && ")

    def _loosely(self, words: Sequence[str], asked: dict[str, object]) -> tuple[int, ...]:
        """Any pair of characters, else names that look alike."""
        runs = [pair for word in words if is_cjk(word) and len(word) > 2 for pair in pairs(word)]
        if runs:
            return self._matching([[pair] for pair in runs], asked, " || ")
        return _ids(fetch(BY_LOOKS, asked | {"folded": " ".join(words)}))

    def _matching(self, groups: list[list[str]], asked: dict[str, object], joint: str) -> tuple[int, ...]:
        parameters = dict(asked) | {"config": config_of(str(asked["language"]))}
        terms = []
        for at, group in enumerate(groups):
            either = [_term(f"w{at}_{n}", word, parameters) for n, word in enumerate(group)]
            terms.append(f"({' || '.join(either)})")
        return _ids(fetch(BY_WORDS.replace("QUERY", joint.join(terms)), parameters))

    def _corrected(self, words: Sequence[str], language: str) -> list[str] | None:
        """The query with each unknown word replaced by the nearest known one; None when nothing was replaced."""
        patterns = [f"{_like(word)}%" for word in words]
        known = dict(fetch(KNOWN, {"language": language, "words": list(words), "patterns": patterns}))
        better = [word if known[word] or is_cjk(word) else _nearest(word, language) or word for word in words]
        return better if better != list(words) else None


def _term(key: str, word: str, parameters: dict[str, object]) -> str:
    """One word as a query: its stem or its beginning; a run of Chinese or Japanese as a phrase of pairs.

    A word the language leaves out of its index ("the") asks for nothing.
    """
    if is_cjk(word) and len(word) > 1:
        parameters[key] = " ".join(pairs(word))
        return f"phraseto_tsquery('simple', %({key})s)"
    parameters[key] = f"'{word}':*"
    early = f"to_tsquery('simple', %({key})s)"
    if is_cjk(word):
        return early
    stem = f"to_tsquery(%(config)s::regconfig, %({key})s)"
    return f"CASE WHEN numnode({stem}) = 0 THEN ''::tsquery ELSE {stem} || {early} END"


def _synonyms(words: Sequence[str], language: str) -> dict[str, list[str]]:
    rows = fetch(SYNONYMS, {"language": language, "words": list(words)})
    return {fold(term): [piece for meant in means for piece in pieces(meant)] for term, means in rows}


def _nearest(word: str, language: str) -> str | None:
    rows = fetch(NEAREST, {"language": language, "word": word})
    return rows[0][0] if rows else None


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _ids(rows: Sequence[tuple[Any, ...]]) -> tuple[int, ...]:
    return tuple(row[0] for row in rows)
