"""Category pages: eight queries, whatever is chosen and however many products there are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from catalog.errors import NotFound
from catalog.listing.matching import PAGE_SIZE, Listing, Matches, Scope
from catalog.listing.selection import Parameters, Selection, read_selection
from catalog.listing.vocabulary import vocabulary
from catalog.queries.cards import cards_for
from catalog.queries.facets import Place, chips_of, facets_of, kept_fields, sorts_of
from catalog.queries.menu import Shelf, crumbs_to, first_level, links, shelves
from catalog.queries.routes import category_alternates, find_category
from catalog.seo.languages import canonical_language
from catalog.seo.patterns import Meta, meta_of
from catalog.types import Card, Chip, Crumb, Facet, ListingPage, SortOption
from markets.prefix import home_url
from markets.types import MarketContext


@dataclass(frozen=True)
class Results:
    """The part of a listing that categories and searches share."""

    selection: Selection
    cards: tuple[Card, ...]
    matches: Matches
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    sorts: tuple[SortOption, ...]
    total_unfiltered: int
    prev_url: str | None
    next_url: str | None

    @property
    def seen_from(self) -> int:
        return (self.selection.page - 1) * PAGE_SIZE + 1 if self.cards else 0

    @property
    def seen_to(self) -> int:
        return min(self.selection.page * PAGE_SIZE, self.matches.total)

    @property
    def page_count(self) -> int:
        return max(-(-self.matches.total // PAGE_SIZE), 1)


def listing_page(market: MarketContext, category_slug: str, params: Parameters) -> ListingPage:
    """A category with what is chosen. Raises `NotFound`, and `MovedTo` for an old or foreign slug."""
    category_id = find_category(market, category_slug)
    shelf = shelves(market).by_id.get(category_id)
    if shelf is None:
        raise NotFound
    path = [step.id for step in shelves(market).path_to(category_id)]
    words = vocabulary(market.language, market.units).shown_in(path)
    selection = read_selection({key: params[key] for key in params if key != "q"}, words)
    place = Place(shelf.url, words, market.currency, market.language)
    results = results_of(market, place, Scope(market.id, shelf.id), selection)
    return _page(market, shelf, place, results)


def results_of(market: MarketContext, place: Place, scope: Scope, selection: Selection) -> Results:
    """Match, count and show. Raises `NotFound` for a page beyond the last."""
    listing = Listing(replace(scope, category_ids=place.category_ids), selection, place.vocabulary)
    matches = listing.page()
    if not matches.product_ids and selection.page > 1:
        raise NotFound
    counts = listing.counts()
    last = selection.page * PAGE_SIZE >= matches.total
    return Results(
        selection=selection,
        cards=cards_for(market, matches.product_ids),
        matches=matches,
        facets=facets_of(place, selection, counts),
        chips=chips_of(place, selection),
        sorts=sorts_of(place, selection) if matches.total > 1 else (),
        total_unfiltered=counts.all,
        prev_url=place.to(selection.on_page(selection.page - 1)) if selection.page > 1 else None,
        next_url=None if last else place.to(selection.on_page(selection.page + 1)),
    )


def _page(market: MarketContext, shelf: Shelf, place: Place, results: Results) -> ListingPage:
    selection = results.selection
    plain = not selection.is_filtered and selection == Selection(page=selection.page)
    crumbs = (Crumb(_("Home"), market.url_prefix), *crumbs_to(market, shelf.id)[:-1], Crumb(shelf.label))
    meta = _meta(market, shelf, crumbs)
    return ListingPage(
        title=shelf.label,
        description=shelf.description,
        crumbs=crumbs,
        subcategories=links(shelves(market).children.get(shelf.id, ())),
        cards=results.cards,
        total=results.matches.total,
        seen_from=results.seen_from,
        seen_to=results.seen_to,
        next_url=results.next_url,
        prev_url=results.prev_url,
        facets=results.facets,
        chips=results.chips,
        sorts=results.sorts,
        clear_url=place.to(selection.cleared()),
        query="",
        did_you_mean=None,
        corrected=None,
        canonical_url=_canonical(market, shelf) or (place.to(Selection(page=selection.page)) if plain else shelf.url),
        noindex=not plain or not results.matches.total,
        meta_title=meta.title,
        meta_description=meta.description or shelf.description,
        total_unfiltered=results.total_unfiltered,
        page_number=selection.page,
        page_count=results.page_count,
        form_url=shelf.url,
        kept=kept_fields(selection),
        way_on=first_level(market) if not results.matches.total else (),
        picture=shelf.picture,
        json_ld=breadcrumb_json_ld(crumbs),
        category_id=shelf.id,
        menu_key=menu_key(market, shelf.id),
        alternates=category_alternates(market, shelf.id),
        written_in=shelf.written_in,
    )


def _meta(market: MarketContext, shelf: Shelf, crumbs: tuple[Crumb, ...]) -> Meta:
    """The category's own words for search engines, else its market's pattern."""
    parent = crumbs[-2].label if len(crumbs) > 2 else ""
    facts = {"name": shelf.label, "parent": parent, "description": shelf.description, "market": market.name}
    return meta_of(market, "category", Meta(shelf.meta_title, shelf.meta_description), facts)


def _canonical(market: MarketContext, shelf: Shelf) -> str:
    """Where a category without words of its own has the page it repeats; empty when it has words."""
    language = canonical_language(market, shelf.written_in)
    below = category_alternates(market, shelf.id).get(language) if language != market.language else None
    return home_url(market, language) + below if below else ""


def breadcrumb_json_ld(crumbs: tuple[Crumb, ...]) -> Mapping[str, object]:
    """The way here in schema.org's words. Addresses are paths: the view makes them absolute."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": crumb.label} | ({"item": crumb.url} if crumb.url else {})
            for at, crumb in enumerate(crumbs, start=1)
        ],
    }


def menu_key(market: MarketContext, category_id: int | None) -> str:
    path = shelves(market).path_to(category_id)
    return path[0].code if path else ""
