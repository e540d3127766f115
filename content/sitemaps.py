"""What search engines are told: one list of lists, and one list per market and language."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from catalog.addresses import current_slug, product_path
from catalog.derived.facets import EVERYTHING
from catalog.models import FacetDef, FacetRow, Product
from catalog.queries import category_tree
from content.queries import category_addresses, published_codes
from markets.prefix import home_url
from markets.queries import active_markets
from markets.types import MarketContext

MOST_ADDRESSES = 50_000


@dataclass(frozen=True)
class SitemapEntry:
    """One address with the day it last changed, if that is known."""

    url: str
    changed: str = ""


def sitemap_index(request: HttpRequest) -> tuple[SitemapEntry, ...]:
    """The sitemap of every market and language."""
    site = _site(request)
    return tuple(
        SitemapEntry(f"{site}{home_url(market, language)}sitemap.xml")
        for market in active_markets()
        for language in market.languages
    )


def market_sitemap(request: HttpRequest, market: MarketContext) -> tuple[SitemapEntry, ...]:
    """First page, categories, pages of words and products of a market in its language."""
    site = _site(request)
    paths = [home_url(market), *dict.fromkeys(category_addresses(category_tree(market)).values())]
    paths += [reverse("content:page", kwargs={"code": code}) for code in published_codes(market)]
    words = [SitemapEntry(site + path) for path in paths]
    return (*words, *_products(site, market))


def _products(site: str, market: MarketContext) -> Iterator[SitemapEntry]:
    shown = FacetRow.objects.filter(market=market.id, facet__kind=FacetDef.Kind.CATEGORY, value_id=EVERYTHING)
    rows = Product.objects.filter(pk__in=shown.values("product_id"))
    found = rows.annotate(slug=current_slug("product", market.language)).order_by("pk").values_list("slug", "updated")
    for slug, updated in found[:MOST_ADDRESSES]:
        yield SitemapEntry(site + product_path(market, slug), updated.date().isoformat())


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]
