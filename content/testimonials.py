"""Picked reviews as readers see them. Kept in memory per market and language."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial

from catalog.addresses import current_slug, product_path
from catalog.cache import remembered
from catalog.models import Product, Review
from catalog.queries.menu import shelves
from catalog.queries.visible import visible_ids
from catalog.types import Link
from content.models import Testimonial
from content.types import Quote
from markets.types import MarketContext

MOST = 8
"""So many at one place."""
FIRST_PAGE = None


def quotes_of(market: MarketContext, category_id: int | None = FIRST_PAGE) -> tuple[Quote, ...]:
    """What is shown on the first page, or on a shelf: what was picked for it, else for the nearest one above."""
    found = _quotes(market)
    if category_id is FIRST_PAGE:
        return found.get(FIRST_PAGE, ())
    path = shelves(market).path_to(category_id)
    return next((found[shelf.id] for shelf in reversed(path) if shelf.id in found), ())


def _quotes(market: MarketContext) -> Mapping[int | None, tuple[Quote, ...]]:
    return remembered(("content.testimonials", market.code, market.language), partial(_read, market))


def _read(market: MarketContext) -> Mapping[int | None, tuple[Quote, ...]]:
    """Two queries."""
    rows = Testimonial.objects.shown_in(market.code).filter(review__state=Review.State.APPROVED)
    quotable = [row for row in rows.select_related("review") if _words(row, market.language)]
    products = _products(market, {row.review.product_id for row in quotable})
    found: dict[int | None, list[Quote]] = defaultdict(list)
    for row in quotable:
        link = products.get(row.review.product_id)
        if link is not None and len(found[row.category_id]) < MOST:
            found[row.category_id].append(_quote(row, link, market.language))
    return {place: tuple(quotes) for place, quotes in found.items() if quotes}


def _words(row: Testimonial, language: str) -> str:
    """In the reader's language; nothing without a translation."""
    return row.excerpt if row.review.language == language else str(row.translations.get(language, ""))


def _quote(row: Testimonial, product: Link, language: str) -> Quote:
    review = row.review
    return Quote(
        text=_words(row, language),
        stars=review.rating,
        author=review.author_name,
        product=product,
        verified=review.verified,
        rewarded=review.rewarded,
        language=review.language,
        original=row.excerpt if review.language != language else "",
    )


def _products(market: MarketContext, product_ids: set[int]) -> dict[int, Link]:
    """Those that the market shows, with their addresses."""
    rows = Product.objects.filter(pk__in=visible_ids(market, product_ids))
    return {
        row.pk: Link(row.text("name", market.language), product_path(market, slug))
        for row, slug in ((row, row.slug) for row in rows.annotate(slug=current_slug("product", market.language)))
        if slug
    }
