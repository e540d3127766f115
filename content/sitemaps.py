"""What search engines are told: one list of lists; per market and language one list of pages and one per block of
products. Every address comes with its alternates: the same page in each market that shows it, in each language it is
really written in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Floor
from django.http import HttpRequest
from django.urls import reverse

from catalog.addresses import product_path
from catalog.cache import remembered
from catalog.derived.facets import EVERYTHING
from catalog.models import FacetDef, FacetRow, Product, Route
from catalog.queries.menu import shelves
from catalog.queries.routes import category_alternates
from catalog.seo.languages import written_in
from content.queries import published_codes
from markets.prefix import home_url, hreflang_of
from markets.queries import active_markets, market_by_code
from markets.types import Alternate, MarketContext

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
BLOCK = 1000
"""Products per list, by number: a list with all alternates stays far below the 50 MB that search engines read."""


@dataclass(frozen=True)
class SitemapEntry:
    """One address with the day it last changed, if that is known, and its alternates, itself among them."""

    url: str
    changed: str = ""
    alternates: tuple[Alternate, ...] = ()


def sitemap_index(request: HttpRequest) -> tuple[SitemapEntry, ...]:
    """Every list of every market and language."""
    site = _site(request)
    return tuple(
        SitemapEntry(f"{site}{home_url(market, language)}{name}")
        for market in active_markets()
        for language in market.languages
        for name in ("sitemap.xml", *(f"sitemap-{block}.xml" for block in _blocks(market)))
    )


def market_sitemap(request: HttpRequest, market: MarketContext) -> tuple[SitemapEntry, ...]:
    """First page, categories and pages of words of a market in its language."""
    site = _site(request)
    home = SitemapEntry(site + home_url(market), "", _everywhere(site, dict.fromkeys(LANGUAGES, "")))
    pages = (_page(site, market, code) for code in published_codes(market))
    return (home, *pages, *_categories(site, market))


def product_sitemap(request: HttpRequest, market: MarketContext, block: int) -> tuple[SitemapEntry, ...] | None:
    """The products of a block that are written in the market's language; none when it shows no product of the block."""
    site = _site(request)
    shown = _shown_in(block)
    here = [pk for pk, there in shown.items() if market.id in there]
    if not here:
        return None
    rows = Product.objects.filter(pk__in=here).order_by("pk")
    slugs: dict[int, dict[str, str]] = {}
    for product, language, slug in Route.objects.filter(product__in=rows, current=True).values_list(
        "product_id", "language", "slug"
    ):
        slugs.setdefault(product, {})[language] = slug
    entries = []
    for pk, name, i18n, updated in rows.values_list("pk", "name", "i18n", "updated"):
        written = written_in(name, i18n, "name")
        own = {language: slug for language, slug in slugs.get(pk, {}).items() if language in written}
        if market.language in own:
            url = site + product_path(market, own[market.language])
            alternates = tuple(_product_alternates(site, own, shown[pk]))
            entries.append(SitemapEntry(url, updated.date().isoformat(), alternates))
    return tuple(entries)


def _page(site: str, market: MarketContext, code: str) -> SitemapEntry:
    """A page of words; a market may have others than the next one."""
    path = reverse("content:page", kwargs={"code": code})
    tail = path.removeprefix(market.url_prefix)
    having = [there for there in active_markets() if code in published_codes(there)]
    return SitemapEntry(site + path, "", _everywhere(site, dict.fromkeys(LANGUAGES, tail), having))


def _categories(site: str, market: MarketContext) -> Iterator[SitemapEntry]:
    for shelf in shelves(market).by_id.values():
        if market.language in shelf.written_in:
            paths = category_alternates(market, shelf.id)
            own = {language: tail for language, tail in paths.items() if language in shelf.written_in}
            yield SitemapEntry(site + shelf.url, "", _everywhere(site, own))


def _everywhere(
    site: str, tails: Mapping[str, str], markets: Iterable[MarketContext] | None = None
) -> tuple[Alternate, ...]:
    """A page in every market, or in those named, by the languages it is written in: language to path below prefix."""
    return tuple(
        Alternate(hreflang_of(market, language), site + home_url(market, language) + tails[language])
        for market in (active_markets() if markets is None else markets)
        for language in market.languages
        if language in tails
    )


def _product_alternates(site: str, slugs: Mapping[str, str], market_ids: frozenset[int]) -> Iterator[Alternate]:
    for market in active_markets():
        if market.id in market_ids:
            for language in market.languages:
                if language in slugs:
                    there = market_by_code(market.code, language=language)
                    yield Alternate(hreflang_of(market, language), site + product_path(there, slugs[language]))


def _blocks(market: MarketContext) -> tuple[int, ...]:
    return remembered(("sitemap blocks", market.code), lambda: _load_blocks(market))


def _load_blocks(market: MarketContext) -> tuple[int, ...]:
    rows = _rows().filter(market=market.id).annotate(block=Floor(F("product_id") / BLOCK))
    return tuple(int(block) for block in rows.values_list("block", flat=True).distinct().order_by("block"))


def _shown_in(block: int) -> dict[int, frozenset[int]]:
    """Product to the markets that show it."""
    found: dict[int, set[int]] = {}
    rows = _rows().filter(product__gte=block * BLOCK, product__lt=(block + 1) * BLOCK)
    for product, market in rows.values_list("product_id", "market_id"):
        found.setdefault(product, set()).add(market)
    return {product: frozenset(there) for product, there in found.items()}


def _rows() -> QuerySet[FacetRow]:
    return FacetRow.objects.filter(facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING)


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]
