"""What search engines are told: one list of lists, and one list per market and language."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from catalog.queries import category_tree, sitemap_products
from content.queries import category_addresses, published_codes
from markets.prefix import home_url
from markets.queries import active_markets
from markets.types import MarketContext


@dataclass(frozen=True)
class SitemapEntry:
    """One address with the day it last changed, if that is known."""

    url: str
    changed: str = ""


def sitemap_index(request: HttpRequest) -> tuple[SitemapEntry, ...]:
    """The sitemap of every market and language."""
    site = request.build_absolute_uri("/")[:-1]
    return tuple(
        SitemapEntry(f"{site}{home_url(market, language)}sitemap.xml")
        for market in active_markets()
        for language in market.languages
    )


def market_sitemap(request: HttpRequest, market: MarketContext) -> tuple[SitemapEntry, ...]:
    """First page, categories, products and pages of words of a market in its language."""
    site = request.build_absolute_uri("/")[:-1]
    paths = [home_url(market), *dict.fromkeys(category_addresses(category_tree(market)).values())]
    paths += [reverse("content:page", kwargs={"code": code}) for code in published_codes(market)]
    entries = [SitemapEntry(site + path) for path in paths]
    entries += [SitemapEntry(site + path, changed.date().isoformat()) for path, changed in sitemap_products(market)]
    return tuple(entries)
