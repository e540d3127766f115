"""The edge of the storefront: `/{market}/{language}/` becomes `request.market` and the active language."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import set_urlconf
from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.languages import html_language
from markets.current import in_market
from markets.prefix import home_url, urls_of
from markets.queries import find_market, find_market_of_record, storefront_languages
from markets.suggestions import best_language
from markets.types import MarketContext

Next = Callable[[HttpRequest], HttpResponse]
SHIP_TO = "ship_to"
SERVED_WHEN_CLOSED = frozenset({"orders", "members", "payments"})
"""Apps whose pages stay in a closed market, besides signing in, policies and what follows a payment."""
PAGES_WHEN_CLOSED = frozenset(
    {"content:page", "content:account", "content:cookies", "checkout:return", "checkout:retry"}
)


class MarketMiddleware:
    """Sets `request.market` (or none) and the language. It suggests nothing and redirects nobody to another market.

    `/de/` goes on to the market's language that suits the reader, and `/DE/de/` to its lower-case spelling. An unknown
    market or language is left to the 404 page, in the best language known. Stands after the session middleware.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request in its market."""
        parts = request.path_info.split("/", 3)
        first = parts[1] if len(parts) > 1 else ""
        market = find_market(first.lower()) or self._closed(parts)
        if market is None:
            return self._outside(request, parts)
        second = parts[2] if len(parts) > 2 else ""
        if not second:
            return self._to_language(request, market)
        spelled = f"{first.lower()}/{second.lower()}"
        if spelled != f"{first}/{second}" and second.lower() in market.languages and request.method in {"GET", "HEAD"}:
            return HttpResponsePermanentRedirect(request.get_full_path().replace(f"{first}/{second}", spelled, 1))
        known = second in market.languages
        language = second if known else best_language(request, among=market.languages) or market.default_language
        return self._inside(request, replace_language(market, language))

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """In a closed market nobody shops, but orders are still served. Raises `Http404` for everything else."""
        market: MarketContext | None = getattr(request, "market", None)
        if market is not None and not market.is_open and not is_served_when_closed(request):
            raise Http404

    @staticmethod
    def _closed(parts: list[str]) -> MarketContext | None:
        """The closed market of a whole address; its first page is an address that does not exist."""
        return find_market_of_record(parts[1]) if len(parts) > 3 and parts[3] else None

    def _inside(self, request: HttpRequest, market: MarketContext) -> HttpResponse:
        with translation.override(market.language), in_market(market):
            request.market = _with_ship_to(request, market)  # type: ignore[attr-defined]  # set here for everybody
            request.LANGUAGE_CODE = market.language
            book: Any = urls_of(market.code)
            request.urlconf = book
            set_urlconf(book)
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", html_language(market.language))
        return response

    def _outside(self, request: HttpRequest, parts: list[str]) -> HttpResponse:
        """Pages of no market: the neutral first page, the admin, webhooks, and addresses that do not exist."""
        named = parts[2] if len(parts) > 3 and parts[2] in storefront_languages() else None
        language = named or _chosen(request) or best_language(request, among=tuple(storefront_languages()))
        with translation.override(language or settings.LANGUAGE_CODE):
            request.market = None  # type: ignore[attr-defined]  # set here for everybody
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    @staticmethod
    def _to_language(request: HttpRequest, market: MarketContext) -> HttpResponse:
        language = best_language(request, among=market.languages) or market.default_language
        response = HttpResponseRedirect(home_url(market, language))
        patch_vary_headers(response, ["Accept-Language"])
        return response


def is_served_when_closed(request: HttpRequest) -> bool:
    """Whether the page belongs to what was agreed while the market was open."""
    found = request.resolver_match
    if found is None:
        return False
    signs_in = not found.app_names and found.route.split("/", 3)[2:3] == ["account"]
    return found.app_name in SERVED_WHEN_CLOSED or found.view_name in PAGES_WHEN_CLOSED or signs_in


def replace_language(market: MarketContext, language: str) -> MarketContext:
    """The same market in another of its languages."""
    return find_market_of_record(market.code, language=language) or market


def _chosen(request: HttpRequest) -> str | None:
    """The language remembered by Django's cookie: the admin's choice."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else None


def _with_ship_to(request: HttpRequest, market: MarketContext) -> MarketContext:
    """The shopper's ship-to country, if the market serves it. A visitor without a session has made no choice."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or len(market.countries) == 1:
        return market
    country = request.session.get(SHIP_TO)
    return replace(market, country=country) if country in market.countries else market
