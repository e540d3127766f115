"""Addresses below `/{market}/{language}/`: matching them, building them, and finding the same page elsewhere.

Django bakes prefixes into one table of addresses per language and address book. Every market therefore has an address
book of its own (`MarketUrls`), all of them reading the same patterns.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override

from core.languages import html_language
from markets.current import current_market, in_market
from markets.queries import active_markets, find_market_of_record, market_of_record
from markets.types import Alternate, MarketContext

NO_MARKET = "-/-/"
"""Stands for the prefix where no market is current; no page lives there, so a forgotten market shows at once."""


class MarketPrefixPattern:
    """Matches and writes `de/de/`: the current market and language."""

    converters: Mapping[str, Any] = {}
    name = None

    @property
    def prefix(self) -> str:
        market = current_market()
        if market is None:
            return NO_MARKET
        language = get_language()
        return f"{market.code}/{language if language in market.languages else market.language}/"

    @property
    def regex(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.prefix))

    def match(self, path: str) -> tuple[str, tuple[()], dict[str, Any]] | None:
        """What is left of `path` below the current prefix; nothing without a market."""
        if current_market() is None or not path.startswith(self.prefix):
            return None
        return path[len(self.prefix) :], (), {}

    def check(self) -> list[Any]:
        return []

    def describe(self) -> str:
        return f"'{self}'"

    def __str__(self) -> str:
        return self.prefix


class MarketUrls:
    """The address book of one market: the patterns of the root, with a table of addresses of its own."""

    def __init__(self, market: str) -> None:
        self.market = market

    @property
    def urlpatterns(self) -> list[URLPattern | URLResolver]:
        patterns: list[URLPattern | URLResolver] = import_module(settings.ROOT_URLCONF).urlpatterns
        return patterns

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(settings.ROOT_URLCONF), name)


@cache
def urls_of(market: str) -> MarketUrls:
    """The address book of `market`, to be handed to Django as `urlconf`."""
    return MarketUrls(market)


def market_patterns(*patterns: URLPattern | URLResolver) -> list[URLResolver]:
    """Put `patterns` below `/{market}/{language}/`, like `i18n_patterns`. Only in the root address book."""
    prefix: Any = MarketPrefixPattern()
    return [URLResolver(prefix, list(patterns))]


def storefront_url(
    name: str,
    *,
    market: str,
    language: str,
    kwargs: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
) -> str:
    """The absolute path of a storefront page in `market` and `language`, from anywhere. Raises `MarketUnknown`.

    In a closed market too: mails of its orders lead to their pages.
    """
    context = market_of_record(market, language=language)
    with in_market(context), override(context.language):
        path = reverse(name, kwargs=dict(kwargs or {}), urlconf=urls_of(context.code))  # type: ignore[arg-type]  # any object with urlpatterns will do
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def home_url(market: MarketContext, language: str | None = None) -> str:
    """The first page of a market."""
    return f"/{market.code}/{language or market.language}/"


def tail_of(path: str) -> str | None:
    """What follows `/{market}/{language}/` in a path; none when it does not lie in a market."""
    parts = path.split("/", 3)
    if len(parts) < 4 or parts[0]:
        return None
    market = find_market_of_record(parts[1], language=parts[2])
    if market is None or parts[2] not in market.languages:
        return None
    return parts[3]


def page_url(request: HttpRequest, market: MarketContext, language: str) -> str:
    """The path of the page being shown, in another market and language; the first page where it does not exist.

    A view whose address differs by language sets `request.alternate_paths`: language to the path below the prefix.
    A page that not every market has sets `request.alternate_markets`. One that is not translated everywhere sets
    `request.written_in`: search engines are told of those languages only.
    """
    tail = _tail_in(request, market.code, language)
    return home_url(market, language) + (tail or "")


def alternate_urls(request: HttpRequest) -> tuple[Alternate, ...]:
    """The page in every language of every market, with itself and `x-default`: absolute, for `hreflang`."""
    return alternates_among(request, active_markets()) if getattr(request, "market", None) is not None else ()


def alternates_among(request: HttpRequest, markets: Sequence[MarketContext]) -> tuple[Alternate, ...]:
    """The same among these markets. Every page of the set tells the same set."""
    here: MarketContext | None = getattr(request, "market", None)
    if here is None:
        return ()
    site = request.build_absolute_uri("/")[:-1]
    found = []
    for market in markets:
        for language in _written(request, market):
            tail = _tail_in(request, market.code, language)
            if tail is not None:
                url = site + home_url(market, language) + tail
                found.append(Alternate(hreflang_of(market, language), url))
    return (*found, Alternate("x-default", _default_url(request, here, site, markets))) if found else ()


def hreflang_of(market: MarketContext, language: str) -> str:
    """`de-AT`, `zh-Hans-CH`: how search engines call a language of a market."""
    return f"{_bare(language)}-{market.hreflang.upper()}"


def _default_url(request: HttpRequest, here: MarketContext, site: str, markets: Sequence[MarketContext]) -> str:
    """The page for everybody else: the neutral one for first pages, otherwise English where there is some."""
    if _tail_in(request, here.code, here.language) == "":
        return f"{site}/"
    for market in sorted(markets, key=lambda one: one.default_language != "en"):
        for language in sorted(_written(request, market), key=lambda one: one != "en"):
            tail = _tail_in(request, market.code, language)
            if tail is not None:
                return site + home_url(market, language) + tail
    return f"{site}/"


def canonical_url(request: HttpRequest) -> str:
    """The page's own absolute address without parameters, unless the view set `request.canonical_path`."""
    return request.build_absolute_uri(getattr(request, "canonical_path", None) or request.path)


def is_safe_next(request: HttpRequest, path: str) -> bool:
    """Whether `path` is a page of this shop below a market: nothing else is ever redirected to."""
    own = url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=request.is_secure())
    return own and path.startswith("/") and tail_of(urlsplit(path).path) is not None


def _written(request: HttpRequest, market: MarketContext) -> tuple[str, ...]:
    written = getattr(request, "written_in", None)
    return market.languages if written is None else tuple(one for one in market.languages if one in written)


def _tail_in(request: HttpRequest, market: str, language: str) -> str | None:
    markets = getattr(request, "alternate_markets", None)
    if markets is not None and market not in markets:
        return None
    paths: Mapping[str, str] | None = getattr(request, "alternate_paths", None)
    if paths is not None:
        return paths.get(language)
    if request.resolver_match is None:
        return None
    return tail_of(request.path)


def _bare(language: str) -> str:
    """`pt-br` becomes `pt` (the region is the market's), `zh-hans` keeps its script."""
    head, _, tail = language.partition("-")
    return html_language(language) if len(tail) == 4 else head
