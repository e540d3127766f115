"""What may suit the reader better than the page asked for. Only ever suggested."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from core.languages import direction
from markets.prefix import home_url, page_url, storefront_url
from markets.queries import active_markets, find_market, market_for_country, serves, storefront_languages
from markets.types import MarketContext, Suggestion

STAY = "market_stay"


def wanted_languages(request: HttpRequest) -> list[str]:
    """The reader's languages by preference, as the browser sends them, in lower case."""
    return [
        code for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")) if code != "*"
    ]


def best_language(request: HttpRequest, *, among: Sequence[str]) -> str | None:
    """The reader's most wanted language of `among`; none when none fits."""
    for wanted in wanted_languages(request):
        found = _variant(wanted, among)
        if found:
            return found
    return None


def reader_country(request: HttpRequest) -> str | None:
    """The reader's country: from the proxy's header named in `COUNTRY_HEADER`, else the region of a wanted language."""
    header = getattr(settings, "COUNTRY_HEADER", "")
    told = request.headers.get(header, "").upper() if header else ""
    if len(told) == 2 and told.isalpha() and told != "XX":
        return told
    for wanted in wanted_languages(request):
        region = wanted.rsplit("-", 1)[-1].upper()
        if "-" in wanted and len(region) == 2 and serves(region):
            return region
    return None


def suggestion_for(request: HttpRequest) -> Suggestion | None:
    """One suggestion for a page of a market: another language, or the market of the reader's country.

    None when it already fits or the reader said "stay".
    """
    market: MarketContext | None = getattr(request, "market", None)
    if market is None or request.method != "GET" or _stays(request):
        return None
    header_country = reader_country(request) if getattr(settings, "COUNTRY_HEADER", "") else None
    target = market
    if header_country and header_country not in market.countries and serves(header_country):
        target = market_for_country(header_country)
    wanted = best_language(request, among=target.languages) or market.language
    if target.code == market.code and wanted == market.language:
        return None
    return _suggest(target, wanted, page_url(request, target, wanted), stay_in=market)


def welcome_suggestion(request: HttpRequest) -> Suggestion | None:
    """The market and language that fit an unknown reader of the neutral page best."""
    language = best_language(request, among=tuple(storefront_languages()))
    country = reader_country(request)
    market = market_for_country(country) if country and serves(country) else _market_of_language(language)
    if market is None:
        return None
    used = language if language in market.languages else market.default_language
    return _suggest(market, used or market.default_language, home_url(market, used), stay_in=None)


def _market_of_language(language: str | None) -> MarketContext | None:
    if language is None:
        return None
    return next((market for market in active_markets() if market.default_language == language), None)


def _suggest(market: MarketContext, language: str, url: str, *, stay_in: MarketContext | None) -> Suggestion:
    """In the words of the suggested language, so that its reader understands them."""
    there = find_market(market.code, language=language) or market
    language_name = storefront_languages().get(language, language)
    with translation.override(language):
        text = _("Continue in %(language)s, %(market)s, with prices in %(currency)s?") % {
            "language": language_name,
            "market": there.name,
            "currency": there.currency,
        }
        stay_label = _("Stay here")
    stay_url = storefront_url("markets:stay", market=stay_in.code, language=stay_in.language) if stay_in else ""
    return Suggestion(
        market=there.code,
        market_name=there.name,
        language=language,
        language_name=language_name,
        url=url,
        text=text,
        stay_label=stay_label,
        stay_url=stay_url,
        direction=direction(language),
    )


def _stays(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES and bool(request.session.get(STAY))


def _variant(wanted: str, among: Sequence[str]) -> str | None:
    """`de-AT` is served by `de`, `pt` by `pt-br`, `zh-CN` by `zh-hans`."""
    if wanted in among:
        return wanted
    head = wanted.split("-", maxsplit=1)[0]
    if head == "zh" and wanted not in {"zh", "zh-cn", "zh-sg", "zh-my"} and not wanted.startswith("zh-hans"):
        return None
    return next((code for code in among if code == head or code.split("-")[0] == head), None)
