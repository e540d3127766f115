"""Products that match a query, best first: one statement over the documents of a language.

A unit of the query counts by its rarity and by how often and where the document has it: `ts_rank` with the
document's own norms stands for the frequency of BM25F, `1 - K / (rank + K)` is its saturation. A product in stock,
liked, often bought or put first by the shop moves up among its equals, never past what fits clearly better.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonprefix

from catalog.cache import remembered
from catalog.listing.matching import first_of
from catalog.listing.selection import BESTSELLING
from catalog.search.query import Query, Unit, document_count, like
from catalog.slugs import slug_of
from catalog.sql import fetch

SATURATES_AT = 0.4
SAME_NAME = 0.6
IN_A_ROW = 0.1
IN_STOCK, LIKED, PUT_FIRST = 0.08, 0.05, 0.03
"""The most that stock, reviews and the shop's own order add to a product's score, as shares of it."""
SELLS = 0.04
"""The most that sales in the market add. They are counted logarithmically, up to `SELLS_MOST` pieces."""
SELLS_MOST = 1000
LEAST_COVERED = 0.5
EVERYWHERE = 0.2
"""A word that more than this share of the shop has cannot bring in a product alone."""
FEW = 100
MOST_WEIGHED = 1_000
"""Of a word that more documents have, so many are taken: those first that have it in their names."""
WEIGHED_CLOSELY = 500
"""Of documents that have every word, so many have their words counted: the ones with most of them in their names, the
shortest names first. The others follow in that order."""
SHORTEST_PART = 3
"""The index of names knows parts of names from this length on."""
LEADING = 48
"""Of a word that more documents have than are weighed, these are weighed for certain: what sells best in the market."""
LOOKED_AT = 48
"""Stock, reviews and the shop's order are looked up for the best only: two pages of results."""

RANK = """(
  ts_rank(ARRAY[0, 0, norms[3]::real, norms[4]::real], vector, {query})
  + ts_rank(ARRAY[0, norms[2]::real, 0, 0], vector, {query})
  + ts_rank(ARRAY[norms[1]::real, 0, 0, 0], vector, {query})
)"""
"""Name, summary and details add up: what all of them say again is what the product is about."""
MATCHING = """
  (SELECT d.product_id, d.vector, d.title, d.norms, {sure} AS is_sure
  FROM catalog_searchdocument d
  WHERE d.language = %(language)s AND d.vector @@ %(query)s::tsquery AND %(market)s = ANY(d.markets)
    {but}
  LIMIT %(most)s)
"""
NAMED = "(SELECT r.product_id FROM catalog_route r WHERE r.language = %(language)s AND r.slug = %(slug)s)"
"""The product whose address is the query: it is called just so."""
OTHERS = f"d.product_id <> ALL(%(leading)s::bigint[]) AND d.product_id IS DISTINCT FROM {NAMED}"
OF_FEW = MATCHING.format(sure="true", but="")
OF_MANY = """
  {namesake} UNION ALL {leading} UNION ALL
  (SELECT * FROM ({in_names} UNION ALL {elsewhere}) others LIMIT %(most)s)
""".format(  # noqa: S608 (texts of our own)
    namesake=MATCHING.format(sure="true", but=f"AND d.product_id = {NAMED}"),
    leading=MATCHING.format(
        sure="true", but=f"AND d.product_id = ANY(%(leading)s::bigint[]) AND d.product_id IS DISTINCT FROM {NAMED}"
    ),
    in_names=MATCHING.format(sure="false", but=f"AND ({{in_name}}) AND {OTHERS}"),
    elsewhere=MATCHING.format(sure="false", but=f"AND NOT ({{in_name}}) AND {OTHERS}"),
)
"""Where not all can be weighed: what must not be missed, then names, then as many others. No product comes twice."""
RANKED = """
WITH matching AS (
  {matching}
), turns AS (
  SELECT *, row_number() OVER (ORDER BY is_sure DESC, {named} DESC, length(title), product_id) AS turn FROM matching
), weighed AS (
  SELECT product_id, {hits} AS hits, {covered} AS covered, {score} AS score FROM turns WHERE turn <= %(closely)s
), best AS (
  SELECT product_id, hits, covered, score FROM weighed
  WHERE covered >= %(least)s ORDER BY covered DESC, score DESC, product_id LIMIT %(limit)s
), shortlist AS (
  SELECT *, row_number() OVER (ORDER BY covered DESC, score DESC, product_id) AS place FROM best
)
SELECT product_id, hits FROM (
  SELECT s.product_id, s.hits, s.covered, p.featured_rank, 0 AS behind, s.score * (1
    + CASE WHEN NOT t.requires_shipping OR p.preorder_until > now() OR EXISTS (
        SELECT 1 FROM catalog_variant v JOIN catalog_variantavailability a ON a.variant_id = v.id
        WHERE v.product_id = p.id AND v.status = 'active' AND a.market_id = %(market)s AND a.available_total > 0
      ) THEN %(in_stock)s ELSE 0 END
    + CASE WHEN p.rating_avg >= 3.5 THEN LEAST(ln(1 + p.rating_count) / ln(201), 1) * %(liked)s ELSE 0 END
    + LEAST(ln(1 + COALESCE(b.sold, 0)) / ln(1 + %(sells_most)s), 1) * %(sells)s
    + CASE WHEN p.featured_rank < 1000 THEN %(put_first)s ELSE 0 END) AS score
  FROM shortlist s
  JOIN catalog_product p ON p.id = s.product_id
  JOIN catalog_producttype t ON t.id = p.product_type_id
  LEFT JOIN catalog_popularity b ON b.product_id = p.id AND b.market_id = %(market)s
  WHERE s.place <= %(looked_at)s
  UNION ALL
  SELECT product_id, hits, covered, 0, 1, score FROM shortlist WHERE place > %(looked_at)s
  UNION ALL
  SELECT product_id, 0, 0, 0, 2, -turn FROM turns WHERE turn > %(closely)s AND turn <= %(limit)s
) ordered
ORDER BY behind, covered DESC, score DESC, featured_rank, product_id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Where:
    """A language, a market, and how many products are wanted."""

    language: str
    market_id: int
    limit: int
    weighed: int = MOST_WEIGHED
    """So many matching documents are looked at."""


@dataclass(frozen=True)
class Hit:
    """A product and which units of the query it matched, as bits."""

    product_id: int
    units: int


def matching_all(query: Query, where: Where) -> list[Hit]:
    """Products that have every word in some way."""
    text = " & ".join(f"({unit.any_way})" for unit in query.wanted)
    return _ranked(query, text, where, least=0.0)


def matching_some(query: Query, where: Where, *, documents: int) -> list[Hit]:
    """Products that have the words which say most of the query, those with more of it first."""
    telling = [unit for unit in query.wanted if unit.documents <= max(documents * EVERYWHERE, FEW)] or query.wanted
    text = " | ".join(f"({unit.any_way})" for unit in telling)
    return _ranked(query, text, where, least=LEAST_COVERED)


def _ranked(query: Query, text: str, where: Where, *, least: float) -> list[Hit]:
    units, every = query.wanted, least == 0
    parameters: dict[str, object] = {
        "language": where.language, "market": where.market_id, "query": text, "limit": where.limit, "least": least,
        "most": where.weighed, "looked_at": LOOKED_AT, "saturates": SATURATES_AT, "title": query.key,
        "same": SAME_NAME, "row": IN_A_ROW, "in_stock": IN_STOCK, "liked": LIKED, "put_first": PUT_FIRST,
        "sells": SELLS, "sells_most": SELLS_MOST,
        "total": sum(unit.weight for unit in units), "closely": WEIGHED_CLOSELY if every else where.weighed * 2,
    }  # fmt: skip
    for at, unit in enumerate(units):
        parameters |= {f"any{at}": unit.any_way, f"weight{at}": unit.weight, f"written{at}": _written(unit)}
    score = " + ".join(_score(at, unit, parameters) for at, unit in enumerate(units))
    score += " + CASE WHEN title = %(title)s THEN (%(same)s * %(total)s)::float8 ELSE 0::float8 END"
    score += _row_of_words(units, parameters)
    matched = [f"(vector @@ %(any{at})s::tsquery)::int" for at in range(len(units))]
    covered = " + ".join(f"{one} * %(weight{at})s" for at, one in enumerate(matched))
    is_common = _is_common(query, where, every=every)
    if is_common:
        parameters |= {"slug": slug_of(query.key), "leading": list(_leading(where.market_id))}
        parameters |= {f"part{at}": f"%{like(_part(unit))}%" for at, unit in enumerate(units)}
    in_name = (" AND " if every else " OR ").join(_in_name(at, unit) for at, unit in enumerate(units))
    statement = RANKED.format(
        matching=OF_MANY.format(in_name=in_name) if is_common else OF_FEW,
        named=" + ".join(f"(title LIKE ANY(%(written{at})s))::int" for at in range(len(units))),
        score=score,
        hits="0" if every else " + ".join(f"{one} * {1 << at}" for at, one in enumerate(matched)),
        covered="1::float8" if every else f"round((({covered}) / %(total)s)::numeric, 3)::float8",
    )
    full = (1 << len(units)) - 1
    return [Hit(product, full if every else hits) for product, hits in fetch(statement, parameters)]


def _written(unit: Unit) -> list[str]:
    """Patterns of how a unit is written in a folded name: as it was typed, or as its stem begins."""
    return [f"%{like(text)}%" for text in dict.fromkeys((unit.word.form, *(() if unit.word.is_run else unit.lexemes)))]


def _in_name(at: int, unit: Unit) -> str:
    """Whether a name has the unit, asked so that the index of names can answer."""
    return f"d.title LIKE %(part{at})s" if len(_part(unit)) >= SHORTEST_PART else "false"


def _part(unit: Unit) -> str:
    """What a word and its stems begin with alike: "batter" of battery and batteri."""
    return unit.word.form if unit.word.is_run else commonprefix([unit.word.form, *unit.lexemes])  # noqa: RUF071 (no paths)


def _is_common(query: Query, where: Where, *, every: bool) -> bool:
    """Whether more documents may match than are weighed. Numbers and runs of characters are not counted."""
    if document_count(where.language) <= where.weighed:
        return False
    having = [unit.documents + unit.kindred or math.inf for unit in query.wanted]
    return (min(having) if every else sum(having)) > where.weighed


def _leading(market_id: int) -> tuple[int, ...]:
    """What sells best in a market, then what the shop puts first. In memory; no query when warm."""
    return remembered(("leading", market_id), lambda: first_of(market_id, BESTSELLING, LEADING))


def _score(at: int, unit: Unit, parameters: dict[str, object]) -> str:
    """What a unit adds: the best of its meanings, each saturated and counted."""
    ways = []
    for number, (counts, query) in enumerate(((1.0, unit.exact), *unit.kin)):
        key = f"{at}_{number}"
        parameters |= {f"way{key}": query, f"counts{key}": counts}
        rank = RANK.format(query=f"%(way{key})s::tsquery")
        ways.append(f"%(counts{key})s * (1 - %(saturates)s / ({rank} + %(saturates)s))")
    best = ways[0] if len(ways) == 1 else f"GREATEST({', '.join(ways)})"
    return f"%(weight{at})s * {best}"


def _row_of_words(units: Sequence[Unit], parameters: dict[str, object]) -> str:
    """A little more where the words stand side by side, as they were typed."""
    if len(units) < 2 or any(unit.word.is_run for unit in units):
        return ""
    parameters["side_by_side"] = " <-> ".join(f"({unit.exact})" for unit in units)
    return " + CASE WHEN vector @@ %(side_by_side)s::tsquery THEN (%(row)s * %(total)s)::float8 ELSE 0::float8 END"
