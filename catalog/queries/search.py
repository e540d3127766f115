"""Search pages and suggestions. A query never ends nowhere: corrections, looser matches, categories, pages."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from catalog.addresses import search_path
from catalog.listing.matching import Scope
from catalog.listing.selection import Parameters, Selection, address, read_selection
from catalog.listing.vocabulary import vocabulary
from catalog.queries.cards import cards_for
from catalog.queries.facets import Place, chips_of, kept_fields
from catalog.queries.listing import Results, results_of
from catalog.queries.menu import first_level, shelves
from catalog.search.normalise import fold
from catalog.search.protocol import Found, extra_hits, search_backend
from catalog.types import Crumb, Link, ListingPage, Suggestion
from markets.types import MarketContext

MOST_FOUND = 1000
SHORTEST = 2
EXTRA = 3


def search_page(market: MarketContext, params: Parameters) -> ListingPage:
    """The products for `q`, or the whole shop without it, with the same filters as a category.

    Raises `NotFound` for a page beyond the last.
    """
    words = vocabulary(market.language)
    selection = read_selection(params, words)
    roots = frozenset(shelf.id for shelf in shelves(market).children.get(None, ()))
    place = Place(search_path(market), words, market.currency, market.language, roots)
    extra = extra_hits(market, selection.query, EXTRA) if selection.query else ()
    found = _find(market, selection.query)
    if extra and found.corrected is not None:
        found = Found(())  # it names a page: that is no slip of the pen
    scope = Scope(market.id, product_ids=found.product_ids) if selection.query else Scope(market.id)
    results = results_of(market, place, scope, selection)
    return _page(market, place, results, found, extra)


def suggestions(market: MarketContext, text: str, limit: int = 10) -> tuple[Suggestion, ...]:
    """At most `limit` rows for what is typed so far: queries, categories, pages, then products."""
    typed = " ".join(text.split())[:80]
    if len(fold(typed)) < SHORTEST and not _is_one_sign(typed):
        return ()
    engine = search_backend()
    asked = engine.complete(text=typed, language=market.language, limit=3)
    near = [shelf for shelf in shelves(market).by_id.values() if fold(typed) in fold(shelf.label)][:2]
    known = {fold(shelf.label) for shelf in near}
    rows = [_query(market, row.label, typed) for row in asked if fold(row.label) not in known]
    rows += [Suggestion("category", _bold(shelf.label, typed), shelf.url) for shelf in near]
    rows += [Suggestion("page", _bold(link.label, typed), link.url) for link in extra_hits(market, typed, 1)]
    rows = rows[: max(limit - 3, 0)]
    ids = engine.find_early(text=typed, language=market.language, market_id=market.id, limit=limit - len(rows))
    rows += [
        Suggestion("product", _bold(card.name, typed), card.url, card.picture, card.price, card.in_stock)
        for card in cards_for(market, ids)
    ]
    return tuple(rows[:limit])


def _find(market: MarketContext, query: str) -> Found:
    if not query:
        return Found(())
    return search_backend().find(text=query, language=market.language, market_id=market.id, limit=MOST_FOUND)


def _page(market: MarketContext, place: Place, results: Results, found: Found, extra: tuple[Link, ...]) -> ListingPage:
    selection = results.selection
    title = _("Search") if not selection.query else _("Results for “%(query)s”") % {"query": selection.query}
    nothing = not results.matches.total
    return ListingPage(
        title=title,
        description="",
        crumbs=(Crumb(_("Home"), market.url_prefix), Crumb(_("Search"))),
        subcategories=(),
        cards=results.cards,
        total=results.matches.total,
        seen_from=results.seen_from,
        seen_to=results.seen_to,
        next_url=results.next_url,
        prev_url=results.prev_url,
        facets=results.facets,
        chips=chips_of(place, selection),
        sorts=results.sorts,
        clear_url=place.to(selection.cleared()),
        query=selection.query,
        did_you_mean=_meant(place, selection, found),
        corrected=found.corrected,
        canonical_url=place.path,
        noindex=True,
        meta_title=title,
        meta_description="",
        total_unfiltered=results.total_unfiltered,
        page_number=selection.page,
        page_count=results.page_count,
        form_url=place.path,
        kept=kept_fields(selection),
        way_on=first_level(market) if nothing else (),
        extra_hits=extra,
    )


def _meant(place: Place, selection: Selection, found: Found) -> Link | None:
    """A correction that was not applied by itself."""
    if found.did_you_mean is None or found.corrected is not None:
        return None
    return Link(found.did_you_mean, place.to(replace(selection.cleared(), query=found.did_you_mean)))


def _query(market: MarketContext, label: str, typed: str) -> Suggestion:
    url = address(search_path(market), Selection(query=label), vocabulary(market.language))
    return Suggestion("query", _bold(label, typed), url)


def _bold(label: str, typed: str) -> tuple[tuple[str, bool], ...]:
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


def _is_one_sign(text: str) -> bool:
    """One Chinese or Japanese character is a word of its own."""
    return len(text) == 1 and "\u3040" <= text <= "\u9fff"
