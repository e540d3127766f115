"""Addresses of catalogue pages, per market and language."""

from urllib.parse import quote

from django.db.models import CharField, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from catalog.cache import remembered
from catalog.models import Route
from markets.prefix import storefront_url
from markets.types import MarketContext


def product_path(market: MarketContext, slug: str) -> str:
    """`/de/de/p/kesen-wasserkessel/`."""
    return _path("catalog:product", market, slug)


def category_path(market: MarketContext, slug: str) -> str:
    """`/de/de/c/küche/`, percent-encoded."""
    return _path("catalog:category", market, slug)


def search_path(market: MarketContext) -> str:
    """`/de/de/search/`."""
    return storefront_url("catalog:search", market=market.code, language=market.language)


def fragment_path(market: MarketContext, slug: str) -> str:
    """The part of a product page that a chosen option replaces."""
    return _path("catalog:product_fragment", market, slug)


def below_prefix(market: MarketContext, path: str) -> str:
    """What follows `/de/de/`, as `request.alternate_paths` wants it."""
    return path.removeprefix(market.url_prefix)


def current_slug(owner: str, language: str) -> Coalesce:
    """An expression for the slug of a product or category: in `language`, else in any."""
    routes = Route.objects.filter(**{owner: OuterRef("pk")}, current=True)
    return Coalesce(
        Subquery(routes.filter(language=language).values("slug")[:1]),
        Subquery(routes.order_by("language").values("slug")[:1]),
        F("code"),
        output_field=CharField(),
    )


def _path(name: str, market: MarketContext, slug: str) -> str:
    """Reversed once per page kind, market and language: a listing has dozens of addresses."""
    before, after = remembered(("path", name, market.code, market.language), lambda: _around_slug(name, market))
    return f"{before}{quote(slug)}{after}"


def _around_slug(name: str, market: MarketContext) -> tuple[str, str]:
    path = storefront_url(name, market=market.code, language=market.language, kwargs={"slug": "0"})
    before, _, after = path.rpartition("0")
    return before, after
