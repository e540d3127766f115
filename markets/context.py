"""What every storefront template knows about markets and languages."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from core.languages import direction, html_language
from markets.names import country_name
from markets.prefix import alternate_urls, canonical_url, page_url
from markets.queries import active_markets, storefront_languages
from markets.suggestions import suggestion_for
from markets.types import CountryChoice, LanguageLink, MarketContext, MarketLink


def market(request: HttpRequest) -> dict[str, Any]:
    """`market`, `ship_to` and `ship_to_countries`, `languages`, `markets`, `alternates`, `canonical_url`, `suggestion`.

    The costly ones are worked out only when a template uses them. Outside a market there are `dir` and `lang` alone.
    """
    language = get_language() or "en"
    known: dict[str, Any] = {"dir": direction(language), "lang": html_language(language)}
    here: MarketContext | None = getattr(request, "market", None)
    if here is None:
        return known
    return known | {
        "market": here,
        "ship_to": CountryChoice(here.country, country_name(here.country, here.language), here.code, current=True),
        "ship_to_countries": SimpleLazyObject(partial(country_choices, here)),
        "languages": SimpleLazyObject(partial(language_links, request, here)),
        "markets": SimpleLazyObject(partial(market_links, request, here)),
        "alternates": SimpleLazyObject(partial(alternate_urls, request)),
        "canonical_url": canonical_url(request),
        "suggestion": suggestion_for(request),
    }


def country_choices(here: MarketContext) -> tuple[CountryChoice, ...]:
    """The countries the market delivers to, in the reader's language."""
    return tuple(
        CountryChoice(code, country_name(code, here.language), here.code, current=code == here.country)
        for code in here.countries
    )


def language_links(request: HttpRequest, here: MarketContext) -> tuple[LanguageLink, ...]:
    """The same page in the market's languages; the query is kept, so a search stays a search."""
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    names = storefront_languages()
    return tuple(
        LanguageLink(
            code=code,
            html_code=html_language(code),
            native_name=names[code],
            url=page_url(request, here, code) + query,
            current=code == here.language,
            direction=direction(code),
        )
        for code in here.languages
        if code in names
    )


def market_links(request: HttpRequest, here: MarketContext) -> tuple[MarketLink, ...]:
    """The same page in every market, in the reader's language where that market speaks it."""
    return tuple(
        MarketLink(
            code=other.code,
            name=other.name,
            currency=other.currency,
            country=other.home_country,
            url=page_url(request, other, other.language),
            current=other.code == here.code,
        )
        for other in active_markets(language=here.language)
    )
