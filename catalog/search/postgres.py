"""Search in PostgreSQL: codes, then all words in some way, then fewer words, corrected words, names that look alike."""

from collections.abc import Sequence
from dataclasses import replace

from catalog.search.languages import spoken
from catalog.search.normalise import pairs
from catalog.search.protocol import Completion, Found
from catalog.search.query import (
    BEGINS_SO,
    Query,
    any_of,
    document_count,
    like,
    understand,
    with_longer_words,
)
from catalog.search.ranking import Hit, Where, matching_all, matching_some
from catalog.search.spelling import corrected, nearest, retyped
from catalog.search.vectors import quoted
from catalog.search.words import key_of
from catalog.sql import fetch

BY_CODE = """
SELECT v.product_id, v.id FROM catalog_variant v
WHERE v.status = 'active' AND (UPPER(v.sku) = UPPER(%(text)s) OR (v.gtin <> '' AND v.gtin = %(text)s))
  AND EXISTS (SELECT 1 FROM catalog_searchdocument d WHERE d.product_id = v.product_id
              AND d.language = %(language)s AND d.markets @> ARRAY[%(market)s]::bigint[])
ORDER BY v.id LIMIT 1
"""
BY_LOOKS = """
SELECT d.product_id FROM catalog_searchdocument d
WHERE d.language = %(language)s AND %(key)s <%% d.title AND d.markets @> ARRAY[%(market)s]::bigint[]
ORDER BY word_similarity(%(key)s, d.title) DESC, d.product_id LIMIT %(limit)s
"""
BEGINNING = """
SELECT lexeme, products FROM catalog_searchterm
WHERE language = ANY(%(spoken)s) AND kind = 'word' AND normal LIKE %(start)s
ORDER BY normal = %(word)s DESC, products DESC, normal LIMIT 12
"""
COMPLETE = """
SELECT label, products, kind FROM catalog_searchterm
WHERE language = ANY(%(spoken)s)
  AND (normal LIKE %(start)s OR (kind = 'phrase' AND normal LIKE %(inside)s))
ORDER BY (kind = 'phrase') DESC, (normal LIKE %(start)s) DESC, products DESC, length(normal), normal
LIMIT %(limit)s
"""
WEIGHED_EARLY = 500
"""While somebody types, speed is worth more than the last word on the order."""
ENOUGH = 10
"""With fewer products that have all words, those that have most of them are shown behind."""
RARE, MUCH_MORE = 3, 10
LONGEST_CODE = 80


class PostgresSearch:
    """The default engine: no other server, always in step with the catalogue."""

    def find(self, *, text: str, language: str, market_id: int, limit: int) -> Found:
        """Codes first, then all words, then what helps a query that finds little or nothing."""
        by_code = _by_code(text, language, market_id)
        if by_code is not None:
            return by_code
        query = understand(text, language)
        if not query.units:
            return Found(())
        where = Where(language, market_id, limit)
        found = _found(query, where)
        if found.product_ids and not found.left_out:
            return replace(found, did_you_mean=_better_known(query, language, len(found.product_ids)))
        better = corrected(query, language) or (retyped(text, language) if not found.product_ids else None)
        if better is not None:
            again = _found(understand(better, language), where)
            if again.product_ids and not again.left_out:
                return replace(again, corrected=better, did_you_mean=better)
        return found if found.product_ids else _loosely(query, where)

    def find_early(self, *, text: str, language: str, market_id: int, limit: int) -> tuple[int, ...]:
        """The last word counts as a beginning; nothing is corrected while somebody types."""
        by_code = _by_code(text, language, market_id)
        if by_code is not None:
            return by_code.product_ids
        query = understand(text, language)
        if not query.units:
            return ()
        early = _with_open_end(query, language)
        return _ids(matching_all(early, Where(language, market_id, limit, weighed=WEIGHED_EARLY)))

    def complete(self, *, text: str, language: str, limit: int) -> Sequence[Completion]:
        """Names of categories first, then the words most products have."""
        start = like(key_of(text, language))
        if not start:
            return []
        asked = {"spoken": list(spoken(language)), "start": f"{start}%", "inside": f"% {start}%", "limit": limit}
        return [Completion(label, products) for label, products, _kind in fetch(COMPLETE, asked)]


def _found(query: Query, where: Where) -> Found:
    """All words; words the catalogue lacks as beginnings and parts of longer ones; most of the words."""
    query = with_longer_words(query, where.language)
    hits = matching_all(query, where) if all(unit.is_known for unit in query.wanted) else []
    if len(hits) >= ENOUGH or len(query.wanted) == 1:
        return Found(_ids(hits))
    known = replace(query, units=tuple(unit for unit in query.wanted if unit.is_known))
    if not known.units:
        return Found(())
    some = matching_some(known, where, documents=document_count(where.language))
    left_out = _left_out(query, known, some) if not hits else ()
    return Found(tuple(dict.fromkeys((*_ids(hits), *_ids(some)))), left_out=left_out)


def _loosely(query: Query, where: Where) -> Found:
    """Any pair of characters, else names that look alike."""
    runs = [pair for unit in query.units if unit.word.is_run for pair in pairs(unit.word.form)]
    if len(runs) > 1:
        first = next(unit for unit in query.units if unit.word.is_run)
        return Found(_ids(matching_all(replace(query, units=(replace(first, exact=any_of(runs), kin=()),)), where)))
    asked = {"language": where.language, "market": where.market_id, "limit": where.limit, "key": query.key}
    return Found(tuple(row[0] for row in fetch(BY_LOOKS, asked)))


def _by_code(text: str, language: str, market_id: int) -> Found | None:
    """The variant with exactly this SKU, EAN or UPC."""
    code = text.strip()
    if not code or len(code) > LONGEST_CODE:
        return None
    rows = fetch(BY_CODE, {"text": code, "language": language, "market": market_id})
    return Found((rows[0][0],), exact_variant_id=rows[0][1]) if rows else None


def _left_out(query: Query, known: Query, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The words that the best of the products found does without."""
    if not hits:
        return ()
    there = {unit.word.form for at, unit in enumerate(known.wanted) if hits[0].units >> at & 1}
    return tuple(unit.word.shown for unit in query.wanted if unit.word.form not in there)


def _better_known(query: Query, language: str, found: int) -> str | None:
    """Another spelling that far more products have, when a query found only a few."""
    rare = [unit for unit in query.wanted if unit.word.form.isalpha() and not unit.word.is_run]
    if found > RARE or not rare:
        return None
    better = nearest(rare, language)
    if not better:
        return None
    said = " ".join(better.get(unit.word.form, unit.word.shown) for unit in query.units)
    other = understand(said, language)
    is_commoner = all(
        new.documents >= old.documents * (MUCH_MORE if new.word.form != old.word.form else 1)
        for old, new in zip(query.units, other.units, strict=False)
    )
    return said if is_commoner and len(other.units) == len(query.units) else None


def _with_open_end(query: Query, language: str) -> Query:
    """The last word stands for all words of the catalogue that begin with it."""
    *before, last = query.units
    form = last.word.form
    asked = {"spoken": list(spoken(language)), "start": f"{like(form)}%", "word": form}
    rows = fetch(BEGINNING, asked) if not last.word.is_run else []
    lexemes = {lexeme: products for lexeme, products in rows if lexeme}
    kin = ((BEGINS_SO, any_of(sorted(lexemes))),) if lexemes else ((BEGINS_SO, f"{quoted(form)}:*"),)
    if last.word.is_run:
        kin = ((BEGINS_SO, " <-> ".join([*map(quoted, pairs(form)[:-1]), f"{quoted(pairs(form)[-1])}:*"])),)
    kindred = last.kindred + sum(lexemes.values())
    return replace(query, units=(*before, replace(last, kin=(*last.kin, *kin), kindred=kindred, is_filler=False)))


def _ids(hits: Sequence[Hit]) -> tuple[int, ...]:
    return tuple(hit.product_id for hit in hits)
