"""The neutral first page and the switcher, as values for their template."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.languages import direction, html_language
from markets.errors import CountryNotServed
from markets.models import Region
from markets.names import country_name
from markets.prefix import home_url, is_safe_next, storefront_url, tail_of
from markets.queries import (
    active_markets,
    find_market,
    market_for_country,
    market_region,
    served_countries,
    storefront_languages,
)
from markets.suggestions import welcome_suggestion
from markets.types import ChooserPage, CountryChoice, LanguageLink, MarketContext, MarketGroup, MarketLink, SwitchOffer


@dataclass(frozen=True)
class Choice:
    """What somebody asked the switcher for. Unknown values are empty."""

    market: MarketContext
    language: str
    country: str
    next: str
    problem: str = ""


def read_choice(request: HttpRequest, here: MarketContext) -> Choice:
    """The choice in the request's fields, completed from where the reader is. Nothing in it is trusted."""
    fields = request.POST if request.method == "POST" else request.GET
    wanted = fields.get("market", here.code)
    market = find_market(wanted)
    problem = "" if market else _("There is no shop under this address.")
    market = market or here
    language = fields.get("language", here.language)
    if language not in market.languages:
        language = market.default_language
    country = fields.get("country", "").upper()
    if not country:
        country = here.country if market.code == here.code else market.home_country
    following = fields.get("next", "")
    return Choice(market, language, country, following if is_safe_next(request, following) else "", problem)


def destination(choice: Choice) -> str:
    """Where the choice leads: the same page in the chosen market and language, else its first page."""
    path, mark, rest = choice.next.partition("?")
    tail = tail_of(path) if path else None
    return home_url(choice.market, choice.language) + (f"{tail}{mark}{rest}" if tail is not None else "")


def offer_for(choice: Choice, language: str) -> SwitchOffer | None:
    """The market of the wanted ship-to country when that is another one. Raises `CountryNotServed`."""
    if choice.country in choice.market.countries:
        return None
    if choice.country not in served_countries():
        raise CountryNotServed(choice.country)
    other = market_for_country(choice.country, language=language)
    name = country_name(choice.country, language)
    return SwitchOffer(
        country=choice.country,
        country_name=name,
        market=other.code,
        market_name=other.name,
        currency=other.currency,
        url=storefront_url(
            "markets:choose",
            market=choice.market.code,
            language=language,
            query={"market": other.code, "country": choice.country, "language": choice.language, "next": choice.next},
        ),
        text=_(
            "We deliver to %(country)s from the shop %(market)s, with prices in %(currency)s. Your cart comes along."
        )
        % {"country": name, "market": other.name, "currency": other.currency},
    )


def crossing_to(choice: Choice, here: MarketContext) -> SwitchOffer | None:
    """What choosing another market than this one means, to be looked at before it is confirmed."""
    there = choice.market
    if there.code == here.code or choice.problem:
        return None
    country = choice.country if choice.country in there.countries else there.home_country
    return SwitchOffer(
        country=country,
        country_name=country_name(country, here.language),
        market=there.code,
        market_name=there.name,
        currency=there.currency,
        url="",
        text=_("The shop %(market)s shows its prices in %(currency)s. What it sells comes along in your cart.")
        % {"market": there.name, "currency": there.currency},
    )


def choose_page(
    here: MarketContext, choice: Choice, *, offer: SwitchOffer | None = None, problem: str = ""
) -> ChooserPage:
    """The switcher: market, language and ship-to country."""
    return ChooserPage(
        neutral=False,
        suggestion=None,
        groups=_groups(here.language, selected=choice.market.code, here=here, choice=choice),
        languages=_languages(choice.market, choice.language),
        countries=_countries(here.language, selected=choice.country),
        selected_market=choice.market.code,
        selected_language=choice.language,
        selected_country=choice.country,
        action_url=storefront_url("markets:choose", market=here.code, language=here.language),
        next=choice.next,
        offer=offer,
        problem=problem or choice.problem,
    )


def welcome_page(request: HttpRequest) -> ChooserPage:
    """The neutral page: every market with its languages as links, and one suggestion."""
    language = get_language() or "en"
    return ChooserPage(
        neutral=True,
        suggestion=welcome_suggestion(request),
        groups=_groups(language, selected=""),
        languages=(),
        countries=(),
        selected_market="",
        selected_language=language,
        selected_country="",
        action_url="",
        next="",
    )


def _groups(
    language: str, *, selected: str, here: MarketContext | None = None, choice: Choice | None = None
) -> tuple[MarketGroup, ...]:
    links: dict[str, list[MarketLink]] = {}
    for market in active_markets(language=language):
        link = MarketLink(
            code=market.code,
            name=market.name,
            currency=market.currency,
            country=market.home_country,
            url=home_url(market, language if language in market.languages else market.default_language),
            current=market.code == selected,
            languages=_languages(market, language if market.code == selected else ""),
            choose_url=_choose_url(market, here, choice) if here is not None and choice is not None else "",
        )
        links.setdefault(market_region(market.code), []).append(link)
    labels = dict(Region.choices)
    ordered = [region for region in Region.values if region in links]
    others = [region for region in links if region not in ordered]
    return tuple(
        MarketGroup(region, str(labels.get(region, _("Elsewhere"))), tuple(links[region]))
        for region in ordered + others
    )


def _choose_url(market: MarketContext, here: MarketContext, choice: Choice) -> str:
    """This page with the market chosen but not confirmed: for somebody whose cart has something in it."""
    if market.code == here.code:
        return ""
    query = {"market": market.code, "country": market.home_country, "language": choice.language, "next": choice.next}
    return storefront_url("markets:choose", market=here.code, language=here.language, query=query)


def _languages(market: MarketContext, selected: str) -> tuple[LanguageLink, ...]:
    names = storefront_languages()
    return tuple(
        LanguageLink(
            code=code,
            html_code=html_language(code),
            native_name=names[code],
            url=home_url(market, code),
            current=code == selected,
            direction=direction(code),
        )
        for code in market.languages
        if code in names
    )


def _countries(language: str, *, selected: str) -> tuple[CountryChoice, ...]:
    named = [
        CountryChoice(code, country_name(code, language), market, current=code == selected)
        for code, market in served_countries().items()
    ]
    return tuple(sorted(named, key=lambda one: one.name))
