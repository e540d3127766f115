"""Rows under the search field: what others look for, words of the catalogue, categories, pages, then products."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from catalog.addresses import search_path
from catalog.listing.selection import Selection, address
from catalog.listing.vocabulary import vocabulary
from catalog.queries.cards import cards_for
from catalog.queries.menu import shelves
from catalog.search.normalise import fold, is_run
from catalog.search.protocol import extra_hits, search_backend
from catalog.search.query import like
from catalog.sql import fetch
from catalog.types import Suggestion
from markets.types import MarketContext

SHORTEST, LONGEST = 2, 80
MOST_QUERIES, MOST_CATEGORIES, LEAST_PRODUCTS = 3, 2, 3
POPULAR_DAYS = 30
ASKED_BY_MANY = 5
"""A query is suggested once it was asked so often: what one shopper typed is nobody else's business."""
POPULAR = """
SELECT normal FROM catalog_searchquerycount
WHERE market_id = %s AND language = %s AND normal LIKE %s AND day >= %s AND results > 0
GROUP BY normal HAVING sum(searches) >= %s ORDER BY sum(searches) DESC, normal LIMIT %s
"""


def suggestions(market: MarketContext, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
    """At most `limit` rows for what is typed so far: queries, categories, pages, then products."""
    typed = " ".join(text.replace("\x00", "").split())[:LONGEST]
    if len(fold(typed)) < SHORTEST and not is_run(fold(typed)):
        return ()
    near = [shelf for shelf in shelves(market).by_id.values() if fold(typed) in fold(shelf.label)][:MOST_CATEGORIES]
    rows = _queries(market, typed, besides={fold(shelf.label) for shelf in near})
    rows += [Suggestion("category", bold_rest(shelf.label, typed), shelf.url) for shelf in near]
    rows += [Suggestion("page", bold_rest(link.label, typed), link.url) for link in extra_hits(market, typed, 1)]
    rows = rows[: max(limit - LEAST_PRODUCTS, 0)]
    ids = search_backend().find_early(
        text=typed, language=market.language, market_id=market.id, limit=limit - len(rows)
    )
    rows += [
        Suggestion("product", bold_rest(card.name, typed), card.url, card.picture, card.price, card.in_stock)
        for card in cards_for(market, ids)
    ]
    return tuple(rows[:limit])


def _queries(market: MarketContext, typed: str, besides: set[str]) -> list[Suggestion]:
    """What many asked and found, then words of the catalogue; each once."""
    since = timezone.now().date() - timedelta(days=POPULAR_DAYS)
    start = f"{like(typed.lower())}%"
    asked = [market.id, market.language, start, since, ASKED_BY_MANY, MOST_QUERIES]
    labels = [row[0] for row in fetch(POPULAR, asked)]
    known = search_backend().complete(text=typed, language=market.language, limit=MOST_QUERIES)
    labels += [row.label for row in known]
    distinct = {fold(label): label for label in reversed(labels) if fold(label) not in besides}
    return [_query(market, label, typed) for label in reversed(distinct.values())][:MOST_QUERIES]


def _query(market: MarketContext, label: str, typed: str) -> Suggestion:
    url = address(search_path(market), Selection(query=label), vocabulary(market.language))
    return Suggestion("query", bold_rest(label, typed), url)


def bold_rest(label: str, typed: str) -> tuple[tuple[str, bool], ...]:
    """The label in parts; what was not typed is bold. A label that folds to another length stays whole."""
    folded, wanted = fold(label), fold(typed)
    at = folded.find(wanted)
    if at < 0 or len(folded) != len(label):
        return ((label, True),)
    parts: Sequence[tuple[str, bool]] = (
        (label[:at], True),
        (label[at : at + len(wanted)], False),
        (label[at + len(wanted) :], True),
    )
    return tuple(part for part in parts if part[0])
