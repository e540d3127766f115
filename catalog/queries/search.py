"""Search pages. A query never ends nowhere: corrections, fewer words, looser matches, categories, bestsellers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from catalog.addresses import search_path
from catalog.cache import remembered
from catalog.listing.matching import Scope
from catalog.listing.selection import Parameters, Selection, read_selection
from catalog.listing.vocabulary import vocabulary
from catalog.models import SearchDocument, SearchRedirect
from catalog.queries.cards import bestsellers, cards_for
from catalog.queries.facets import Place, chips_of, kept_fields
from catalog.queries.listing import Results, results_of
from catalog.queries.menu import first_level, shelves
from catalog.search.protocol import Found, extra_hits, search_backend
from catalog.search.words import key_of
from catalog.types import Crumb, Link, ListingPage
from markets.types import MarketContext

MOST_FOUND = 1000
EXTRA = 3
BESTSELLERS = 8


@dataclass(frozen=True)
class Target:
    """Where a redirected query leads; exactly one is set."""

    category_id: int | None
    product_id: int | None
    path: str


def search_page(market: MarketContext, params: Parameters) -> ListingPage:
    """The products for `q`, or the whole shop without it, with the same filters as a category.

    Raises `NotFound` for a page beyond the last.
    """
    words = vocabulary(market.language, market.units)
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


def redirect_for(market: MarketContext, params: Parameters) -> str | None:
    """The address a query leads straight to. Filters, and a target that cannot be seen here, mean searching."""
    if set(params) != {"q"}:
        return None
    target = redirects(market.language).get(key_of(" ".join(params["q"][-1:])[:200], market.language))
    if target is None:
        return None
    if target.path:
        return f"{market.url_prefix}{target.path}"
    if target.category_id is not None:
        shelf = shelves(market).by_id.get(target.category_id)
        return shelf.url if shelf else None
    shown = SearchDocument.objects.filter(
        product=target.product_id, language=market.language, markets__contains=[market.id]
    )
    cards = cards_for(market, [target.product_id]) if target.product_id and shown.exists() else ()
    return cards[0].url if cards else None


def redirects(language: str) -> Mapping[str, Target]:
    """All redirects of a language by the one spelling of their query. In memory; no query when warm."""
    return remembered(("redirects", language), lambda: _load_redirects(language))


def _load_redirects(language: str) -> dict[str, Target]:
    rows = SearchRedirect.objects.filter(language=language).values_list("normal", "category", "product", "path")
    return {normal: Target(category, product, path) for normal, category, product, path in rows}


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
        left_out=found.left_out,
        bestsellers=bestsellers(market, BESTSELLERS) if nothing and not selection.is_filtered else (),
    )


def _meant(place: Place, selection: Selection, found: Found) -> Link | None:
    """A correction that was not applied by itself."""
    if found.did_you_mean is None or found.corrected is not None:
        return None
    return Link(found.did_you_mean, place.to(replace(selection.cleared(), query=found.did_you_mean)))
